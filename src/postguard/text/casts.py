"""Works, stories and topics with their casts: a name beside its title or its companions is nobody at the school.

"Fagin" and "Nancy" beside each other, "Dorothy" in a post that tells of the Wizard of Oz. The list was written by hand
(`data/names/casts.txt`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import TypeAlias

from postguard.text.name_words import NameWord
from postguard.text.tokens import fold

Stretch: TypeAlias = tuple[int, int]
"""The first word and the one past the last."""
_LETTERS = re.compile(r"[^\W_]+")
_LONGEST = 6


@dataclass(frozen=True, slots=True)
class Casts:
    """Folded titles and names of a cast, each with the numbers of the works that it belongs to."""

    titles: Mapping[str, frozenset[int]]
    members: Mapping[str, frozenset[int]]


@cache
def casts() -> Casts:
    """The casts that ship."""
    titles: dict[str, set[int]] = {}
    members: dict[str, set[int]] = {}
    text = files("postguard").joinpath("data/names/casts.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    for number, line in enumerate(lines):
        told, _, cast = line.partition(":")
        for names, into, mark in ((told, titles, ";"), (cast, members, ",")):
            for name in names.split(mark):
                into.setdefault(" ".join(_LETTERS.findall(fold(name))), set()).add(number)
    return Casts(
        {name: frozenset(works) for name, works in titles.items()},
        {name: frozenset(works) for name, works in members.items()},
    )


@dataclass(frozen=True, slots=True)
class Company:
    """What of a work stands in a post beside one name of its cast: its title; how many others of the cast."""

    titled: bool = False
    others: frozenset[str] = frozenset()


class CastsOfPost:
    """The titles and casts in the words of one post; looked for when they are first asked for."""

    def __init__(self, words: Sequence[NameWord]) -> None:
        self._words = words

    def company(self, first: int, past: int) -> Company:
        """The best company that the name of the words `first` to `past` (exclusive) is in."""
        listed = casts().members
        keys = {self._words[first].key, " ".join(word.key for word in self._words[first:past])}
        best = Company()
        for work in frozenset[int]().union(*(listed.get(key, frozenset()) for key in keys)):
            titles, names = self._told
            titled = _apart(titles.get(work, ()), first, past)
            cast = names.get(work, {})
            others = frozenset(key for key, seen in cast.items() if key not in keys and _apart(seen, first, past))
            if (titled, len(others)) > (best.titled, len(best.others)):
                best = Company(titled, others)
        return best

    @cached_property
    def _told(self) -> tuple[dict[int, list[Stretch]], dict[int, dict[str, list[Stretch]]]]:
        """Where the titles of each work stand, and where each name of its cast."""
        told_titles: dict[int, list[Stretch]] = {}
        told_names: dict[int, dict[str, list[Stretch]]] = {}
        titles, members = casts().titles, casts().members
        keys = [word.key for word in self._words]
        for start, word in enumerate(self._words):
            for end in range(start + 1, min(len(self._words), start + _LONGEST) + 1):
                key = " ".join(keys[start:end])
                for work in titles.get(key, ()):
                    _note(told_titles.setdefault(work, []), start, end)
                for work in members.get(key, ()) if word.capital else ():
                    _note(told_names.setdefault(work, {}).setdefault(key, []), start, end)
        return told_titles, told_names


def _note(seen: list[Stretch], start: int, end: int) -> None:
    """Two stretches are enough to know of one apart from a candidate; so a long text stays cheap."""
    if len(seen) < 2:
        seen.append((start, end))


def _apart(seen: Sequence[Stretch], first: int, past: int) -> bool:
    return any(past <= start or end <= first for start, end in seen)
