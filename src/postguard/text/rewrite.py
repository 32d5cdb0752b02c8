"""How a text reads once the names are gone: "a pupil", "three Year 4 pupils", `#WellDone`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postguard.text.lists import KIN, KIN_TITLES, ROLE_NOUNS, STAFF_TITLES
from postguard.text.name_words import Region, Tagged

if TYPE_CHECKING:
    from collections.abc import Sequence

_COUNTS = ("no", "a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_AND = re.compile(r"\s*(?:,\s*(?:and|&)|,|;|&|\+|/|\band\b)\s*", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['\u2019]s?(?!\w)")
_OWNED = re.compile(
    r"(?:\b(?:our|my|your|their|his|her|its|the|this|that|these|those|a|an|another|every|each|some|one|many|both)|\w['\u2019]s|\w\ws['\u2019])"
    r"(?:\s+(?:very|own|lovely|little|amazing|wonderful|brilliant|fantastic|talented|superstar|super|star|clever"
    r"|gorgeous|young|new|fab|fabulous"
    r"|incredible|kind|brave|dear|former|resident|first|second|third))*\s+$",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(
    r"\b(?:lovely|little|amazing|wonderful|brilliant|fantastic|talented|clever|gorgeous|young|fab|fabulous"
    r"|incredible|brave|superstar|poor|dear"
    r"|lucky)\s+$",
    re.IGNORECASE,
)
_ROLE = re.compile(r"\b([^\W\d_]+)\s+$")
_TAKES_TO = re.compile(
    r"\b(?:well done|welldone|congratulations|congrats|thanks|thank you|good luck|happy (?:\w+ )?birthday"
    r"|welcome|welcome back|hello|hi|farewell|goodbye|hats off"
    r"|(?:great|good|super|amazing|fantastic|brilliant|lovely) (?:work|job|effort|news))\s*,?\s*$",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:bravo|go|go on|come on|yay|hurrah|hooray|woohoo|wow|yes|bye|nice one|way to go|keep it up|you rock"
    r"|see you (?:soon|later|monday)|get well soon|miss you|love you|sleep tight|good ?night"
    r"|proud of you|enjoy|sorry|please|thank you so much)\s*,?\s*$",
    re.IGNORECASE,
)
_TO_YOU = re.compile(r"\byou(?:r|rs|rself)?\b[^.!?\n]*,\s*$", re.IGNORECASE)
_ENDS = re.compile(r"\s*(?:$|[!.?\n,;:)\u2026#@\"\u201d]|[^\w\s'\u2019&+/(\[-])")
_YEAR_TOLD = re.compile(
    r"\b(?:year|yr|yrs|years|y|p|s)\s?\d{1,2}\b|\b(?:reception|nursery|sixth form)\b", re.IGNORECASE
)
_SMALL_WORDS = {
    "of",
    "for",
    "to",
    "with",
    "by",
    "the",
    "our",
    "my",
    "and",
    "from",
    "is",
    "are",
    "was",
    "at",
    "on",
    "in",
    "a",
}
_LAST_WORD = re.compile(r"(?:(?<=[a-z])(?=[A-Z])|_|^)([A-Za-z]+?)_*$")
_GLUED_SMALL = re.compile(
    r"(?<=proud)of$|(?<=thanks)to$|(?<=luck)to$|(?<=done)to$|(?<=congratulations)to$|(?<=birthday)to$", re.IGNORECASE
)
_ABBREVIATED = re.compile(r"\b(?:\w|vs|no|inc|incl|approx|e\.g|i\.e|st|dr|mr|mrs|ms)\.$", re.IGNORECASE)
_FILE_GAP = re.compile(r"[\s_.,&+-]*(?:\band\b)?[\s_.,&+-]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, repr=False)
class Named:
    """A child that a text names: where, in which year ("" = not to be told), and the tag, handle, link or file
    name around."""

    start: int
    end: int
    year: str = ""
    inside: Tagged | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Rewrite:
    """`text[start:end]` becomes `replacement`; `which` are the positions of the names that this takes care of."""

    start: int
    end: int
    replacement: str
    which: tuple[int, ...]


def year_group(year: str) -> str:
    """A school's year as it stands before "pupil": "4" and "Y4" are "Year 4", "R" is "Reception"; "" where it is
    none of those."""
    written = year.strip()
    if match := re.fullmatch(r"(?:year|yr|y)?\s*(\d{1,2})", written, re.IGNORECASE):
        return f"Year {int(match[1])}"
    if match := re.fullmatch(r"([PS])\s*(\d)", written, re.IGNORECASE):
        return f"{match[1].upper()}{match[2]}"
    return {"r": "Reception", "rec": "Reception", "reception": "Reception", "n": "Nursery", "nursery": "Nursery"}.get(
        written.lower(), ""
    )


def rewrites(text: str, named: Sequence[Named]) -> list[Rewrite]:
    """What to put in place of each name, in order, none overlapping. `named` is in order too."""
    years = not _YEAR_TOLD.search(text)
    done: list[Rewrite] = []
    at = 0
    while at < len(named):
        region = _region(named[at])
        if region in {Region.TAG, Region.LINK, Region.FILE}:
            past = at + 1
            while past < len(named) and named[past].inside == named[at].inside:
                past += 1
            done.append(_in_tag(text, named, at, past))
        else:
            past = _list_end(text, named, at)
            done.append(_in_prose(text, named, at, past, years=years))
        at = past
    return _apart(done)


def adult(text: str, start: int, end: int) -> Rewrite:
    """What to put in place of the full name of one of the staff or of a relative: title and surname, or what they
    are."""
    words = text[start:end].split()
    if len(words) > 2 and words[0].strip(".").lower() in STAFF_TITLES:
        return Rewrite(start, end, f"{words[0]} {words[-1]}", ())
    before = _ROLE.search(text[:start])
    title = before.group(1).lower() if before else ""
    if before and title in STAFF_TITLES and before.group(1).lower() not in ROLE_NOUNS:
        return Rewrite(start, end, words[-1], ())
    if before and (title in ROLE_NOUNS or title in KIN):
        return Rewrite(before.end(1), end, "", ())
    return Rewrite(start, end, _capital(text[:start], "a member of staff"), ())


def relative(text: str, start: int, end: int) -> Rewrite:
    """What to put in place of a relative's name: nothing after "mum" or "dad", else "a relative"."""
    before = _ROLE.search(text[:start])
    if before and before.group(1).lower() in KIN:
        return Rewrite(before.end(1), end, "", ())
    first = text[start:end].split(maxsplit=1)[0].lower()
    if first in KIN_TITLES or first in KIN:
        return Rewrite(start, end, _capital(text[:start], "a relative"), ())
    return Rewrite(start, end, _capital(text[:start], "a relative"), ())


