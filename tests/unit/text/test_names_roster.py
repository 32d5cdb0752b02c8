"""A person of a list is found in every form that a name takes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postguard.text.name_words import name_words, tagged
from postguard.text.roster_match import Form, Hit, NameIndex, PersonName, name_keys
from postguard.text.tokens import words

PEOPLE = (
    PersonName("mei", "Mei-Ling", "Wong", "Mei"),
    PersonName("ines", "Inés", "Rafferty"),
    PersonName("niamh", "Niamh", "O'Sullivan"),
    PersonName("eilidh", "Eilidh", "MacLeod"),
    PersonName("maya", "Maya", "Okell-Bello"),
    PersonName("alex", "Alexander", "Grey"),
    PersonName("zeph", "Zephyrine", "Poe"),
    PersonName("will", "William", "Hart", "Will"),
)
INDEX = NameIndex(PEOPLE, {"alexander": ("alex", "xander")})


def hits(text: str) -> list[Hit]:
    tokens = [(word.start, word.end) for word in words(text) if not word.is_space]
    common = {"proud", "of", "well", "done", "team", "go"}
    return INDEX.hits(
        name_words(text, tokens, tagged(text)), lambda key: 4 if key in common else 0, lambda key: 4 * (key == "marie")
    )


@pytest.mark.parametrize(
    ("text", "found", "who", "form"),
    [
        ("Well done Inés!", "Inés", "ines", Form.FIRST),
        ("well done ines", "ines", "ines", Form.FIRST),
        ("INES WON", "INES", "ines", Form.FIRST),
        ("Ine\u0301s won", "Ine\u0301s", "ines", Form.FIRST),
        ("I\u200bnés won", "I\u200bnés", "ines", Form.FIRST),
        ("М\u0430ya won", "М\u0430ya", "maya", Form.FIRST),
        ("Mayaaaa!!", "Mayaaaa", "maya", Form.FIRST),
        ("Maya's boat", "Maya", "maya", Form.FIRST),
        ("Maya’s boat", "Maya", "maya", Form.FIRST),
        ("mei-ling wong", "mei-ling wong", "mei", Form.FULL),
        ("Mei Ling won", "Mei Ling", "mei", Form.FIRST),
        ("MeiLing won", "MeiLing", "mei", Form.FIRST),
        ("Mei won", "Mei", "mei", Form.KNOWN_AS),
        ("Niamh O’Sullivan", "Niamh O’Sullivan", "niamh", Form.FULL),
        ("niamh osullivan", "niamh osullivan", "niamh", Form.FULL),
        ("EILIDH MACLEOD", "EILIDH MACLEOD", "eilidh", Form.FULL),
        ("Eilidh Macleod", "Eilidh Macleod", "eilidh", Form.FULL),
        ("Eilidh Rose MacLeod", "Eilidh Rose MacLeod", "eilidh", Form.FULL),
        ("Rafferty, Inés 3rd", "Rafferty, Inés", "ines", Form.FULL),
        ("Maya Okell", "Maya Okell", "maya", Form.FULL),
        ("I. Rafferty (2)", "I. Rafferty", "ines", Form.INITIAL_SURNAME),
        ("I Rafferty", "I Rafferty", "ines", Form.INITIAL_SURNAME),
        ("label says e. macleod", "e. macleod", "eilidh", Form.INITIAL_SURNAME),
        ("Alex G won", "Alex G", "alex", Form.FIRST_INITIAL),
        ("Alex won", "Alex", "alex", Form.NICKNAME),
        ("goal by Okell-Bello", "Okell-Bello", "maya", Form.SURNAME),
        ("Eildh won", "Eildh", "eilidh", Form.MISSPELT),
        ("Zephyirne won", "Zephyirne", "zeph", Form.MISSPELT),
        ("#WellDoneMaya", "Maya", "maya", Form.FIRST),
        ("#proudofzephyrine", "zephyrine", "zeph", Form.FIRST),
        ("#EilidhMacLeod", "EilidhMacLeod", "eilidh", Form.FULL),
        ("@maya_okell_swims", "maya_okell", "maya", Form.FULL),
        ("bit.ly/maya-runs", "maya", "maya", Form.FIRST),
    ],
)
def test_a_pupil_is_found_in_this_form(text: str, found: str, who: str, form: Form) -> None:
    (hit,) = hits(text)
    assert (text[hit.start : hit.end], hit.ids, hit.form) == (found, (who,), form)


@pytest.mark.parametrize("text", ["Mayan temples", "a mayor", "#teamwork", "Marie won", "wong way round?", "", "🎉"])
def test_other_words_are_left_alone(text: str) -> None:
    assert not [hit for hit in hits(text) if hit.form is not Form.SURNAME]


def test_names_side_by_side_are_told_apart() -> None:
    assert [hit.ids for hit in hits("Maya, Will and Inés")] == [("maya",), ("will",), ("ines",)]


def test_another_initial_is_noticed() -> None:
    (hit,) = hits("Alex P lost")
    assert hit.initial_differs


def test_pupils_of_one_name_are_all_told() -> None:
    index = NameIndex([PersonName("a", "Maya"), PersonName("b", "Maya", "Poe")])
    text = "Maya and Maya Poe"
    found = index.hits(name_words(text, [(0, 4), (5, 8), (9, 13), (14, 17)], []), lambda _: 0, lambda _: 0)
    assert [hit.ids for hit in found] == [("a", "b"), ("b",)]


def test_keys_are_folded_and_joined() -> None:
    assert name_keys("Mei-Ling") == ("mei ling", "meiling")
    assert name_keys("O'Sullivan") == ("osullivan",)
    assert name_keys(" -- ") == ()


@given(st.text(max_size=80))
def test_any_text_can_be_searched(text: str) -> None:
    for hit in hits(text):
        assert 0 <= hit.start < hit.end <= len(text)


@given(st.text(alphabet="Maya Inés#@-'.\u200b\u0301Oklerfty", max_size=60))
def test_hits_never_overlap(text: str) -> None:
    found = hits(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
