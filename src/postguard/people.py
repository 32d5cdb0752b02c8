"""People: the school's roster, and who agreed to what."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from postguard.errors import ConfigError
from postguard.reading import read_text

if TYPE_CHECKING:
    import os

Reason: TypeAlias = Literal["granted", "refused", "withdrawn", "expired", "pending", "unknown", "not-asked"]

GRAVITY: Mapping[str, int] = {"granted": 0, "pending": 1, "unknown": 1, "not-asked": 1, "withdrawn": 2, "refused": 3}
_STATUS: Mapping[str, Reason] = {
    **dict.fromkeys(["granted", "given", "yes", "y", "true", "consented"], "granted"),
    **dict.fromkeys(["refused", "denied", "no", "n", "false"], "refused"),
    "withdrawn": "withdrawn",
    "pending": "pending",
    **dict.fromkeys(["unknown", ""], "unknown"),
    **dict.fromkeys(["not asked", "not-asked", "not_asked"], "not-asked"),
}
_UNRESTRICTED = {"", "none", "no", "n", "false", "0"}


@dataclass(frozen=True, slots=True)
class Pupil:
    """A child on the roster.

    `known_as` is the name that is used; `year` and `class_name` are as the school writes them.
    """

    id: str
    first_name: str
    last_name: str = ""
    known_as: str = ""
    year: str = ""
    class_name: str = ""

    def __post_init__(self) -> None:
        if not self.id or not self.first_name.strip():
            raise ValueError("a pupil needs an id and a first name")

    def __repr__(self) -> str:
        return f"Pupil(id={self.id!r})"


@dataclass(frozen=True, slots=True)
class Staff:
    """An adult who works at the school.

    `name` is as it would be written ("Mrs Bose", "Tom Reed").
    """

    id: str
    name: str

    def __repr__(self) -> str:
        return f"Staff(id={self.id!r})"


class Roster:
    """The school's pupils and staff.

    `allow` lists names that are never taken for a child ("St Anne"). Raises ValueError where two pupils, or two
    of the staff, have one id.
    """

    def __init__(self, pupils: Iterable[Pupil] = (), staff: Iterable[Staff] = (), allow: Iterable[str] = ()) -> None:
        self.pupils = tuple(pupils)
        self.staff = tuple(staff)
        self.allow = tuple(allow)
        self._by_id = {pupil.id: pupil for pupil in self.pupils}
        if len(self._by_id) != len(self.pupils) or len({s.id for s in self.staff}) != len(self.staff):
            raise ValueError("two people of the roster have the same id")

    @classmethod
    def from_csv(
        cls,
        path: str | os.PathLike[str],
        columns: Mapping[str, str] | None = None,
        *,
        staff: Iterable[Staff] = (),
        allow: Iterable[str] = (),
    ) -> Roster:
        """Pupils from a CSV file with a heading line.

        `columns` maps our names to the file's. Raises ConfigError with the line.
        """
        fields = ("id", "first_name", "last_name", "known_as", "year", "class_name")
        pupils: dict[str, Pupil] = {}
        for row in _rows(path, fields, ("id", "first_name"), columns):
            if row["id"] in pupils:
                raise row.error("an id that an earlier line has")
            try:
                pupils[row["id"]] = Pupil(**row.values)
            except ValueError as error:
                raise row.error(str(error)) from None
        return cls(pupils.values(), staff, allow)

    def pupil(self, subject: str) -> Pupil | None:
        """The pupil with that id, or None."""
        return self._by_id.get(subject)

    def __len__(self) -> int:
        return len(self.pupils)

    def __repr__(self) -> str:
        return f"Roster(pupils={len(self.pupils)}, staff={len(self.staff)}, allow={len(self.allow)})"


def staff_from_csv(path: str | os.PathLike[str], columns: Mapping[str, str] | None = None) -> tuple[Staff, ...]:
    """Staff from a CSV file with columns id and name.

    Raises ConfigError with the line.
    """
    staff: dict[str, Staff] = {}
    for row in _rows(path, ("id", "name"), ("id", "name"), columns):
        if row["id"] in staff:
            raise row.error("an id that an earlier line has")
        if not row["id"] or not row["name"]:
            raise row.error("staff need an id and a name")
        staff[row["id"]] = Staff(row["id"], row["name"])
    return tuple(staff.values())


@dataclass(frozen=True, slots=True)
class Consent:
    """One record of a consent register.

    `subject` is a pupil's id, "staff:S02" or "visitor:1"; `giver` says who answered (blank: one giver). `recorded_on`
    None is before every date; `expires_on` is the last day on which it holds. `restricted` keeps only that there is a
    restriction, not which. `basis` and `objection` are kept as written for schools that rely on public task.
    """

    subject: str
    purpose: str
    status: Reason
    recorded_on: date | None = None
    expires_on: date | None = None
    giver: str = ""
    restricted: bool = False
    basis: str = ""
    objection: str = ""

    def __post_init__(self) -> None:
        if self.status not in GRAVITY:
            raise ValueError(f"status is one of {', '.join(GRAVITY)}")

    def __repr__(self) -> str:
        return f"Consent(subject={self.subject!r}, purpose={self.purpose!r})"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the register says of one subject and purpose on one day."""

    granted: bool
    reason: Reason