def _region(name: Named) -> Region:
    return name.inside.region if name.inside else Region.PROSE


def _list_end(text: str, named: Sequence[Named], at: int) -> int:
    """Past the last name of the list that begins at `at`."""
    past = at + 1
    while past < len(named):
        here = named[past]
        if here.inside is not None and here.inside.region is not Region.HANDLE:
            break
        gap = text[_extent(named[past - 1])[1] : _extent(here)[0]]
        if "\n" in gap or not _AND.fullmatch(gap):
            break
        past += 1
    return past


def _extent(name: Named) -> tuple[int, int]:
    if name.inside is not None and name.inside.region is Region.HANDLE:
        return name.inside.start, name.inside.end
    return name.start, name.end


def _in_prose(text: str, named: Sequence[Named], at: int, past: int, *, years: bool) -> Rewrite:
    start, end = _extent(named[at])[0], _extent(named[past - 1])[1]
    which = tuple(range(at, past))
    count = past - at
    before, after = text[:start], text[end:]
    owned = _POSSESSIVE.match(after)
    called = _TAKES_TO.search(before) or _CALLED.search(before)
    if (called or _TO_YOU.search(before)) and not owned and _ENDS.match(after):
        return Rewrite(len(before.rstrip(" ,\u00a0")), end, "", which)
    told = {named[i].year for i in which}
    year = told.pop() if years and len(told) == 1 else ""
    noun = ("pupils" if count > 1 else "pupil") if not year else f"{year} pupil{'s' if count > 1 else ''}"
    role = _ROLE.search(before)
    if role and role.group(1).lower() in ROLE_NOUNS and text[role.end(1) : start].strip(" \u00a0") == "":
        return Rewrite(role.end(1), end, "", which)
    if count > 1:
        phrase = f"{_COUNTS[count] if count < len(_COUNTS) else count} {noun}"
        both = re.search(r"\bboth\s+$", before, re.IGNORECASE)
        if both:
            start, before = both.start(), before[: both.start()]
    elif _OWNED.search(before) or _ADJECTIVE.search(before):
        phrase = noun
    else:
        phrase = f"{'an' if noun[:1] == 'S' and noun[1:2].isdigit() else 'a'} {noun}"
    if _TAKES_TO.search(before) and not before.rstrip().endswith(","):
        phrase = f"to {phrase}"
    if owned and count > 1:
        end += owned.end()
        phrase += text[end - owned.end() : end - owned.end() + 1]
    if text[start:end].isupper() and end - start > 2 and f"{before[-12:]}{after[:12]}".isupper():
        phrase = phrase.upper()
    elif not text[start:end].islower() or "".join(c for c in text if c.isalpha())[:1].isupper():
        phrase = _capital(before, phrase)
    return Rewrite(start, end, phrase, which)


