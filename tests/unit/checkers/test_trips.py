"""The trip rules: which reading comes under which rule, how grave it is before whom, and what can be done about it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postguard import Draft, Guard, Trip, TripCalendar, rules
from postguard.calendar import Term, UsualPlace
from postguard.channels import Audience
from postguard.checkers.trips import RULE_OF, THRESHOLDS, TripOptions, settle
from postguard.model import Applicability, Decision
from postguard.policy import Policy
from postguard.text import post
from postguard.text.places import PlaceKind, PlaceMention
from postguard.text.times import TermDates
from postguard.text.whereabouts import Reading, Situation, Who, judge

LONDON = ZoneInfo("Europe/London")
MORNING = datetime(2026, 5, 12, 10, 0, tzinfo=LONDON)
RULES = {rule.code: rule for rule in rules.builtin("trips")}
PLACE = PlaceMention(0, 5, PlaceKind.VENUE)

BLOCK, REVIEW, SEND = Decision.BLOCK, Decision.REVIEW, Decision.SEND


def reading(situation: Situation, *, sure: bool = True) -> Reading:
    return Reading(situation, Who.GROUP, (0, 10), PLACE, sure=sure)


def gravest(readings, weighed, audience: Audience) -> Decision:
    policy = Policy.preset("strict")
    told = [policy.verdict(RULES[item.rule], item.variant, audience) for item in settle(readings, weighed)]
    return max((verdict for verdict in told if verdict is not None), default=SEND)


@pytest.fixture(scope="module")
def guard() -> Guard:
    return Guard()


def trips(report) -> dict[str, Decision]:
    return {f.rule: f.verdict for f in report.findings if f.rule.startswith("TRP")}


TABLE = [
    # situation, rule, public, protected, closed: RULES.md and the conventions for every edge
    (Situation.THERE_NOW, "TRP401", BLOCK, REVIEW, SEND),
    (Situation.ARRIVED, "TRP401", BLOCK, SEND, SEND),
    (Situation.THERE_THEN, "TRP402", BLOCK, REVIEW, SEND),
    (Situation.ROUTINE, "TRP403", BLOCK, REVIEW, SEND),
    (Situation.ROUTINE_WEEKLY, "TRP403", REVIEW, REVIEW, SEND),
    (Situation.RETURN_TIME, "TRP404", BLOCK, SEND, SEND),
    (Situation.DEPARTURE_TIME, "TRP404", REVIEW, SEND, SEND),
    (Situation.LODGING, "TRP405", BLOCK, REVIEW, SEND),
    (Situation.EXACT, "TRP406", BLOCK, REVIEW, SEND),
    (Situation.ONE_CHILD, "TRP407", BLOCK, REVIEW, SEND),
    (Situation.WITH_FAMILIES, "TRP409", REVIEW, REVIEW, SEND),
    (Situation.VAGUE_THEN, "TRP409", REVIEW, REVIEW, SEND),
    (Situation.WIDE, "TRP409", REVIEW, REVIEW, SEND),
    (Situation.DATES_AWAY, "TRP409", REVIEW, REVIEW, SEND),
    (Situation.AWAY_NOW, "TRP409", REVIEW, SEND, SEND),
]


@pytest.mark.parametrize(("situation", "rule", "public", "protected", "closed"), TABLE)
def test_the_decision_table(situation, rule, public, protected, closed):
    assert RULE_OF[situation][0] == rule
    for audience, wanted in (
        (Audience.PUBLIC, public),
        (Audience.PRESS, public),
        (Audience.WEBSITE, public),
        (Audience.PROTECTED, protected),
        (Audience.CLOSED, closed),
        (Audience.INTERNAL, closed),
    ):
        assert gravest([reading(situation)], None, audience) is wanted


def test_every_situation_but_the_past_has_a_rule_and_a_row():
    assert set(RULE_OF) == set(Situation) - {Situation.WAS_THERE}
    assert {situation for situation, *_ in TABLE} == set(RULE_OF)


def test_every_rule_of_the_family_explains_itself():
    assert set(RULES) == {f"TRP{number}" for number in range(401, 411)}
    assert all(rule.message and rule.why and rule.example and rule.fix for rule in RULES.values())


def test_a_block_that_only_the_model_sees_is_a_review():
    assert gravest([], (0.01, 0.01, 0.98), Audience.PUBLIC) is REVIEW
    assert gravest([], (0.98, 0.01, 0.01), Audience.PUBLIC) is SEND


def test_the_report_says_who_saw_it():
    alone = settle([], (0.01, 0.01, 0.98))[0]
    both = settle([reading(Situation.THERE_NOW)], (0.01, 0.01, 0.98))[0]
    words = settle([reading(Situation.THERE_NOW)], None)[0]
    assert "only the text model" in alone.says.lower()
    assert "agrees" in both.says
    assert "model" not in words.says


def test_what_grammar_only_suspects_is_no_block_without_the_model():
    assert gravest([reading(Situation.THERE_NOW, sure=False)], None, Audience.PUBLIC) is REVIEW
    assert gravest([reading(Situation.THERE_NOW, sure=False)], (0.1, 0.1, 0.8), Audience.PUBLIC) is BLOCK


chance = st.floats(0.01, 1.0)
odds = st.tuples(chance, chance, chance).map(lambda t: tuple(x / sum(t) for x in t))
readings = st.lists(
    st.builds(reading, st.sampled_from(sorted(RULE_OF, key=lambda s: s.name)), sure=st.booleans()), max_size=4
)


@given(readings, odds)
def test_protected_is_never_graver_than_public_for_the_same_judgement(found, weighed):
    assert gravest(found, weighed, Audience.PROTECTED) <= gravest(found, weighed, Audience.PUBLIC)
    assert gravest(found, weighed, Audience.PROTECTED) < BLOCK
    assert gravest(found, weighed, Audience.CLOSED) is SEND


@given(readings, odds, st.sampled_from(sorted(RULE_OF, key=lambda s: s.name)))
def test_telling_more_is_never_milder(found, weighed, more):
    # One sure reading more: only a model that speaks alone could fall silent for it, and it falls silent to a finding.
    if found:
        before = gravest(found, weighed, Audience.PUBLIC)
        assert gravest([*found, reading(more)], weighed, Audience.PUBLIC) >= before


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["Year 5", "Our choir", "P7", "Otters class"]),
    st.sampled_from(["are off", "are going", "will be going", "are walking"]),
    st.sampled_from(["tomorrow", "on Thursday", "on Friday 15 May at 9.15", "next Tuesday morning"]),
    st.sampled_from(["Millbrook Farm", "Winterfold Castle", "St Wulfstan's Church", "Fell Edge Museum"]),
)
def test_adding_a_place_off_site_is_never_milder(who, verb, when, place):
    def worst(text: str) -> Decision:
        return gravest(judge(text, MORNING), None, Audience.PUBLIC)

    assert worst(f"{who} {verb} to {place} {when}.") is BLOCK
    assert worst(f"{who} {verb} to {place} {when}.") >= worst(f"{who} {verb} {when}.")


CALENDAR = TripCalendar(
    trips=(
        Trip(
            "Farm visit",
            ("Millbrook Farm",),
            MORNING.replace(hour=9),
            MORNING.replace(hour=15, minute=30),
            groups=("Year 5",),
        ),
    ),
    usual=(UsualPlace("Bluebell Bottom", ("the bottom",)),),
)
PAST = "Year 5 had a wonderful day at Millbrook Farm, thank you to our guides!"


def test_the_past_is_held_while_the_trip_is_open_and_says_when_to_send():
    school = Guard(calendar=CALENDAR)
    report = school.check(Draft(PAST, publish_at=MORNING.replace(hour=14, minute=30)))
    found = next(f for f in report.findings if f.rule == "TRP408")
    assert found.verdict is BLOCK
    assert "15:30" in found.advice
    assert "TRP408" not in trips(school.check(Draft(PAST, publish_at=MORNING.replace(hour=16))))


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 600), st.integers(0, 600))
def test_publishing_later_past_the_end_of_the_trip_is_never_graver(minutes, more):
    school = Guard(calendar=CALENDAR)
    early = MORNING.replace(hour=9) + timedelta(minutes=minutes)
    late = max(early, CALENDAR.trips[0].ends) + timedelta(minutes=more)
    told = [school.check(Draft(PAST, publish_at=when)) for when in (early, late)]
    worst = [max(trips(report).values(), default=SEND) for report in told]
    assert worst[1] <= worst[0]


def test_the_schools_usual_places_are_known():
    report = Guard(calendar=CALENDAR).check(Draft("Year 2 are at bluebell bottom this morning!", publish_at=MORNING))
    assert "TRP401" in trips(report)


def test_the_schools_term_dates_reach_the_reading_of_times(monkeypatch):
    from postguard.checkers import trips as checker

    given_terms = []

    def take_apart(*arguments):
        given_terms.append(arguments[4])
        return post.take_apart(*arguments)

    monkeypatch.setattr(checker, "take_apart", take_apart)
    summer = Term("summer", date(2026, 4, 13), date(2026, 7, 17), (date(2026, 5, 23), date(2026, 5, 31)))
    Guard(calendar=TripCalendar(terms=(summer,))).check(Draft("Swimming after half term.", publish_at=MORNING))
    assert given_terms[0] == [TermDates("summer", summer.starts, summer.ends, summer.half_term)]


def test_the_platforms_place_tag_is_told_and_dropped(guard):
    report = guard.check(Draft("Lava lamps!", place="Winterfold", publish_at=MORNING))
    assert trips(report)["TRP406"] is BLOCK
    assert report.clean is not None
    assert not report.clean.place


def test_posts_of_a_day_that_add_up_are_held(guard):
    history = (
        (MORNING - timedelta(hours=1), "Packed lunches ready for Year 5!"),
        (MORNING - timedelta(minutes=30), "The coach is here and we leave at 10.30."),
    )
    text = "Millbrook Farm"
    alone = guard.check(Draft(f"{text} has new lambs.", publish_at=MORNING))
    assert "TRP410" not in trips(alone)
    joined = guard.check(Draft(f"Off to {text}!", publish_at=MORNING, history=history))
    assert trips(joined)["TRP410"] is BLOCK
    assert "TRP410" not in trips(guard.check(Draft("Year 5 made lava lamps.", publish_at=MORNING, history=history)))


def test_the_gravest_target_counts(guard):
    text = "Year 5 are at Millbrook Farm this morning, and it is raining."
    protected = guard.check(Draft(text, channel="x-protected", publish_at=MORNING))
    both = guard.check(Draft(text, channel="x-protected", also=("x",), publish_at=MORNING))
    assert max(trips(protected).values()) is REVIEW
    assert max(trips(both).values()) is BLOCK


def test_findings_never_quote_the_post(guard):
    report = guard.check(Draft("Year 5 are at Millbrook Farm this morning!", publish_at=MORNING))
    told = [f for f in report.findings if f.rule.startswith("TRP")]
    assert told
    assert all("Millbrook" not in f.advice + f.message for f in told)


def test_a_way_out_is_offered_and_only_safe_where_nothing_is_left_to_object_to(guard):
    for text in (
        "The minibus will be back at school at 4.20. It was sunny.",
        "Year 5 are at Millbrook Farm this morning!",
    ):
        report = guard.check(Draft(text, publish_at=MORNING))
        edits = [e for f in report.findings if f.rule.startswith("TRP") for e in f.edits]
        assert edits
        if any(e.applicability is Applicability.SAFE for e in edits):
            assert report.clean is not None
            assert not [f for f in guard.check(report.clean).findings if f.rule.startswith("TRP") and f.verdict > SEND]


@pytest.mark.parametrize(
    "options", [{"latitude": 51.0}, {"latitude": 91.0, "longitude": 0.0}, {"latitude": 0.0, "longitude": 181.0}]
)
def test_a_position_of_the_school_is_given_whole_and_on_earth(options):
    with pytest.raises(ValueError, match=r"latitude|longitude"):
        TripOptions(**options)


def test_thresholds_keep_their_order():
    assert 0 < THRESHOLDS.alone <= THRESHOLDS.send_perhaps <= THRESHOLDS.send_sure <= 1
    assert THRESHOLDS.block_sure <= THRESHOLDS.block_perhaps <= THRESHOLDS.raise_vague


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=200))
def test_hostile_text_is_judged_not_crashed(text):
    guard = Guard()
    report = guard.check(Draft(text, publish_at=MORNING))
    assert not [run for run in report.runs if run.checker == "trips" and run.outcome.value != "ok"]


def examples() -> list[tuple[str, str, str]]:
    page = Path(__file__).parents[3] / "docs" / "explanation" / "trips.md"
    rows = page.read_text("utf-8").partition("## Twenty examples")[2].splitlines()
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows if row.startswith("| ")]
    return [(text, public, protected) for text, public, protected in cells if text != "post"]


def test_the_page_has_twenty_examples():
    assert len(examples()) == 20


@pytest.mark.parametrize(("text", "public", "protected"), examples())
def test_the_examples_of_the_page_are_decided_as_it_says(guard, text, public, protected):
    for channel, told in (("x", public), ("x-protected", protected)):
        report = guard.check(Draft(text, channel=channel, publish_at=MORNING))
        found = [f for f in report.findings if f.rule.startswith("TRP") and f.verdict > SEND]
        assert (f"{found[0].verdict.name.lower()}, {found[0].rule}" if found else "send") == told
