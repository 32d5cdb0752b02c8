"""Trips and whereabouts: judges at the time of publishing what a draft tells about where children are or will be.

Grammar, calendar and the text model read the post (`postguard.text.whereabouts` joins what they see); this file says which rule
each reading falls under, how to take it out, and what the school's calendar, its earlier posts of the day and the pictures add.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from postguard.hookspecs import Check, Checker, hookimpl
from postguard.model import Applicability, Edit, Finding, TextSpan
from postguard.rules import builtin
from postguard.text.whereabouts import Hints, Reading, Situation, judge

if TYPE_CHECKING:

    from spacy.tokens import Doc

    from postguard.context import Context

RULE_OF: dict[Situation, tuple[str, str]] = {
    Situation.ONE_CHILD: ("TRP407", "default"),
    Situation.EXACT: ("TRP406", "default"),
    Situation.LODGING: ("TRP405", "default"),
    Situation.THERE_NOW: ("TRP401", "default"),
    Situation.ARRIVED: ("TRP401", "arrived"),
    Situation.THERE_THEN: ("TRP402", "default"),
    Situation.ROUTINE: ("TRP403", "default"),
    Situation.ROUTINE_WEEKLY: ("TRP403", "weekly"),
    Situation.RETURN_TIME: ("TRP404", "a"),
    Situation.DEPARTURE_TIME: ("TRP404", "b"),
    Situation.WITH_FAMILIES: ("TRP409", "default"),
    Situation.VAGUE_THEN: ("TRP409", "default"),
    Situation.WIDE: ("TRP409", "default"),
    Situation.DATES_AWAY: ("TRP409", "default"),
    Situation.AWAY_NOW: ("TRP409", "away"),
}
"""The rule and its variant for each thing that a post can tell."""

_ADVICE: dict[Situation, str] = {
    Situation.ONE_CHILD: "Reach the family by telephone instead.",
    Situation.EXACT: "Leave the location out; say where you were when everybody is back.",
    Situation.LODGING: "Leave out where they sleep.",
    Situation.THERE_NOW: "Send it when everybody is back, and write it in the past tense.",
    Situation.ARRIVED: "Send it to approved followers or families only, or when everybody is back.",
    Situation.THERE_THEN: "Leave out the place and the time, or tell families on a closed channel.",
    Situation.ROUTINE: "Leave out the place, the day and the time.",
    Situation.ROUTINE_WEEKLY: "Leave out the place.",
    Situation.RETURN_TIME: "Leave out the time, or tell families on a closed channel.",
    Situation.DEPARTURE_TIME: "Leave out the time, or tell families on a closed channel.",
    Situation.WITH_FAMILIES: "Families know from the invitation: leave out the place or the time in public.",
    Situation.VAGUE_THEN: "Leave out the place until everybody is back.",
    Situation.WIDE: "Leave out the dates until everybody is back.",
    Situation.DATES_AWAY: "Leave out the dates.",
    Situation.AWAY_NOW: "Send it when everybody is back, or to approved followers only.",
}
_PICTURE_NAME = re.compile(r"images\[\d+\]\.name")


@dataclass(frozen=True, slots=True)
class TripOptions:
    """`[checkers.trips]` of postguard.toml.

    `model`: let the text model take part. `suspicion`: from which probability of a leak on the model alone is enough for a
    finding. Both figures were chosen by cost on training posts (docs/explanation/trips.md).
    """

    model: bool = True
    suspicion: float = 0.5

    def __post_init__(self) -> None:
        if not 0 < self.suspicion <= 1:
            raise ValueError("suspicion is a probability: more than 0, at most 1")


def _make(options: TripOptions) -> Check:
    from postguard.text import language

    read = language.read

    def check(context: Context) -> Iterable[Finding]:
        return _check(context, options, read)

    return check


def _check(context: Context, options: TripOptions, read: Callable[[str], Doc]) -> Iterator[Finding]:
    for field, text in context.fields():
        if field == "place":
            yield Finding(
                "TRP406",
                TextSpan("place", 0, len(text)),
                advice="Switch off the platform's place tag.",
                edits=(Edit(TextSpan("place", 0, len(text)), ""),),
            )
        elif not _PICTURE_NAME.fullmatch(field):
            doc = context.view("doc", field) if context.has_view("doc") else read(text)
            yield from _of_field(context, options, field, text, doc, read)


def _of_field(
    context: Context, options: TripOptions, field: str, text: str, doc: Doc, read: Callable[[str], Doc]
) -> Iterator[Finding]:
    readings = _readings(context, options, text, doc)
    told: set[tuple[str, str]] = set()
    for reading in readings:
        rule = RULE_OF[reading.situation]
        if rule not in told:
            told.add(rule)
            yield _finding(context, options, field, text, reading, read)


def _readings(context: Context, options: TripOptions, text: str, doc: Doc) -> tuple[Reading, ...]:
    found = judge(text, context.publish_at, hints=hints_of(doc) if options.model else Hints(), usual=_usual(context))
    return tuple(reading for reading in found if reading.sure)


def _usual(context: Context) -> list[str]:
    calendar = context.calendar
    if calendar is None:
        return []
    places = [name for usual in calendar.usual for name in (usual.name, *usual.aliases)]
    return places + [name for trip in calendar.trips for name in (*trip.places, trip.lodging) if name]


def hints_of(doc: Doc) -> Hints:
    """What the text model tells about a text, as plain spans in code points."""
    trip = [(span.label_, span.start_char, span.end_char, float(span._.p)) for span in _spans(doc, "trip")]
    kinds = [(span.label_, span.start_char, span.end_char, float(span._.p)) for span in _spans(doc, "kinds")]
    return Hints(
        where=tuple((start, end, p) for label, start, end, p in trip if label == "WHERE"),
        when=tuple((start, end, p) for label, start, end, p in trip if label == "WHEN"),
        people=tuple((start, end) for label, start, end, p in kinds if label in ("PUPIL", "STAFF", "RELATIVE") and p >= 0.5),
        pupils=tuple((start, end) for label, start, end, p in kinds if label == "PUPIL"),
        tags={token.idx: token.tag_ for token in doc if token.tag_},
    )


def _spans(doc: Doc, group: str) -> Iterable[Any]:
    return doc.spans[group] if group in doc.spans else ()


def _finding(
    context: Context, options: TripOptions, field: str, text: str, reading: Reading, read: Callable[[str], Doc]
) -> Finding:
    rule, variant = RULE_OF[reading.situation]
    place = reading.place
    if place is not None:
        start, end = place.start, place.end
    elif reading.times:
        start, end = reading.times[0].start, reading.times[0].end
    else:
        start, end = reading.span
    return Finding(
        rule,
        TextSpan(field, start, end),
        variant=variant,
        advice=_ADVICE[reading.situation],
        edits=tuple(_edits(field, text, reading)),
        confidence=0.9 if reading.sure else 0.6,
    )


def _edits(field: str, text: str, reading: Reading) -> Iterator[Edit]:
    """Ways to take out what is told: the place, then the times. A person chooses."""
    if reading.place is not None:
        start, end = _with_preposition(text, reading.place.start, reading.place.end)
        yield Edit(TextSpan(field, start, end), "", Applicability.OFFERED)
    for time in reading.times:
        start, end = _with_preposition(text, time.lead, time.end)
        yield Edit(TextSpan(field, start, end), "", Applicability.OFFERED)


_BEFORE = re.compile(r"(?:\s|^)(?:(?:off\s)?to|at|in|on|from|by|near|outside|for|until|till?)\s(?:the\s)?$", re.IGNORECASE)


def _with_preposition(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with the preposition and the blank before it, so that what is left stays a sentence."""
    if match := _BEFORE.search(text, max(0, start - 16), start):
        return match.start(), end
    if start > 0 and text[start - 1] == " ":
        return start - 1, end
    return start, end


@hookimpl
def postguard_checkers() -> list[Checker]:
    """The trip checker."""
    return [Checker(name="trips", rules=builtin("trips"), options=TripOptions, make=_make)]
