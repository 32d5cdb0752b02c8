"""All that a plugin may offer.

A hook only registers; the core runs what was registered, each checker on its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import pluggy

from postguard.context import Context, ViewMaker
from postguard.model import Edit, Finding, Image, ImageBox, MetadataField, Note

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from postguard.rules import Rule

PROJECT = "postguard"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)

Check: TypeAlias = Callable[[Context], Iterable[Finding]]
Apply: TypeAlias = Callable[[Image, Sequence[Edit], int], Image | None]
Detect: TypeAlias = "Callable[[NDArray[np.uint8]], NDArray[np.float32]]"


@dataclass(frozen=True, slots=True)
class NoOptions:
    """The options of a checker that has none."""


@dataclass(frozen=True, slots=True)
class View:
    """A reading of the draft that several checkers share, made once: `make(options)` gives a maker, and
    `maker(context, *key)` the value.

    Heavy imports live inside `make`. `reads` says what alone a value is made of, beside the school: "text" (the text
    field that the key names), "pixels" (the picture whose index the key is) or "" (anything). Where that is the same in
    the clean copy, its check uses the value again.
    """

    name: str
    make: Callable[[Any], ViewMaker]
    reads: Literal["", "text", "pixels"] = ""


@dataclass(frozen=True, slots=True)
class Checker:
    """A check.

    `rules` declares every rule that it may report (PG004 and PG011 are open to all). `options` is a frozen dataclass
    with defaults; `[checkers.<name>]` of postguard.toml is read into it. `make(options)` gives the check, and
    `check(context)` yields findings. It raises where it can't judge: that blocks the draft. Heavy imports live inside
    `make`. `explain(context)` yields notes on what the checker saw, also where it found nothing to object to; it runs
    only when it is asked for, after a check.
    """

    name: str
    rules: tuple[Rule, ...]
    options: type
    make: Callable[[Any], Check]
    views: tuple[View, ...] = ()
    explain: Callable[[Context], Iterable[Note]] | None = None

    def __post_init__(self) -> None:
        if not (isinstance(self.name, str) and self.name):
            raise TypeError("a checker needs a name")
        object.__setattr__(self, "rules", tuple(self.rules))
        object.__setattr__(self, "views", tuple(self.views))


@dataclass(frozen=True, slots=True)
class Sanitiser:
    """Changes a picture of the clean copy.

    `applies_to` is the evidence that it takes care of: ImageBox (runs where there are boxes to cover) or
    MetadataField (runs on every picture). `make()` gives `apply(image, edits, index)`, which returns the changed
    picture, or None to drop it. It raises where it can't vouch for the result: then there is no clean copy.
    """

    name: str
    applies_to: type[ImageBox | MetadataField]
    make: Callable[[], Apply]


@dataclass(frozen=True, slots=True)
class Detector:
    """Finds faces; `detectors` of `[checkers.faces]` names those that a school uses.

    `make()` gives `detect(pixels)`: upright RGB of shape (height, width, 3), read-only, become boxes of shape (n, 5):
    left, top, right, bottom in pixels and a score from 0 to 1. From .3 on it is a face, from .2 a possible one that a
    person is asked to look at. It raises where it can't tell, serves many threads, keeps nothing of a picture and
    recognises nobody. Heavy imports live inside `make`, which is called once in a process.
    """

    name: str
    make: Callable[[], Detect]


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write a report: `write(report, excerpts=False, private=False)` gives text.

    `excerpts` asks for the words that were found, `private` for the faces that are to be covered; a format that shows
    neither may ignore both.
    """

    name: str
    write: Callable[..., str]


@hookspec
def postguard_checkers() -> Iterable[Checker]:  # type: ignore[empty-body]
    """The checkers that the plugin offers."""


@hookspec
def postguard_sanitisers() -> Iterable[Sanitiser]:  # type: ignore[empty-body]
    """The sanitisers that the plugin offers."""


@hookspec
def postguard_detectors() -> Iterable[Detector]:  # type: ignore[empty-body]
    """The face detectors that the plugin offers."""


@hookspec
def postguard_formats() -> Iterable[Format]:  # type: ignore[empty-body]
    """The report formats that the plugin offers."""


@hookspec
def postguard_people(config: Mapping[str, Any]) -> Iterable[Any]:  # type: ignore[empty-body]
    """Rosters and consent registers from a source of the plugin's own.

    `config` is the plugin's table of postguard.toml, [people.sources.<plugin>]. What is given joins what the files say.
    """


@hookspec
def postguard_commands(cli: Any) -> None:
    """Adds verbs to the command line.

    `cli` is the typer application.
    """
