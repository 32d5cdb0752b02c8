"""The values that everything else speaks in: drafts and pictures, evidence, findings, decisions, reports."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from postguard.errors import UnreadablePicture

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence

    from postguard.rules import Rule

__all__ = [
    "Applicability",
    "Box",
    "CheckRun",
    "Decision",
    "Draft",
    "Edit",
    "Evidence",
    "Finding",
    "Image",
    "ImageBox",
    "ImageFile",
    "MetadataField",
    "Outcome",
    "Report",
    "TextSpan",
    "UnreadablePicture",
]

SCHEMA_VERSION = "2.0"

Box: TypeAlias = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels as displayed (after EXIF orientation); right and bottom are exclusive."""

_FIELD = re.compile(r"text|place|images\[\d+\]\.(?:alt|name)")


class Decision(IntEnum):
    """What happens to a draft.

    Ordered, so that `max()` is the safer.
    """

    SEND = 0
    REVIEW = 1
    BLOCK = 2


class Applicability(Enum):
    """Who may apply an edit."""

    SAFE = "safe"
    """Applied in the clean copy."""

    OFFERED = "offered"
    """A person chooses."""

    SHOW_ONLY = "show-only"
    """Only shows where."""


class Outcome(Enum):
    """How a checker's run ended.

    Only OK counts as checked.
    """

    OK = "ok"
    FAILED = "failed"
    TIMEOUT = "timeout"
    MISSING = "missing"
    INCOMPLETE = "incomplete"


def _box(box: Sequence[float]) -> Box:
    left, top, right, bottom = (round(v) for v in box)
    if not (0 <= left < right and 0 <= top < bottom):
        raise ValueError("a box is left, top, right, bottom in pixels, with left < right and top < bottom")
    return left, top, right, bottom


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A stretch of one text field of the draft, in Unicode code points, end exclusive.

    `field` is "text", "place", "images[0].alt" or "images[0].name".
    """

    field: str
    start: int
    end: int

    def __post_init__(self) -> None:
        if not _FIELD.fullmatch(self.field):
            raise ValueError("no such text field")
        if not (isinstance(self.start, int) and isinstance(self.end, int) and 0 <= self.start <= self.end):
            raise ValueError("a span needs 0 <= start <= end, in whole code points")


@dataclass(frozen=True, slots=True)
class ImageBox:
    """A rectangle of picture `image` (its index), in pixels as displayed; right and bottom exclusive."""

    image: int
    left: int
    top: int
    right: int
    bottom: int

    def __post_init__(self) -> None:
        _box((self.left, self.top, self.right, self.bottom))

    @property
    def box(self) -> Box:
        """Left, top, right, bottom."""
        return self.left, self.top, self.right, self.bottom


@dataclass(frozen=True, slots=True)
class MetadataField:
    """Something that the file of picture `image` tells.

    `key` is of a fixed vocabulary, else "unknown-1", "unknown-2" …
    """

    image: int
    key: str


@dataclass(frozen=True, slots=True)
class ImageFile:
    """Picture `image` as a whole."""

    image: int


Evidence: TypeAlias = TextSpan | ImageBox | MetadataField | ImageFile


@dataclass(frozen=True, slots=True)
class Edit:
    """A proposed change.

    `replacement` is the new text of a TextSpan, or "cover" (ImageBox), "strip" (MetadataField), "drop" (ImageFile).
    """

    evidence: Evidence
    replacement: str
    applicability: Applicability = Applicability.SAFE

    def __post_init__(self) -> None:
        if not isinstance(self.replacement, str):
            raise TypeError("the replacement of an edit is a string")

    def __repr__(self) -> str:
        return f"Edit({self.evidence!r}, <{len(self.replacement)} characters>, {self.applicability.name})"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a checker noticed.

    A checker gives `rule` (a code it declared), `evidence`, `variant` (a row of the rule's verdict table), `advice`,
    `edits` and `confidence` (0–1). The policy fills in `name`, `message` and `verdict`; SEND as a verdict means
    advice. Neither `advice` nor `message` ever quotes the post.
    """

    rule: str
    evidence: Evidence | None = None
    variant: str = "default"
    advice: str = ""
    edits: tuple[Edit, ...] = ()
    confidence: float = 1.0
    name: str = ""
    message: str = ""
    verdict: Decision = Decision.BLOCK

    def __post_init__(self) -> None:
        object.__setattr__(self, "edits", tuple(self.edits))
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError("confidence is a number from 0 to 1")

    @property
    def fixable(self) -> bool:
        """True if the clean copy can take care of it."""
        return any(edit.applicability is Applicability.SAFE for edit in self.edits)