class ConsentRegister:
    """Who agreed to what.

    Per subject, purpose and giver the record with the latest `recorded_on` counts (same day: the stricter), and every
    giver on record must grant. What is unknown, pending or was never asked is not given. A grant that is recorded
    after the day that is asked about does not count yet; a refusal does.
    """

    def __init__(self, records: Iterable[Consent] = ()) -> None:
        self.records = tuple(records)
        self._by_subject: dict[str, list[Consent]] = defaultdict(list)
        for record in self.records:
            self._by_subject[record.subject].append(record)

    @classmethod
    def from_csv(cls, path: str | os.PathLike[str], columns: Mapping[str, str] | None = None) -> ConsentRegister:
        """A register from a CSV file with a heading line: subject, purpose, status and, where there are, recorded_on,
        expires_on, giver, restriction, basis, objection.

        Dates are 2026-08-31 or 31/08/2026. Raises ConfigError with the line.
        """
        fields = (
            "subject", "purpose", "status", "recorded_on", "expires_on", "giver", "restriction", "basis", "objection",
        )  # fmt: skip
        records = []
        for row in _rows(path, fields, ("subject", "purpose", "status"), columns):
            status = _STATUS.get(row["status"].lower())
            if status is None:
                raise row.error("a status that is none of granted, refused, withdrawn, pending, unknown, not asked")
            if not row["subject"] or not row["purpose"]:
                raise row.error("a record needs a subject and a purpose")
            records.append(
                Consent(
                    subject=row["subject"],
                    purpose=row["purpose"],
                    status=status,
                    recorded_on=row.date("recorded_on"),
                    expires_on=row.date("expires_on"),
                    giver=row["giver"],
                    restricted=row["restriction"].lower() not in _UNRESTRICTED,
                    basis=row["basis"],
                    objection=row["objection"],
                )
            )
        return cls(records)

    def answer(self, subject: str, purpose: str, on: date) -> Answer:
        """Whether `subject` may be shown for `purpose` on that day, and why (not)."""
        records = (record for record in self._by_subject.get(subject, ()) if record.purpose == purpose)
        latest = _latest(r for r in records if r.status != "granted" or _day(r) <= on)
        if not latest:
            return Answer(granted=False, reason="not-asked")
        worst = max(latest, key=lambda record: (GRAVITY[record.status], record.status))
        if worst.status != "granted":
            return Answer(granted=False, reason=worst.status)
        if any(record.expires_on is not None and record.expires_on < on for record in latest):
            return Answer(granted=False, reason="expired")
        return Answer(granted=True, reason="granted")

    def restricted(self, subject: str, on: date) -> bool:
        """True if a record that counts on that day restricts every picture of `subject`, whatever the purpose."""
        records = self._by_subject.get(subject, ())
        # What is dated later than that day, or not at all, can add a restriction but never lift one.
        timeless = any(r.restricted and (r.recorded_on is None or r.recorded_on > on) for r in records)
        return timeless or any(r.restricted for r in _latest(r for r in records if _day(r) <= on))

    def purposes_granted(self, subject: str, on: date) -> frozenset[str]:
        """All purposes that `subject` has granted for that day."""
        purposes = {record.purpose for record in self._by_subject.get(subject, ())}
        return frozenset(purpose for purpose in purposes if self.answer(subject, purpose, on).granted)

    def __len__(self) -> int:
        return len(self.records)

    def __repr__(self) -> str:
        return f"ConsentRegister(records={len(self.records)}, subjects={len(self._by_subject)})"


def _day(record: Consent) -> date:
    return record.recorded_on or date.min


def _latest(records: Iterable[Consent]) -> list[Consent]:
    """The records that count: for each purpose and giver those of the latest day."""
    by_giver: dict[tuple[str, str], list[Consent]] = defaultdict(list)
    for record in records:
        by_giver[record.purpose, record.giver].append(record)
    return [record for one in by_giver.values() for record in one if _day(record) == max(map(_day, one))]


class _Row:
    """One line of a CSV file, by our own field names; blank where the file has no such column."""

    def __init__(self, file: str, line: int, values: dict[str, str]) -> None:
        self._file, self._line, self.values = file, line, values

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def error(self, what: str) -> ConfigError:
        return ConfigError(f"{self._file}, line {self._line}: {what}")

    def date(self, name: str) -> date | None:
        written = self.values[name]
        if not written:
            return None
        try:
            # Four digits for the year: "26" would be the year 26, before every other record.
            if british := re.fullmatch(r"(\d\d?)/(\d\d?)/(\d{4})", written, re.ASCII):
                return date(int(british[3]), int(british[2]), int(british[1]))
            if iso := re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:[T ].*)?", written, re.ASCII):
                return date.fromisoformat(iso[1])
        except ValueError:
            pass
        raise self.error(f"{name} is no date (2026-08-31 or 31/08/2026)")


def _rows(
    path: str | os.PathLike[str], fields: Sequence[str], needed: Sequence[str], columns: Mapping[str, str] | None
) -> Iterator[_Row]:
    file = Path(path)
    columns = columns or {}
    if unknown := set(columns) - set(fields):
        raise ConfigError(f"columns: no field {sorted(unknown)[0]!r}; there are {', '.join(fields)}")
    text = read_text(file, hint=" (in Excel: save as 'CSV UTF-8')")
    reader = csv.reader(StringIO(text), strict=True)
    try:
        heading = [name.strip() for name in next(reader, [])]
        where: dict[str, int] = {}
        for field in fields:
            name = columns.get(field, field)
            if heading.count(name) > 1:
                raise ConfigError(f"{file}, line 1: the column {name!r} is there twice")
            if name in heading:
                where[field] = heading.index(name)
            elif field in needed or field in columns:
                # The headings are not quoted: without a heading line they are a child's name.
                raise ConfigError(f"{file}, line 1: no column {name!r} among the {len(heading)} headings")
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(heading):
                raise ConfigError(f"{file}, line {reader.line_num}: {len(cells)} cells under {len(heading)} headings")
            values = {field: cells[where[field]].strip() if field in where else "" for field in fields}
            yield _Row(str(file), reader.line_num, values)
    except csv.Error as error:
        raise ConfigError(f"{file}, line {reader.line_num}: {error}") from None
