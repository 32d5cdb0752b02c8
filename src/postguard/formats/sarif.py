"""The report as SARIF 2.1.0, for tools that collect findings. Pictures are images[0], images[1] …, never file names."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import postguard
from postguard.model import Decision, Evidence, Finding, ImageBox, MetadataField, Report, TextSpan

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVEL = {Decision.SEND: "note", Decision.REVIEW: "warning", Decision.BLOCK: "error"}


def report_as_sarif(report: Report) -> dict[str, Any]:
    """The report as a SARIF log of one run."""
    codes = [rule.code for rule in report.rules]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "postguard",
                        "version": postguard.__version__,
                        "rules": [
                            {
                                "id": rule.code,
                                "name": rule.name,
                                "shortDescription": {"text": rule.message},
                                "fullDescription": {"text": rule.why},
                                "help": {"text": f"{rule.fix} More: postguard explain {rule.code}"},
                            }
                            for rule in report.rules
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": report.checked}],
                "results": [_result(finding, codes) for finding in report.findings],
                "properties": {"decision": report.decision.name},
            }
        ],
    }


def write_sarif(report: Report) -> str:
    """The report as SARIF text, ASCII only."""
    return json.dumps(report_as_sarif(report), indent=2)


def _result(finding: Finding, codes: list[str]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": _LEVEL[finding.verdict],
        "message": {"text": f"{finding.message} {finding.advice}".strip()},
        "properties": {"confidence": round(finding.confidence, 3), "variant": finding.variant},
    }
    if finding.rule in codes:
        result["ruleIndex"] = codes.index(finding.rule)
    if finding.evidence is not None:
        result["locations"] = [_location(finding.evidence)]
    return result


def _location(evidence: Evidence) -> dict[str, Any]:
    match evidence:
        case TextSpan(field, start, end):
            region = {"charOffset": start, "charLength": end - start}
            return {
                "physicalLocation": {"artifactLocation": {"uri": quote(field)}, "region": region},
                "logicalLocations": [{"fullyQualifiedName": field}],
            }
        case ImageBox(image):
            return _picture(image, f"images[{image}]") | {"properties": {"box": list(evidence.box)}}
        case MetadataField(image, key):
            return _picture(image, f"images[{image}].metadata.{key}")
        case _:
            return _picture(evidence.image, f"images[{evidence.image}]")


def _picture(image: int, name: str) -> dict[str, Any]:
    return {
        "physicalLocation": {"artifactLocation": {"uri": quote(f"images[{image}]")}},
        "logicalLocations": [{"fullyQualifiedName": name}],
    }
