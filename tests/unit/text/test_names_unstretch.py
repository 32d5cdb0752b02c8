"""Drawn-out names are put back, and every place in the text that is read leads back to the original."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postguard.text.unstretch import unstretched


def is_name(word: str) -> bool:
    return word.lower() in {"maya", "max", "ellie", "otto"}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Go Mayaaaa!", "Go Maya!"),
        ("MAAAAAX and eeelllie", "MAX and eeelllie"),
        ("well done Elllliiiee", "well done Elllliiiee"),
        ("Ottttto!!!", "Otto!!!"),
        ("sooooo good", "sooooo good"),
        ("#WellDoneMayaaa", "#WellDoneMayaaa"),
        ("", ""),
    ],
)
def test_only_names_are_put_back(text: str, read: str) -> None:
    assert unstretched(text, is_name).text == read


def test_places_lead_back() -> None:
    text = "See Maaayaaa and Maxxx run"
    put_back = unstretched(text, is_name)
    assert put_back.text == "See Maya and Max run"
    for word, was in (("Maya", "Maaayaaa"), ("Max", "Maxxx"), ("run", "run"), ("and", "and")):
        start = put_back.text.index(word)
        a, b = put_back.original(start, start + len(word))
        assert text[a:b] == was


@given(st.text(alphabet="Maya xMX!#\n", max_size=60))
def test_the_whole_leads_back_to_the_whole(text: str) -> None:
    put_back = unstretched(text, is_name)
    assert len(put_back.text) + sum(number for _, number in put_back.cuts) == len(text)
    assert put_back.original(0, len(put_back.text)) == (0, len(text))
