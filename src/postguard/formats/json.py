"""The report as JSON-ready values."""

from __future__ import annotations

import dataclasses
from typing import Any

from postguard.model import SCHEMA_VERSION, Draft, Edit, Evidence, Finding, Image, Report, TextSpan

_KINDS = {"TextSpan": "text", "ImageBox": "box", "MetadataField": "metadata", "ImageFile": "picture"}


def report_as_dict(report: Report, *, excerpts: bool = False) -> dict[str, Any]:
    """The report as dicts, lists, strings and numbers.

    `excerpts` adds what may hold names: the text under each span, what each edit would put there, the clean text.
    """
    texts = dict(report.draft.fields()) if excerpts else None
    return {
        "schema": SCHEMA_VERSION,
        "decision": report.decision.name,
        "checked": report.checked,
        "findings": [_finding(finding, texts) for finding in report.findings],
        "runs": [
            {"checker": run.checker, "outcome": run.outcome.value, "milliseconds": round(run.milliseconds, 2)}
            for run in report.runs
        ],
        "clean": None if report.clean is None else _clean(report.clean, excerpts=excerpts),
    }


def _finding(finding: Finding, texts: dict[str, str] | None) -> dict[str, Any]:
    table: dict[str, Any] = {
        "rule": finding.rule,
        "name": finding.name,
        "variant": finding.variant,
        "verdict": finding.verdict.name,
        "message": finding.message,
        "help": f"postguard explain {finding.rule}",
        "advice": finding.advice,
        "confidence": round(finding.confidence, 3),
        "evidence": None if finding.evidence is None else _evidence(finding.evidence, texts),
        "edits": [_edit(edit, excerpts=texts is not None) for edit in finding.edits],
    }
    return table


def _edit(edit: Edit, *, excerpts: bool) -> dict[str, Any]:
    table: dict[str, Any] = {
        "evidence": _evidence(edit.evidence, None),
        "applicability": edit.applicability.value,
    }
    if excerpts:
        # The words are a checker's, and may be the draft's own: "Maya S" for a full name.
        table["replacement"] = edit.replacement
    return table


def _evidence(evidence: Evidence, texts: dict[str, str] | None) -> dict[str, Any]:
    table = {"kind": _KINDS[type(evidence).__name__], **dataclasses.asdict(evidence)}
    if texts is not None and isinstance(evidence, TextSpan):
        table["excerpt"] = texts.get(evidence.field, "")[evidence.start : evidence.end]
    return table


def _clean(draft: Draft, *, excerpts: bool) -> dict[str, Any]:
    table: dict[str, Any] = {"images": [_image(image) for image in draft.images]}
    if excerpts:
        table["text"] = draft.text
    return table


def _image(image: Image) -> dict[str, Any]:
    return {"bytes": len(image.data), "covered": [list(box) for box in sorted(image.covered)]}
