"""Values: what they take, what they refuse, and that their reprs tell nothing."""

from __future__ import annotations

import math
from datetime import date, datetime

import pytest

from postguard import (
    Decision,
    Draft,
    Edit,
    Finding,
    Image,
    ImageBox,
    MetadataField,
    Report,
    TextSpan,
)


@pytest.mark.parametrize("field", ["text", "place", "images[0].alt", "images[12].name"])
def test_a_span_names_one_of_the_text_fields(field):
    assert TextSpan(field, 0, 0).field == field


@pytest.mark.parametrize(
    ("field", "start", "end"),
    [("title", 0, 1), ("images[x].alt", 0, 1), ("text", 2, 1), ("text", -1, 1), ("text", 0.0, 1), ("text", 0, 1.5)],
)
def test_a_span_that_can_not_be_is_refused(field, start, end):
    with pytest.raises(ValueError, match=r"span|field"):
        TextSpan(field, start, end)


@pytest.mark.parametrize("box", [(0, 0, 0, 1), (5, 0, 4, 1), (-1, 0, 4, 1), (0, 3, 4, 3)])
def test_a_box_without_area_is_refused(box):
    with pytest.raises(ValueError, match="box"):
        ImageBox(0, *box)
    with pytest.raises(ValueError, match="box"):
        Image("a.jpg", b"", extra_boxes=(box,))


@pytest.mark.parametrize("confidence", [-0.1, 1.1, math.nan])
def test_confidence_is_a_share(confidence):
    with pytest.raises(ValueError, match="confidence"):
        Finding("ZZZ901", confidence=confidence)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Draft(None),
        lambda: Draft(b"text"),
        lambda: Draft("a", also="x"),
        lambda: Draft("a", channel=None),
        lambda: Draft("a", place=5),
        lambda: Draft("a", images=(b"data",)),
        lambda: Draft("a", publish_at=date(2026, 6, 10)),
        lambda: Draft("a", publish_at="2026-06-10"),
        lambda: Draft("a", history=(("2026-06-10", "b"),)),
        lambda: Image("a.jpg", "data"),
        lambda: Image(None, b""),
        lambda: Image("a.jpg", b"", alt=None),
        lambda: Image("a.jpg", b"", subjects="P1"),
        lambda: Edit(TextSpan("text", 0, 1), None),
    ],
)
def test_values_of_a_wrong_kind_are_refused_at_once(make):
    with pytest.raises(TypeError):
        make()


def test_lists_become_tuples_so_that_a_draft_can_be_compared_and_kept():
    image = Image("a.jpg", b"", subjects=["P1"], faces=[([0, 0, 5, 5], "P1")], extra_boxes=[[0, 0, 2, 2]])
    draft = Draft("a", images=[image], also=["website"], history=[[datetime(2026, 6, 10), "b"]])  # noqa: DTZ001
    assert hash(draft) == hash(Draft("a", (image,), also=("website",), history=draft.history))
    assert image.subjects == ("P1",)


def test_nobody_said_and_said_to_show_nobody_are_two_things():
    assert Image("a.jpg", b"").subjects is None
    assert Image("a.jpg", b"", subjects=[]).subjects == ()


def test_targets_are_named_once_in_their_order():
    assert Draft("a", channel="x", also=("website", "x", "website")).targets == ("x", "website")


def test_fields_are_those_that_are_not_empty():
    draft = Draft("a", images=(Image("", b"", alt="b"), Image("c.jpg", b"")), place="d")
    assert list(draft.fields()) == [("text", "a"), ("place", "d"), ("images[0].alt", "b"), ("images[1].name", "c.jpg")]


def test_reprs_hold_no_content():
    image = Image("robin.jpg", b"abc", alt="Robin")
    shown = repr(Draft("Robin", images=(image,), place="Robin's house")) + repr(image)
    shown += repr(Edit(TextSpan("text", 0, 1), "Robin")) + repr(Report(Decision.SEND, (), (), Draft("Robin")))
    assert "obin" not in shown
    assert "<3 bytes>" in shown


def test_only_safe_edits_make_a_finding_fixable():
    from postguard import Applicability

    edit = Edit(MetadataField(0, "exif.Make"), "strip")
    assert Finding("ZZZ901", edits=[edit]).fixable
    offered = Edit(MetadataField(0, "exif.Make"), "strip", Applicability.OFFERED)
    assert not Finding("ZZZ901", edits=[offered]).fixable


def test_a_report_names_its_objections_once_and_says_whether_all_was_checked():
    told = (Finding("ZZZ901"), Finding("ZZZ901"), Finding("PG010", verdict=Decision.SEND))
    report = Report(Decision.BLOCK, told, (), Draft("a"))
    assert report.objections == ("ZZZ901",)
    assert report.checked
    assert not Report(Decision.BLOCK, (Finding("PG003"),), (), Draft("a")).checked
