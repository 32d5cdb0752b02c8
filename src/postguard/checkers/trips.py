"""Trips and whereabouts: judges at the time of publishing what a draft tells about where children are or will be.

Grammar, calendar and the text model read the post (`postguard.text.whereabouts` joins what they see). This file says
which rule each reading falls under, weighs grammar and model against each other, and adds what the school's calendar,
the day's earlier posts and the pictures know. How to take out what is told is in `trip_edits.py`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from postguard.checkers.trip_edits import edits_for
from postguard.hookspecs import Check, Checker, hookimpl
from postguard.model import Edit, Finding, TextSpan
from postguard.rules import builtin
from postguard.text.post import Hints, Post, take_apart
from postguard.text.times import TermDates
from postguard.text.weighing import Judged, facts, weigh
from postguard.text.whereabouts import Reading, Situation, judge, readings_of

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from postguard.calendar import Trip
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
"""The rule and its variant for each thing that a post can tell. What was (WAS_THERE) is told by no rule of its own."""

_ADVICE: dict[Situation, str] = {
    Situation.ONE_CHILD: "Reach the family by telephone instead.",
    Situation.EXACT: "Leave the location out; say where you were when everybody is back.",
    Situation.LODGING: "Leave out where they sleep.",
    Situation.THERE_NOW: "Send it when everybody is back, and write it in the past tense.",
    Situation.ARRIVED: "Send it when everybody is back, or to approved followers only.",
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
_BY_GRAMMAR = "Read from its words."
_BY_BOTH = "Read from its words; the text model agrees."
_BY_MODEL = "Only the text model sees it: please read the post again with that in mind."
_PICTURE_NAME = re.compile(r"images\[\d+\]\.name")
_FRESH = timedelta(hours=3)
_AT_SCHOOL_METRES = 1000.0


@dataclass(frozen=True, slots=True)
class TripOptions:
    """`[checkers.trips]` of postguard.toml.

    `model`: let the text model take part. `latitude` and `longitude` (degrees north and east) say where the school is;
    with both, a fresh photo taken elsewhere counts as a sign that children are still away.
    """

    model: bool = True
    latitude: float | None = None
    longitude: float | None = None

    def __post_init__(self) -> None:
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("latitude and longitude: give both or none")
        if self.latitude is not None and not -90 <= self.latitude <= 90:
            raise ValueError("latitude is from -90 to 90 degrees")
        if self.longitude is not None and not -180 <= self.longitude <= 180:
            raise ValueError("longitude is from -180 to 180 degrees")


@dataclass(frozen=True, slots=True)
class Weighed:
    """A reading with the rule that it comes under once grammar and model were weighed; None = only the model speaks."""

    rule: str
    variant: str
    reading: Reading | None
    says: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which weighed probabilities on a reading stands, falls, or counts as "maybe".

    `send_sure`: a sure reading falls from this P(pass) on; `send_perhaps`: one that grammar only suspects. A
    reading that
    stands counts in full from a share of block among review and block of `block_sure`, `block_perhaps`; a vague one
    (a place without a
    time, away without a place) counts as the whole from `raise_vague` on. `alone`: where grammar reads nothing, the
    model is heard below this P(pass), or where its own P(pass) is below `convinced`. Chosen by cost on
    cross-validated training posts (docs/explanation/trips.md).
    """

    send_sure: float = 0.8
    send_perhaps: float = 0.8
    block_sure: float = 0.5
    block_perhaps: float = 0.7
    raise_vague: float = 0.9
    alone: float = 0.5
    convinced: float = 0.1


THRESHOLDS = Thresholds()
_RAISED = {
    Situation.VAGUE_THEN: ("TRP402", "default"),
    Situation.WIDE: ("TRP402", "default"),
    Situation.WITH_FAMILIES: ("TRP402", "default"),
    Situation.DEPARTURE_TIME: ("TRP402", "default"),
    Situation.AWAY_NOW: ("TRP401", "default"),
    Situation.ROUTINE_WEEKLY: ("TRP403", "default"),
}
_WHOLE = frozenset(
    {
        Situation.ONE_CHILD, Situation.EXACT, Situation.LODGING, Situation.THERE_NOW, Situation.ARRIVED,
        Situation.THERE_THEN,
        Situation.ROUTINE, Situation.RETURN_TIME,
    }
)  # fmt: skip

