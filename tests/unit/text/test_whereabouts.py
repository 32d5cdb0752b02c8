"""What a text tells about where children are or will be: who, where, when, and what that amounts to."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postguard.text.post import Hints
from postguard.text.whereabouts import Situation, judge

LONDON = ZoneInfo("Europe/London")
MORNING = datetime(2026, 5, 12, 10, 0, tzinfo=LONDON)  # a Tuesday


def told(text: str, at: datetime = MORNING, **same) -> set[Situation]:
    return {r.situation for r in judge(text, at, **same) if r.sure} - {Situation.WAS_THERE}


@pytest.mark.parametrize(
    ("text", "situation"),
    [
        ("Year 5 are at Millbrook Farm this morning, and it is raining.", Situation.THERE_NOW),
        ("Our Year 3s are having a wild time at Winterfold Castle!", Situation.THERE_NOW),
        ("P2 have arrived safely at Five Winds Zoo. Nobody was sick.", Situation.ARRIVED),
        ("Year 4 are off to Millbrook Farm on Thursday, packed lunches please.", Situation.THERE_THEN),
        ("The choir will sing at Winterfold Cathedral on Friday 15 May at 2.30.", Situation.THERE_THEN),
        ("Otters class walk to Brook Lane pool every Thursday at ten.", Situation.ROUTINE),
        ("Coach back at school for 4.20.", Situation.RETURN_TIME),
        ("The coach leaves at 9 tomorrow, don't be late Year 6!", Situation.DEPARTURE_TIME),
        ("We are staying at Fell Edge Lodge until Friday.", Situation.LODGING),
        ("📍 Winterfold Gardens, Year 2 and a great many ducks.", Situation.EXACT),
        ("The sat nav wants YO62 9ZZ, second gate, Year 6 are here until lunch.", Situation.EXACT),
        ("Sam is still waiting at the main gate, can his gran come please?", Situation.ONE_CHILD),
        ("Not long now until Year 6 are off to Millbrook Farm!", Situation.VAGUE_THEN),
        ("Y10 are off to Brittany from 20 to 26 June for the exchange.", Situation.WIDE),
        ("The residential is Wed 10 to Fri 12 June, all away together.", Situation.DATES_AWAY),
        ("S1 have arrived safely! One forgotten pillow.", Situation.AWAY_NOW),
        ("Harvest service at St Cuthbert's Church on Friday at 10, all families welcome.", Situation.WITH_FAMILIES),
    ],
)
def test_what_a_post_tells_is_named(text, situation):
    assert situation in told(text), judge(text, MORNING)


@pytest.mark.parametrize(
    "text",
    [
        "Year 5 had a great day at Millbrook Farm yesterday!",
        "Everyone home safely from Millbrook Farm. What a day!",
        "Year 2 went to the museum last Friday.",
        "In Year 5 we are learning about Ancient Egypt this week.",
        "Maths problem: a coach leaves Leeds at 9.15 and travels 96 miles at 48mph. When does it arrive?",
        "Virtual visit today! 4W toured the Louvre without leaving their chairs.",
        "PE is on Thursday. Kit in school, please.",
        "Sports day is on our own field on Thursday at 1.30, all families welcome.",
        "Office closed on Friday from 12.",
        "Clubs start on Monday: art in Room 6 at 3.15, football after it.",
        "Clubs from Monday: chess, Lego in the library.",
        "PTA quiz night at the Black Bull on Friday at 7.30, adults only.",
        "The trip to Millbrook Farm on Friday is cancelled.",
        "The farm came to us today! Lambs in the playground.",
        "Lunch is at 12.15 in the dining hall.",
        "Well done to our Star Readers this week.",
        "",
    ],
)
def test_school_life_the_past_lessons_and_adults_tell_nothing(text):
    assert told(text, MORNING.replace(hour=16, minute=30)) == set()


def test_the_same_words_are_told_at_ten_and_not_when_all_are_home():
    text = "Year 5 are at Millbrook Farm this morning."
    assert Situation.THERE_NOW in told(text)
    assert told(f"{text} Everyone is back at school now, muddy and happy.", MORNING.replace(hour=16)) == set()


def test_what_was_is_kept_for_those_who_know_whether_it_is_over():
    readings = judge("Year 5 had a great day at Millbrook Farm today!", MORNING)
    assert [r.situation for r in readings] == [Situation.WAS_THERE]


def test_a_place_that_only_a_model_sees_joins_in():
    text = "Year 5 are feeding ducks by bluebell bottom this morning"
    start = text.index("bluebell")
    assert Situation.THERE_NOW in told(text, hints=Hints(where=((start, start + 15, 0.9),)))
    assert told(text) == set()


def test_a_person_is_no_place():
    text = "Year 5 are at Florence this morning."
    start = text.index("Florence")
    assert told(text)
    assert told(text, hints=Hints(people=((start, start + 8),))) == set()


def test_times_on_the_next_line_go_with_a_place():
    text = "Cross country\nBus from the front lawn 8.15 on Saturday\nCourse is at Winterfold Park"
    assert Situation.THERE_THEN in told(text)


def test_readings_are_in_order_of_gravity():
    text = "Coach back at school for 4.20. Year 5 are at Millbrook Farm this morning."
    found = [r.situation for r in judge(text, MORNING) if r.sure]
    assert found == sorted(found, key=list(Situation).index)


@settings(max_examples=120, deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_judged(text):
    for reading in judge(text, MORNING):
        assert 0 <= reading.span[0] <= reading.span[1] <= len(text)


@pytest.mark.parametrize("part", ["Ab ", "we are at the zoo on Monday ", "9.15 ", "Park\n", "Ab, ", '"', "#AbCd", "a"])
def test_long_texts_are_judged_to_their_end(part):
    text = part * (20_000 // len(part)) + " Year 5 are at Millbrook Farm this morning."
    assert all(reading.span[1] <= len(text) for reading in judge(text, MORNING))
    if part in ("a", "Park\n", "9.15 "):
        assert judge(text, MORNING)
