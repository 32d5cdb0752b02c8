"""The contract of checkers: what the core and the people who rely on it expect of each, tried on hostile drafts.

Each promise is a function that yields what is broken, in words that quote no draft.
"""

from __future__ import annotations

import copy
import io
import json
import logging
import subprocess
import sys
import traceback
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import MISSING, dataclass, fields
from typing import TYPE_CHECKING, Any

from postguard.model import Draft, Evidence, Image, ImageBox, ImageFile, MetadataField, Outcome, Report, TextSpan
from postguard.testing import canaries
from postguard.testing.outcome import AnyChecker, OnlyThese, guard, wanted

if TYPE_CHECKING:
    from postguard.context import Context
    from postguard.hookspecs import Checker

HEAVY = ("PIL", "cv2", "mediapipe", "onnxruntime", "pandas", "scipy", "sklearn", "spacy", "tensorflow", "torch")
"""Libraries that belong inside `make`: whoever only lists the plugins should not wait for them."""


class ContractBroken(AssertionError):
    """A checker breaks promises; `broken` lists them, one line each."""

    def __init__(self, checker: str, broken: Sequence[str]) -> None:
        super().__init__(f"the checker {checker!r} breaks its contract:\n" + "\n".join(f"- {one}" for one in broken))
        self.broken = tuple(broken)


@dataclass(frozen=True, slots=True)
class _Tried:
    """The checker on trial."""

    given: AnyChecker
    checker: Checker
    options: Any
    seconds: float

    def guard(self) -> OnlyThese:
        """A fresh Guard with only this checker, for the school of the canaries."""
        return guard(self.given, options={self.checker.name: self.options}, **canaries.school())


def contract(
    checker: AnyChecker,
    drafts: Iterable[Draft] | None = None,
    *,
    options: Mapping[str, Any] | None = None,
    seconds: float = 10.0,
    import_seconds: float = 5.0,
) -> None:
    """Holds a checker to its contract. Raises ContractBroken with all that is broken.

    - Its rules and options are documented; its options are a frozen dataclass with defaults.
    - Its module imports within `import_seconds` and without a heavy library.
    - It comes to an end on every draft within `seconds` (wall time, once warm), with the same findings each time.
    - It changes no draft, its evidence and edits lie inside the draft, and its safe edits hold when checked again.
    - Names, places and captions of the draft show up in no log, output, warning, repr, exception and report.
    - It connects to nothing.
    - What its `explain` notes, if it has one, lies inside the draft and quotes nothing of it, the same each time.
    - A picture that nobody can read makes it raise or report PG004, if it looks at pictures at all.

    `checker` is a Checker, a plugin's module, or the name of a plugin that is installed. `drafts` are tried beside the
    kit's own, which are made by code, and so are the examples of its rules. `options` are fields of its options.
    """
    one = wanted(checker).checker
    tried = _Tried(checker, one, one.options(**(options or {})), seconds)
    broken = [
        *_documented(one),
        *_light(one, import_seconds),
        *_steady(
            tried, [*canaries.drafts(), *map(Draft, dict.fromkeys(rule.example for rule in one.rules)), *(drafts or ())]
        ),
        *_silent(tried),
        *_closed(tried),
    ]
    if broken:
        raise ContractBroken(one.name, list(dict.fromkeys(broken)))


def _documented(checker: Checker) -> Iterator[str]:
    if not checker.rules:
        yield "it declares no rule"
    for rule in checker.rules:
        for part in ("name", "message", "why", "example", "fix"):
            if not getattr(rule, part).strip():
                yield f"{rule.code} has no {part}"
        if "{" in rule.message or "%s" in rule.message:
            yield f"{rule.code}: a message has no placeholders"
    kind = checker.options
    if not kind.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        yield "its options can be changed: make them a frozen dataclass"
    own = kind.__doc__ or ""
    for field in fields(kind):
        if own.startswith(f"{kind.__name__}(") or field.name not in own:
            yield f"the docstring of its options does not explain {field.name!r}"
        if field.default is MISSING and field.default_factory is MISSING:
            yield f"the option {field.name!r} has no default"


_IMPORT = """
import importlib, importlib.util, json, sys, time
name, file, path, heavy = json.loads(sys.argv[1])
sys.path[:] = path
import postguard.guard, postguard.plugins
started = time.perf_counter()
try:
    importlib.import_module(name)
except ModuleNotFoundError as error:
    if error.name is None or not (name + ".").startswith(error.name + "."):
        raise
    spec = importlib.util.spec_from_file_location(name, file)
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
took = time.perf_counter() - started
print(json.dumps([took, [library for library in heavy if library in sys.modules]]))
"""


