"""The plugin in a real Guard, found through its entry point."""

from __future__ import annotations

import pytest
from postguard_contact.plugin import ContactOptions

from postguard import Decision, Draft, Guard


@pytest.fixture(scope="module")
def guard() -> Guard:
    return Guard(plugins=["contact"], options={"contact": ContactOptions(own=("@oakfield.example",))})


def codes(guard: Guard, text: str, channel: str = "x") -> set[str]:
    return {finding.rule for finding in guard.check(Draft(text, channel=channel)).findings if finding.rule[:3] == "CON"}


def test_a_door_code_is_blocked_before_every_audience(guard: Guard) -> None:
    for channel in ("x", "x-protected", "parent-app"):
        report = guard.check(Draft("The side door code is now 1234X.", channel=channel))
        assert report.decision is Decision.BLOCK
        assert "CON505" in report.objections


def test_a_personal_phone_number_is_blocked_in_public_and_told_to_families(guard: Guard) -> None:
    text = "Costumes? Ring me on 07700 900123 any time after 6."
    by_channel = {
        channel: next(f.verdict for f in guard.check(Draft(text, channel=channel)).findings if f.rule == "CON502")
        for channel in ("x", "x-protected", "parent-app")
    }
    assert by_channel == {"x": Decision.BLOCK, "x-protected": Decision.REVIEW, "parent-app": Decision.SEND}


def test_the_clean_copy_has_the_code_taken_out(guard: Guard) -> None:
    report = guard.check(Draft("The side door code is now 1234X.", channel="parent-app"))
    assert report.clean is not None
    assert "1234X" not in report.clean.text
    assert guard.check(report.clean).decision is Decision.SEND


def test_the_schools_own_domain_is_allowed(guard: Guard) -> None:
    assert codes(guard, "Write to j.sample@oakfield.example about the trip.") == set()
    assert codes(guard, "Write to j.sample@mail.example about the trip.") == {"CON501"}
