"""The text report: worst first, one line a finding, then the advice; words of a draft are never markup."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from rich.console import Console

from postguard import Checker, Decision, Finding, ImageBox, ImageFile, MetadataField, Report, Rule, TextSpan
from postguard.context import Context
from postguard.formats.text import place_of, print_report, report_as_text
from postguard.hookspecs import NoOptions
from postguard.rules import verdicts_of
from postguard.testing import draft, run


def on_terminal(report: Report, **how: object) -> str:
    """What a terminal of 60 columns shows, its colours taken out."""
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, color_system="truecolor", width=60, legacy_windows=False)
    print_report(console, report, **how)  # type: ignore[arg-type]
    return re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue())


def test_the_worst_comes_first() -> None:
    def rule(code: str, word: str) -> Rule:
        row = {"default": verdicts_of([word] * 3)}
        return Rule(code, code.lower(), f"{code} speaks.", "why", "example", "fix", row)

    def check(_context: Context) -> list[Finding]:
        return [Finding("TST101"), Finding("TST102"), Finding("TST103", advice="Think."), Finding("TST104")]

    rules = (rule("TST101", "send"), rule("TST102", "review"), rule("TST103", "block"), rule("TST104", "off"))
    lines = report_as_text(run(Checker("t", rules, NoOptions, lambda _: check), draft()).report).splitlines()
    told = [line.split()[0] for line in lines if "speaks" in line]
    assert told == ["block", "review", "advice"]
    assert lines[0].split()[0] == "BLOCK"
    assert lines[lines.index(next(line for line in lines if "TST103" in line)) + 1].strip() == "Think."


def test_nobody_is_named_unless_excerpts_are_asked_for(any_report: Report) -> None:
    assert "zephyrine" not in report_as_text(any_report).lower()
    assert "Zephyrine" in report_as_text(any_report, excerpts=True)


def test_plain_text_has_no_colours(any_report: Report) -> None:
    assert "\x1b" not in report_as_text(any_report, excerpts=True)


MARKUP = ["[bold]Ann[/bold]", "[/]", "[link=https://evil.example]x[/link]", "[red]", ":smile: [b]", "\\[b]"]


@pytest.mark.parametrize("words", MARKUP)
def test_brackets_are_shown_as_they_are(
    report: Callable[..., Report], finding: Callable[..., Finding], words: str
) -> None:
    one = report(finding("NAM101", Decision.BLOCK, TextSpan("text", 0, len(words)), advice=words), draft=draft(words))
    for shown in (report_as_text(one, excerpts=True), on_terminal(one, excerpts=True, title=words)):
        assert f"text: {words}" in shown
        assert shown.count(words) == (3 if words in shown.splitlines()[0] else 2)
    assert f"BLOCK  {words}: " in on_terminal(one, title=words)
    assert "\x1b]8" not in on_terminal(one, excerpts=True)


def test_signs_that_steer_a_terminal_are_shown_as_one_that_does_not(report: Callable[..., Report]) -> None:
    text = "a\x1b[2Jb\x07c\u202ed\u2066e\x9bf 👩\u200d👧"
    shown = report_as_text(report(draft=draft(text)), excerpts=True)
    assert "a\ufffd[2Jb\ufffdc\ufffdd\ufffde\ufffdf 👩\u200d👧" in shown


def test_findings_of_one_rule_share_a_line(report: Callable[..., Report], finding: Callable[..., Finding]) -> None:
    many = [finding("NAM101", Decision.BLOCK, TextSpan("text", n, n + 1), advice="Leave it out.") for n in range(6)]
    shown = report_as_text(report(*many, draft=draft()))
    assert shown.count("NAM101 speaks.") == shown.count("Leave it out.") == 1
    assert "text 3–4 and 2 more" in shown


def test_advice_that_another_repeats_and_goes_on_is_said_once(
    report: Callable[..., Report], finding: Callable[..., Finding]
) -> None:
    two = [finding("FAC202", Decision.BLOCK, ImageFile(0), advice=said) for said in ("Look. And count.", "Look.")]
    assert report_as_text(report(*two, draft=draft())).count("Look.") == 1


def test_every_rule_that_is_told_of_can_be_looked_up(any_report: Report) -> None:
    codes = list(dict.fromkeys(finding.rule for finding in any_report.findings))
    shown = report_as_text(any_report)
    assert (f"postguard explain {' '.join(codes)}\n" in shown) == bool(codes)


def test_what_could_not_be_checked_is_not_called_found(
    report: Callable[..., Report], finding: Callable[..., Finding]
) -> None:
    assert "could not be checked" in report_as_text(report(finding("PG004", Decision.BLOCK), draft=draft()))
    assert "nothing here objects" in report_as_text(report(draft=draft()))


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (TextSpan("place", 2, 5), "place 2–5"),
        (ImageBox(1, 2, 3, 4, 5), "images[1] at 2,3–4,5"),
        (MetadataField(0, "exif.Make"), "images[0] exif.Make"),
        (ImageFile(2), "images[2]"),
        (None, "the draft"),
    ],
)
def test_places_are_said_in_words(evidence: TextSpan | None, words: str) -> None:
    assert place_of(evidence) == words
