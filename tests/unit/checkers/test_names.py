"""Drafts that name children are held back, and the clean copy names nobody."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from postguard import Decision, Draft, Guard, Image, Pupil, Report, Roster, Staff, TextSpan
from postguard.checkers.names import NamesOptions
from postguard.rules import builtin
from postguard.testing import photo

if TYPE_CHECKING:
    from collections.abc import Callable

SCHOOL = Roster(
    [
        Pupil("P1", "Ines", "Rafferty", year="4", class_name="Oak"),
        Pupil("P2", "Rafe", "Okell", year="4"),
        Pupil("P3", "Zephyrine", "Moss", known_as="Zeph", year="R"),
        Pupil("P4", "Grace", "Poe", year="6"),
    ],
    staff=[Staff("S1", "Mrs Anita Bose")],
    allow=["St Anne"],
)


@pytest.fixture(scope="module")
def check() -> Callable[..., Report]:
    guard = Guard(roster=SCHOOL, clock=lambda: datetime(2026, 3, 11, 12, tzinfo=UTC))

    def checked(text: str, **how: object) -> Report:
        return guard.check(Draft(text, **how))  # type: ignore[arg-type]

    return checked


def codes(report: Report) -> set[str]:
    return {f.rule for f in report.findings if f.rule.startswith("NAM")}


@pytest.mark.parametrize(
    "text",
    [
        "Well done Ines for a super story!",
        "well done ines for a super story",
        "So proud of Ines Rafferty, first in the county gala",
        "Zeph and Rafe built a den out of boxes this morning",
        "#WellDoneZephyrine on your swimming badge",
        "Goals from I. Rafferty and R. Okell",
        "Star of the week is Inesss!!! We love your kindness",
    ],
)
def test_a_pupil_of_the_roster_is_held_back_and_cleaned(check: Callable[..., Report], text: str) -> None:
    report = check(text)
    assert codes(report) & {"NAM101", "NAM102"}
    assert report.decision > Decision.SEND
    assert report.clean is not None
    again = check(report.clean.text)
    assert not codes(again)
    assert again.clean is None or again.clean.text == report.clean.text


@pytest.mark.parametrize(
    "text",
    [
        "Our Year 5 scientists made lava lamps this afternoon.",
        "Mrs Bose made toast with us.",
        "We wore our best smiles and showed good grace in defeat.",
        "St Anne won the county shield again this year.",
    ],
)
def test_a_text_without_a_child_passes(check: Callable[..., Report], text: str) -> None:
    assert not codes(check(text))


def test_verdicts_follow_the_audience(check: Callable[..., Report]) -> None:
    text = "Well done Ines for a super story!"
    assert check(text).decision is Decision.BLOCK
    assert check(text, channel="x-protected").decision is Decision.REVIEW
    assert check(text, channel="parent-app").decision is Decision.SEND


def test_one_finding_for_each_mention_and_rule(check: Callable[..., Report]) -> None:
    report = check("Ines and Rafe won. Ines Rafferty cheered.")
    named = [(f.rule, f.evidence) for f in report.findings if f.rule.startswith("NAM")]
    assert len(named) == len(set(named)) == 4
    assert ("NAM104", TextSpan("text", 19, 32)) in named


def test_a_full_name_goes_out_nowhere_unlooked(check: Callable[..., Report]) -> None:
    assert check("Ines Rafferty won the gala", channel="parent-app").decision is Decision.REVIEW


def test_a_comment_on_one_child_is_told_to_every_audience(check: Callable[..., Report]) -> None:
    report = check("Rafe has been much better behaved this week.", channel="parent-app")
    assert "NAM105" in codes(report)
    assert report.decision is Decision.REVIEW


@pytest.mark.parametrize(
    "text",
    [
        "A Year 2 boy was taken to hospital after a fall at break.",
        "One of our Year 4 girls is being tested for dyslexia.",
        "This pupil is a young carer and gets up at five.",
    ],
)
def test_a_comment_on_one_child_without_a_name_is_told_too_and_needs_a_person(
    check: Callable[..., Report], text: str
) -> None:
    report = check(text)
    assert codes(report) == {"NAM105"}
    assert report.decision is Decision.REVIEW
    assert report.clean is None


def test_without_its_name_a_grave_comment_on_a_child_is_still_one(check: Callable[..., Report]) -> None:
    assert check("Rafe has been much better behaved this week.").clean is not None
    assert check("Rafe is back from hospital after his operation.").clean is None


@pytest.mark.parametrize(
    "text",
    [
        "If a child has been sick, please keep them at home for two days.",
        "How can you support a child with dyslexia? Come to our evening for parents.",
        "A Year 6 pupil has won the county poetry prize.",
        "Every child needs an inhaler in school that is in date.",
    ],
)
def test_rules_offers_and_praise_are_no_comments_on_one_child(check: Callable[..., Report], text: str) -> None:
    assert "NAM105" not in codes(check(text))


def test_a_name_beside_a_face_is_more_than_a_name(check: Callable[..., Report]) -> None:
    text = "Well done Ines for a super story!"
    for faces, told in ((1, True), (0, False)):
        report = check(text, images=[photo(faces=faces, subjects=("P1",) if faces else ())])
        assert ("NAM103" in codes(report)) is told
    report = check(text, images=[photo(faces=1, subjects=("P1",))])
    assert report.clean is not None
    assert "NAM103" not in codes(check(report.clean.text, images=report.clean.images))


def test_a_name_is_told_also_beside_a_picture_that_cannot_be_read(check: Callable[..., Report]) -> None:
    report = check(
        "Well done Ines for a super story!", images=[Image("a.jpg", b"\xff\xd8\xff\xe0 broken", subjects=())]
    )
    assert "NAM101" in codes(report)
    assert report.decision is Decision.BLOCK
    assert not report.checked


def test_a_comment_on_the_class_is_fine(check: Callable[..., Report]) -> None:
    assert not codes(check("Year 4 have been much better behaved this week."))


@pytest.mark.parametrize(
    "text", ["Thank you to Ines's dad for the bird table", "Thanks to the mum of Rafe for the cakes"]
)
def test_a_relative_points_to_a_child(check: Callable[..., Report], text: str) -> None:
    assert "NAM106" in codes(check(text))


def test_names_in_alt_texts_and_file_names_count(check: Callable[..., Report], plain_picture: bytes) -> None:
    report = check(
        "Our new bird table", images=[Image("ines-table.png", plain_picture, alt="Rafe at the table", subjects=())]
    )
    where = {
        f.evidence.field for f in report.findings if f.rule in {"NAM101", "NAM102"} and isinstance(f.evidence, TextSpan)
    }
    assert where == {"images[0].alt", "images[0].name"}
    assert report.clean is not None
    assert "ines" not in report.clean.images[0].name
    assert report.clean.images[0].name.endswith(".png")


def test_an_adults_full_name_is_held_back_beside_a_picture_only(
    check: Callable[..., Report], plain_picture: bytes
) -> None:
    text = "Thank you Mrs Anita Bose for the garden club!"
    assert "NAM104" not in codes(check(text))
    report = check(text, images=[Image("garden.png", plain_picture, subjects=())])
    assert "NAM104" in codes(report)
    assert report.clean is not None
    assert report.clean.text == "Thank you Mrs Bose for the garden club!"


def test_what_is_not_english_is_looked_at(check: Callable[..., Report]) -> None:
    report = check("Mae Blwyddyn 5 wedi bod yn brysur iawn heddiw yn yr ardd!")
    assert "PG011" in {f.rule for f in report.findings}
    assert report.decision is Decision.REVIEW


def test_a_finding_never_quotes(check: Callable[..., Report]) -> None:
    report = check("Ines Rafferty has been in hospital, says Ines's dad")
    told = " ".join(f"{f.advice} {f.message} {f!r}" for f in report.findings)
    assert codes(report) >= {"NAM101", "NAM104", "NAM105", "NAM106"}
    assert "Ines" not in told
    assert "Rafferty" not in told


def test_the_schools_own_lists_are_heard() -> None:
    options = NamesOptions(blocked=("Otis",), allow=("Ines",), groups=("Kingfishers",), figures=("Captain Bluebell",))
    guard = Guard(roster=SCHOOL, options={"names": options})
    assert "NAM101" in codes(guard.check(Draft("Otis drew a heron for us today")))
    assert not codes(guard.check(Draft("Ines drew a heron for us today")))


def test_thresholds_are_checked() -> None:
    with pytest.raises(ValueError, match="probabilities"):
        NamesOptions(maybe=1.5)
    with pytest.raises(ValueError, match="above"):
        NamesOptions(maybe=0.9, sure=0.5)


def test_verdicts_equal_the_catalogue() -> None:
    table = {
        rule.code: tuple("" if d is None else d.name for d in rule.verdicts["default"]) for rule in builtin("names")
    }
    assert table == {
        "NAM101": ("BLOCK", "REVIEW", "SEND"),
        "NAM102": ("REVIEW", "REVIEW", "SEND"),
        "NAM103": ("BLOCK", "BLOCK", "REVIEW"),
        "NAM104": ("BLOCK", "BLOCK", "REVIEW"),
        "NAM105": ("REVIEW", "REVIEW", "REVIEW"),
        "NAM106": ("REVIEW", "REVIEW", "SEND"),
    }


@pytest.fixture(scope="module")
def plain_picture() -> bytes:
    """A grey picture in which nobody is to be seen."""
    from io import BytesIO

    from PIL import Image as Pictures

    made = BytesIO()
    Pictures.new("RGB", (64, 48), (120, 130, 120)).save(made, "PNG")
    return made.getvalue()
