"""What counts as a time, how exact it is, and where it lies seen from the time of publishing."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postguard.text.time_readings import easter
from postguard.text.times import Direction, Grain, TermDates, find_times

LONDON = ZoneInfo("Europe/London")
TUESDAY = datetime(2026, 5, 12, 10, 0, tzinfo=LONDON)


def only(text: str, at: datetime = TUESDAY):
    found = find_times(text, at)
    assert len(found) == 1, [text[t.start : t.end] for t in found]
    return found[0]


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("We leave at 2.30pm.", 14, 30),
        ("Doors open at half two.", 14, 30),
        ("It starts at quarter past three.", 15, 15),
        ("See you at five to nine.", 8, 55),
        ("Home about 5ish.", 17, 0),
        ("Lunch at noon!", 12, 0),
        ("Coach at 09:05.", 9, 5),
        ("Kick off 11am", 11, 0),
        ("Back by ten.", 10, 0),
        ("Bus 9.05 from the yard", 9, 5),
        ("two o'clock sharp", 14, 0),
        ("twenty-five past one", 13, 25),
    ],
)
def test_a_clock_time_is_read_as_a_school_day_has_it(text, hour, minute):
    mention = only(text)
    assert mention.grain is Grain.CLOCK
    assert (mention.first.hour, mention.first.minute) == (hour, minute)


@pytest.mark.parametrize(
    "text",
    [
        "Year 5 won 3-2", "It costs £4.50", "P4 and 8B", "U11 netball", "See page 12", "on pitch 41", "They sat down",
        "Sun hats please", "6.2 miles", "01632 960118", "May I go?", "won 24-19", "Key Stage 2", "9.5 points", "Room 7",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_time_is_left_out(text):
    assert find_times(text, TUESDAY) == ()


@pytest.mark.parametrize(
    ("text", "direction", "grain"),
    [
        ("in 20 mins", Direction.FUTURE, Grain.CLOCK),
        ("this time next week", Direction.FUTURE, Grain.DAY),
        ("tomorrow", Direction.FUTURE, Grain.DAY),
        ("yesterday", Direction.PAST, Grain.DAY),
        ("last Friday", Direction.PAST, Grain.DAY),
        ("three weeks ago", Direction.PAST, Grain.WEEK),
        ("right now", Direction.NOW, Grain.CLOCK),
        ("as we speak", Direction.NOW, Grain.CLOCK),
        ("every Thursday", Direction.HABIT, Grain.DAY),
        ("Mondays", Direction.HABIT, Grain.DAY),
        ("each morning", Direction.HABIT, Grain.DAY),
        ("weekly", Direction.HABIT, Grain.VAGUE),
        ("23 sleeps", Direction.FUTURE, Grain.VAGUE),
        ("in early June", Direction.FUTURE, Grain.VAGUE),
        ("this morning", Direction.TODAY, Grain.PART_OF_DAY),
        ("after lunch", Direction.UNKNOWN, Grain.PART_OF_DAY),
        ("first thing", Direction.UNKNOWN, Grain.PART_OF_DAY),
        ("on Thursday", Direction.UNKNOWN, Grain.DAY),
        ("14–16 May", Direction.FUTURE, Grain.DAYS),
        ("w/c 18th", Direction.FUTURE, Grain.WEEK),
        ("dydd Iau", Direction.UNKNOWN, Grain.DAY),
    ],
)
def test_direction_and_grain_follow_from_the_words_and_the_moment(text, direction, grain):
    mention = only(text)
    assert (mention.direction, mention.grain) == (direction, grain)


def test_a_range_of_weekdays_next_week_is_one_expression():
    mention = only("next Tues–Thurs")
    assert (mention.first.date(), mention.last.date()) == (date(2026, 5, 19), date(2026, 5, 21))


def test_a_clock_time_takes_the_day_that_stands_beside_it():
    day, clock = find_times("tomorrow at 8.15", TUESDAY)
    assert clock.direction is Direction.FUTURE
    assert clock.first == datetime(2026, 5, 13, 8, 15, tzinfo=LONDON)
    assert day.first.date() == clock.first.date()


def test_half_eight_tonight_is_in_the_evening():
    clock = find_times("half eight tonight", TUESDAY)[0]
    assert clock.first.hour == 20


def test_a_clock_time_keeps_its_reading_over_the_change_to_summer_time():
    friday = datetime(2026, 3, 27, 12, 0, tzinfo=LONDON)
    clock = next(t for t in find_times("Monday 30 March at 9.15", friday) if t.grain is Grain.CLOCK)
    assert (clock.first.hour, clock.first.utcoffset().total_seconds()) == (9, 3600)
    assert friday.utcoffset().total_seconds() == 0


def test_a_date_long_past_is_of_next_year_and_a_feast_is_found():
    assert only("on 9 January", datetime(2025, 12, 1, 9, tzinfo=LONDON)).first.year == 2026
    assert easter(2026) == date(2026, 4, 5)


def test_the_last_week_of_term_is_known_where_the_school_gives_its_terms():
    terms = (TermDates("summer", date(2026, 4, 13), date(2026, 7, 17)),)
    mention = find_times("in the last week of term", TUESDAY, terms)[0]
    assert mention.first.date() == date(2026, 7, 11)
    assert mention.last.date() == date(2026, 7, 17)


@pytest.mark.parametrize(
    ("said", "first"),
    [("after half term", date(2026, 6, 1)), ("the last day of half term", date(2026, 5, 22))],
)
def test_the_break_in_a_term_is_known_where_the_school_gives_it(said, first):
    terms = (TermDates("summer", date(2026, 4, 13), date(2026, 7, 17), (date(2026, 5, 23), date(2026, 5, 31))),)
    assert find_times(f"Swimming {said}", TUESDAY, terms)[0].first.date() == first


def test_after_the_break_the_next_start_is_that_of_the_next_term():
    terms = (
        TermDates("spring", date(2026, 1, 5), date(2026, 3, 27)),
        TermDates("summer", date(2026, 5, 18), date(2026, 7, 17)),
    )
    mention = find_times("The pool when we come back", TUESDAY, terms)[0]
    assert (mention.direction, mention.first.date()) == (Direction.FUTURE, date(2026, 5, 18))


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="aware"):
        find_times("tomorrow", datetime(2026, 5, 12, 10))  # noqa: DTZ001


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_spans_in_order_and_without_overlap(text):
    found = find_times(text, TUESDAY)
    assert all(0 <= t.lead <= t.start < t.end <= len(text) for t in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
