"""A text reads well once the names are gone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postguard.text.name_words import Region, Tagged, tagged
from postguard.text.rewrite import Named, adult, relative, rewrites, year_group

NAMES = ("Maya Okell", "Maya", "maya", "MAYA", "Ines", "INES", "ines", "Rafe", "ollie")


def without_names(text: str, *, year: str = "", file_name: bool = False) -> str:
    tags = [Tagged(0, len(text), Region.FILE)] if file_name else tagged(text)
    named: list[Named] = []
    at = 0
    while at < len(text):
        name = next((n for n in NAMES if text.startswith(n, at)), None)
        if name is None:
            at += 1
            continue
        inside = next((t for t in tags if t.start <= at < t.end), None)
        named.append(Named(at, at + len(name), year, inside))
        at += len(name)
    for change in reversed(rewrites(text, named)):
        text = text[: change.start] + change.replacement + text[change.end :]
    return text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Well done to Maya for reading", "Well done to a pupil for reading"),
        ("Maya won!", "A pupil won!"),
        ("We saw it. Maya won!", "We saw it. A pupil won!"),
        ("Maya's boat floats", "A pupil's boat floats"),
        ("Maya, Ines & Rafe made soup", "Three pupils made soup"),
        ("made by Maya and Ines", "made by two pupils"),
        ("Maya and Ines's den", "Two pupils' den"),
        ("Both Maya and Ines won", "Two pupils won"),
        ("our lovely Maya is champion", "our lovely pupil is champion"),
        ("Year 6 pupil Maya won", "Year 6 pupil won"),
        ("Our captain Maya's goal", "Our captain's goal"),
        ("Well done Maya!", "Well done!"),
        ("Well done, Maya and Ines 🎉", "Well done 🎉"),
        ("Well done Maya for reading", "Well done to a pupil for reading"),
        ("We are so proud of you, Maya!", "We are so proud of you!"),
        ("1. Maya\n2. Ines", "1. A pupil\n2. A pupil"),
        ('"I loved it" - Maya, 6', '"I loved it" - a pupil, 6'),
        ("WELL DONE TO MAYA AND INES", "WELL DONE TO TWO PUPILS"),
        ("MAYA ON DRUMS, INES ON BASS", "A PUPIL ON DRUMS, A PUPIL ON BASS"),
        ("See you soon Maya 💙", "See you soon 💙"),
        ("Happy 6th birthday Maya!", "Happy 6th birthday!"),
        ("Rafe (Y6) w. Maya (Y1)", "A pupil (Y6) w. a pupil (Y1)"),
        ("Goal! #WellDoneMaya", "Goal! #WellDone"),
        ("#proudofmaya first clean sheet", "#proud first clean sheet"),
        ("#GoMayaGo today", "#Go today"),
        ("Goal! #Maya", "Goal!"),
        ("so proud of @ollieskates today", "so proud of a pupil today"),
        ("Donate: bit.ly/maya-runs", "Donate:"),
        ("Head Girl: Maya Okell", "Head Girl: a pupil"),
    ],
)
def test_it_reads_well(before: str, after: str) -> None:
    assert without_names(before) == after


def test_the_year_is_told_where_the_text_tells_none() -> None:
    assert without_names("Maya won", year="Year 4") == "A Year 4 pupil won"
    assert without_names("Maya and Ines won", year="Year 4") == "Two Year 4 pupils won"
    assert without_names("Maya in Year 4 won", year="Year 4") == "A pupil in Year 4 won"
    assert without_names("Maya won", year="S2") == "An S2 pupil won"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("maya_sportsday.jpg", "sportsday.jpg"),
        ("Maya Okell.png", "picture.png"),
        ("IMG_2041-maya-and-ines.jpg", "IMG_2041.jpg"),
    ],
)
def test_a_file_name_keeps_what_names_nobody(before: str, after: str) -> None:
    assert without_names(before, file_name=True) == after


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("4", "Year 4"),
        ("Year 10", "Year 10"),
        ("Y6", "Year 6"),
        ("R", "Reception"),
        ("n", "Nursery"),
        ("P3", "P3"),
        ("?", ""),
    ],
)
def test_year_groups_as_they_are_said(written: str, said: str) -> None:
    assert year_group(written) == said


@pytest.mark.parametrize(
    ("text", "name", "after"),
    [
        ("Mrs Anita Patel made soup", "Mrs Anita Patel", "Mrs Patel made soup"),
        ("Our headteacher Anita Patel said", "Anita Patel", "Our headteacher said"),
        ("Anita Patel made soup", "Anita Patel", "A member of staff made soup"),
    ],
)
def test_an_adult_keeps_title_or_role(text: str, name: str, after: str) -> None:
    start = text.index(name)
    change = adult(text, start, start + len(name))
    assert text[: change.start] + change.replacement + text[change.end :] == after


def test_a_relative_keeps_the_kinship() -> None:
    text = "Her mum Fatima came"
    change = relative(text, 8, 14)
    assert text[: change.start] + change.replacement + text[change.end :] == "Her mum came"


@given(
    st.lists(
        st.sampled_from([*NAMES, " ", ", ", " and ", "#", "@", ".", "\n", "'s", "Well done ", "our ", "🎉"]),
        max_size=14,
    )
)
def test_no_name_is_left_and_twice_changes_nothing(parts: list[str]) -> None:
    once = without_names("".join(parts))
    assert not [name for name in NAMES if name in once]
    assert without_names(once) == once
