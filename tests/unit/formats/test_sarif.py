"""The SARIF report is valid SARIF 2.1.0 and holds neither words of the draft nor the name of a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import jsonschema
import pytest

from postguard import Decision, Finding, Report, TextSpan
from postguard.formats.sarif import report_as_sarif, write_sarif
from postguard.testing import draft

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas/sarif-2.1.0-rtm.5.json").read_text("utf-8"))
VALIDATOR = jsonschema.validators.validator_for(SCHEMA)(SCHEMA)


def test_every_kind_of_report_is_valid(any_report: Report) -> None:
    VALIDATOR.validate(json.loads(write_sarif(any_report)))


def test_the_schema_notices_what_is_wrong(full_report: Report) -> None:
    log = report_as_sarif(full_report)
    log["runs"][0]["results"][0]["level"] = "terrible"
    assert not VALIDATOR.is_valid(log)


def test_no_file_and_nobody_is_named(any_report: Report) -> None:
    written = unquote(write_sarif(any_report)).lower()
    assert "zephyrine" not in written
    assert ".jpg" not in written
    assert written.isascii()


def test_places_are_those_of_the_draft(full_report: Report) -> None:
    results = report_as_sarif(full_report)["runs"][0]["results"]
    locations = [result["locations"][0] for result in results]
    assert [unquote(at["physicalLocation"]["artifactLocation"]["uri"]) for at in locations] == [
        "text",
        "images[0].alt",
        "images[0]",
        "images[0]",
        "images[0].name",
    ]
    assert locations[0]["physicalLocation"]["region"] == {"charOffset": 13, "charLength": 9}
    assert locations[2]["properties"]["box"] == [100, 40, 180, 160]
    assert locations[3]["logicalLocations"][0]["fullyQualifiedName"] == "images[0].metadata.exif.GPSLatitude"


def test_levels_follow_the_verdicts(full_report: Report) -> None:
    run = report_as_sarif(full_report)["runs"][0]
    assert [result["level"] for result in run["results"]] == ["error", "warning", "error", "error", "note"]
    assert run["properties"]["decision"] == "BLOCK"
    codes = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [codes[result["ruleIndex"]] for result in run["results"]] == [result["ruleId"] for result in run["results"]]


def test_every_result_leads_to_its_rule_and_the_rule_to_its_explanation(any_report: Report) -> None:
    run = report_as_sarif(any_report)["runs"][0]
    for result in run["results"]:
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["fullDescription"]["text"]
        assert f"postguard explain {rule['id']}" in rule["help"]["text"]


@pytest.mark.parametrize(("text", "start", "end"), [("👩\u200d👧 Hi Zoë", 7, 10), ("𝒜𝒷𝒸 x", 0, 3)])
def test_offsets_are_code_points(
    report: Callable[..., Report], finding: Callable[..., Finding], text: str, start: int, end: int
) -> None:
    one = finding("NAM101", Decision.BLOCK, TextSpan("text", start, end))
    run = report_as_sarif(report(one, draft=draft(text)))["runs"][0]
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert text[region["charOffset"] :][: region["charLength"]] == text[start:end]


def test_a_run_that_could_not_check_is_not_called_successful(
    report: Callable[..., Report], finding: Callable[..., Finding]
) -> None:
    failed = report_as_sarif(report(finding("PG001", Decision.BLOCK), draft=draft()))
    checked = report_as_sarif(report(draft=draft()))
    assert failed["runs"][0]["invocations"] == [{"executionSuccessful": False}]
    assert checked["runs"][0]["invocations"] == [{"executionSuccessful": True}]
