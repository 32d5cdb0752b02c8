"""One checker by itself: a Guard with only the checkers that a test wants, and what came of a draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from postguard import plugins as plugin_loading
from postguard.errors import PluginError
from postguard.guard import Guard
from postguard.hookspecs import Checker, hookimpl
from postguard.model import Decision, Draft, Finding, Report, TextSpan
from postguard.testing.builders import NOW

if TYPE_CHECKING:
    from postguard.calendar import TripCalendar
    from postguard.context import Context
    from postguard.people import ConsentRegister, Roster

AnyChecker: TypeAlias = Checker | str | object
"""A Checker, the name of a built-in or installed plugin, or a plugin's own module or object."""

NOTES = ("PG006", "PG010")
"""Rules of the core on what the draft and the school lack. They are no checker's."""


class _Offer:
    """A plugin that offers one checker."""

    def __init__(self, checker: Checker) -> None:
        self._checker = checker

    @hookimpl
    def postguard_checkers(self) -> Iterable[Checker]:
        return [self._checker]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A plugin that a test asks for: its name, the plugin itself where it isn't found by name, its checkers."""

    plugin: str
    given: object | None
    checkers: tuple[Checker, ...]

    @property
    def checker(self) -> Checker:
        """The one checker that the plugin offers. Raises PluginError where there are more."""
        if len(self.checkers) != 1:
            raise PluginError(f"the plugin offers {len(self.checkers)} checkers: hand over the Checker that you mean")
        return self.checkers[0]


def wanted(checker: AnyChecker) -> Wanted:
    """What a test means by `checker`.

    Raises PluginError where a plugin is not installed or can't be used.
    """
    if isinstance(checker, str):
        return _by_name(checker)
    if isinstance(checker, Checker):
        if checker.name in plugin_loading.BUILTIN and _by_name(checker.name).checker == checker:
            return Wanted(checker.name, None, (checker,))
        return Wanted(checker.name, _Offer(checker), (checker,))
    name = str(getattr(checker, "__name__", type(checker).__name__)).rpartition(".")[2]
    offered = plugin_loading.load(objects={name: checker})
    _refuse_broken(offered)
    known = {own.name for own in plugin_loading.load().checkers}
    return Wanted(name, checker, tuple(own for own in offered.checkers if own.name not in known))


def _by_name(name: str) -> Wanted:
    if name in plugin_loading.BUILTIN:
        offered = plugin_loading.load()
        _refuse_broken(offered)
        return Wanted(name, None, tuple(own for own in offered.checkers if own.name == name))
    offered = plugin_loading.load([name])
    _refuse_broken(offered)
    return Wanted(name, None, tuple(own for own in offered.checkers if own.name not in plugin_loading.BUILTIN))


def _refuse_broken(offered: plugin_loading.PluginSet) -> None:
    for broken in offered.broken:
        raise PluginError(f"the plugin {broken.plugin!r} {broken.reason}")


class OnlyThese(Guard):
    """A Guard that runs some of its checkers. The views and sanitisers of all plugins are there."""

    def __init__(self, names: Iterable[str], **how: Any) -> None:
        super().__init__(**how)
        names = frozenset(names)
        self._workers = [worker for worker in self._workers if worker.name in names]
        self._required = set(names)

    def context(self, draft: Draft) -> Context:
        """The draft as its checkers see it."""
        return self._context(draft)


def guard(*checkers: AnyChecker, **how: Any) -> OnlyThese:
    """A Guard of its own for one test, with only the checkers that are named; with the built-in ones if none is.

    The views and sanitisers of the built-in plugins are at hand in any case. The clock stands at `NOW`. The keywords
    are those of `Guard`. Raises PluginError where a plugin can't be used, ConfigError as `Guard` does.
    """
    asked = [wanted(checker) for checker in checkers or plugin_loading.BUILTIN]
    named = [one.plugin for one in asked if one.given is None and one.plugin not in plugin_loading.BUILTIN]
    given = {one.plugin: one.given for one in asked if one.given is not None}
    how = {"clock": lambda: NOW, **how}
    how["plugins"] = [*named, *how.get("plugins", ())]
    how["plugin_objects"] = {**given, **(how.get("plugin_objects") or {})}
    made = OnlyThese([own.name for one in asked for own in one.checkers], **how)
    _refuse_broken(made.plugins)
    return made


def run(
    checker: AnyChecker,
    draft: Draft,
    *,
    roster: Roster | None = None,
    consent: ConsentRegister | None = None,
    calendar: TripCalendar | None = None,
    policy: str = "strict",
    **options: Any,
) -> Outcome:
    """Runs one checker on one draft, as the core runs it, and gives what came of it.

    `options` are the fields of the checker's options; what they lack has its default. Raises PluginError where the
    plugin can't be used.
    """
    one = wanted(checker).checker
    how: Mapping[str, Any] = {"roster": roster, "consent": consent, "calendar": calendar, "policy": policy}
    return Outcome(guard(checker, options={one.name: one.options(**options)}, **how).check(draft))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one checker said of one draft.

    The assertions raise AssertionError with what was expected and what was found. They quote the draft: use made-up
    names in tests.
    """

    report: Report

    @property
    def decision(self) -> Decision:
        """The decision, as far as this checker goes."""
        return self.report.decision

    @property
    def clean(self) -> Draft | None:
        """The clean copy, checked again by this checker."""
        return self.report.clean

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings; what the core notes about a draft or a school without a register is left out."""
        return tuple(finding for finding in self.report.findings if finding.rule not in NOTES)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the rules that were reported, each once, sorted."""
        return tuple(sorted({finding.rule for finding in self.findings}))

    @property
    def marks(self) -> tuple[str, ...]:
        """The words that text evidence points to, in their order, each place once."""
        texts = dict(self.report.draft.fields())
        spans = {f.evidence for f in self.findings if isinstance(f.evidence, TextSpan)}
        ordered = sorted(spans, key=lambda span: (list(texts).index(span.field), span.start, span.end))
        return tuple(texts[span.field][span.start : span.end] for span in ordered)

    def assert_codes(self, *codes: str) -> Outcome:
        """These rules and no others were reported. A failure of the checker counts as the rule PG001–PG004."""
        if set(codes) != set(self.codes):
            raise AssertionError(
                f"expected {_listed(sorted(set(codes)))}, found {_listed(self.codes)}{self._failure()}"
            )
        return self

    def assert_clean(self) -> Outcome:
        """The checker ran to its end and reported nothing."""
        if self.findings or not self.report.checked:
            raise AssertionError(f"expected no findings, found {_listed(self.codes)}{self._failure()}")
        return self

    def assert_marks(self, *texts: str) -> Outcome:
        """The evidence in the texts points to exactly these words, in this order."""
        if texts != self.marks:
            raise AssertionError(f"expected the marks {texts!r}, found {self.marks!r}{self._failure()}")
        return self

    def _failure(self) -> str:
        failed = [f.advice for f in self.findings if f.rule in {"PG001", "PG002", "PG003", "PG004"}]
        return f" ({' '.join(failed)})" if failed else ""


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(codes) or "nothing"
