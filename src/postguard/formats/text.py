"""The report for a person at a terminal: the decision, worst first, one line a finding, then what to do."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from postguard.formats.whereabouts import taken_at
from postguard.model import (
    Decision,
    Draft,
    Evidence,
    Finding,
    ImageBox,
    ImageFile,
    MetadataField,
    Note,
    Report,
    TextSpan,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_STYLE = {Decision.SEND: "green", Decision.REVIEW: "yellow", Decision.BLOCK: "red"}
_WORD = {Decision.SEND: "SEND", Decision.REVIEW: "REVIEW", Decision.BLOCK: "BLOCK"}
_SAYS = {
    Decision.SEND: "nothing here objects",
    Decision.REVIEW: "a person should look before this is sent",
    Decision.BLOCK: "do not send this as it is",
}
LIMITS = (
    "What this can't know: which child is which in a picture, a child seen from behind, a name that the school uses "
    "for something else. You still know more than a machine."
)


def print_report(console: Console, report: Report, *, title: str = "", excerpts: bool = False) -> None:
    """Writes the report. `excerpts` shows the draft's text with the spans marked, which may be names, and about where
    a picture was taken."""
    from rich.text import Text

    head = Text()
    head.append(f" {_WORD[report.decision]} ", style=f"bold reverse {_STYLE[report.decision]}")
    head.append(f" {title}: " if title else " ")
    head.append(_SAYS[report.decision] if report.checked else "this could not be checked, so it does not pass")
    console.print(head)
    if excerpts:
        for field, text in report.draft.fields():
            _print(console, marked(field, text, report.findings), 2)
    for group in _alike(report.findings):
        _print(console, _line(group), 2)
        for advice in _advice(group):
            _print(console, Text(advice, style="dim"), 11)
        for place in filter(None, (taken_at(report.draft, finding) for finding in group)) if excerpts else ():
            _print(console, Text(f"Taken {place}.", style="dim"), 11)
    if codes := dict.fromkeys(finding.rule for finding in report.findings):
        _print(console, Text(f"Why? postguard explain {' '.join(codes)}", style="dim"), 2)
    if report.clean is not None and report.clean != report.draft:
        console.print(Text("  A clean copy is ready: it was checked again and nothing in it objects.", style="green"))


def print_notes(console: Console, draft: Draft, notes: Sequence[Note], *, excerpts: bool = False) -> None:
    """Writes what each part of a draft was taken for, one line a note. `excerpts` shows the words themselves."""
    from rich.text import Text

    texts = dict(draft.fields())
    _print(console, Text("What was seen, and why:" if notes else "No name was seen.", style="bold"), 2)
    for note in notes:
        line = Text()
        if excerpts and isinstance(note.evidence, TextSpan):
            line.append(_visible(texts[note.evidence.field][note.evidence.start : note.evidence.end]), style="bold")
            line.append(" ")
        line.append(f"({place_of(note.evidence)}) {note.says} ({note.confidence:.0%})")
        _print(console, line, 4)


def _print(console: Console, text: Text, indent: int) -> None:
    """One paragraph: wrapped to a terminal's width, one line elsewhere."""
    from rich.padding import Padding
    from rich.text import Text

    if console.is_terminal:
        console.print(Padding(text, (0, 0, 0, indent)))
    else:
        console.print(Text(" " * indent).append(text), soft_wrap=True)


def report_as_text(report: Report, *, excerpts: bool = False) -> str:
    """The report as plain text without colours, lines as long as they are."""
    import io

    from rich.console import Console

    out = io.StringIO()
    print_report(Console(file=out, color_system=None, force_terminal=False, soft_wrap=True), report, excerpts=excerpts)
    return out.getvalue()


def marked(field: str, text: str, findings: Iterable[Finding]) -> Text:
    """The text of a field, what was found in it coloured by gravity."""
    from rich.text import Text

    shown = Text(f"{field}: ", style="dim")
    offset = len(shown)
    shown.append(Text(_visible(text), style="default"))
    for finding in sorted(findings, key=lambda f: f.verdict):
        where = finding.evidence
        if isinstance(where, TextSpan) and where.field == field:
            style = f"bold underline {_STYLE[finding.verdict]}"
            shown.stylize(style, offset + where.start, offset + where.end)
    return shown


def _visible(text: str) -> str:
    """The text, one sign standing for each that would steer a terminal or turn the direction of writing.

    The joiner of emoji stays.
    """
    return "".join(
        c if c in "\n\u200d" or unicodedata.category(c) not in {"Cc", "Cf", "Cs"} else "\ufffd" for c in text
    )


def place_of(evidence: Evidence | None) -> str:
    """Where a finding is, in words that quote nothing."""
    match evidence:
        case TextSpan(field, start, end):
            return f"{field} {start}–{end}"
        case ImageBox(image, left, top, right, bottom):
            return f"images[{image}] at {left},{top}–{right},{bottom}"
        case MetadataField(image, key):
            return f"images[{image}] {key}"
        case ImageFile(image):
            return f"images[{image}]"
        case _:
            return "the draft"


def _alike(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Findings of one rule and verdict together, in their order."""
    groups: dict[tuple[str, Decision], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.rule, finding.verdict), []).append(finding)
    return list(groups.values())


def _advice(group: Iterable[Finding]) -> list[str]:
    """What is advised, each thing once, also where one advice only goes on where another ends."""
    said = dict.fromkeys(finding.advice for finding in group if finding.advice)
    return [one for one in said if not any(other.startswith(one) and other != one for other in said)]


def _line(group: list[Finding]) -> Text:
    from rich.text import Text

    first = group[0]
    line = Text()
    word = "advice" if first.verdict is Decision.SEND else _WORD[first.verdict].lower()
    line.append(f"{word:<7}", style=_STYLE[first.verdict] if first.verdict else "dim")
    line.append(f" {first.rule} ", style="bold")
    line.append(first.message)
    places = list(dict.fromkeys(place_of(finding.evidence) for finding in group if finding.evidence))
    if places:
        more = f" and {len(places) - 4} more" if len(places) > 4 else ""
        line.append(f" ({'; '.join(places[:4])}{more})", style="dim")
    return line
