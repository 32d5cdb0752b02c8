"""What a capitalised phrase names: a region, a venue, or no place at all."""

from __future__ import annotations

import re

from postguard.text.place_grammar import (
    DATES,
    FIRST_WORDS,
    GROUPS,
    ROAD,
    ROOMS,
    SCHOOL,
    TITLES,
    function_words,
    not_places,
    regions,
    venue_nouns,
)
from postguard.text.place_mention import PlaceKind


def excluded(phrase: str) -> bool:
    """Is the capitalised phrase a person, a group, a day, a lesson or the like?"""
    words = phrase.split()
    first = words[0].rstrip(".,:'’")
    if re.split(r"['’]", first)[0].lower() in function_words() and (
        len(words) == 1 or words[0].lower() not in ("the", "big", "all")
    ):
        return True
    if ROOMS.search(phrase) and len(words) <= 2 and words[0] not in ("Theatre", "The"):
        return True
    if TITLES.match(phrase) or GROUPS.match(phrase) or DATES.match(phrase):
        return True
    if re.fullmatch(r"[A-Z]{1,2}\d{1,2}[A-Z]?|\d+[A-Z]{1,2}|[A-Z]\d\w*|[A-Z]", first) and len(words) == 1:
        return True
    if words[-1].rstrip(".,:") in not_places() and len(words) < 4:
        return True
    if first in not_places() and (len(words) == 1 or words[-1].lower() not in venue_nouns()):
        return True
    if len(words) == 1 and first.isupper() and len(first) < 4 and first not in ("YHA", "PGL", "W5", "M&S"):
        return True
    return bool(SCHOOL.fullmatch(phrase))


def kind_of(phrase: str) -> tuple[PlaceKind, str, bool]:
    """Kind and mark of a named place, and whether its own words make it a place."""
    low = re.sub(r"^the\s", "", phrase.lower()).strip(" .,'’")
    if (
        low in regions()
        or re.sub(r"^(?:north|south|east|west|northern|southern|eastern|western|mid|central|rural|sunny)\s", "", low)
        in regions()
    ):
        return PlaceKind.REGION, "", True
    if any(low.endswith(" " + region) for region in regions()) and not re.search(r",|\d", low):
        return PlaceKind.REGION, "", True
    words = re.split(r"\s+", re.sub(r"['’]s\b", "", low))
    nouns = venue_nouns()
    for size in (3, 2, 1):
        if len(words) > size or (size == len(words) and size > 1):
            tail = " ".join(words[-size:])
            for noun in (tail, tail.removesuffix("s"), tail.removesuffix("es")):
                if noun in nouns:
                    return PlaceKind.VENUE, nouns[noun], True
    if re.search(rf"\b{ROAD}\b", phrase) and len(words) > 1:
        return PlaceKind.VENUE, "road", True
    if len(words) > 1 and words[0] in FIRST_WORDS:
        return PlaceKind.VENUE, nouns.get(words[0], ""), words[0] != "st"
    return PlaceKind.VENUE, "", False