# What words alone settle: no model talks a postcode or a time of return away.
_EXPLICIT = frozenset({Situation.EXACT, Situation.LODGING, Situation.ONE_CHILD, Situation.RETURN_TIME})


def settle(
    readings: Sequence[Reading],
    weighed: Judged | None,
    own: Judged | None = None,
    thresholds: Thresholds = THRESHOLDS,
) -> list[Weighed]:
    """What is told of a post, from grammar's readings and the weighed probabilities; gravest first.

    `own`: what the model says by itself. Without a model (`weighed` is None) sure readings stand as they are and
    suspected ones as "maybe".
    """
    found: list[Weighed] = []
    for reading in readings:
        if reading.situation not in RULE_OF:
            continue
        rule, variant = RULE_OF[reading.situation]
        if weighed is None:
            confidence = 0.9 if reading.sure else 0.5
            found.append(
                Weighed(rule, _softened(rule, variant, in_full=reading.sure), reading, _BY_GRAMMAR, confidence)
            )
            continue
        passing, review, block = weighed
        explicit = reading.sure and reading.situation in _EXPLICIT
        if not explicit and passing >= (thresholds.send_sure if reading.sure else thresholds.send_perhaps):
            continue
        share = block / (review + block)
        says = _BY_BOTH if passing < 0.5 else _BY_GRAMMAR
        if reading.situation in _RAISED and share >= thresholds.raise_vague and passing < 0.5:
            rule, variant = _RAISED[reading.situation]
        else:
            in_full = explicit or share >= (thresholds.block_sure if reading.sure else thresholds.block_perhaps)
            variant = _softened(rule, variant, in_full=in_full)
        found.append(Weighed(rule, variant, reading, says, 1 - passing))
    if not found and weighed is not None:
        suspicious = weighed[0] < thresholds.alone or (own is not None and own[0] < thresholds.convinced)
        if suspicious:
            found.append(Weighed("TRP401", "model", None, _BY_MODEL, 1 - weighed[0]))
    return found


def _softened(rule: str, variant: str, *, in_full: bool) -> str:
    return variant if in_full or (rule, variant) in _MILD else "maybe"


_MILD = {("TRP403", "weekly"), ("TRP404", "b"), ("TRP409", "default"), ("TRP409", "away"), ("TRP401", "arrived")}


def _make(options: TripOptions) -> Check:
    from postguard.text import language

    def check(context: Context) -> Iterable[Finding]:
        return _Check(context, options, language).findings()

    return check