def _light(checker: Checker, seconds: float) -> Iterator[str]:
    """Imports the module that makes the checker in a process of its own."""
    name = getattr(getattr(checker.make, "func", checker.make), "__module__", None) or "__main__"
    file = getattr(sys.modules.get(name), "__file__", None)
    if file is None:
        return  # typed into a shell: there is no module to import
    ask = json.dumps([name, file, sys.path, HEAVY])
    done = subprocess.run([sys.executable, "-c", _IMPORT, ask], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        yield f"its module {name} can't be imported by itself"
        return
    took, heavy = json.loads(done.stdout.splitlines()[-1])
    if heavy:
        yield f"its module imports {', '.join(heavy)} right away: do that inside make"
    if took > seconds:
        yield f"its module takes {took:.1f} s to import, more than {seconds:g} s"


def _steady(tried: _Tried, drafts: Sequence[Draft]) -> Iterator[str]:
    """Runs every draft twice in one Guard, and once in another."""
    name = tried.checker.name
    with _offline() as calls:
        first, second = tried.guard(), tried.guard()
        first.check(Draft("The first draft warms it up."))
        for number, draft in enumerate(drafts):
            where = f"draft {number} ({draft!r})"
            before = copy.deepcopy(draft)
            reports = [first.check(draft), first.check(draft), second.check(draft)]
            if draft != before:
                yield f"{where}: it changes the draft"
            for report in reports[:1]:
                run = next(run for run in report.runs if run.checker == name)
                if run.outcome is not Outcome.OK:
                    said = next((f.advice for f in report.findings if f.rule.startswith("PG00")), "")
                    yield f"{where}: it does not come to an end: {run.outcome.value}. {said}"
                if run.milliseconds > 1000 * tried.seconds:
                    yield f"{where}: it takes {run.milliseconds / 1000:.1f} s, more than {tried.seconds:g} s"
                if any(finding.rule == "PG005" for finding in report.findings):
                    yield f"{where}: its safe edits leave what it objects to"
                yield from (f"{where}: {fault}" for fault in _out_of_range(report))
            if any(_said(report) != _said(reports[0]) for report in reports[1:]):
                yield f"{where}: it says one thing now and another later"
            yield from (f"{where}: {fault}" for fault in _notes(tried, first, draft))
    if calls:
        yield "it opens a network connection"


def _notes(tried: _Tried, made: OnlyThese, draft: Draft) -> Iterator[str]:
    """What is wrong with the notes on a draft, its silence aside."""
    if tried.checker.explain is None:
        return
    try:
        notes, again = made.explain(draft), made.explain(draft)
    except Exception as error:  # noqa: BLE001 - whatever it raises is named
        yield f"its explain breaks off ({type(error).__name__})"
        return
    if notes != again:
        yield "its explain says one thing now and another later"
    for note in notes:
        yield from (f"its explain {fault}" for fault in _outside(note.evidence, draft))
        if not 0 <= note.confidence <= 1:
            yield "its explain gives a confidence that is not from 0 to 1"


def _said(report: Report) -> tuple[Any, ...]:
    return report.decision, report.findings, report.clean


def _out_of_range(report: Report) -> Iterator[str]:
    for finding in report.findings:
        match finding.evidence:
            case TextSpan(field, start, end) if start == end:
                yield f"{finding.rule} marks nothing in {field}"
        for evidence in (finding.evidence, *(edit.evidence for edit in finding.edits)):
            yield from (f"{finding.rule} {fault}" for fault in _outside(evidence, report.draft))


def _outside(evidence: Evidence | None, draft: Draft) -> Iterator[str]:
    match evidence:
        case TextSpan(field, _, end) if end > len(dict(draft.fields()).get(field, "")):
            yield f"points behind the end of {field}"
        case ImageBox(image) | MetadataField(image) | ImageFile(image) if image >= len(draft.images):
            yield f"points to images[{image}], which is not there"
        case ImageBox(image, _, _, right, bottom):
            width, height = _displayed_size(draft.images[image].data)
            if right > width or bottom > height:
                yield f"points outside images[{image}]"


def _displayed_size(data: bytes) -> tuple[int, int]:
    from PIL import Image as Pillow
    from PIL import ImageOps

    with Pillow.open(io.BytesIO(data)) as picture:
        return ImageOps.exif_transpose(picture).size


def _silent(tried: _Tried) -> Iterator[str]:
    """Searches all that the checker gives out for what was planted in the drafts."""
    made, drafts = tried.guard(), canaries.drafts(corrupt=True)
    with _overheard() as heard:
        check = tried.checker.make(tried.options)
        for draft in drafts:
            report = made.check(draft)
            for name, shown in (
                ("the repr of a report", repr(report)),
                ("the repr of its findings", repr(report.findings)),
                ("a report without excerpts", json.dumps(report.to_dict(), ensure_ascii=False)),
            ):
                if canaries.told_by(shown):
                    yield f"{name} quotes the draft"
            try:
                list(check(made.context(draft)))
            except Exception as error:  # noqa: BLE001 - whatever it raises, its text is what matters
                if _quotes(error):
                    yield f"its {type(error).__name__} quotes the draft"
            try:
                notes = list(tried.checker.explain(made.context(draft))) if tried.checker.explain else []
            except Exception as error:  # noqa: BLE001
                if _quotes(error):
                    yield f"the {type(error).__name__} of its explain quotes the draft"
            else:
                if any(canaries.told_by(f"{note.says} {note!r}") for note in notes):
                    yield "its explain quotes the draft"
    for channel, written in heard.items():
        if canaries.told_by(written.getvalue()):
            yield f"{channel} quotes the draft"


def _quotes(error: Exception) -> bool:
    return canaries.told_by("".join(traceback.format_exception_only(error)) + _causes(error))


def _causes(error: BaseException) -> str:
    """The texts of the exceptions behind an exception."""
    behind, texts = error.__cause__ or error.__context__, []
    while behind is not None:
        texts.append(repr(behind))
        behind = behind.__cause__ or behind.__context__
    return "\n".join(texts)


class _Watched(Image):
    """A picture that knows whether anybody has looked at its file."""

    __slots__ = ("content", "looked")
    content: bytes
    looked: bool

    @property
    def data(self) -> bytes:
        object.__setattr__(self, "looked", True)
        return self.content

    @data.setter
    def data(self, content: bytes) -> None:
        object.__setattr__(self, "content", content)


def _closed(tried: _Tried) -> Iterator[str]:
    """Hands over pictures that nobody can read. A checker that never looks at pictures is not concerned."""
    made = tried.guard()
    check = tried.checker.make(tried.options)
    for kind, content in canaries.unreadable().items():
        picture = _Watched("photo.jpg", content)
        object.__setattr__(picture, "looked", False)
        context: Context = made.context(Draft("Look!", images=(picture,)))
        try:
            found = list(check(context))
        except Exception:  # noqa: BLE001, S112 - to raise is what it should do
            continue
        if picture.looked and not any(finding.rule == "PG004" for finding in found):
            yield f"it passes a picture that is {kind}: it should raise UnreadablePicture or report PG004"


@contextmanager
def _offline() -> Iterator[list[Any]]:
    """Refuses connections meanwhile, and notes them."""
    import socket

    calls: list[Any] = []

    def refuse(*_: Any, **__: Any) -> Any:
        calls.append(True)
        raise OSError("no network in a contract")

    names = ("connect", "connect_ex")
    kept = {name: getattr(socket.socket, name) for name in names}
    kept_lookup = socket.getaddrinfo
    try:
        for name in names:
            setattr(socket.socket, name, refuse)
        socket.getaddrinfo = refuse
        yield calls
    finally:
        for name, own in kept.items():
            setattr(socket.socket, name, own)
        socket.getaddrinfo = kept_lookup


@contextmanager
def _overheard() -> Iterator[dict[str, io.StringIO]]:
    """All that is logged, printed or warned of meanwhile."""
    heard = {channel: io.StringIO() for channel in ("a log line", "what it prints", "a warning")}
    root = logging.getLogger()
    level, handler = root.level, logging.StreamHandler(heard["a log line"])
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    printed = heard["what it prints"]
    try:
        with warnings.catch_warnings(record=True) as warned, redirect_stdout(printed), redirect_stderr(printed):
            warnings.simplefilter("always")
            yield heard
        heard["a warning"].writelines(f"{warning.message}\n" for warning in warned)
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
