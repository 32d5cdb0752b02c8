"""How a report is written: text, JSON, SARIF, HTML. Offered through the same hook as anybody's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from postguard.hookspecs import Format, hookimpl

if TYPE_CHECKING:
    from postguard.model import Report


def _text(report: Report, *, excerpts: bool = False, **_: bool) -> str:
    from postguard.formats.text import report_as_text

    return report_as_text(report, excerpts=excerpts)


def _json_text(report: Report, *, excerpts: bool = False, **_: bool) -> str:
    return report.to_json(excerpts=excerpts)


def _sarif(report: Report, **_: bool) -> str:
    from postguard.formats.sarif import write_sarif

    return write_sarif(report)


def _html(report: Report, *, excerpts: bool = False, private: bool = False) -> str:
    from postguard.formats.html import write_html

    return write_html(report, excerpts=excerpts, private=private)


@hookimpl
def postguard_formats() -> Iterable[Format]:
    """The formats that are built in."""
    return [Format("text", _text), Format("json", _json_text), Format("sarif", _sarif), Format("html", _html)]
