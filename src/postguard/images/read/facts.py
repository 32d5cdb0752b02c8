"""What was read of a file: facts by kind and key, never by value, and the few values that a check needs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

_MOST_FACTS: Final = 200
_MOST_PICTURES: Final = 16


class Kind(StrEnum):
    """What sort of thing a fact tells."""

    PLACE = "place"
    TIME = "time"
    PERSON = "person"
    DEVICE = "device"
    PICTURE = "picture"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class Fact:
    """That the file tells something: of which kind, under which key (a fixed vocabulary, else `unknown-1` …).

    `size` is the number of bytes of a hidden picture or of unknown data; 0 elsewhere.
    """

    kind: Kind
    key: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class HiddenPicture:
    """A picture or film inside the file: thumbnail, preview, second picture, gain map, motion video.

    `data` is its own file; empty where it could not be taken out.
    """

    key: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a photo was taken: degrees north and east (WGS 84), and to how many metres the file tells it."""

    latitude: float = field(repr=False)
    longitude: float = field(repr=False)
    accuracy: float = 0.0


@dataclass(frozen=True, slots=True)
class FaceRegion:
    """A face that the file marks: its name, if it gives one, and its box in fractions (0 to 1) of width and height."""

    left: float
    top: float
    right: float
    bottom: float
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """All that the file of a picture tells. Empty `facts` = it tells nothing but the picture.

    `taken` is the earliest capture time that it gives: aware where the file has the offset, else in local time.
    `persons` holds the texts under keys of kind PERSON, for checks only: they never go into a finding or a log.
    `regions` are the faces that XMP marks (regions of the Metadata Working Group, people tags of Microsoft).
    """

    container: str
    orientation: int = 1
    facts: tuple[Fact, ...] = ()
    hidden: tuple[HiddenPicture, ...] = field(default=(), repr=False)
    position: Position | None = field(default=None, repr=False)
    taken: datetime | None = field(default=None, repr=False)
    persons: tuple[str, ...] = field(default=(), repr=False)
    regions: tuple[FaceRegion, ...] = ()

    def of_kind(self, kind: Kind) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.kind is kind)


@dataclass(slots=True)
class Gathering:
    """What the readers have found so far; each key counts once, however often the file repeats it."""

    facts: dict[tuple[Kind, str], Fact] = field(default_factory=dict)
    hidden: list[HiddenPicture] = field(default_factory=list)
    position: Position | None = None
    taken: datetime | None = None
    persons: list[str] = field(default_factory=list)
    regions: list[FaceRegion] = field(default_factory=list)
    unknown: int = 0

    def add(self, kind: Kind, key: str, size: int = 0) -> None:
        if len(self.facts) < _MOST_FACTS:
            self.facts.setdefault((kind, key), Fact(kind, key, size))

    def person(self, key: str, text: str) -> None:
        self.add(Kind.PERSON, key)
        if len(self.persons) < _MOST_FACTS:
            self.persons.append(text[:1000])

    def region(self, region: FaceRegion) -> None:
        if len(self.regions) < _MOST_FACTS:
            self.regions.append(region)

    def data(self, size: int) -> None:
        """Bytes that no reader knows."""
        self.unknown += 1
        self.add(Kind.DATA, f"unknown-{self.unknown}", size)

    def picture(self, key: str, data: bytes) -> None:
        self.add(Kind.PICTURE, key, len(data))
        if len(self.hidden) < _MOST_PICTURES:
            self.hidden.append(HiddenPicture(key, data))
        elif self.hidden[-1].data:
            # Too many to look at each: one that can't be looked at stands for the rest.
            self.hidden.append(HiddenPicture(key, b""))

    def time(self, key: str, moment: datetime | None = None) -> None:
        self.add(Kind.TIME, key)
        if moment is not None and (self.taken is None or moment.replace(tzinfo=None) < self.taken.replace(tzinfo=None)):
            self.taken = moment

    def join(self, inside: "Gathering", pictures: Iterable[HiddenPicture]) -> None:
        """Adds what hidden pictures told, `pictures` of their own among it; what the file itself tells goes first.

        Data that nobody knows is told by the size of the hidden picture already.
        """
        for fact in inside.facts.values():
            if fact.kind not in (Kind.DATA, Kind.PICTURE):
                self.add(fact.kind, fact.key, fact.size)
        for picture in pictures:
            self.picture(picture.key, picture.data)
        self.position = self.position or inside.position
        self.taken = self.taken or inside.taken
        self.persons += inside.persons[: max(0, _MOST_FACTS - len(self.persons))]

    def finished(self, container: str, orientation: int) -> PhotoFacts:
        return PhotoFacts(
            container,
            orientation,
            tuple(self.facts.values()),
            tuple(self.hidden),
            self.position,
            self.taken,
            tuple(self.persons),
            tuple(self.regions),
        )