class _Check:
    """One draft being judged: the context with what all its fields share."""

    def __init__(self, context: Context, options: TripOptions, language: Any) -> None:
        self.context = context
        self.options = options
        self.language = language
        self.at = context.publish_at
        self.hour = self.at.hour + self.at.minute / 60
        self.audience = context.audience.word
        self.usual = _usual(context)
        self.terms = _terms(context)

    def findings(self) -> Iterator[Finding]:
        """All findings of the draft, field by field, then what only the whole of it tells."""
        for field, text in self.context.fields():
            if field == "place":
                yield Finding(
                    "TRP406",
                    TextSpan("place", 0, len(text)),
                    advice="Switch off the platform's place tag.",
                    edits=(Edit(TextSpan("place", 0, len(text)), ""),),
                )
            elif not _PICTURE_NAME.fullmatch(field):
                yield from self._of_field(field, text)
        yield from self._added_up()

    def _of_field(self, field: str, text: str) -> Iterator[Finding]:
        doc = self.context.view("doc", field) if self.context.has_view("doc") else self._read(text, self.audience)
        readings, weighed = self._settled(text, doc)
        told: set[tuple[str, str]] = set()
        for item in weighed:
            if (item.rule, item.variant) not in told:
                told.add((item.rule, item.variant))
                yield self._finding(field, text, item)
        if not weighed:
            yield from self._while_away(field, text, readings)

    def _settled(self, text: str, doc: Doc) -> tuple[tuple[Reading, ...], list[Weighed]]:
        """Grammar's readings of a text, and what is told of it once the model was heard."""
        hints = hints_of(doc) if self.options.model else Hints()
        post = take_apart(text, self.at, hints, self.usual, self.terms)
        readings = readings_of(post)
        if not self.options.model or doc._.pooled is None:
            return readings, settle(readings, None)
        told = self._weighed(post, readings, hints, doc, self.audience)
        # What nobody would object to in public is not objected to before fewer people either.
        if told and self.audience != "public":
            doc = self._read(text, "public")
            hints = hints_of(doc)
            public = take_apart(text, self.at, hints, self.usual, self.terms)
            if not self._weighed(public, readings_of(public), hints, doc, "public"):
                told = []
        return readings, told

    def _weighed(self, post: Post, readings: Sequence[Reading], hints: Hints, doc: Doc, audience: str) -> list[Weighed]:
        judged = self.language.trip_verdict(doc, audience, self.hour)
        known = facts(post, readings, hints, judged)
        return settle(readings, weigh(known, protected=audience != "public"), judged)

    def _read(self, text: str, audience: str) -> Doc:
        return self.language.read(text, audience, self.hour)

    def _objects(self, text: str) -> bool:
        """Would this text still be told on? Asked of the copies that edits would leave. What its words alone still say
        surely need not be read by the model."""
        bare = readings_of(take_apart(text, self.at, None, self.usual, self.terms))
        if any(reading.sure and reading.situation in RULE_OF for reading in bare):
            return True
        return bool(self._settled(text, self._read(text, self.audience))[1])

    def _finding(self, field: str, text: str, item: Weighed) -> Finding:
        reading = item.reading
        if reading is None:
            return Finding(
                item.rule, TextSpan(field, 0, len(text)), item.variant, item.says, confidence=item.confidence
            )
        return Finding(
            item.rule,
            TextSpan(field, *_shown(reading)),
            item.variant,
            f"{self._later(reading)}{_ADVICE[reading.situation]} {item.says}",
            tuple(edits_for(field, text, reading, self._objects)),
            item.confidence,
        )

    def _later(self, reading: Reading) -> str:
        """When it may be sent instead, where the calendar knows."""
        if reading.situation not in (Situation.THERE_NOW, Situation.ARRIVED, Situation.AWAY_NOW):
            return ""
        trips = self._open_trips()
        return f"Send it after {_clock(max(trip.ends for trip in trips), self.at)}. " if trips else ""

    def _open_trips(self) -> tuple[Trip, ...]:
        calendar = self.context.calendar
        return calendar.open_at(self.at) if calendar is not None else ()

    def _while_away(self, field: str, text: str, readings: Sequence[Reading]) -> Iterator[Finding]:
        """TRP408: told as past, but the children are not back yet."""
        low = text.casefold()
        for trip in self._open_trips():
            named = [name for name in (trip.name, *trip.places, trip.lodging) if name and name.casefold() in low]
            if named:
                start = low.index(named[0].casefold())
                advice = f"Send it after {_clock(trip.ends, self.at)}, when the trip has ended by the calendar."
                yield Finding("TRP408", TextSpan(field, start, start + len(named[0])), advice=advice)
                return
        past = next(
            (reading for reading in readings if reading.situation is Situation.WAS_THERE and reading.place), None
        )
        if past is not None and self._fresh_photo_from_elsewhere():
            advice = "A picture was taken away from school within the last three hours. Send it when everybody is back."
            yield Finding("TRP408", TextSpan(field, *_shown(past)), advice=advice)

    def _fresh_photo_from_elsewhere(self) -> bool:
        latitude, longitude = self.options.latitude, self.options.longitude
        if latitude is None or longitude is None or not self.context.has_view("metadata"):
            return False
        for index in range(len(self.context.draft.images)):
            facts = self.context.view("metadata", index)
            if facts.taken is None or facts.position is None:
                continue
            taken = facts.taken if facts.taken.tzinfo else facts.taken.replace(tzinfo=self.at.tzinfo)
            away = _metres(latitude, longitude, facts.position.latitude, facts.position.longitude)
            if timedelta(0) <= self.at - taken <= _FRESH and away > _AT_SCHOOL_METRES:
                return True
        return False

    def _added_up(self) -> Iterator[Finding]:
        """TRP410: with the day's earlier posts the draft tells what none of them tells alone."""
        earlier = [text for when, text in self.context.draft.history if _same_day(when, self.at)]
        text = self.context.draft.text
        if not earlier or not text:
            return
        alone = {reading.situation for reading in judge(text, self.at, usual=self.usual)} & _WHOLE
        before = {reading.situation for part in earlier for reading in judge(part, self.at, usual=self.usual)} & _WHOLE
        joined = "\n".join([*earlier, text])
        together = [r for r in judge(joined, self.at, usual=self.usual) if r.situation in _WHOLE]
        if together and not alone and not before:
            variant = "default" if any(reading.sure for reading in together) else "part"
            advice = f"{_ADVICE[together[0].situation]} Read together with {len(earlier)} earlier posts of the day."
            yield Finding("TRP410", TextSpan("text", 0, len(text)), variant, advice)


