"""What a post tells a stranger about where children are or will be: who, where, when, and what that amounts to.

`judge` joins the times, places and verbs of a text into `Reading`s, one for each thing told. It knows no rule, no audience
and no policy: a reading says "a group is at a named place now", and what follows from that is for others to say. Spans found
by a model may be handed in as hints: they add places and times that grammar can't see, and confirm what it only suspects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from postguard.text.cues import cue
from postguard.text.places import PlaceKind, PlaceMention, find_places
from postguard.text.tense import Tense, Verb, sentences, tense_at, verbs
from postguard.text.times import Direction, Grain, TermDates, TimeMention, find_times


class Situation(Enum):
    """What a post tells about whereabouts, gravest first."""

    ONE_CHILD = "one child's whereabouts"
    EXACT = "an exact place, now or to come"
    LODGING = "where they sleep, and when"
    THERE_NOW = "at or on the way to a place, now"
    THERE_THEN = "at a place at a time to come"
    ROUTINE = "regularly at a place, with day or time"
    RETURN_TIME = "back or collected at a time"
    WITH_FAMILIES = "off site at a time, with their families"
    ROUTINE_WEEKLY = "regularly at a place, no day told"
    VAGUE_THEN = "at a place, some time to come"
    WIDE = "in a region or country, with dates"
    DATES_AWAY = "away on certain dates, no place told"
    ARRIVED = "arrived at a place, no lodging told"
    AWAY_NOW = "away now, no place told"
    DEPARTURE_TIME = "leaving or out at a time, no place told"
    WAS_THERE = "were at a place, told as past"


class Who(Enum):
    """Whom a post speaks of."""

    ONE_CHILD = "one child"
    GROUP = "a class, year, team or party"
    IMPLIED = "nobody named, so the children"
    WITH_FAMILIES = "children with their families"
    ADULTS = "adults"
    NOBODY = "nobody from the school"


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that a post tells. `place` and `times` are its evidence; `sure` is False where only a hint would settle it.

    `span` is the sentence it stands in.
    """

    situation: Situation
    who: Who
    span: tuple[int, int]
    place: PlaceMention | None = None
    times: tuple[TimeMention, ...] = ()
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Hints:
    """What a model told about the text, as spans in code points; every part may be empty."""

    where: tuple[tuple[int, int, float], ...] = ()
    when: tuple[tuple[int, int, float], ...] = ()
    people: tuple[tuple[int, int], ...] = ()
    pupils: tuple[tuple[int, int], ...] = ()
    tags: Mapping[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Sentence:
    """A sentence with what was found in it."""

    start: int
    end: int
    text: str
    verbs: tuple[Verb, ...]
    times: list[TimeMention]
    places: list[PlaceMention]
    muted: bool = False

    @property
    def offsite(self) -> list[PlaceMention]:
        return [place for place in self.places if place.kind >= PlaceKind.REGION]


@dataclass(slots=True)
class _Post:
    """What holds for the whole post."""

    text: str
    at: datetime
    sentences: list[_Sentence]
    over: bool
    adults: bool
    families: bool
    cancelled: bool
    result: bool
    puzzle: bool
    travel: bool
    children: bool
    overnight: bool


def judge(
    text: str,
    at: datetime,
    *,
    hints: Hints | None = None,
    usual: Iterable[str] = (),
    terms: Sequence[TermDates] = (),
) -> tuple[Reading, ...]:
    """All that `text`, published at `at` (aware), tells about where children are or will be; gravest first, then in order."""
    post = _read(text, at, hints or Hints(), usual, terms)
    if post.adults or post.cancelled or post.puzzle:
        return ()
    readings: list[Reading] = []
    for index, sentence in enumerate(post.sentences):
        if not sentence.muted:
            readings += _of_sentence(post, index, sentence)
    order = list(Situation)
    return tuple(sorted(readings, key=lambda reading: (order.index(reading.situation), not reading.sure, reading.span)))


def _read(text: str, at: datetime, hints: Hints, usual: Iterable[str], terms: Sequence[TermDates]) -> _Post:
    times = list(find_times(text, at, terms))
    for start, end, _ in hints.when:
        if not any(time.start < end and start < time.end for time in times):
            times.append(TimeMention(start, end, start, Grain.PART_OF_DAY, Direction.UNKNOWN))
    places = list(find_places(text, usual, hints.people, [(time.start, time.end) for time in times]))
    for index, place in enumerate(places):
        if not place.sure and any(a < place.end and place.start < b for a, b, _ in hints.where):
            places[index] = replace(place, sure=True)
    for start, end, _ in hints.where:
        if not any(place.start < end and start < place.end for place in places):
            places.append(PlaceMention(start, end, PlaceKind.VENUE, mark="model"))
    times.sort(key=lambda time: time.start)
    places.sort(key=lambda place: place.start)
    parts: list[_Sentence] = []
    for start, end in sentences(text):
        part = text[start:end]
        parts.append(
            _Sentence(
                start, end, part,
                # A word of a name is no verb: "at Fell Edge Lodge".
                tuple(v for v in verbs(text, start, end, hints.tags or None) if not _inside(v.start, places)),
                [time for time in times if start <= time.start < end],
                [place for place in places if start <= place.start < end],
            )
        )  # fmt: skip
    for index, sentence in enumerate(parts):
        sentence.muted = _muted(sentence, parts[index - 1] if index else None)
    tenses = [verb.tense for part in parts for verb in part.verbs]
    return _Post(
        text=text, at=at, sentences=parts,
        over=Tense.HOME in tenses,
        adults=bool(cue("adults").search(text)) and not re.search(r"\b(?:year|yr|class|p|y)\s?\d|\bchildren\b|\bpupils\b", cue("adults").sub("", text), re.IGNORECASE),
        families=bool(cue("families").search(text)) and not cue("no_families").search(text),
        cancelled=bool(cue("cancelled").search(text)) and not cue("moved").search(text),
        result=bool(cue("result").search(text)),
        puzzle=bool(cue("puzzle").search(text)),
        travel=bool(cue("conveyance").search(text)),
        children=bool(cue("children").search(text)),
        overnight=bool(cue("overnight").search(text)),
    )  # fmt: skip


def _inside(position: int, places: Sequence[PlaceMention]) -> bool:
    return any(place.named and place.start <= position < place.end for place in places)


def _muted(sentence: _Sentence, before: _Sentence | None) -> bool:
    """Does the sentence speak of lessons, stories, visitors, or of others than the school's children?"""
    text = sentence.text
    if re.search(r"(?:\b(?:are|is|am)|['’]re)\s(?:now\s|just\s|all\s)?(?:at|in|on)\s(?:the\s)?[A-Z]", text) and any(place.sure for place in sentence.places):
        return bool(re.search(r"\b(?:virtual\w*|via|video|screen|pretend\w*|story|maths)\b", text, re.IGNORECASE))
    if cue("abroad_of_life").search(text) and not any(place.kind is PlaceKind.EXACT for place in sentence.places):
        return not any(time.direction is Direction.NOW for time in sentence.times)
    if cue("third_party").search(text):
        return True
    return bool(cue("visitors").search(text)) and not re.search(r"\b(?:we|they|our)\b[^.]*\b(?:are|off|leav\w+|going)\b", text, re.IGNORECASE)


def _direction(post: _Post, sentence: _Sentence, place: PlaceMention | None, times: Sequence[TimeMention]) -> Direction:
    position = place.start if place else (times[0].start if times else sentence.start)
    tense = tense_at(sentence.verbs, position, post.text)
    kinds = {time.direction for time in times}
    if Direction.HABIT in kinds and tense not in (Tense.PAST, Tense.DONE, Tense.HOME):
        return Direction.HABIT
    if Direction.NOW in kinds and tense not in (Tense.HOME,):
        return Direction.NOW
    if Direction.FUTURE in kinds:
        return Direction.FUTURE
    if Direction.PAST in kinds and Direction.TODAY not in kinds and Direction.UNKNOWN not in kinds:
        return Direction.PAST
    if tense in (Tense.PAST, Tense.DONE, Tense.HOME):
        return Direction.PAST
    if post.over and tense is not Tense.FUTURE:
        return Direction.PAST
    if Direction.PAST in kinds:
        return Direction.PAST
    if post.result and tense is Tense.NONE and Direction.UNKNOWN not in kinds:
        return Direction.PAST
    if Direction.TODAY in kinds:
        if tense in (Tense.PRESENT, Tense.ONGOING, Tense.ARRIVED):
            return Direction.NOW
        return Direction.FUTURE
    if Direction.UNKNOWN in kinds:
        if tense is Tense.ARRIVED:
            return Direction.NOW
        return Direction.FUTURE
    if tense in (Tense.PRESENT, Tense.ONGOING, Tense.ARRIVED):
        return Direction.NOW
    if tense is Tense.FUTURE:
        return Direction.FUTURE
    return Direction.UNKNOWN


def _near_times(post: _Post, index: int) -> list[TimeMention]:
    """The times that go with a sentence's place: its own, else those of the sentence after or before that has no place itself."""
    sentence = post.sentences[index]
    if sentence.times:
        return sentence.times
    for other in (index - 1, index + 1):
        if 0 <= other < len(post.sentences):
            near = post.sentences[other]
            if near.times and not any(place.sure for place in near.offsite) and not near.muted and not cue("on_site").search(near.text) and not cue("deadline").search(near.text):
                return near.times
    return []


def _of_sentence(post: _Post, index: int, sentence: _Sentence) -> list[Reading]:
    readings: list[Reading] = []
    span = (sentence.start, sentence.end)
    readings += _one_child(post, sentence, span)
    for place in sentence.offsite:
        reading = _at_place(post, index, sentence, place, span)
        if reading is not None:
            readings.append(reading)
    if all(reading.situation in (Situation.VAGUE_THEN, Situation.WAS_THERE) for reading in readings):
        reading = _without_place(post, index, sentence, span)
        if reading is not None:
            readings.append(reading)
    return readings


def _one_child(post: _Post, sentence: _Sentence, span: tuple[int, int]) -> list[Reading]:
    waiting = cue("waiting").search(sentence.text)
    if not waiting or post.over:
        return []
    if re.search(r"\b(?:year|yr|class|primary)\s?\d|\bchildren\b|\bwe['’]?re\b|\bparents?\swaiting\b|\bthey\b", sentence.text, re.IGNORECASE) and not re.search(r"\b(?:he|she|his|her|him)\b", sentence.text, re.IGNORECASE):
        return []
    tense = tense_at(sentence.verbs, sentence.start + waiting.start(), post.text)
    if tense in (Tense.PAST, Tense.DONE, Tense.HOME):
        return []
    place = next(iter(sentence.places), None)
    if place is None and not re.search(r"\b(?:he|she|his|her|him)(?:['’]s)?\b", post.text, re.IGNORECASE):
        return []
    if not re.search(r"\b(?:still|waiting|missed|sat|sitting|stood|standing|hospital|op\sat|injur\w+|collect|a&e|gone)\b", waiting[0], re.IGNORECASE):
        return []
    return [Reading(Situation.ONE_CHILD, Who.ONE_CHILD, span, place, tuple(sentence.times), sure=place is not None)]


def _at_place(post: _Post, index: int, sentence: _Sentence, place: PlaceMention, span: tuple[int, int]) -> Reading | None:
    text = sentence.text
    times = _near_times(post, index)
    direction = _direction(post, sentence, place, times)
    if place.kind is PlaceKind.EXACT and direction is Direction.UNKNOWN:
        direction = Direction.NOW
    if place.mark == "hashtag" and direction is Direction.UNKNOWN:
        direction = Direction.PAST if post.over or _tense_of_post(post) in (Tense.PAST, Tense.DONE) else Direction.NOW
    if direction is Direction.PAST:
        if place.kind < PlaceKind.VENUE:
            return None
        return Reading(Situation.WAS_THERE, Who.IMPLIED, span, place, tuple(times), sure=place.sure)
    if cue("on_site").search(text) and not place.sure and not place.named:
        return None
    if cue("delay").search(text) and cue("back").search(post.text) and cue("conveyance").search(post.text) and not place.motion:
        return None  # a road or place passed on the way back tells no more than the time of return
    who = Who.GROUP if cue("children").search(text) else Who.IMPLIED
    told = bool(cue("children").search(text) or cue("conveyance").search(text) or cue("away").search(text)) or place.motion
    near = bool(times) and times is sentence.times
    subject = bool(cue("children").search(post.text, sentence.start, place.start))
    travel = bool(cue("conveyance").search(text) or cue("away").search(text)) or place.motion
    if place.mark == "entry":
        sure = (place.sure and told) or (travel and near) or (post.travel and len(post.text) < 400)
    else:
        sure = place.sure or (travel and near) or (subject and near) or (subject and direction is Direction.NOW and not place.motion)
    own = tuple(times)

    def reading(situation: Situation, *, certain: bool = sure, party: Who = who) -> Reading:
        return Reading(situation, party, span, place, own, sure=certain)

    if cue("deadline").search(text) and direction is not Direction.NOW:
        return reading(Situation.VAGUE_THEN, certain=False)
    if place.kind is PlaceKind.EXACT:
        return reading(Situation.EXACT)
    if place.kind is PlaceKind.REGION:
        if direction is Direction.NOW and told:
            return reading(Situation.AWAY_NOW, certain=told)
        if direction is Direction.FUTURE and any(time.grain <= Grain.WEEK for time in times) and (told or post.overnight):
            return reading(Situation.WIDE, certain=told)
        return None
    if direction is Direction.HABIT:
        exact = any(time.direction is Direction.HABIT and time.grain <= Grain.DAY or time.grain <= Grain.PART_OF_DAY for time in times)
        return reading(Situation.ROUTINE if exact else Situation.ROUTINE_WEEKLY)
    if cue("lodge").search(text) and (place.mark == "lodging" or re.search(r"\b(?:stay\w*|sleep\w*|accommodation|hotel|hostel|lodge|rooms?)\b", text, re.IGNORECASE)) and (times or direction is Direction.NOW):
        return reading(Situation.LODGING)
    if direction is Direction.NOW:
        arrived = tense_at(sentence.verbs, place.start, post.text) is Tense.ARRIVED and all("arriv" in post.text[time.start : time.end].lower() for time in sentence.times)
        if not told and not post.children and not place.sure:
            return None
        return reading(Situation.ARRIVED if arrived else Situation.THERE_NOW, certain=sure and (told or post.children))
    dated = any(time.grain <= Grain.WEEK for time in times)
    if direction is Direction.FUTURE and dated:
        if post.families:
            return reading(Situation.WITH_FAMILIES, party=Who.WITH_FAMILIES)
        return reading(Situation.THERE_THEN)
    if direction is Direction.FUTURE:
        return reading(Situation.VAGUE_THEN, certain=sure and told)
    if told and (place.mark in ("fixture", "pin") or place.motion):
        return reading(Situation.VAGUE_THEN, certain=False)
    return None


def _tense_of_post(post: _Post) -> Tense:
    return next((verb.tense for part in post.sentences for verb in part.verbs), Tense.NONE)


def _without_place(post: _Post, index: int, sentence: _Sentence, span: tuple[int, int]) -> Reading | None:
    text, times = sentence.text, sentence.times
    tense = tense_at(sentence.verbs, times[0].start if times else sentence.start, post.text)
    if post.over and tense not in (Tense.FUTURE,):
        return None
    clocks = [time for time in times if time.grain <= Grain.CLOCK and time.direction is not Direction.NOW or re.search(r"late|behind|delay", text[time.start - sentence.start : time.end - sentence.start + 8], re.IGNORECASE)]
    who = Who.GROUP if cue("children").search(text) else Who.IMPLIED
    past = tense in (Tense.PAST, Tense.DONE) and not any(time.direction in (Direction.NOW, Direction.FUTURE) for time in times)
    if past:
        return None
    away = bool(cue("conveyance").search(text)) or bool(cue("conveyance").search(post.text))
    if clocks and cue("return").search(text) and away and not any(time.direction is Direction.HABIT for time in times):
        late_only = all(re.search(r"late|behind|delayed", post.text[time.start : time.end + 8], re.IGNORECASE) for time in clocks)
        if late_only and cue("shared_late_bus").search(text):
            return Reading(Situation.DEPARTURE_TIME, who, span, None, tuple(clocks))
        if re.search(r"\b(?:back|home|eta|at\sschool|collect\w*|pick\w*|return\w*|gates?|reckon|arriv\w+|car\spark|playground)\b", text, re.IGNORECASE) and cue("conveyance").search(post.text):
            return Reading(Situation.RETURN_TIME, who, span, next(iter(sentence.places), None), tuple(clocks), sure=bool(cue("conveyance").search(text)))
    dated = [time for time in times if time.grain <= Grain.DAY and time.direction is not Direction.PAST]
    if dated and cue("depart").search(text) and cue("conveyance").search(text) and not cue("on_site").search(text) and not cue("deadline").search(text):
        leaving = re.search(r"\b(?:leav\w+|depart\w*|set\soff|away|loads?|coach|bus(?:es)?|minibus|outing|excursion|camping)\b", text, re.IGNORECASE)
        return Reading(Situation.DEPARTURE_TIME, who, span, None, tuple(dated), sure=bool(leaving))
    if dated and (cue("group_leaves").search(text) or (cue("swimming").search(text) and not re.search(r"\b(?:our|own|school)\b[^.]{0,20}\bpool\b", post.text, re.IGNORECASE))) and not cue("on_site").search(text):
        return Reading(Situation.DEPARTURE_TIME, who, span, None, tuple(dated))
    ranges = [time for time in times if time.grain in (Grain.DAYS, Grain.WEEK) and time.direction is not Direction.PAST]
    if ranges and cue("away").search(text) and (post.overnight or re.search(r"\baway\b", text, re.IGNORECASE)):
        return Reading(Situation.DATES_AWAY, who, span, None, tuple(ranges))
    if cue("away_cues").search(text) and not post.over and tense not in (Tense.PAST,) and (post.overnight or cue("conveyance").search(post.text) or re.search(r"\barrived\ssafe", text, re.IGNORECASE)):
        return Reading(Situation.AWAY_NOW, who, span, None, tuple(times), sure=bool(re.search(r"\barrived\ssafe|\bday\s(?:one|two|three|four|\d)|\ben\sroute|\bnight\s(?:one|two|\d)", text, re.IGNORECASE)))
    return None