@dataclass(frozen=True, slots=True)
class Note:
    """What a checker took something for, and why; asked for by a reader who wonders why it was found, or was not.

    `says` never quotes the post. `confidence` is a number from 0 to 1.
    """

    evidence: Evidence
    says: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class CheckRun:
    """One checker's run over one draft.

    `milliseconds` is wall time; models are loaded before the clock starts.
    """

    checker: str
    outcome: Outcome
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of a draft.

    `data` is the file's bytes. `subjects` says who is in it: None = nobody said, () = said to show nobody, else ids
    such as "P017", "staff:S02", "visitor:1". `faces` ties boxes to subjects: ((box, subject or None), …). `extra_boxes`
    are to be covered too. `covered` holds the boxes that a clean copy has covered.
    """

    name: str
    data: bytes
    alt: str = ""
    subjects: tuple[str, ...] | None = None
    faces: tuple[tuple[Box, str | None], ...] = ()
    extra_boxes: tuple[Box, ...] = ()
    covered: frozenset[Box] = frozenset()

    def __post_init__(self) -> None:
        if not isinstance(self.data, bytes):
            raise TypeError("the data of a picture are bytes")
        if not (isinstance(self.name, str) and isinstance(self.alt, str)):
            raise TypeError("the name and the alt text of a picture are strings")
        if isinstance(self.subjects, str):
            raise TypeError("subjects is a list of ids, not one string")
        put = object.__setattr__
        put(self, "subjects", None if self.subjects is None else tuple(self.subjects))
        put(self, "faces", tuple((_box(box), subject) for box, subject in self.faces))
        put(self, "extra_boxes", tuple(_box(box) for box in self.extra_boxes))
        put(self, "covered", frozenset(_box(box) for box in self.covered))

    @classmethod
    def from_file(cls, path: str | os.PathLike[str], **same: Any) -> Image:
        """The picture in the file at `path`; the keywords are those of `Image`.

        Raises OSError.
        """
        from pathlib import Path

        path = Path(path)
        return cls(name=path.name, data=path.read_bytes(), **same)

    def __repr__(self) -> str:
        said = "?" if self.subjects is None else str(len(self.subjects))
        return f"Image(<{len(self.data)} bytes>, subjects={said}, covered={len(self.covered)})"


@dataclass(frozen=True, slots=True)
class Draft:
    """A post that is not sent yet.

    `channel` and `also` name all targets. `publish_at` is aware, or naive in the school's time zone, or None = now.
    `place` is the platform's geotag. `history` holds (publish_at, text) of earlier posts of the day.
    """

    text: str
    images: tuple[Image, ...] = ()
    channel: str = "x"
    also: tuple[str, ...] = ()
    publish_at: datetime | None = None
    author: str | None = None
    reply_to: str | None = None
    place: str | None = None
    history: tuple[tuple[datetime, str], ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise TypeError("the text of a draft is a string")
        if isinstance(self.also, str):
            raise TypeError("also is a list of channels, not one string")
        put = object.__setattr__
        put(self, "images", tuple(self.images))
        put(self, "also", tuple(self.also))
        put(self, "history", tuple((at, text) for at, text in self.history))
        if not all(isinstance(image, Image) for image in self.images):
            raise TypeError("the images of a draft are Image values")
        if not all(isinstance(name, str) for name in (self.channel, *self.also)):
            raise TypeError("channels are named by strings")
        if not (self.place is None or isinstance(self.place, str)):
            raise TypeError("the place of a draft is a string")
        moments = [at for at, _ in self.history] + ([] if self.publish_at is None else [self.publish_at])
        if not all(isinstance(at, datetime) for at in moments):
            raise TypeError("publish_at is a datetime")

    @property
    def targets(self) -> tuple[str, ...]:
        """All channels it goes to, each once."""
        return tuple(dict.fromkeys((self.channel, *self.also)))

    def fields(self) -> Iterator[tuple[str, str]]:
        """(field, text) of every text field that is not empty; the field's name is that of TextSpan."""
        if self.text:
            yield "text", self.text
        if self.place:
            yield "place", self.place
        for i, image in enumerate(self.images):
            if image.alt:
                yield f"images[{i}].alt", image.alt
            if image.name:
                yield f"images[{i}].name", image.name

    def __repr__(self) -> str:
        return f"Draft(<{len(self.text)} characters>, images={len(self.images)}, targets={self.targets!r})"


@dataclass(frozen=True, slots=True)
class Report:
    """What postguard says of a draft.

    It always speaks of the original; `clean` is the copy that may be sent instead. `rules` explains each code that is
    found in it.
    """

    decision: Decision
    findings: tuple[Finding, ...]
    runs: tuple[CheckRun, ...]
    draft: Draft = field(repr=False)
    clean: Draft | None = field(default=None, repr=False)
    rules: tuple[Rule, ...] = field(default=(), repr=False)

    def __bool__(self) -> bool:
        raise TypeError("a report is neither true nor false: look at report.decision")

    @property
    def objections(self) -> tuple[str, ...]:
        """The codes of the rules that hold the draft back, each once."""
        return tuple(dict.fromkeys(f.rule for f in self.findings if f.verdict > Decision.SEND))

    @property
    def checked(self) -> bool:
        """False if something could not be checked (PG001–PG004)."""
        return not any(f.rule in {"PG001", "PG002", "PG003", "PG004"} for f in self.findings)

    def to_dict(self, *, excerpts: bool = False) -> dict[str, Any]:
        """The report as JSON-ready values.

        `excerpts` adds what may hold names: the text under each span, what each edit would put there, the clean text.
        """
        from postguard.formats.json import report_as_dict

        return report_as_dict(self, excerpts=excerpts)

    def to_json(self, *, excerpts: bool = False) -> str:
        """The report as JSON, ASCII only."""
        return json.dumps(self.to_dict(excerpts=excerpts), indent=2)

    def __repr__(self) -> str:
        return f"Report({self.decision.name}, {', '.join(f.rule for f in self.findings) or 'no findings'})"
