"""Guard: the way of a draft, from checkers over the policy to a decision and a clean copy that was checked again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from postguard import plugins as plugin_loading
from postguard.calendar import zone_of
from postguard.channels import Channel, known_channels
from postguard.context import Context, School, ViewMaker
from postguard.errors import ConfigError, PostBlocked, PostNeedsReview, UnreadablePicture
from postguard.hookspecs import Apply, Check, Checker
from postguard.model import (
    CheckRun,
    Decision,
    Draft,
    Edit,
    Evidence,
    Finding,
    ImageBox,
    ImageFile,
    MetadataField,
    Note,
    Outcome,
    Report,
    TextSpan,
)
from postguard.plugins import OPEN_RULES, PluginSet
from postguard.policy import Policy, decide
from postguard.rules import core
from postguard.runners import Runners
from postguard.sanitise import SanitiserFailed, safe_edits, sanitise

if TYPE_CHECKING:
    import os

    from postguard.calendar import TripCalendar
    from postguard.people import ConsentRegister, Roster

DEADLINE = 60.0
"""Seconds that each checker has for one draft, and the making of the clean copy too, unless told otherwise."""
ROUNDS = 3
"""How often the text of a clean copy is cleaned at most: what a first edit leaves may read like a name of its own."""


class Guard:
    """Reads drafts.

    Keep it: models stay warm, and one Guard serves many threads.
    """

    def __init__(
        self,
        policy: str | Policy = "strict",
        roster: Roster | None = None,
        consent: ConsentRegister | None = None,
        calendar: TripCalendar | None = None,
        plugins: Iterable[str] = (),
        timezone: str = "Europe/London",
        options: Mapping[str, Any] | None = None,
        clock: Callable[[], datetime] | None = None,
        *,
        channels: Mapping[str, Channel] | None = None,
        deadline: float = DEADLINE,
        plugin_objects: Mapping[str, object] | None = None,
    ) -> None:
        """`policy` is a preset's name or a Policy; `plugins` names installed plugins to enable; `options` maps a
        checker's name to its options; `clock` gives the aware time of now; `channels` adds to those known or takes
        their place; `deadline` is in seconds, for each checker; `plugin_objects` enables plugins that are not
        installed, by name. Raises ConfigError."""
        self.policy = Policy.preset(policy) if isinstance(policy, str) else policy
        self.channels = {**known_channels(), **(channels or {})}
        self.plugins: PluginSet = plugin_loading.load(plugins, objects=plugin_objects)
        self._zone = zone_of(timezone)
        self._clock = clock or (lambda: datetime.now(UTC))
        if not 0 < deadline <= threading.TIMEOUT_MAX:
            raise ConfigError("deadline: a number of seconds above 0")
        self._deadline = deadline
        self._school = School(timezone, roster, consent, calendar, self.plugins.detectors)
        self._rules = self.plugins.rules
        chosen = dict(options or {})
        self._runners = Runners()
        self._workers = [_Worker(c, chosen.pop(c.name, None)) for c in self.plugins.checkers]
        if chosen:
            raise ConfigError(f"checkers: no checker {sorted(chosen)[0]!r}")
        self._makers: Mapping[str, ViewMaker] = {k: v for w in self._workers for k, v in w.views.items()}
        self._sanitisers = _LazySanitisers(self.plugins)
        self._required = {*plugin_loading.BUILTIN, *(worker.name for worker in self._workers)}

    @classmethod
    def from_config(cls, path: str | os.PathLike[str] = "postguard.toml") -> Guard:
        """The Guard that a postguard.toml describes. Raises ConfigError with what is wrong, and where."""
        from postguard.config import load_config

        return load_config(path).guard()

    def check(self, draft: Draft) -> Report:
        """Reads a draft and says what it found. Raises ConfigError where a channel is unknown, and never sends."""
        context = self._context(draft)
        findings, runs, decision = self._judge(context)
        clean = None
        if all(run.outcome is Outcome.OK for run in runs) and not any(f.rule.startswith("PG00") for f in findings):
            clean, refusal = self._clean_copy(context, findings)
            if refusal is not None:
                findings = self.policy.judge([*findings, refusal], self._rules, context.audience)
                decision = max(decision, findings[0].verdict)
        rules = tuple(self._rules[code] for code in dict.fromkeys(finding.rule for finding in findings))
        return Report(
            decision=decision, findings=tuple(findings), runs=tuple(runs), draft=draft, clean=clean, rules=rules
        )

    def check_many(self, drafts: Iterable[Draft]) -> Iterator[Report]:
        """The reports of many drafts, in their order, one at a time as they are asked for."""
        for draft in drafts:
            yield self.check(draft)

    def explain(self, draft: Draft) -> tuple[Note, ...]:
        """What the checkers took the parts of a draft for, and why, in the order of the text.

        It judges nothing. Raises ConfigError where a channel is unknown, and what a checker raises that can't explain.
        """
        context = self._context(draft)
        notes = [n for worker in self._workers if worker.explain is not None for n in worker.explain(context)]
        return tuple(sorted(notes, key=lambda note: _place_in_text(note.evidence)))

    def gate(self, draft: Draft) -> Draft:
        """The draft to send.

        Nothing objected: the draft itself, its pictures stripped. Only lossless metadata fixes were asked for: the
        clean copy. Raises PostBlocked or PostNeedsReview, with `.report`, for anything else: a person must look.
        """
        report = self.check(draft)
        lossless = all(
            finding.verdict is Decision.SEND or (finding.rule.startswith("MET") and finding.fixable)
            for finding in report.findings
        )
        if lossless and report.clean is not None:
            return report.clean
        raise (PostBlocked if report.decision is Decision.BLOCK else PostNeedsReview)(report)

    def _context(self, draft: Draft) -> Context:
        if unknown := [name for name in draft.targets if name not in self.channels]:
            raise ConfigError(f"no channel {unknown[0]!r}; there are {', '.join(self.channels)}")
        now = self._clock().astimezone(self._zone)
        return Context(
            draft,
            publish_at=self._moment(draft.publish_at) if draft.publish_at else now,
            now=now,
            channels=tuple(self.channels[name] for name in draft.targets),
            school=self._school,
            makers=self._makers,
        )

    def _moment(self, at: datetime) -> datetime:
        try:
            moment = at.astimezone(self._zone) if at.tzinfo else at.replace(tzinfo=self._zone)
            moment.astimezone(UTC)
        except OverflowError:
            raise ConfigError("publish_at: no such moment can be reckoned with") from None
        return moment

    def _judge(self, context: Context) -> tuple[list[Finding], list[CheckRun], Decision]:
        found: list[Finding] = [*self._notes(context)]
        runs: list[CheckRun] = []
        attempts = [_Attempt(worker, context) for worker in self._workers]
        for attempt, done in zip(attempts, self._runners.run(attempts, self._deadline), strict=True):
            found += attempt.findings
            if not done:
                told = f"The checker {attempt.name!r} took more than {self._deadline:g} seconds."
                found.append(Finding("PG003", advice=told))
            outcome = attempt.outcome if done else Outcome.TIMEOUT
            runs.append(CheckRun(attempt.name, outcome, attempt.milliseconds if done else self._deadline * 1000))
        for broken in self.plugins.broken:
            found.append(Finding("PG002", advice=f"The plugin {broken.plugin!r} {broken.reason}."))
            runs.append(CheckRun(broken.plugin, Outcome.MISSING, 0.0))
        known = {run.checker for run in runs}
        for missing in sorted(self._required - known):
            found.append(Finding("PG002", advice=f"The checker {missing!r} is missing."))
            runs.append(CheckRun(missing, Outcome.MISSING, 0.0))
        judged = self.policy.judge(dict.fromkeys(found), self._rules, context.audience)
        return judged, runs, decide(judged, runs, self._required)

    def _notes(self, context: Context) -> Iterator[Finding]:
        draft = context.draft
        if not draft.text.strip() and not draft.images:
            yield Finding("PG006")
        if context.roster is None:
            yield Finding("PG010", advice="No roster is configured: a name is judged by the text alone.")
        if context.consent is None and draft.images:
            yield Finding("PG010", advice="No consent register is configured: nobody counts as having agreed.")
        if context.calendar is None:
            yield Finding("PG010", advice="No trip calendar is configured: trips are judged by the text alone.")

    def _clean_copy(self, context: Context, findings: list[Finding]) -> tuple[Draft | None, Finding | None]:
        """The clean copy that holds, or None; and PG005 where it was expected to hold and does not."""
        objections = [finding for finding in findings if finding.verdict > Decision.SEND]
        edits = safe_edits(findings)
        if objections and not edits:
            return None, None
        for _ in range(ROUNDS):
            try:
                copy = self._sanitised(context.draft, edits)
            except SanitiserFailed as failure:
                return None, Finding("PG005", advice=f"A picture could not be made safe ({failure}).")
            if not objections and copy == context.draft:
                return copy, None
            again = self._context(copy)
            self._lend(context, again, edits)
            left, runs, decision = self._judge(again)
            if decision is Decision.SEND:
                return copy, None
            still = [finding for finding in left if finding.verdict > Decision.SEND]
            context, edits = again, safe_edits(still)
            whole = all(run.outcome is Outcome.OK for run in runs)
            if not whole or not all(f.fixable and isinstance(f.evidence, TextSpan) for f in still):
                break
        if all(finding.fixable for finding in objections):
            codes = dict.fromkeys(finding.rule for finding in still)
            return None, Finding("PG005", advice=f"Checked again, the safe copy still has {', '.join(codes)}.")
        return None, None

    def _sanitised(self, draft: Draft, edits: list[Edit]) -> Draft:
        """The draft with the edits applied, in the time that a checker has. Raises SanitiserFailed."""
        copies: list[Draft] = []
        failures: list[SanitiserFailed] = []

        def make() -> None:
            try:
                copies.append(sanitise(draft, edits, self._sanitisers))
            except SanitiserFailed as failure:
                failures.append(failure)
            except BaseException as error:  # noqa: BLE001 - whatever it ends in, no copy can be vouched for
                failures.append(SanitiserFailed(type(error).__name__))

        if not draft.images:  # text alone is edited by ourselves, at once
            make()
        elif not self._runners.run([make], self._deadline)[0]:
            raise SanitiserFailed(f"it took more than {self._deadline:g} seconds")
        if failures:
            raise failures[0].with_traceback(None)
        return copies[0]

    def _lend(self, original: Context, copy: Context, edits: list[Edit]) -> None:
        """Lets the copy's check use the readings of what has not changed: unedited texts, and the pixels of pictures
        that were only stripped (stripping changes no pixel)."""
        same_texts = [name for name, text in copy.fields() if "." not in name and original.text_of(name) == text]
        dropped = {e.evidence.image for e in edits if isinstance(e.evidence, ImageFile)}
        boxed = {e.evidence.image for e in edits if isinstance(e.evidence, ImageBox)}
        first_dropped = min(dropped, default=len(original.draft.images))  # behind it every index is another
        same_pixels = [
            index
            for index, image in enumerate(original.draft.images[:first_dropped])
            if index not in boxed and not image.extra_boxes
        ]
        same: Mapping[str, Sequence[str | int]] = {"text": same_texts, "pixels": same_pixels}
        for view in (view for checker in self.plugins.checkers for view in checker.views):
            for key in same.get(view.reads, ()):
                original.lend(view.name, key, to=copy)


class _Worker:
    """One checker with its options: made at the first draft, then run on each, whatever it does."""

    def __init__(self, checker: Checker, options: Any) -> None:
        self.name = checker.name
        self.explain = checker.explain
        self._checker = checker
        self.allowed = {rule.code: rule for rule in (*(core()[code] for code in OPEN_RULES), *checker.rules)}
        self._options = checker.options() if options is None else options
        if not isinstance(self._options, checker.options):
            raise ConfigError(f"checkers.{checker.name}: the options are no {checker.options.__name__}")
        self._lock = threading.Lock()
        self._check: Check | None = None
        self.views: Mapping[str, ViewMaker] = {v.name: _LazyView(v.make, self._options) for v in checker.views}

    def made(self) -> Check:
        """The check, made at the first call. Raises whatever its maker raises."""
        with self._lock:
            if self._check is None:
                self._check = self._checker.make(self._options)
        return self._check


class _Attempt:
    """One run of one checker, the job of a thread; nothing that it raises gets out, also SystemExit does not.

    A failure keeps what was found before it and adds PG001, PG002 or PG004.
    """

    def __init__(self, worker: _Worker, context: Context) -> None:
        self.name = worker.name
        self.findings: list[Finding] = []
        self.outcome = Outcome.FAILED
        self.milliseconds = 0.0
        self._worker, self._context = worker, context

    def __call__(self) -> None:
        try:
            check = self._worker.made()
        except BaseException as error:  # noqa: BLE001 - it can end in anything
            kind = type(error).__name__
            self.findings.append(Finding("PG002", advice=f"The checker {self.name!r} can't start ({kind})."))
            self.outcome = Outcome.MISSING
            return
        started = time.perf_counter()
        self.outcome = self._outcome(check)
        self.milliseconds = (time.perf_counter() - started) * 1000

    def _outcome(self, check: Check) -> Outcome:
        outcome = Outcome.OK
        try:
            for finding in check(self._context):
                self._take(finding)
                if finding.rule == "PG004":
                    outcome = Outcome.INCOMPLETE
        except UnreadablePicture as error:
            known = error.image in range(len(self._context.draft.images))
            where = ImageFile(error.image) if known and error.image is not None else None
            self.findings.append(Finding("PG004", evidence=where, advice=f"The picture is {error.reason}."))
            outcome = Outcome.INCOMPLETE
        except BaseException as error:  # noqa: BLE001 - nothing may end the program or pass for checked
            kind = type(error).__name__
            self.findings.append(Finding("PG001", advice=f"The checker {self.name!r} broke off ({kind})."))
            outcome = Outcome.FAILED
        return outcome

    def _take(self, finding: Finding) -> None:
        if not isinstance(finding, Finding):
            raise TypeError("no finding")
        rule = self._worker.allowed.get(finding.rule)
        if rule is None:
            raise LookupError("undeclared rule")
        if finding.variant not in rule.verdicts:
            raise LookupError("undeclared variant")
        _within(self._context, finding)
        hash(finding)  # what can't be told apart from another finding would break off the whole report
        self.findings.append(finding)


def _place_in_text(evidence: Evidence) -> tuple[bool, str, int]:
    """To sort by: texts in the order of their names, from the left, then all else."""
    return (False, evidence.field, evidence.start) if isinstance(evidence, TextSpan) else (True, "", 0)


def _within(context: Context, finding: Finding) -> None:
    """Evidence that points outside the draft is a fault of the checker. Raises IndexError."""
    for evidence in (finding.evidence, *(edit.evidence for edit in finding.edits)):
        if isinstance(evidence, TextSpan):
            if evidence.end > len(context.text_of(evidence.field)):
                raise IndexError("evidence outside the text")
        elif evidence is not None and not 0 <= evidence.image < len(context.draft.images):
            raise IndexError("evidence in no picture")


class _LazyView:
    """A view's maker, made when the view is first asked for."""

    def __init__(self, make: Callable[[Any], ViewMaker], options: Any) -> None:
        self._make, self._options = make, options
        self._lock = threading.Lock()
        self._maker: ViewMaker | None = None

    def __call__(self, context: Context, *key: Any) -> Any:
        with self._lock:
            if self._maker is None:
                self._maker = self._make(self._options)
        return self._maker(context, *key)


class _LazySanitisers(Mapping[type[ImageBox | MetadataField], list[Apply]]):
    """The sanitisers by what they apply to, made when they are first needed."""

    def __init__(self, plugins: PluginSet) -> None:
        self._plugins = plugins
        self._lock = threading.Lock()
        self._made: dict[type[ImageBox | MetadataField], list[Apply]] | None = None

    def __getitem__(self, kind: type[ImageBox | MetadataField]) -> list[Apply]:
        with self._lock:
            if self._made is None:
                self._made = self._make_all()
        return self._made[kind]

    def _make_all(self) -> dict[type[ImageBox | MetadataField], list[Apply]]:
        made: dict[type[ImageBox | MetadataField], list[Apply]] = {ImageBox: [], MetadataField: []}
        for sanitiser in self._plugins.sanitisers:
            try:
                made[sanitiser.applies_to].append(sanitiser.make())
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # noqa: BLE001 - without it no copy can be vouched for
                raise SanitiserFailed(type(error).__name__) from None
        return made

    def __iter__(self) -> Iterator[type[ImageBox | MetadataField]]:
        return iter((ImageBox, MetadataField))

    def __len__(self) -> int:
        return 2
