"""What counts as a contact detail or a secret, and what does not."""

from __future__ import annotations

import glob
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from postguard_contact.contacts import Kind, find, is_own

FOUND = [
    ("Baby photos to jess.sample88@mail.example please!", Kind.EMAIL, "jess.sample88@mail.example"),
    ("Ring me on 07700 900123 any time after 6.", Kind.PHONE, "07700 900123"),
    ("Lost? Ring Ms Sample, +44 7700 900 123.", Kind.PHONE, "+44 7700 900 123"),
    ("Call me at home: 01632 960123", Kind.PHONE, "01632 960123"),
    ("Bottles to my place, 12 Sample Rise, side gate.", Kind.ADDRESS, "12 Sample Rise"),
    ("She is staying at Musterweg 14 with her host family.", Kind.ADDRESS, "Musterweg 14"),
    ("DM @coach_sample_y6 if you can drive.", Kind.HANDLE, "@coach_sample_y6"),
    ("Follow my own account @sample_bakes for pictures", Kind.HANDLE, "@sample_bakes"),
    ("The side door code is now 1234X.", Kind.SECRET, "1234X"),
    ("Keypad for the hall: 4455#", Kind.SECRET, "4455#"),
    ("Log in as 6Hawks and the password is Sample-Otter7", Kind.SECRET, "Sample-Otter7"),
    ("The padlock is 7-3-0-9, coxes only", Kind.SECRET, "7-3-0-9"),
    ("The club door has a keypad. Please use C1234Y and shut it behind you.", Kind.SECRET, "C1234Y"),
]

LEFT_ALONE = [
    "E-mail office@sample.example or enquiries@sample.example.",
    "The office is on 01632 960001 from 8.15.",
    "Use the discount code SAVE2026 at the till.",
    "Year 5 wrote code in Scratch, 30 lines in 45 minutes.",
    "Non-uniform day on 14/03/2026, £1 please. The dress code is green.",
    "Final score 2-1 Albert Road, kick-off 10.30, Canal Street end.",
    "Well done @SamplePrimary and @NationalTrust!",
    "House points: Curie 412, Turing 398, Seacole 377.",
    "Your code does not work? Logins went home in bags.",
    "You could have heard a pin drop. Poems are read at 1430.",
]


@pytest.mark.parametrize(("text", "kind", "words"), FOUND)
def test_it_finds(text: str, kind: Kind, words: str) -> None:
    assert (kind, words) in [(contact.kind, text[contact.start : contact.end]) for contact in find(text)]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_it_leaves_alone(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    ("written", "own"),
    [
        ("j.sample@oakfield.example", "@oakfield.example"),
        ("01632 960 001", "01632 960001"),
        ("12 School Lane", "12 School Lane"),
        ("@OakfieldPE", "@oakfieldpe"),
    ],
)
def test_the_schools_own_details_may_stand_in_a_post(written: str, own: str) -> None:
    assert is_own(written, [own])


@pytest.mark.parametrize(
    ("written", "own"),
    [("j.sample@mail.example", "@oakfield.example"), ("07700 900123", "01632 960001"), ("@coach", "@oakfieldpe")],
)
def test_other_details_are_not_the_schools(written: str, own: str) -> None:
    assert not is_own(written, [own])


@given(st.text(max_size=300))
def test_any_text_gives_spans_inside_it_in_order_and_apart(text: str) -> None:
    contacts = find(text)
    edges = [edge for contact in contacts for edge in (contact.start, contact.end)]
    assert edges == sorted(edges)
    assert all(contact.start < contact.end <= len(text) for contact in contacts)


@pytest.mark.skipif("POSTGUARD_CORPUS" not in os.environ, reason="needs the corpus: set POSTGUARD_CORPUS to its folder")
def test_on_the_trip_posts_it_finds_95_in_100_and_flags_at_most_1_in_100_of_the_others() -> None:
    corpus = os.environ["POSTGUARD_CORPUS"]
    found = marked = flagged = others = 0
    for path in glob.glob(f"{corpus}/posts/train/*/posts.jsonl"):
        for line in Path(path).read_text("utf-8").splitlines():
            post = json.loads(line)
            gold = [span for span in post["spans"] if span["label"] == "CONTACT"]
            got = find(post["text"])
            marked += len(gold)
            found += sum(any(g.start < s["end"] and s["start"] < g.end for g in got) for s in gold)
            others += not gold
            flagged += bool(got) and not gold
    assert marked > 50
    assert found / marked >= 0.95
    assert flagged / others <= 0.01
