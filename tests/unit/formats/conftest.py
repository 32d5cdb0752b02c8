"""Reports of many kinds, made by hand, for the tests of how they are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from postguard import (
    Applicability,
    CheckRun,
    Decision,
    Draft,
    Edit,
    Finding,
    ImageBox,
    ImageFile,
    MetadataField,
    Report,
    Rule,
    TextSpan,
)
from postguard.model import Outcome
from postguard.rules import verdicts_of
from postguard.testing import draft, photo

TEXT = "Well done to Zephyrine on Friday!"
NAME = TextSpan("text", 13, 22)


def _finding(rule: str, verdict: Decision, evidence: Any = None, **more: Any) -> Finding:
    return replace(Finding(rule, evidence, **more), name="a-rule", message=f"{rule} speaks.", verdict=verdict)


def _rule(code: str) -> Rule:
    row = {"default": verdicts_of(["block", "review", "send"])}
    return Rule(code, "a-rule", f"{code} speaks.", f"Why {code}.", "An example.", f"Mend {code}.", row)


def _report(*findings: Finding, draft: Draft, clean: Draft | None = None, outcome: Outcome = Outcome.OK) -> Report:
    decision = max((finding.verdict for finding in findings), default=Decision.SEND)
    runs = (CheckRun("names", outcome, 1.234),)
    rules = tuple(map(_rule, dict.fromkeys(finding.rule for finding in findings)))
    return Report(decision, findings, runs, draft, clean, rules)


def _kinds() -> dict[str, Report]:
    plain = draft(TEXT)
    pictured = draft(TEXT, images=photo(faces=1, size=(320, 240), name="zephyrine-q.jpg", alt="Zephyrine, beaming"))
    box = ImageBox(0, 100, 40, 180, 160)
    offered = (Edit(NAME, "", Applicability.OFFERED),)
    covered = replace(pictured.images[0], covered=frozenset({box.box}), name="photo-1.jpg", alt="A child, beaming")
    return {
        "nothing found": _report(draft=plain, clean=plain),
        "a clean copy": _report(
            _finding("NAM101", Decision.BLOCK, NAME, edits=(Edit(NAME, "one of us"),), advice="Leave it out."),
            _finding(
                "NAM103",
                Decision.REVIEW,
                TextSpan("images[0].alt", 0, 9),
                edits=offered,
            ),
            _finding("FAC205", Decision.BLOCK, box, edits=(Edit(box, "cover"),), confidence=0.98765),
            _finding("MET301", Decision.BLOCK, MetadataField(0, "exif.GPSLatitude"), variant="default"),
            _finding("MET307", Decision.SEND, TextSpan("images[0].name", 0, 9)),
            draft=pictured,
            clean=draft("Well done to one of us on Friday!", images=covered),
        ),
        "a picture to leave out": _report(
            _finding("FAC203", Decision.BLOCK, ImageFile(0), edits=(Edit(ImageFile(0), "drop"),)),
            draft=pictured,
            clean=draft(TEXT),
        ),
        "advice on the whole": _report(_finding("PG010", Decision.SEND, advice="No roster."), draft=plain, clean=plain),
        **{
            f"a checker that is {outcome.value}": _report(
                _finding("PG001", Decision.BLOCK, advice="It broke off."), draft=pictured, outcome=outcome
            )
            for outcome in Outcome
            if outcome is not Outcome.OK
        },
        "a picture that can't be read": _report(
            _finding("PG004", Decision.BLOCK, ImageFile(0)),
            draft=draft(TEXT, images=photo(data=b"no picture", name="zephyrine-q.jpg")),
        ),
    }


KINDS = tuple(_kinds())


@pytest.fixture(params=KINDS)
def any_report(request: pytest.FixtureRequest) -> Report:
    """One report of each kind."""
    return _kinds()[request.param]


@pytest.fixture
def full_report() -> Report:
    """A report with evidence of every kind and a clean copy. Text, alt text and file name name Zephyrine."""
    return _kinds()["a clean copy"]


@pytest.fixture
def finding() -> Callable[..., Finding]:
    """`finding(rule, verdict, evidence, …)`: a finding that the policy has judged."""
    return _finding


@pytest.fixture
def report() -> Callable[..., Report]:
    """`report(*findings, draft=…, clean=…)`."""
    return _report
