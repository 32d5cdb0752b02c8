"""From each finding a reader comes to its rule, in every built-in format."""

from __future__ import annotations

import pytest

from postguard import Format, Report
from postguard.plugins import load

LINK = {
    "text": "postguard explain",
    "json": '"help": "postguard explain {code}"',
    "sarif": "postguard explain {code}",
    "html": 'href="#{code}"',
}


@pytest.mark.parametrize("format_", load().formats, ids=lambda format_: format_.name)
def test_each_finding_leads_to_its_rule(full_report: Report, format_: Format) -> None:
    written = format_.write(full_report)
    codes = {finding.rule for finding in full_report.findings}
    if format_.name == "text":
        asked = written.split("postguard explain ")[1].splitlines()[0].split()
        assert set(asked) == codes
        return
    for code in codes:
        assert LINK[format_.name].format(code=code) in written
        if format_.name == "html":
            assert f'id="{code}"' in written


def test_every_built_in_format_is_looked_at() -> None:
    assert {format_.name for format_ in load().formats} == set(LINK)
