"""What is told of a place in a text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class PlaceKind(IntEnum):
    """How closely a place tells where somebody is, vaguest first."""

    SCHOOL = 0  # the school itself
    GENERIC = 1  # "a field", "the coast": anywhere
    REGION = 2  # a country, a region, a county
    VENUE = 3  # a place that can be gone to
    EXACT = 4  # a postcode, coordinates, a map link


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place: span, how close it is, and what else its words tell.

    `named` is False for common nouns ("the pool"); `sure` is False where only a capital letter after a preposition
    speaks for it; `motion` is True after a word of going ("to", "off to", "bound for"); `mark` is the class of its
    noun: stop, lodging, open, health, road, hashtag, handle, fixture, pin, or nothing.
    """

    start: int
    end: int
    kind: PlaceKind
    named: bool = True
    sure: bool = True
    motion: bool = False
    mark: str = ""
