"""Cuts a post into words: at spaces and marks, at camelCase, and inside hashtags and handles.

A word here is what a reader would name one: `#WellDoneZainab` holds three, `@ollieskates` two, `O'Brien` is `O`, `'`,
`Brien`. Zero-width characters and combining accents inside a word stay inside it. Offsets are code points.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Characters that show nothing and can break words up: soft hyphen, zero-width spaces and joiners, marks of direction.
UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
)
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u0670"
    "\u0900-\u0903\u093a-\u094f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
)
_LETTER = r"[^\W\d_]"
_CUT = re.compile(
    rf"(?P<word>{_LETTER}(?:[{UNSEEN}{_MARKS}]*{_LETTER})*[{_MARKS}]*)|(?P<number>\d+)|(?P<space>\s+)|(?P<mark>.)",
    re.DOTALL,
)
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_UNSEEN_RUN = re.compile(f"[{UNSEEN}]+")
_LONGEST_TAG = 60

# Letters of other alphabets that look like Latin ones: Cyrillic, Greek, and Latin letters that do not decompose.
_LOOK_ALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјорсухԁһԛԝѵӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορυικıɑɡøØłŁđĐðÐħŧ",
    "ABESIJKMHOPCTYXaesijopcyxdhqwvlABEZHIKMNOPTYXavopuikiagoOlLdDdDht",
)
_LONG_LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "Æ": "AE", "Œ": "OE", "þ": "th", "Þ": "Th", "ẞ": "SS"}


class Word(NamedTuple):
    """One word, number, mark or run of spaces: `text[start:end]`."""

    start: int
    end: int
    is_space: bool


def plain(word: str) -> str:
    """`word` in the letters that a reader sees: no zero-width characters, look-alike and styled letters made Latin."""
    if word.isascii():
        return word
    seen = unicodedata.normalize("NFKC", _UNSEEN_RUN.sub("", word))
    if seen.isascii():
        return seen
    return "".join(_LONG_LETTERS.get(letter, letter) for letter in seen.translate(_LOOK_ALIKES))


def fold(word: str) -> str:
    """`word` as names and words are looked up: plain, lower case, accents taken off."""
    seen = plain(word)
    if seen.isascii():
        return seen.lower()
    return "".join(c for c in unicodedata.normalize("NFD", seen) if not unicodedata.combining(c)).lower()


def words(text: str, split: Callable[[str], list[int]] | None = None) -> Iterator[Word]:
    """The words of `text` in order, spaces included, so that they cover it without a gap.

    `split` tells where a run of letters inside a hashtag or handle is to be cut (inner offsets); it is asked for runs
    without a change of case, such as `proudofmustafa`.
    """
    in_tag = False
    for found in _CUT.finditer(text):
        start, end = found.span()
        if found.lastgroup == "space":
            in_tag = False
            yield Word(start, end, True)
        elif found.lastgroup == "word":
            yield from _parts(text, start, end, split if in_tag else None)
        else:
            mark = text[start]
            if mark in "#@\uff03\uff20":
                in_tag = True
            elif found.lastgroup == "mark" and mark not in "_-.":
                in_tag = False
            yield Word(start, end, False)


def _parts(text: str, start: int, end: int, split: Callable[[str], list[int]] | None) -> Iterator[Word]:
    run = text[start:end]
    cuts = [] if run.islower() else [cut.start() for cut in _CAMEL.finditer(run)]
    borders = [0, *cuts, len(run)]
    for left, right in pairwise(borders):
        part = run[left:right]
        if split is not None and 3 < len(part) <= _LONGEST_TAG and part.isascii():
            inner = [0, *split(part), len(part)]
        else:
            inner = [0, len(part)]
        for a, b in pairwise(inner):
            yield Word(start + left + a, start + left + b, False)