def _same_day(when: Any, at: Any) -> bool:
    moment = when if when.tzinfo else when.replace(tzinfo=at.tzinfo)
    return bool(moment.astimezone(at.tzinfo).date() == at.date())


def _shown(reading: Reading) -> tuple[int, int]:
    if reading.place is not None:
        return reading.place.start, reading.place.end
    if reading.times:
        return reading.times[0].start, reading.times[0].end
    return reading.span


def _clock(moment: Any, at: Any) -> str:
    local = moment.astimezone(at.tzinfo)
    return f"{local:%H:%M}" if local.date() == at.date() else f"{local:%H:%M on %-d %B}"


def _metres(latitude: float, longitude: float, north: float, east: float) -> float:
    """Distance on the ground; the haversine formula on a sphere of 6,371 km."""
    a, b = math.radians(latitude), math.radians(north)
    across = math.sin((b - a) / 2) ** 2
    across += math.cos(a) * math.cos(b) * math.sin(math.radians(east - longitude) / 2) ** 2
    return 2 * 6_371_000 * math.asin(min(1.0, math.sqrt(across)))


def _usual(context: Context) -> list[str]:
    calendar = context.calendar
    if calendar is None:
        return []
    places = [name for usual in calendar.usual for name in (usual.name, *usual.aliases)]
    return places + [name for trip in calendar.trips for name in (*trip.places, trip.lodging) if name]


def _terms(context: Context) -> list[TermDates]:
    calendar = context.calendar
    return [TermDates(t.name, t.starts, t.ends, t.half_term) for t in calendar.terms] if calendar else []


def hints_of(doc: Doc) -> Hints:
    """What the text model tells about a text, as plain spans in code points."""
    trip = [(span.label_, span.start_char, span.end_char, float(span._.p)) for span in _spans(doc, "trip")]
    kinds = [(span.label_, span.start_char, span.end_char, float(span._.p)) for span in _spans(doc, "kinds")]
    persons = ("PUPIL", "STAFF", "RELATIVE")
    return Hints(
        where=tuple((start, end, p) for label, start, end, p in trip if label == "WHERE"),
        when=tuple((start, end, p) for label, start, end, p in trip if label == "WHEN"),
        people=tuple((start, end) for label, start, end, p in kinds if label in persons and p >= 0.5),
        pupils=tuple((start, end) for label, start, end, p in kinds if label == "PUPIL"),
        tags={token.idx: token.tag_ for token in doc if token.tag_},
    )


def _spans(doc: Doc, group: str) -> Iterable[Any]:
    return doc.spans[group] if group in doc.spans else ()  # noqa: SIM401 (SpanGroups.get wants a SpanGroup)


@hookimpl
def postguard_checkers() -> list[Checker]:
    """The trip checker."""
    return [Checker(name="trips", rules=builtin("trips"), options=TripOptions, make=_make)]
