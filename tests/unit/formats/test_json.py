"""The JSON report keeps to its published schema, and says names only where asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postguard import (
    Applicability,
    CheckRun,
    Decision,
    Draft,
    Edit,
    Finding,
    Image,
    ImageBox,
    ImageFile,
    MetadataField,
    Report,
    TextSpan,
)
from postguard.formats.json import report_as_dict
from postguard.model import SCHEMA_VERSION, Outcome
from postguard.testing import draft

SCHEMA = json.loads(files("postguard").joinpath("data/report.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def spans(text: str) -> st.SearchStrategy[TextSpan]:
    where = st.integers(0, len(text))
    return st.tuples(where, where).map(lambda edges: TextSpan("text", min(edges), max(edges)))


def evidence(text: str) -> st.SearchStrategy[Any]:
    size = st.integers(0, 5000)
    boxes = st.tuples(size, size, st.integers(1, 900), st.integers(1, 900)).map(
        lambda box: ImageBox(0, box[0], box[1], box[0] + box[2], box[1] + box[3])
    )
    return st.one_of(spans(text), boxes, st.text().map(lambda key: MetadataField(0, key)), st.just(ImageFile(0)))


@st.composite
def reports(draw: st.DrawFn) -> Report:
    text = draw(st.text(max_size=40))
    edits = st.builds(Edit, evidence(text), st.text(max_size=10), st.sampled_from(Applicability))
    findings = st.builds(
        Finding,
        rule=st.from_regex(r"[A-Z]{2,3}[0-9]{3}", fullmatch=True).filter(str.isascii),
        evidence=st.none() | evidence(text),
        variant=st.text(max_size=5),
        advice=st.text(max_size=20),
        edits=st.lists(edits, max_size=2).map(tuple),
        confidence=st.floats(0, 1),
        name=st.text(max_size=5),
        message=st.text(max_size=20),
        verdict=st.sampled_from(Decision),
    )
    runs = st.builds(CheckRun, st.text(max_size=5), st.sampled_from(Outcome), st.floats(0, 1e9))
    draft = Draft(text, (Image("a.jpg", b"x", covered=frozenset({(0, 0, 4, 4)})),))
    return Report(
        draw(st.sampled_from(Decision)),
        tuple(draw(st.lists(findings, max_size=3))),
        tuple(draw(st.lists(runs, max_size=3))),
        draft,
        draw(st.sampled_from([None, draft])),
    )


@pytest.mark.parametrize("excerpts", [False, True])
def test_every_kind_of_report_keeps_to_the_schema(any_report: Report, *, excerpts: bool) -> None:
    VALIDATOR.validate(json.loads(any_report.to_json(excerpts=excerpts)))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(reports(), st.booleans())
def test_whatever_a_report_holds_it_keeps_to_the_schema(report: Report, excerpts: bool) -> None:
    written = report.to_json(excerpts=excerpts)
    assert written.isascii()
    VALIDATOR.validate(json.loads(written))


def test_the_schema_is_sound_and_of_the_version_that_is_written() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["schema"]["const"] == SCHEMA_VERSION
    assert SCHEMA["$id"].endswith(SCHEMA_VERSION)


@pytest.mark.parametrize("path", [("schema",), ("findings", 0, "verdict"), ("runs", 0, "outcome"), ("clean", "images")])
def test_the_schema_notices_what_is_wrong(full_report: Report, path: tuple[Any, ...]) -> None:
    table = full_report.to_dict()
    inner: Any = table
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = "something else"
    assert not VALIDATOR.is_valid(table)
    del inner[path[-1]]
    assert not VALIDATOR.is_valid(table)


def test_without_excerpts_nobody_is_named(any_report: Report) -> None:
    assert "zephyrine" not in any_report.to_json().lower()


def test_what_an_edit_would_write_is_told_only_with_excerpts(
    report: Callable[..., Report], finding: Callable[..., Finding]
) -> None:
    edit = Edit(TextSpan("text", 0, 9), "Zephyrine Q")
    one = report(finding("NAM104", Decision.BLOCK, edit.evidence, edits=(edit,)), draft=draft("Zephyrine Quillfeather"))
    assert "zephyrine" not in one.to_json().lower()
    told = {"evidence": {"kind": "text", "field": "text", "start": 0, "end": 9}, "applicability": "safe"}
    assert one.to_dict()["findings"][0]["edits"] == [told]
    assert one.to_dict(excerpts=True)["findings"][0]["edits"] == [told | {"replacement": "Zephyrine Q"}]


def test_every_finding_leads_to_its_rule(any_report: Report) -> None:
    for finding in any_report.to_dict()["findings"]:
        assert finding["help"] == f"postguard explain {finding['rule']}"


def test_excerpts_give_the_words_and_the_clean_text(full_report: Report) -> None:
    table = report_as_dict(full_report, excerpts=True)
    assert table["findings"][0]["evidence"]["excerpt"] == "Zephyrine"
    assert table["clean"]["text"] == "Well done to one of us on Friday!"


def test_evidence_is_told_by_its_kind(full_report: Report) -> None:
    kinds = [finding["evidence"]["kind"] for finding in full_report.to_dict()["findings"]]
    assert kinds == ["text", "text", "box", "metadata", "text"]
    assert full_report.to_dict()["clean"]["images"][0]["covered"] == [[100, 40, 180, 160]]
