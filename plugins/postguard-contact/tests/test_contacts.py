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
    ("Spare costumes to sal.j [at] post [dot] example", Kind.EMAIL, "sal.j [at] post [dot] example"),
    ("E-mail tom.w at mail dot example, please", Kind.EMAIL, "tom.w at mail dot example"),
    ("Ring me on 07700 900123 any time after 6.", Kind.PHONE, "07700 900123"),
    ("Lost? Ring Ms Sample, +44 7700 900 123.", Kind.PHONE, "+44 7700 900 123"),
    ("Call me at home: 01632 960123", Kind.PHONE, "01632 960123"),
    ("Bottles to my place, 12 Sample Rise, side gate.", Kind.ADDRESS, "12 Sample Rise"),
    ("At 4 Sample Court, Upper Exampleton, EX4 9ZZ now", Kind.ADDRESS, "4 Sample Court, Upper Exampleton, EX4 9ZZ"),
    ("Host family: Muster Straße 8", Kind.ADDRESS, "Muster Straße 8"),
    ("Their host lives in Calle de Muestra, 17", Kind.ADDRESS, "Calle de Muestra, 17"),
    ("She is staying at Musterweg 14 with her host family.", Kind.ADDRESS, "Musterweg 14"),
    ("Collect from Rose Cottage, Sample Lane, EX1 1ZZ", Kind.ADDRESS, "Rose Cottage, Sample Lane, EX1 1ZZ"),
    ("Find me on insta, my name there is pip_and_paws", Kind.HANDLE, "pip_and_paws"),
    ("Add me on snap: samplebakes22", Kind.HANDLE, "samplebakes22"),
    ("The rota is with Robin, @robin.leads.walks on Instagram", Kind.HANDLE, "@robin.leads.walks"),
    ("DM @coach_sample_y6 if you can drive.", Kind.HANDLE, "@coach_sample_y6"),
    ("Follow my own account @sample_bakes for pictures", Kind.HANDLE, "@sample_bakes"),
    ("The side door code is now 1234X.", Kind.SECRET, "1234X"),
    ("Keypad for the hall: 4455#", Kind.SECRET, "4455#"),
    ("Log in as 6Hawks and the password is Sample-Otter7", Kind.SECRET, "Sample-Otter7"),
    ("The padlock is 7-3-0-9, coxes only", Kind.SECRET, "7-3-0-9"),
    ("Door entry is 1 4 7 9 then the green button", Kind.SECRET, "1 4 7 9"),
    ("Combination for the bike shed 20-35-10", Kind.SECRET, "20-35-10"),
    ("The keypad number 4471 has changed back", Kind.SECRET, "4471"),
    ("Locker PINs: Y5 1234", Kind.SECRET, "1234"),
    ("Meeting passcode fx82", Kind.SECRET, "fx82"),
    ("The quiz password for everybody is pancake.", Kind.SECRET, "pancake"),
    ('The Wi-Fi password is "grey heron"', Kind.SECRET, "grey"),
    ("The side door was jamming and is reset. It's S2580X now.", Kind.SECRET, "S2580X"),
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
    "Absences to absence@sample.example, worries to safeguarding@sample.example.",
    "The password is not needed any more. Your password is important. Password: ask the office.",
    "Passwords are in book bags.",
    "Look at our dot paintings, and meet at Polka dot Studio.",
    "Follow us on Instagram for photos. Snap! 22 pairs found.",
    "Thank you Sample House, our care home friends, for tea.",
    "5 4 3 2 1 lift off! Scores 12-10-9 in the relay.",
    "The alarm will be tested at 1015 on Monday. Unlock 5000 points! Pin badges £1 each, 1500 sold.",
    "We learnt to pin and sew; 1805 was Trafalgar.",
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


@pytest.mark.parametrize("piece", ["A-", "A'", "Ä-", "a.", "1-", "(at)b", " dot b", "@a", "code 1"])
def test_no_piece_makes_a_pattern_go_back_and_forth(piece: str) -> None:
    """Twice the text takes about twice the steps: a pattern that starts anew in every word would hang here."""
    assert all(contact.end <= 40_000 * len(piece) for contact in find(piece * 40_000))


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
