"""What kind of person a mention is: the model's reading, moved by titles, lists, the roster and the other mentions.

The readings are set by hand, so that these tests hold for any model.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from postguard.text.language import KINDS, load
from postguard.text.names import NOBODY, Kind, KnownNames, Mention, PersonName, Thresholds, find_mentions

if TYPE_CHECKING:
    from spacy.tokens import Doc

SCHOOL = KnownNames.of(
    [
        PersonName("p1", "Ines", "Rafferty"),
        PersonName("p2", "William", "Okell", "Will"),
        PersonName("p3", "Grace", "Poe"),
        PersonName("p4", "Daisy", "Hale"),
        PersonName("p5", "Zephyrine", "Moss"),
    ],
    staff=[PersonName("s1", "Anita", "Bose"), PersonName("s2", "", "Hale")],
    allow=["St Anne", "Otis Library"],
    groups=["Daisy"],
    figures=["Captain Bluebell"],
)


def doc(text: str, **readings: tuple[str, float]) -> Doc:
    """`text` as words, each of `readings` read as that kind with that probability, everything else as no name."""
    made = load().make_doc(text)
    kinds = np.zeros((len(made), 1 + len(KINDS)), np.float32)
    kinds[:, 0] = 1.0
    for token in made:
        token.is_sent_start = token.i == 0
        if token.text in readings:
            kind, p = readings[token.text]
            kinds[token.i, 0] = 1 - p
            kinds[token.i, 1 + KINDS.index(kind)] = p
    made._.kinds = kinds
    return made


def told(text: str, known: KnownNames = NOBODY, **readings: tuple[str, float]) -> dict[str, Mention]:
    return {text[m.start : m.end]: m for m in find_mentions(doc(text, **readings), known)}


def test_a_name_that_reads_like_a_childs_is_probably_a_child() -> None:
    found = told("Well done Otis!", Otis=("PUPIL", 0.97))
    assert found["Otis"].kind is Kind.CHILD
    assert found["Otis"].sure


def test_a_faint_reading_is_a_maybe() -> None:
    found = told("We like Otis best", Otis=("PUPIL", 0.45))
    assert found["Otis"].kind is Kind.CHILD
    assert not found["Otis"].sure


def test_a_roster_name_is_found_where_the_model_saw_none() -> None:
    found = told("Ines made soup", SCHOOL)
    assert found["Ines"].kind.is_child
    assert found["Ines"].ids == ("p1",)


def test_a_roster_name_that_reads_like_a_childs_is_a_pupil_for_sure() -> None:
    found = told("Ines made soup", SCHOOL, Ines=("PUPIL", 0.8))
    assert found["Ines"].kind is Kind.PUPIL
    assert found["Ines"].sure


def test_a_name_that_is_a_word_needs_the_context() -> None:
    assert told("will it rain? we hope so", SCHOOL)["will"].kind is Kind.WORD
    assert told("With good grace they left", SCHOOL)["grace"].kind is Kind.WORD
    assert told("Will is our head boy", SCHOOL, Will=("PUPIL", 0.6))["Will"].kind is Kind.PUPIL
    assert told("Will is our head boy", SCHOOL, Will=("PUPIL", 0.1))["Will"].kind is Kind.CHILD


def test_a_full_name_of_words_is_still_a_name() -> None:
    found = told("Grace Poe came first", SCHOOL)
    assert found["Grace Poe"].kind is Kind.PUPIL
    assert found["Grace Poe"].full


def test_an_adults_title_makes_an_adult() -> None:
    found = told("Thank you Mrs Otis and Coach Ines", SCHOOL, Otis=("PUPIL", 0.9), Ines=("PUPIL", 0.9))
    assert found["Otis"].kind is Kind.STAFF
    assert found["Ines"].kind is Kind.STAFF


def test_a_title_read_as_part_of_the_name_makes_an_adult_all_the_same() -> None:
    reading = {"Mrs": ("PUPIL", 0.8), "Otis": ("PUPIL", 0.9)}
    assert [m.kind for m in find_mentions(doc("Follow @MrsOtis", **reading))] == [Kind.STAFF]


def test_to_miss_somebody_is_no_title() -> None:
    assert told("How we miss Otis already", Otis=("PUPIL", 0.9))["Otis"].kind is Kind.CHILD


def test_the_staff_list_wins_over_the_reading() -> None:
    assert told("Anita Bose won", SCHOOL, Anita=("PUPIL", 0.9), Bose=("PUPIL", 0.9))["Anita Bose"].kind is Kind.STAFF


def test_the_allow_list_is_never_a_child() -> None:
    assert told("Otis Library opens", SCHOOL, Otis=("PUPIL", 0.99))["Otis"].kind is Kind.ALLOWED


def test_a_class_that_bears_a_pupils_name_is_a_class() -> None:
    assert told("Our Daisy class sang", SCHOOL, Daisy=("GROUP", 0.9))["Daisy"].kind is Kind.GROUP
    assert told("Our Daisy class sang", SCHOOL, Daisy=("PUPIL", 0.6))["Daisy"].kind is Kind.GROUP


@pytest.mark.parametrize("text", ["Teddy in Oak class waved", "Teddy is in Oak now", "Teddy isn't in Teddy class"])
def test_who_is_in_a_class_is_no_class(text: str) -> None:
    made = doc(text, Teddy=("GROUP", 0.95), Oak=("GROUP", 0.99))
    made._.kinds[0, 1 + KINDS.index("PUPIL")] = 0.02
    first = find_mentions(made)[0]
    assert (first.kind, first.start) == (Kind.CHILD, 0)


def test_public_figures_and_characters_are_left_alone() -> None:
    found = told("We read Mary Seacole", Mary=("PUPIL", 0.6), Seacole=("PUPIL", 0.6))
    assert found["Mary Seacole"].kind is Kind.FIGURE
    assert told("We read Gruffalo", Gruffalo=("PUPIL", 0.7))["Gruffalo"].kind is Kind.FIGURE
    assert told("See Captain Bluebell", SCHOOL, Bluebell=("PUPIL", 0.7))["Bluebell"].kind is Kind.FIGURE


def test_a_name_beside_its_title_or_its_companions_is_less_likely_a_childs() -> None:
    alone = told("Well done Nancy!", Nancy=("PUPIL", 0.6))["Nancy"]
    assert alone.kind is Kind.CHILD
    for text in ("Nancy, Fagin and Dodger", "Nancy was our favourite in Oliver Twist"):
        among = told(text, Fagin=("FIGURE", 0.9), Dodger=("FIGURE", 0.9), Nancy=("PUPIL", 0.6))["Nancy"]
        assert among.kind is not Kind.CHILD or among.confidence < alone.confidence
        assert any("work" in reason for reason in among.reasons)


def test_a_pupil_on_the_roster_is_told_although_a_work_has_that_name_too() -> None:
    known = KnownNames.of([PersonName("p", "Nancy", "Rafferty")])
    found = told("Fagin, Nancy and Bill Sikes", known, Fagin=("FIGURE", 0.6), Nancy=("PUPIL", 0.6))
    assert found["Nancy"].kind.is_child


def test_two_pupils_with_everyday_names_are_no_cast() -> None:
    found = told("Well done Lucy and Peter!", Lucy=("PUPIL", 0.9), Peter=("PUPIL", 0.9))
    assert all(found[name].kind is Kind.CHILD for name in ("Lucy", "Peter"))


def test_a_pupil_wins_over_a_figure_of_the_same_full_name() -> None:
    known = KnownNames.of([PersonName("p", "Mary", "Anning")])
    assert told("Mary Anning won", known, Mary=("PUPIL", 0.6), Anning=("PUPIL", 0.6))["Mary Anning"].kind is Kind.PUPIL


def test_a_list_lifts_a_faint_reading() -> None:
    sure = {"Otis": ("PUPIL", 0.95), "Mina": ("PUPIL", 0.95)}
    alone = told("Otis sang. Then we saw Rafe. Mina sang.", Rafe=("PUPIL", 0.2), **sure)
    listed = told("By Otis, Rafe and Mina", Rafe=("PUPIL", 0.2), **sure)
    assert listed["Rafe"].kind is Kind.CHILD
    assert "in a list with two pupils" in listed["Rafe"].reasons
    assert (
        alone.get("Rafe") is None
        or alone["Rafe"].confidence < listed["Rafe"].confidence
        or not alone["Rafe"].kind.is_child
    )


def test_a_list_with_a_name_a_line_lifts_a_faint_reading() -> None:
    sure = {"Otis": ("PUPIL", 0.95), "Mina": ("PUPIL", 0.95)}
    listed = told("Winners\nOtis\nRafe\nMina\nCome in for your prize", Rafe=("PUPIL", 0.2), **sure)
    assert "in a list with two pupils" in listed["Rafe"].reasons
    for text in ("Otis\nMina\nRafe is our guest", "Otis Mina Rafe"):  # a sentence; names side by side
        assert not [m for m in told(text, Rafe=("PUPIL", 0.2), **sure).values() if "in a list" in " ".join(m.reasons)]


def test_who_plays_a_figure_of_the_same_first_name_is_not_taken_for_it() -> None:
    reading = {"Isaac": ("PUPIL", 0.7), "Newton": ("PUPIL", 0.4)}
    played, read = (
        find_mentions(doc(text, **reading))[0] for text in ("Isaac came as Isaac Newton", "Isaac is Isaac Newton")
    )
    assert played.kind is Kind.CHILD
    assert read.kind is not Kind.CHILD or read.confidence < played.confidence


def test_who_plays_a_part_is_more_likely_a_child() -> None:
    reading = {"Edie": ("PUPIL", 0.35), "Joseph": ("FIGURE", 0.95), "Rafe": ("PUPIL", 0.35)}
    for text in ("Edie is our Joseph", "Edie was a very grumpy Joseph", "Edie came to assembly as Joseph"):
        assert "plays a part" in told(text, **reading)["Edie"].reasons
    assert "plays a part" in told("Edie is Joseph and Rafe is a busy innkeeper", **reading)["Rafe"].reasons
    for text in ("Edie is kind. Joseph was a carpenter", "Rafe is a busy reader"):
        assert not [m for m in told(text, **reading).values() if "plays a part" in m.reasons]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Happy Vaisakhi", "Vaisakhi"),
        ("Thank you @johnlewis", "john lewis"),
        ("Katsu and Raita", "Raita"),
        ("Her first ever kale", "kale"),
    ],
)
def test_a_thing_of_school_life_is_no_child(text: str, words: str) -> None:
    reading = dict.fromkeys(words.split(), ("PUPIL", 0.7))
    assert [m.kind for m in find_mentions(doc(text, **reading))] == [Kind.WORD]


def test_a_pupil_on_the_roster_is_told_although_a_thing_has_that_name_too() -> None:
    known = KnownNames.of([PersonName("p", "Vaisakhi", "Rafferty")])
    assert told("Vaisakhi won", known, Vaisakhi=("PUPIL", 0.7))["Vaisakhi"].kind.is_child


def test_another_initial_or_surname_speaks_against_the_pupil() -> None:
    same = told("Ines R won", SCHOOL, Ines=("PUPIL", 0.3))
    other = told("Ines K won", SCHOOL, Ines=("PUPIL", 0.3))
    assert same["Ines R"].confidence > other["Ines"].confidence


def test_names_in_tags_and_handles_are_found() -> None:
    assert told("#WellDoneInes", SCHOOL, Ines=("PUPIL", 0.5))["Ines"].kind is Kind.PUPIL
    assert told("#proudofzephyrine", SCHOOL)["zephyrine"].kind.is_child


def test_first_name_and_surname_are_told_as_full() -> None:
    assert told("By Otis Hale", Otis=("PUPIL", 0.9), Hale=("PUPIL", 0.9))["Otis Hale"].full
    assert not told("By Otis H", Otis=("PUPIL", 0.9), H=("PUPIL", 0.9))["Otis H"].full
    assert not told("By Lily-Mae", Lily=("PUPIL", 0.9), Mae=("PUPIL", 0.9))["Lily-Mae"].full


def test_other_kinds_are_told_as_such() -> None:
    found = told("Leeds with Biscuit", Leeds=("PLACE", 0.9), Biscuit=("OTHER", 0.9))
    assert (found["Leeds"].kind, found["Biscuit"].kind) == (Kind.PLACE, Kind.OTHER)


def test_thresholds_set_the_tiers() -> None:
    reading = doc("We like Otis best", Otis=("PUPIL", 0.45))
    assert not [m for m in find_mentions(reading, NOBODY, Thresholds(0.9, 0.95)) if m.kind.is_child]
    assert [m.sure for m in find_mentions(reading, NOBODY, Thresholds(0.05, 0.1)) if m.kind.is_child] == [True]


def test_reasons_never_quote() -> None:
    for m in told("Well done Ines Rafferty and Otis", SCHOOL, Otis=("PUPIL", 0.9)).values():
        assert not [reason for reason in m.reasons if "Ines" in reason or "Rafferty" in reason or "Otis" in reason]
        assert "Ines" not in repr(m)


def test_a_file_name_is_read_word_by_word() -> None:
    text = "sports_day_ines.jpg"
    found = find_mentions(doc(text), SCHOOL, file_name=True)
    assert [text[m.start : m.end] for m in found if m.kind.is_child] == ["ines"]


@pytest.mark.parametrize("text", ["", " ", "🎉", "#", "@", "\ud800 Ines", "Ines" * 200, "\u202eInes\u202c"])
def test_odd_texts_are_read(text: str) -> None:
    for m in find_mentions(doc(text), SCHOOL):
        assert 0 <= m.start < m.end <= len(text)


@given(st.text(alphabet="Ines WilGrace\u200b\u0301#@.,'-\n🎉Mrs", max_size=60), st.floats(0, 1, width=32))
def test_mentions_never_overlap(text: str, p: float) -> None:
    made = doc(text)
    made._.kinds[:, 0], made._.kinds[:, 1] = 1 - p, p
    found = find_mentions(made, SCHOOL)
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_a_drawn_out_name_is_found_where_it_stands() -> None:
    text = "Well done Mayaaaa, you won"
    found = [text[m.start : m.end] for m in find_mentions(doc(text)) if m.kind.is_child]
    assert found == ["Mayaaaa"]


def test_a_role_before_a_name_speaks_for_an_adult() -> None:
    plain = told("We met Otis", Otis=("PUPIL", 0.6))["Otis"]
    role = told("We met our caretaker Otis", Otis=("PUPIL", 0.6)).get("Otis")
    assert plain.kind is Kind.CHILD
    assert role is None or role.kind is not Kind.CHILD or role.confidence < plain.confidence


@pytest.mark.parametrize("text", ["01-jars-a.jpg", "a.png", "bench_b.jpeg", "IMG_2033.jpg"])
def test_a_letter_that_counts_pictures_and_the_extension_are_nobodys_name(text: str) -> None:
    assert not [mention for mention in find_mentions(doc(text), SCHOOL, file_name=True) if mention.kind.is_child]


def test_a_day_beside_fixtures_is_nobodys_name() -> None:
    text = "Tue U16 football (A), Thu U12 cricket (H)"
    assert not [m for m in told(text, Tue=("PUPIL", 0.8), Thu=("PUPIL", 0.9)).values() if m.kind.is_child]
