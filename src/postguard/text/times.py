"""UK time expressions in a text, resolved against the time of publishing.

`find_times` gives every expression of time with its span (code points), its grain, its direction seen from the time of
publishing, and, where it can be told, the first and the last moment it may mean. Times are the school's own: the
moment given
is aware and every result carries its zone, so a clock time keeps its reading over a change to or from summer time.

What only looks like a time is left out: "Year 5", "U11", "3-2", "£4.50", "P4", "8B", "page 12".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from postguard.text.time_grammar import AFTER_DAY, KEEP, NOT_TIMES, grammar
from postguard.text.time_mention import Direction, Grain, TermDates, TimeMention
from postguard.text.time_readings import clock_moment
from postguard.text.word_starts import FIGURE, WordStarts, matches


def _candidates(starts: WordStarts, at: datetime, terms: Sequence[TermDates]) -> Iterator[TimeMention]:
    text = starts.text
    table, readers = grammar()
    for pattern, reader, places in zip(table.patterns, readers, table.places(starts), strict=True):
        for match in matches(pattern, places, text):
            reading = reader(match, at, terms)
            if reading is not None:
                start, end, lead = _trimmed(text, match.start(), match.end())
                yield TimeMention(start, end, lead, *reading)
    for match in AFTER_DAY.finditer(text) if FIGURE in starts.at else ():
        start, end = match.span("clock")
        moment = clock_moment(match["clock"], at)
        yield TimeMention(start, end, start, Grain.CLOCK, Direction.UNKNOWN, moment, moment)


_PREPOSITION = re.compile(
    r"(?:at|on|in|by|for|from|until|till?|til|before|after|about|around|roughly)\s+", re.IGNORECASE
)
_TAKEN_IN = re.compile(
    r"(?:at|on|leaves?|leaving|starts?|starting|finish(?:es|ing)?|opens?|meet|doors|between)\s+", re.IGNORECASE
)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int, int]:
    lead = start
    while text[start:end] and text[start].isspace():
        start += 1
        lead = start
    # The conventions leave "at" and "on" outside the span but keep "by", "until", "after", "in".
    if match := _TAKEN_IN.match(text, start, end):
        start = match.end()
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;-–"):
        end -= 1
    return start, end, lead


def find_times(
    text: str, at: datetime, terms: Sequence[TermDates] = (), starts: WordStarts | None = None
) -> tuple[TimeMention, ...]:
    """Every expression of time in `text`, in order and without overlap, resolved at `at` (aware, the school's zone).

    `starts`: where its words begin, if that is known already.

    Raises ValueError if `at` is naive: a time of publishing without a zone cannot be compared.
    """
    if at.tzinfo is None:
        raise ValueError("the time of publishing must be aware")
    starts = starts or WordStarts(text)
    barred = []
    if FIGURE in starts.at:
        barred = [match.span() for match in NOT_TIMES.finditer(text) if not KEEP.match(match[0])]
    found = sorted(_candidates(starts, at, terms), key=lambda mention: (mention.start, -mention.end, mention.grain))
    kept: list[TimeMention] = []
    for mention in found:
        if any(start <= mention.start and mention.end <= end for start, end in barred):
            continue
        if kept and mention.start < kept[-1].end:
            if mention.end > kept[-1].end and mention.start == kept[-1].start:
                kept[-1] = mention
            continue
        kept.append(mention)
    return tuple(_with_day(kept, text, at))


def _with_day(mentions: Sequence[TimeMention], text: str, at: datetime) -> Iterator[TimeMention]:
    """Give a clock time the day that stands beside it ("8.15 on Thursday", "tomorrow at 9")."""
    for index, mention in enumerate(mentions):
        dated = mention
        if mention.grain is Grain.CLOCK and mention.direction is Direction.UNKNOWN and mention.first is not None:
            for other in (*mentions[max(0, index - 1) : index], *mentions[index + 1 : index + 2]):
                gap = text[min(mention.end, other.end) : max(mention.start, other.start)]
                if (
                    other.first is None
                    or other.grain not in (Grain.DAY, Grain.PART_OF_DAY)
                    or len(gap) > 12
                    or re.search(r"[.!?\n]", gap)
                ):
                    continue
                day = other.first.date()
                moment = mention.first.replace(year=day.year, month=day.month, day=day.day)
                if moment.hour < 12 <= other.first.hour:  # "half eight tonight"
                    moment += timedelta(hours=12)
                direction = other.direction
                if direction is Direction.TODAY:
                    direction = Direction.FUTURE if moment > at else Direction.PAST
                dated = replace(mention, direction=direction, first=moment, last=moment)
                break
        yield dated


__all__ = ["Direction", "Grain", "TermDates", "TimeMention", "find_times"]
