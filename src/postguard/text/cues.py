"""The words that a post uses around whereabouts, from `data/whereabouts.toml`, as patterns.

A cue is a named list of words and phrases. In the file a blank stands for any blank, an apostrophe for either kind, and
each phrase is a regular expression between word borders.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from postguard.text.word_starts import PatternTable, WordStarts, matches

_FILE = Path(__file__).parent.parent / "data" / "whereabouts.toml"


@cache
def _table() -> dict[str, list[str]]:
    table: dict[str, list[str]] = tomllib.loads(_FILE.read_text("utf-8"))
    return table


@cache
def cue(name: str) -> re.Pattern[str]:
    """The pattern of a cue, any case. Raises KeyError where the file has none of that name."""
    phrases = "|".join(phrase.replace("'", "['’]").replace(" ", r"\s") for phrase in _table()[name])
    return re.compile(rf"(?<!\w)(?:{phrases})(?!\w)", re.IGNORECASE)


def cues() -> tuple[str, ...]:
    """The names of all cues, as the file has them."""
    return tuple(_table())


@cache
def _patterns() -> PatternTable:
    return PatternTable([cue(name) for name in cues()])


class Cues:
    """The cues of one text."""

    def __init__(self, starts: WordStarts) -> None:
        self._text = starts.text
        self._places = dict(zip(cues(), _patterns().places(starts), strict=True))
        self.seen = tuple(name for name in cues() if self.find(name))
        """The names of those that it has, in the file's order."""

    def find(self, name: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The first match of a cue between two offsets. Raises KeyError where the file has none of that name."""
        end = len(self._text) if end is None else end
        return next(matches(cue(name), self._places[name], self._text, start, end), None)
