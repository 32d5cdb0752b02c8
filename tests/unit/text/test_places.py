"""What is a place to find somebody at, how close it is, and what only looks like one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postguard.text.places import PlaceKind, find_places
from postguard.text.times import find_times

from .test_times import TUESDAY


def places(text: str, **same):
    times = [(t.start, t.end) for t in find_times(text, TUESDAY)]
    return {text[p.start : p.end]: p for p in find_places(text, times=times, **same)}


@pytest.mark.parametrize(
    ("text", "place", "kind"),
    [
        ("Year 5 are at Millbrook Farm.", "Millbrook Farm", PlaceKind.VENUE),
        ("We are off to Sandwick tomorrow!", "Sandwick", PlaceKind.VENUE),
        ("Meet outside the Corn Exchange at 4.", "Corn Exchange", PlaceKind.VENUE),
        ("The children walk to the museum.", "the museum", PlaceKind.VENUE),
        ("Y9 leave for Brittany on 20 June", "Brittany", PlaceKind.REGION),
        ("The sat nav wants YO62 9ZZ", "YO62 9ZZ", PlaceKind.EXACT),
        ("We are at SK 244 835", "SK 244 835", PlaceKind.EXACT),
        ("Find us at ///pencil.tidy.lunch", "///pencil.tidy.lunch", PlaceKind.EXACT),
        ("53.9590,-1.0815 is the spot", "53.9590,-1.0815", PlaceKind.EXACT),
        ("Track us: https://maps.example/?q=1", "https://maps.example/?q=1", PlaceKind.EXACT),
        ("📍Winterfold", "Winterfold", PlaceKind.EXACT),
        ("Elephants! #MillbrookZoo", "#MillbrookZoo", PlaceKind.VENUE),
        ("Hard hats on for 4B this lunchtime @BrassMill", "@BrassMill", PlaceKind.VENUE),
        ("Elephants for Y2 @MillbrookZoo", "@MillbrookZoo", PlaceKind.VENUE),
        ("Netball: U11 v Kirkham (A), bus 1.15", "Kirkham", PlaceKind.VENUE),
        ("Litter picking on Saltwick beach", "Saltwick beach", PlaceKind.VENUE),
    ],
)
def test_places_are_found_with_their_kind(text, place, kind):
    found = places(text)
    assert place in found, list(found)
    assert found[place].kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "PE kit on Monday please.",
        "Well done to Mrs Barker and everyone in Year 5!",
        "In English we are writing poems.",
        "Merry Christmas to all at our school.",
        "The children in Class 3 loved it.",
        'Reading "The Boat to Nowhere" this week.',
        "Pay on ParentPay by Friday.",
        "Look at SATs results in May.",
        "Follow @SunnyReads for more, or ask @MrLane and @elliotswims.",
        "Thank you @OakTreeCatering, the pie was lovely.",
        "Write to someone@HillFarm.example please.",
    ],
)
def test_people_groups_days_lessons_and_works_are_no_places(text):
    assert all(p.kind is PlaceKind.SCHOOL for p in places(text).values()), list(places(text))


def test_the_school_itself_is_of_a_kind_of_its_own():
    found = places("See you in the school hall at 2.")
    assert all(p.kind is PlaceKind.SCHOOL for p in found.values())
    assert found


def test_the_schools_usual_places_are_found_in_any_case():
    found = places("Off to the woods by the MILL POND again", usual=("mill pond",))
    assert found["MILL POND"].mark == "usual"


def test_a_name_beside_a_time_is_an_entry_of_a_plan():
    found = places("Walking bus:\nBrook Corner 8.05\nTanyard Lane 8.15")
    assert {"Brook Corner", "Tanyard Lane"} <= set(found)


@pytest.mark.parametrize(
    "text", ["We read Newton. the Mr now", "newton. 2nd, pe says he now", "Sat. Under (Constance, 1st!!"]
)
def test_nothing_is_left_of_a_small_word_beside_a_time(text):
    assert all(p.start < p.end for p in places(text).values())


def test_nothing_is_looked_for_where_a_person_is_known():
    text = "We are at Florence this morning"
    assert places(text)
    assert not places(text, barred=[(10, 18)])


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_spans_in_order_and_without_overlap(text):
    found = find_places(text)
    assert all(0 <= p.start < p.end <= len(text) for p in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
