"""Places in a text: where a stranger could find somebody, and what only looks like a place.

Grammar finds them: exact locations by their form, named places by a preposition of place or a verb of going before a
capitalised phrase or by their last noun ("Chester Zoo"), hashtags by their words, common nouns with "the" ("the pool"),
fixtures by "(A)" and "away at". The school itself, lessons, persons, days and works are no places to find anybody at.
Spans are code points, end exclusive; prepositions and emoji stay outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from postguard.text.place_grammar import (
    ADDRESSED,
    ALONE,
    AT,
    AWAY,
    CAPITAL,
    DATES,
    ENTRY,
    EXACT,
    GOING,
    GREETING,
    GROUPS,
    HANDLE,
    HASHTAG,
    HERE,
    NAMED,
    NEED_AN_ADJECTIVE,
    ONLY_INSIDE,
    ONLY_SURE,
    OPENERS,
    OR_A_VERB,
    PIN,
    PLACED_SCHOOL,
    QUOTED,
    SCHOOL,
    SELDOM_IN_TAGS,
    TAGGED,
    TIME,
    TITLES,
    TRIP_TO,
    VISIT,
    common,
    ending,
    regions,
    venue_nouns,
)
from postguard.text.place_kinds import excluded, kind_of
from postguard.text.place_mention import PlaceKind, PlaceMention


def find_places(
    text: str, usual: Iterable[str] = (), barred: Sequence[tuple[int, int]] = (), times: Sequence[tuple[int, int]] = ()
) -> tuple[PlaceMention, ...]:
    """Every place in `text`, in order and without overlap; the closest and longest reading of a span wins.

    `usual`: names and aliases of places off site from the school's calendar, found in any case. `barred`: spans known
    to be something else (persons, groups), in which no place is looked for. `times`: spans of times; a name that stands
    beside one like an entry of a list ("Brook Lane 8.10", "Saturday: Sutton Park") is a place, though not surely.
    """
    quoted = [match.span() for match in QUOTED.finditer(text)]
    found: list[PlaceMention] = []
    for pattern, mark in EXACT:
        found += [
            PlaceMention(match.start(), match.end(), PlaceKind.EXACT, mark=mark) for match in re.finditer(pattern, text)
        ]
    found += _usual(text, usual)
    found += _pins(text)
    found += _hashtags(text)
    held = _covered(len(text), [*quoted, *barred])
    named = [
        *_handles(text),
        *_fixtures(text),
        *_capitalised(text),
        *_commons(text),
        *_entries(text, times),
        *_at_school(text),
    ]
    found += [mention for mention in named if not any(held[mention.start : mention.end])]
    return tuple(_without_overlap(found, len(text)))


def _covered(length: int, spans: Iterable[tuple[int, int]]) -> bytearray:
    """One byte a character, 1 under a span: asking for overlap stays cheap in long texts."""
    covered = bytearray(length)
    for start, end in spans:
        covered[start:end] = b"\x01" * (end - start)
    return covered


def _without_overlap(found: Sequence[PlaceMention], length: int) -> list[PlaceMention]:
    kept: list[PlaceMention] = []
    taken = bytearray(length)
    order = sorted(
        found,
        key=lambda mention: (
            -mention.kind if mention.kind is PlaceKind.EXACT else 0,
            mention.mark not in ("pin", "usual"),
            -(mention.end - mention.start),
            not mention.sure,
        ),
    )
    for mention in order:
        if not any(taken[mention.start : mention.end]):
            kept.append(mention)
            taken[mention.start : mention.end] = b"\x01" * (mention.end - mention.start)
    return sorted(kept, key=lambda mention: mention.start)


def _camel(tag: str) -> list[str]:
    return re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-zà-ÿ]+|[A-Z]+|\d+", tag)


def _end_in_venue(words: Sequence[str]) -> bool:
    """Are the last of these words, or all of them, a noun of places? The longest are of three words."""
    return any(" ".join(words[-size:]) in venue_nouns() for size in range(1, min(3, len(words)) + 1))


def _usual(text: str, names: Iterable[str]) -> Iterator[PlaceMention]:
    for name in names:
        if name.strip():
            pattern = r"(?<!\w)" + r"[\s-]*".join(re.escape(part) for part in name.split()) + r"(?!\w)"
            for match in re.finditer(pattern, text, re.IGNORECASE):
                yield PlaceMention(match.start(), match.end(), PlaceKind.VENUE, mark="usual")


def _pins(text: str) -> Iterator[PlaceMention]:
    for match in PIN.finditer(text):
        start, end = _trim_name(text, *match.span("place"))
        if not excluded(text[start:end]) and not SCHOOL.fullmatch(text[start:end]):
            yield PlaceMention(start, end, PlaceKind.EXACT, mark="pin")


def _hashtags(text: str) -> Iterator[PlaceMention]:
    for match in HASHTAG.finditer(text):
        words = [word.lower() for word in _camel(match[1])]
        phrase = " ".join(words)
        if phrase in regions():
            yield PlaceMention(match.start(), match.end(), PlaceKind.REGION, mark="hashtag")
        elif (_end_in_venue(words[1:]) and words[-1] not in SELDOM_IN_TAGS) or (
            (len(words) > 1 and words[0] in ("loch", "mount", "castle", "rspb", "hms", "port", "camp"))
            or (len(words) > 1 and words[-1] in ("world", "land"))
        ):
            yield PlaceMention(match.start(), match.end(), PlaceKind.VENUE, mark="hashtag")


def _handles(text: str) -> Iterator[PlaceMention]:
    """Accounts of venues, as check-ins name them: "lunch @ElmsideMuseum". Who is thanked or addressed is no place."""
    for match in HANDLE.finditer(text):
        name = " ".join(_camel(match[1]))
        words = name.lower().split()
        told = _end_in_venue(words)
        addressed = ADDRESSED.search(text, max(0, match.start() - 16), match.start())
        if excluded(name) or (not told and (len(words) < 2 or addressed)):
            continue
        sure = not addressed and (told or bool(AT.search(text, max(0, match.start() - 16), match.start())))
        yield PlaceMention(match.start(), match.end(), PlaceKind.VENUE, sure=sure, mark="handle")


def _fixtures(text: str) -> Iterator[PlaceMention]:
    for match in AWAY.finditer(text):
        for group in ("place", "place2", "place3"):
            if match[group]:
                start, end = match.span(group)
                yield PlaceMention(start, end, PlaceKind.VENUE, mark="fixture")


def _trim_name(text: str, start: int, end: int) -> tuple[int, int]:
    """Cut trailing dates, titles and group names off a capitalised phrase ("Stirling Castle on Friday", "Knock, Mrs
    Gow")."""
    phrase = text[start : end + 8]  # a little further, so that "Year" is seen with its number
    for match in re.finditer(
        (
            rf"(?:,?\s)(?:(?:on|in|at|for|by|and|&|the|of)\s)*(?=(?:{DATES.pattern}|{TITLES.pattern}|"
            rf"{GROUPS.pattern}|I\b))"
        ),
        phrase,
    ):
        if 0 < match.start() < end - start:
            return start, start + match.start()
    return start, end


def _capitalised(text: str) -> Iterator[PlaceMention]:
    for match in NAMED.finditer(text):
        start, end = _trim_name(text, *match.span("place"))
        phrase = text[start:end].rstrip(".")
        preposition = match["preposition"].lower()
        if not phrase or excluded(phrase):
            continue
        if (
            re.match(
                (
                    r"\s?(?:class|group|room|table|house|team|house|assembly|lessons?|homework|club|Class|House|Room|"
                    r"Group)\b"
                ),
                text[end : end + 12],
            )
            and preposition != "at"
        ):
            continue
        kind, mark, sure = kind_of(phrase)
        before = text[max(0, match.start() - 60) : match.start()]
        greeted = preposition == "from" and bool(GREETING.search(before))
        going = greeted or bool(GOING.search(before))
        motion = preposition in ("to", "for", "into", "towards", "toward", "off to")
        if preposition in ("to", "for", "of", "off to") and not (
            going or (sure and preposition == "to") or preposition == "off to"
        ):
            continue
        if preposition in ("from", "over", "through", "between", "under", "above") and not (sure or going):
            continue
        if preposition in ONLY_SURE and not (sure or greeted or (preposition == "on" and match["the"])):
            continue
        if preposition == "for" and not re.search(
            (
                r"\b(?:leav\w+|left|bound|depart\w*|set\soff|coach(?:es)?|bus|train|off|away|out|start\w*|heading|"
                r"headed|made|making)\s$"
            ),
            text[max(0, match.start() - 14) : match.start()],
            re.IGNORECASE,
        ):
            continue
        yield PlaceMention(start, start + len(phrase), kind, sure=sure, motion=motion, mark=mark)
    for match in TAGGED.finditer(text):
        yield PlaceMention(*match.span("place"), PlaceKind.VENUE, mark="hashtag")
    for match in ALONE.finditer(text):
        start, end = _trim_name(text, *match.span("place"))
        if len(text[start:end].split()) > 1 and not excluded(text[start:end]):
            yield PlaceMention(start, end, kind_of(text[start:end])[0], sure=False, mark="alone")
    for pattern, motion in ((VISIT, False), (TRIP_TO, True), (HERE, True)):
        for match in pattern.finditer(text):
            start, end = _trim_name(text, *match.span("place"))
            phrase = text[start:end]
            if excluded(phrase):
                continue
            kind, mark, sure = kind_of(phrase)
            yield PlaceMention(start, end, kind, sure=sure or pattern is HERE, motion=motion, mark=mark)
    for match in ending().finditer(text):
        start, end = match.span("place")
        phrase = text[start:end]
        while (
            first := re.match(
                (
                    r"(?:The|Our|At|In|On|To|From|For|This|And|But|We|Our|Today|Please|Happy|Thank|Thanks|Good|Great|Well|"
                    r"All|Some|Year|A|Next|Last|Meet|Visit|Visiting|Welcome|Where|What|Who|With|Is|Are)\s"
                ),
                phrase,
            )
        ) and len(phrase.split()) > 1:
            start += first.end()
            phrase = text[start:end]
        if len(phrase.split()) < 2 or excluded(phrase) or SCHOOL.fullmatch(phrase) or ONLY_INSIDE.search(phrase):
            continue
        kind, mark, _ = kind_of(phrase)
        # "Sensory garden is open": a capital that only begins the sentence names nothing.
        only_first = phrase[1:].islower() and (
            start == 0 or bool(re.search(r"(?:[.!?:\n]\s*|[^\w\s,'’]\s)$", text[max(0, start - 3) : start]))
        )
        yield PlaceMention(start, end, kind, named=not only_first, sure=not only_first, mark=mark)


def _entries(text: str, times: Sequence[tuple[int, int]]) -> Iterator[PlaceMention]:
    """Names beside a time, as the entries of a plan stand: "Sutton Park, 11am", "8.10 Brook Lane", "Mon: Corrour"."""
    if not times:
        return
    masked = list(text)
    for a, b in times:
        masked[a:b] = TIME * (b - a)
    for match in ENTRY.finditer("".join(masked)):
        start, end = _trim_name(text, *match.span("place"))
        phrase = text[start:end]
        last = phrase.split()[-1]
        if (
            last.islower()
            and last not in venue_nouns()
            and last.removesuffix("s") not in venue_nouns()
            and "," not in phrase
        ):
            end -= len(last) + 1
            phrase = text[start : max(start, end)]
        if not phrase.strip():
            continue
        if excluded(phrase.removeprefix("the ").removeprefix("The ")) or any(a < end and start < b for a, b in times):
            continue
        gaps = [
            text[end:a] if a >= end else text[b:start] for a, b in times if (0 <= a - end <= 4) or (0 <= start - b <= 4)
        ]
        if not any(re.fullmatch(r"[\s,:;(–—-]*(?:at|on|from|to|by)?\s?", gap) for gap in gaps):
            continue
        kind, mark, sure = kind_of(phrase)
        first = phrase.split()[0]
        opens = start == 0 or text[start - 1] == "\n" or text[start - 2 : start] in (". ", "! ", "? ")
        if (phrase.isupper() and len(phrase.split()) > 1) or (
            opens and phrase[1:].islower() and len(phrase.split()) > 1
        ):
            continue
        if (
            len(phrase.split()) == 1
            and not sure
            and (start == 0 or text[start - 2 : start] in (". ", "! ", "? ") or text[start - 1] == "\n")
            and text[end : end + 1] not in ",:"
        ):
            continue
        if first in OPENERS and len(phrase.split()) == 1:
            continue
        yield PlaceMention(start, end, kind, sure=sure, mark=mark or "entry")


def _at_school(text: str) -> Iterator[PlaceMention]:
    for match in PLACED_SCHOOL.finditer(text):
        start, end = match.span("place")
        yield PlaceMention(start, end, PlaceKind.SCHOOL, named=False)


def _commons(text: str) -> Iterator[PlaceMention]:
    for match in common().finditer(text):
        noun = match["noun"].lower()
        singular = (
            noun
            if noun in venue_nouns()
            else noun.removesuffix("s")
            if noun.removesuffix("s") in venue_nouns()
            else noun.removesuffix("es")
        )
        mark = venue_nouns().get(singular, "")
        adjectives = match["adjectives"].strip()
        if SCHOOL.search(match[0]) and not re.search(r"church|village|town|bus|coach", match[0], re.IGNORECASE):
            continue
        if singular in NEED_AN_ADJECTIVE and not adjectives:
            # Words that a school has itself, or that mean something else as often: a place only where going or
            # being speaks for it.
            if singular in OR_A_VERB:
                yield PlaceMention(match.start(), match.end(), PlaceKind.GENERIC, named=False, sure=False, mark=mark)
            continue
        named = bool(re.search(CAPITAL, adjectives))
        yield PlaceMention(match.start(), match.end(), PlaceKind.VENUE, named=named, sure=named, mark=mark)


__all__ = ["PlaceKind", "PlaceMention", "excluded", "find_places", "kind_of"]
