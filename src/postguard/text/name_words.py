"""The words of a text as names are looked up: folded, with what stands between them and the tag that they sit in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from postguard.text.tokens import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

APOSTROPHES = "'\u2019\u2018\u02bc`\u00b4"
HYPHENS = "\u2010\u2011\u2012\u2013-"
_POSSESSIVE = re.compile(rf"[{APOSTROPHES}][sS](?![^\W\d_])")
_LINK = re.compile(
    # Possessive, and from the start of a run only: a text of one endless run is read in one go.
    r"https?://[^\s<>()]+|www\.[^\s<>()]+|(?<![\w.+-])[\w.+-]++@[\w-]+\.[\w.-]+"
    r"|(?<![\w-])[\w-]++(?:\.[\w-]++){0,8}\.(?:com|org|net|uk|ly|io|me|tv|fm|info|app|school|sch|co|wales|scot|gl|page|link)\b(?:/[^\s<>()]*)?",
    re.IGNORECASE,
)
_TAG = re.compile(r"(?<![\w/])[#\uff03][\w\u200b-\u200d]+")
_HANDLE = re.compile(r"(?<![\w/])[@\uff20][\w\u200b-\u200d.]*\w")


class Region(Enum):
    """What kind of stretch a word sits in."""

    PROSE = "prose"
    TAG = "tag"
    HANDLE = "handle"
    LINK = "link"
    FILE = "file"


@dataclass(frozen=True, slots=True, repr=False)
class Tagged:
    """A hashtag, handle, link or file name: `text[start:end]`, its `#` or `@` included."""

    start: int
    end: int
    region: Region


@dataclass(frozen=True, slots=True, repr=False)
class NameWord:
    """A run of letters. `key` is folded; `gap` is what stands between it and the word before; `inside` is the tag
    that it sits in."""

    start: int
    end: int
    key: str
    text: str
    gap: str
    inside: Tagged | None

    @property
    def region(self) -> Region:
        """What kind of stretch it sits in."""
        return self.inside.region if self.inside else Region.PROSE

    @property
    def capital(self) -> bool:
        """True if it begins with a capital."""
        return self.text[0].isupper() or self.text[0].istitle()

    def __repr__(self) -> str:
        return f"NameWord({self.start}, {self.end})"


def tagged(text: str) -> list[Tagged]:
    """The hashtags, handles and links of `text` in order, none inside another."""
    found = [Tagged(*m.span(), Region.LINK) for m in _LINK.finditer(text)]
    for pattern, region in ((_TAG, Region.TAG), (_HANDLE, Region.HANDLE)):
        for match in pattern.finditer(text):
            if not any(
                link.start < match.end() and match.start() < link.end for link in found if link.region is Region.LINK
            ):
                found.append(Tagged(*match.span(), region))
    return sorted(found, key=lambda t: t.start)


def name_words(text: str, tokens: Iterable[tuple[int, int]], inside: Sequence[Tagged]) -> list[NameWord]:
    """The words among `tokens` (their code points) that begin with a letter, without possessive s.

    `inside` are the tags, handles and links, as `tagged` gives them.
    """
    possessive = {m.start() + 1 for m in _POSSESSIVE.finditer(text)}
    words: list[NameWord] = []
    tags = iter(inside)
    tag = next(tags, None)
    last = 0
    for start, end in tokens:
        raw = text[start:end]
        if start in possessive or not raw[:1].isalpha():
            continue
        while tag is not None and tag.end <= start:
            tag = next(tags, None)
        at = tag if tag is not None and tag.start <= start else None
        words.append(NameWord(start, end, fold(raw), raw, text[last:start], at))
        last = end
    return words


def joint(gap: str) -> str | None:
    """What a gap inside one name adds to its key: nothing where glued or an apostrophe, a space where a space,
    hyphen or
    underscore; None where a name can't go across it."""
    if gap == "" or (len(gap) == 1 and gap in APOSTROPHES):
        return ""
    if len(gap) == 1 and (gap in HYPHENS or gap in " _\u00a0\u202f"):
        return " "
    return None