def _capital(before: str, phrase: str) -> str:
    """`phrase` with a capital if it begins a sentence."""
    line = before[before.rfind("\n") + 1 :]
    bare = line.rstrip(" \u00a0\"'\u201c\u2018([\u2019\u201d)")
    ended = bare[-1:] in {".", "!", "?", "\u2026"} and not _ABBREVIATED.search(bare)
    if not any(c.isalpha() for c in line) or ended:
        return phrase[:1].upper() + phrase[1:]
    return phrase


def _in_tag(text: str, named: Sequence[Named], at: int, past: int) -> Rewrite:
    inside = named[at].inside
    if inside is None:
        raise ValueError("these names sit in no tag")
    which = tuple(range(at, past))
    before, after = text[inside.start : named[at].start], text[named[past - 1].end : inside.end]
    if inside.region is Region.FILE:
        return Rewrite(
            inside.start, inside.end, _file_without(text, [(named[i].start, named[i].end) for i in which]), which
        )
    dropped = Rewrite(len(text[: inside.start].rstrip(" \u00a0")), inside.end, "", which)
    if inside.region is Region.LINK:
        return dropped
    kept = _trimmed(before[1:])
    if sum(c.isalpha() for c in kept) < 3:
        kept = re.sub(r"^(?:['\u2019]?s(?=[A-Z_]|$)|_)+", "", after)
        if sum(c.isalpha() for c in kept) < 3 and len(_trimmed(before[1:])) < 2:
            return dropped
        if sum(c.isalpha() for c in kept) < 3:
            kept = _trimmed(before[1:])
    return Rewrite(inside.start, inside.end, text[inside.start] + kept, which)


def _trimmed(tag: str) -> str:
    """A tag's beginning without the small words that led to the name: "proudof" is "proud"."""
    tag = tag.rstrip("_")
    while (last := _LAST_WORD.search(tag)) and last.group(1).lower() in _SMALL_WORDS:
        tag = tag[: last.start(1)].rstrip("_")
    return _GLUED_SMALL.sub("", tag)


def _file_without(name: str, spans: Sequence[tuple[int, int]]) -> str:
    stem, dot, kind = name.rpartition(".")
    if not dot:
        stem, kind = name, ""
    kept = stem
    for start, end in reversed(spans):
        if end <= len(stem):
            left = _FILE_GAP.sub("", kept[:start])
            right = re.sub(r"^(?:['\u2019]?s(?![A-Za-z]))?[\s_.,&+-]*", "", kept[end:])
            join = "-" if left and right else ""
            kept = left + join + right
    if sum(c.isalpha() for c in kept) < 3:
        kept = "picture" + (f"-{digits}" if (digits := "".join(c for c in kept if c.isdigit())) else "")
    return f"{kept}{dot}{kind}"


def _apart(done: Sequence[Rewrite]) -> list[Rewrite]:
    """The same with the left border of each moved past the end of the one before."""
    kept: list[Rewrite] = []
    for one in done:
        start = max(one.start, kept[-1].end) if kept else one.start
        kept.append(Rewrite(start, max(one.end, start), one.replacement, one.which))
    return kept
