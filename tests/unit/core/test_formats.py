"""Reports of made-up findings: nothing is quoted unless it is asked for."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from postguard import Draft, Edit, Finding, Image, ImageBox, ImageFile, MetadataField, TextSpan
from postguard.formats.text import place_of, print_report

DRAFT = Draft("Well done Robin \x1b[31m\u202e", images=(Image("robin.jpg", b"x"),))
FOUND = [
    Finding("ZZZ901", TextSpan("text", 10, 15), edits=(Edit(TextSpan("text", 10, 15), "a pupil"),)),
    Finding("ZZZ901", ImageBox(0, 1, 2, 3, 4)),
]


@pytest.fixture
def report(bare_guard, kit):
    return bare_guard(
        {"p": kit.plugin(kit.checker(lambda context: FOUND if "Robin" in context.draft.text else []))}
    ).check(DRAFT)


def as_text(report, **options):
    out = io.StringIO()
    print_report(Console(file=out, width=200), report, **options)
    return out.getvalue()


def test_json_is_ascii_and_quotes_only_on_request(report):
    table = json.loads(report.to_json())
    assert report.to_json().isascii()
    assert "Robin" not in report.to_json()
    assert (table["decision"], table["checked"]) == ("BLOCK", True)
    excerpt = report.to_dict(excerpts=True)["findings"][0]["evidence"]["excerpt"]
    assert excerpt == "Robin"


def test_text_names_places_not_words_and_groups_what_is_alike(report):
    shown = as_text(report)
    assert "Robin" not in shown
    assert "robin.jpg" not in shown
    assert shown.count("Something made up.") == 1
    assert "images[0] at 1,2–3,4" in shown


def test_excerpts_can_not_steer_the_terminal(report):
    shown = as_text(report, excerpts=True)
    assert "Robin" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (TextSpan("place", 0, 3), "place 0–3"),
        (MetadataField(1, "exif.Make"), "images[1] exif.Make"),
        (ImageFile(2), "images[2]"),
        (None, "the draft"),
    ],
)
def test_every_evidence_has_a_place_in_words(evidence, words):
    assert place_of(evidence) == words
