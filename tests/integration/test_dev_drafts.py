"""The 12 drafts of the development corpus: the right decision, with pictures made from what each note says."""

from __future__ import annotations

import json
import os
import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path

import portraits
import pytest

from postguard import ConsentRegister, Decision, Draft, Guard, Image, Roster

CORPUS = os.environ.get("POSTGUARD_CORPUS")
DEV = Path(CORPUS or "/nowhere", "posts", "dev")
DRAFTS = sorted([*DEV.glob("drafts/*.toml"), *DEV.glob("drafts/*.json")])
CHANNELS = {"public": "x", "protected": "x-protected"}
HIDDEN = ("nobody", "no people", "from behind")
"""What a note says where no face can be seen."""

ROSTER_COLUMNS = {"id": "pupil_id", "class_name": "class"}
CONSENT_COLUMNS = {"subject": "pupil_id"}
"""The column mappings that the documentation shows for these files."""

pytestmark = pytest.mark.skipif(not CORPUS, reason="POSTGUARD_CORPUS is not set: the folder of the corpus")


@cache
def guard() -> Guard:
    return Guard(
        roster=Roster.from_csv(DEV / "roster.csv", columns=ROSTER_COLUMNS),
        consent=ConsentRegister.from_csv(DEV / "consent.csv", columns=CONSENT_COLUMNS),
    )


def picture(entry: dict[str, object]) -> Image:
    """As many faces as children are in view."""
    subjects = tuple(entry["pupils"])
    seen = 0 if any(word in entry["note"] for word in HIDDEN) else len(subjects)
    made = portraits.group(seen, columns=max(seen, 1), face=90)[0] if seen else portraits.empty_room()
    return Image(entry["file"], portraits.encoded(made), subjects=subjects)


def draft_of(path: Path) -> tuple[Draft, str]:
    """The draft, its older key names mapped, and the decision that is expected."""
    written = path.read_text("utf-8")
    table = json.loads(written) if path.suffix == ".json" else tomllib.loads(written)
    draft = Draft(
        table["text"],
        images=tuple(picture(entry) for entry in table.get("images", ())),
        channel=CHANNELS[table["account"]],
        publish_at=datetime.fromisoformat(table["send_at"]),
    )
    return draft, table["expected"]["decision"]


def test_roster_and_consent_load_through_the_documented_mapping():
    assert len(guard()._school.roster) == 80
    assert guard()._school.roster.pupil("P001").class_name == "Oak"
    assert len(guard()._school.consent) > 80
    assert len(DRAFTS) == 12


@pytest.mark.parametrize("path", DRAFTS, ids=lambda path: path.stem)
def test_a_development_draft_gets_its_decision(path):
    draft, expected = draft_of(path)
    report = guard().check(draft)
    told = [(finding.rule, finding.verdict.name) for finding in report.findings]
    if expected == "block":
        assert report.decision is Decision.BLOCK, told
    else:
        objections = [finding for finding in report.findings if finding.verdict > Decision.SEND]
        assert all(finding.rule.startswith("MET") and finding.fixable for finding in objections), told
        assert guard().gate(draft).text == draft.text
