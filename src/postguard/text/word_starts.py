"""Where the words of a text begin, and tables of patterns that are tried only there.

Most patterns that read a post begin with one of a few words. A regular expression tries every one of them at every
letter; here a table knows the first letters that each of its patterns can begin with, and a text where words with such
letters stand. What is found is the same.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from re import _constants, _parser  # type: ignore[attr-defined]  # the stdlib's own reading of a pattern
from typing import Any

_RUN = re.compile(r"\d+|[^\W\d_]+|['’]")
_DOTTED = str.maketrans("İı", "ii")
_LETTERS = 3
FIGURE = "0"
"""Stands for any figure where a word begins with one."""
_APOSTROPHE = "'"
"""Stands for either kind of it: what is left of a word begins with one ("'ll")."""
_NO, _AT_FIGURE, _AT_WORD = range(3)
"""Has a pattern made sure that a word, or a figure, begins here?"""


class WordStarts:
    """Where words, figures and apostrophes of `text` stand: offsets in code points by their first one to three
    letters."""

    __slots__ = ("at", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at: dict[str, list[int]] = {}
        for run in _RUN.finditer(text):
            start = run.start()
            head = text[start : min(start + _LETTERS, run.end())]
            if not head[0].isalpha():
                self.at.setdefault(FIGURE if head[0].isdecimal() else _APOSTROPHE, []).append(start)
                continue
            head = (head if head.isascii() else head.translate(_DOTTED)).casefold()
            for length in range(1, min(_LETTERS, len(head)) + 1):
                self.at.setdefault(head[:length], []).append(start)


Places = Sequence[int] | None
"""Offsets where a match of a pattern can begin, in order; None: anywhere."""


class PatternTable:
    """Patterns, each with the first letters of words that a match of it can begin with."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        self.patterns = tuple(patterns)
        self._anywhere: list[Places] = []
        self._of_head: dict[str, list[int]] = {}
        for number, pattern in enumerate(patterns):
            heads = heads_of(pattern)
            self._anywhere.append(None if heads is None else ())
            for head in heads or ():
                self._of_head.setdefault(head, []).append(number)

    def places(self, starts: WordStarts) -> list[Places]:
        """For each pattern the places where it is to be tried."""
        found = self._anywhere.copy()
        for head, offsets in starts.at.items():
            for number in self._of_head.get(head, ()):
                known = found[number]
                found[number] = sorted({*known, *offsets}) if known else offsets
        return found


def matches(
    pattern: re.Pattern[str], places: Places, text: str, start: int = 0, end: int = sys.maxsize
) -> Iterator[re.Match[str]]:
    """What `pattern.finditer(text, start, end)` gives, tried only at `places`, as `PatternTable.places` has them."""
    if places is None:
        yield from pattern.finditer(text, start, end)
        return
    at = start
    for place in places[bisect_left(places, start) :] if start else places:
        if place >= end:
            return
        if place >= at and (match := pattern.match(text, place, end)):
            yield match
            at = match.end()


def heads_of(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """The first letters (one to three, folded; "0" for a figure, "'" for an apostrophe) of the word that a match begins
    with; None if it may begin elsewhere than at a word, or with any."""
    try:
        found = _after({("", _NO)}, _parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG))
    except _Anywhere:
        return None
    heads = {head for head, _ in found}
    return frozenset(heads) if "" not in heads else None


class _Anywhere(Exception):
    """A match may begin with anything."""


# A way into a pattern: the first letters so far; and before the first one, what the pattern has made sure of (`_NO`,
# `_AT_FIGURE`, `_AT_WORD`), after it, whether more letters can be told (`_AT_WORD`) or not (`_NO`).
_Way = tuple[str, int]
_Ways = set[_Way]


def _after(ways: _Ways, items: Sequence[tuple[Any, Any]]) -> _Ways:
    for op, argument in items:
        going = {way for way in ways if way[1] or not way[0]}
        if not going:
            break
        ways = (ways - going) | _step(going, op, argument)
    return ways


def _step(ways: _Ways, op: Any, argument: Any) -> _Ways:
    if op is _constants.SUBPATTERN:
        return _after(ways, argument[3])
    if op is _constants.ATOMIC_GROUP:
        return _after(ways, argument)
    if op is _constants.BRANCH:
        return {way for branch in argument[1] for way in _after(ways, branch)}
    if op in (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT):
        least, most, item = argument
        once = _after(ways, item)
        if most is _constants.MAXREPEAT or most > 1:
            once = {(head, _NO) if head else (head, sure) for head, sure in once}
        return once if least else ways | once
    if op in (_constants.ASSERT, _constants.ASSERT_NOT):
        behind = _NO if argument[0] > 0 else _sure_behind(op, argument[1])
        return {(head, sure if head else max(sure, behind)) for head, sure in ways}
    if op is _constants.AT:
        border = argument in (_constants.AT_BOUNDARY, _constants.AT_BEGINNING, _constants.AT_BEGINNING_STRING)
        return {(head, _NO) if head else (head, _AT_WORD if border else sure) for head, sure in ways}
    return {way for one in ways for way in _read(one, op, argument)}


def _sure_behind(op: Any, items: Sequence[tuple[Any, Any]]) -> int:
    """What looking back like this makes sure of."""
    if not len(items):  # the parser's sequences are never false
        return _NO
    kind, what = items[-1]
    options: list[tuple[Any, Any]] = what if kind is _constants.IN else [(kind, what)]
    if op is _constants.ASSERT:
        space = (_constants.CATEGORY, _constants.CATEGORY_SPACE)
        blank = all(o == space or (o[0] is _constants.LITERAL and not _of_a_word(chr(o[1]))) for o in options)
        return _AT_WORD if blank or (kind is _constants.AT and what is _constants.AT_BOUNDARY) else _NO
    if len(items) == 1 and (_constants.CATEGORY, _constants.CATEGORY_WORD) in options:
        return _AT_WORD
    if len(items) == 1 and (_constants.CATEGORY, _constants.CATEGORY_DIGIT) in options:
        return _AT_FIGURE
    return _NO


def _read(way: _Way, op: Any, argument: Any) -> Iterator[_Way]:
    """The ways on from one after a character, or a set of them."""
    head, sure = way
    for kind, what in argument if op is _constants.IN else [(op, argument)]:
        if head:
            longer = head + chr(what).casefold() if kind is _constants.LITERAL and chr(what).isalpha() else ""
            yield (longer[:_LETTERS], _AT_WORD if len(longer) < _LETTERS else _NO) if longer else (head, _NO)
        elif kind is _constants.LITERAL and chr(what) in "'’":
            yield _APOSTROPHE, _NO
        elif sure and _is_figure(kind, what):
            yield FIGURE, _NO
        elif sure is _AT_WORD and kind is _constants.LITERAL and chr(what).isalpha():
            yield chr(what).casefold()[:_LETTERS], _AT_WORD
        else:
            raise _Anywhere


def _is_figure(kind: Any, what: Any) -> bool:
    if kind is _constants.LITERAL:
        return chr(what).isdecimal()
    if kind is _constants.RANGE:
        return chr(what[0]).isdecimal() and chr(what[1]).isdecimal()
    return bool(kind is _constants.CATEGORY and what is _constants.CATEGORY_DIGIT)


def _of_a_word(character: str) -> bool:
    return character.isalnum() or character == "_"


__all__ = ["FIGURE", "PatternTable", "Places", "WordStarts", "heads_of", "matches"]
