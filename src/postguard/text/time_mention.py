"""What is told of an expression of time: its span, its grain, its direction, the moments that it may mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, IntEnum


class Direction(Enum):
    """Where an expression of time lies, seen from the time of publishing."""

    PAST = "past"
    NOW = "now"
    TODAY = "today"  # this very day, before or after: the tense decides
    FUTURE = "future"
    HABIT = "habit"
    UNKNOWN = "unknown"  # "on Thursday": the tense decides which one


class Grain(IntEnum):
    """How exact an expression of time is, finest first."""

    CLOCK = 0
    PART_OF_DAY = 1
    DAY = 2
    DAYS = 3
    WEEK = 4
    VAGUE = 5


@dataclass(frozen=True, slots=True)
class TimeMention:
    """One expression of time: span in code points, end exclusive; `first`..`last` the moments it may mean, if known.

    `lead` is where the preposition before it begins ("by", "at", "from"), equal to `start` if there is none.
    """

    start: int
    end: int
    lead: int
    grain: Grain
    direction: Direction
    first: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class TermDates:
    """A school term by its first and last day, and those of the break in it: lets "after half term" be resolved."""

    name: str
    starts: date
    ends: date
    half_term: tuple[date, date] | None = None
