"""The school's calendar: the trips it has planned, the places it often goes to, its terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from postguard.errors import ConfigError
from postguard.reading import read_toml

if TYPE_CHECKING:
    import os


@dataclass(frozen=True, slots=True)
class Trip:
    """A planned trip.

    `starts` and `ends` are aware moments: leaving school, and being back. `lodging` is where they sleep.
    """

    name: str
    places: tuple[str, ...]
    starts: datetime
    ends: datetime
    groups: tuple[str, ...] = ()
    lodging: str = ""

    def __post_init__(self) -> None:
        if self.starts.tzinfo is None or self.ends.tzinfo is None:
            raise ValueError("a trip needs aware times")
        if self.ends < self.starts:
            raise ValueError("a trip ends before it starts")

    def open_at(self, moment: datetime) -> bool:
        """True while the children are away."""
        return self.starts <= moment < self.ends


@dataclass(frozen=True, slots=True)
class UsualPlace:
    """A place off site that the school often goes to, with the other names that it has in posts."""

    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A term, both days inclusive; `half_term` are the first and last day of the break in it, if any."""

    name: str
    starts: date
    ends: date
    half_term: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class TripCalendar:
    """What the school has planned, when it ends, and where it usually goes."""

    trips: tuple[Trip, ...] = ()
    usual: tuple[UsualPlace, ...] = ()
    terms: tuple[Term, ...] = ()

    def __post_init__(self) -> None:
        for name in ("trips", "usual", "terms"):
            object.__setattr__(self, name, tuple(getattr(self, name)))

    def open_at(self, moment: datetime) -> tuple[Trip, ...]:
        """The trips on which children are away at that moment."""
        return tuple(trip for trip in self.trips if trip.open_at(moment))

    @classmethod
    def from_file(cls, path: str | os.PathLike[str], timezone: str = "Europe/London") -> TripCalendar:
        """A calendar from a TOML file with [[trip]], [[usual]] and [[term]] tables; times without a zone are the
        school's.

        Raises ConfigError with the table.
        """
        file = Path(path)
        table = read_toml(file)
        if unknown := set(table) - {"trip", "usual", "term"}:
            raise ConfigError(f"{file}: unknown key {sorted(unknown)[0]!r}; there are trip, usual, term")
        zone = zone_of(timezone)
        return cls(
            trips=tuple(_entries(file, "trip", table, Trip, zone)),
            usual=tuple(_entries(file, "usual", table, UsualPlace, zone)),
            terms=tuple(_entries(file, "term", table, Term, zone)),
        )


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name.

    Raises ConfigError where there is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigError(f"timezone: there is no {name!r}") from None


_Entry = TypeVar("_Entry", Trip, UsualPlace, Term)
_LISTS = {"places", "groups", "aliases", "half_term"}
_TIMES = {"starts", "ends", "half_term"}


def _entries(file: Path, key: str, table: Mapping[str, Any], kind: type[_Entry], zone: ZoneInfo) -> Iterable[_Entry]:
    entries = table.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ConfigError(f"{file}: write [[{key}]], with two brackets")
    known = {f.name for f in fields(kind)}
    for number, entry in enumerate(entries, 1):
        where = f"{file}, [[{key}]] number {number}"
        if unknown := set(entry) - known:
            raise ConfigError(f"{where}: unknown key {sorted(unknown)[0]!r}; there are {', '.join(sorted(known))}")
        try:
            yield kind(**{name: _value(name, value, kind, zone) for name, value in entry.items()})
        except (TypeError, ValueError) as error:
            raise ConfigError(f"{where}: {error}") from None


def _value(name: str, value: Any, kind: type, zone: ZoneInfo) -> Any:
    if name in _LISTS:
        if not isinstance(value, list):
            raise ValueError(f"{name} is a list")
        if name == "half_term":
            if len(value) != 2 or not all(type(day) is date for day in value):
                raise ValueError("half_term is two dates, its first and last day")
        elif not all(isinstance(item, str) for item in value):
            raise ValueError(f"{name} is a list of strings")
        return tuple(value)
    if name in _TIMES and kind is Trip:
        if not isinstance(value, datetime):
            raise ValueError(f"{name} is a date with a time, such as 2026-06-11T09:00:00")
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if name in _TIMES:
        if type(value) is not date:
            raise ValueError(f"{name} is a date, such as 2026-09-03")
        return value
    if not isinstance(value, str):
        raise ValueError(f"{name} is text in quotes")
    return value
