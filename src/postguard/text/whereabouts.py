"""What a post tells a stranger about where children are or will be: who, where, when, and what that amounts to.

`judge` joins the times, places and verbs of a text into `Reading`s, one for each thing told. It knows no rule, no
audience
and no policy: a reading says "a group is at a named place now", and what follows from that is for others to say.
Spans found
by a model may be handed in as hints: they add places and times that grammar can't see, and confirm what it only
suspects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from postguard.text.places import PlaceKind, PlaceMention
from postguard.text.post import Hints, Post, Sentence, direction_of, near_times, take_apart
from postguard.text.tense import Tense, tense_at
from postguard.text.times import Direction, Grain, TermDates, TimeMention


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
    """One thing that a post tells. `place` and `times` are its evidence; `sure` is False where only a hint would
    settle it.

    `span` is the sentence it stands in.
    """

    situation: Situation
    who: Who
    span: tuple[int, int]
    place: PlaceMention | None = None
    times: tuple[TimeMention, ...] = ()
    sure: bool = True


def judge(
    text: str,
    at: datetime,
    *,
    hints: Hints | None = None,
    usual: Iterable[str] = (),
    terms: Sequence[TermDates] = (),
) -> tuple[Reading, ...]:
    """All that `text`, published at `at` (aware), tells about where children are or will be; gravest first, then in
    order."""
    return readings_of(take_apart(text, at, hints, usual, terms))


def readings_of(post: Post) -> tuple[Reading, ...]:
    """The readings of a post that was taken apart."""
    if post.adults or post.cancelled or post.puzzle:
        return ()
    readings: list[Reading] = []
    for index, sentence in enumerate(post.sentences):
        if not sentence.muted:
            readings += _of_sentence(post, index, sentence)
    order = list(Situation)
    return tuple(sorted(readings, key=lambda reading: (order.index(reading.situation), not reading.sure, reading.span)))


def _of_sentence(post: Post, index: int, sentence: Sentence) -> list[Reading]:
    readings: list[Reading] = []
    span = (sentence.start, sentence.end)
    readings += _one_child(post, sentence, span)
    for place in sentence.offsite:
        reading = _at_place(post, index, sentence, place, span)
        if reading is not None:
            readings.append(reading)
    if all(reading.situation in (Situation.VAGUE_THEN, Situation.WAS_THERE) for reading in readings):
        reading = _without_place(post, sentence, span)
        if reading is not None:
            readings.append(reading)
    return readings


def _one_child(post: Post, sentence: Sentence, span: tuple[int, int]) -> list[Reading]:
    waiting = sentence.says("waiting")
    if not waiting or post.over:
        return []
    if re.search(
        r"\b(?:year|yr|class|primary)\s?\d|\bchildren\b|\bwe['’]?re\b|\bparents?\swaiting\b|\bthey\b",
        sentence.text,
        re.IGNORECASE,
    ) and not re.search(r"\b(?:he|she|his|her|him)\b", sentence.text, re.IGNORECASE):
        return []
    tense = tense_at(sentence.verbs, waiting.start(), post.text)
    if tense in (Tense.PAST, Tense.DONE, Tense.HOME):
        return []
    place = next(iter(sentence.places), None)
    if place is None and not re.search(r"\b(?:he|she|his|her|him)(?:['’]s)?\b", post.text, re.IGNORECASE):
        return []
    if not re.search(
        r"\b(?:still|waiting|missed|sat|sitting|stood|standing|hospital|op\sat|injur\w+|collect|a&e|gone)\b",
        waiting[0],
        re.IGNORECASE,
    ):
        return []
    return [Reading(Situation.ONE_CHILD, Who.ONE_CHILD, span, place, tuple(sentence.times), sure=place is not None)]


def _at_place(post: Post, index: int, sentence: Sentence, place: PlaceMention, span: tuple[int, int]) -> Reading | None:
    text = sentence.text
    times = near_times(post, index)
    direction = direction_of(post, sentence, place, times)
    if place.kind is PlaceKind.EXACT and direction is Direction.UNKNOWN:
        direction = Direction.NOW
    if place.mark in {"hashtag", "handle"} and direction is Direction.UNKNOWN:
        direction = Direction.PAST if post.over or _tense_of_post(post) in (Tense.PAST, Tense.DONE) else Direction.NOW
    if direction is Direction.PAST:
        if place.kind < PlaceKind.VENUE:
            return None
        return Reading(Situation.WAS_THERE, Who.IMPLIED, span, place, tuple(times), sure=place.sure)
    if sentence.says("on_site") and not place.sure and not place.named:
        return None
    if sentence.says("delay") and sentence.cues.find("back") and post.travel and not place.motion:
        return None  # a road or place passed on the way back tells no more than the time of return
    who = Who.GROUP if sentence.says("children") else Who.IMPLIED
    told = bool(sentence.says("children") or sentence.says("conveyance") or sentence.says("away")) or place.motion
    near = bool(times) and times is sentence.times
    subject = bool(sentence.cues.find("children", sentence.start, place.start))
    travel = bool(sentence.says("conveyance") or sentence.says("away")) or place.motion
    if place.mark == "entry":
        sure = (place.sure and told) or (travel and near) or (post.travel and len(post.text) < 400)
    else:
        sure = (
            place.sure
            or (travel and near)
            or (subject and near)
            or (subject and direction is Direction.NOW and not place.motion)
        )
    own = tuple(times)

    def reading(situation: Situation, *, certain: bool = sure, party: Who = who) -> Reading:
        return Reading(situation, party, span, place, own, sure=certain)

    if sentence.says("deadline") and direction is not Direction.NOW:
        return reading(Situation.VAGUE_THEN, certain=False)
    if place.kind is PlaceKind.EXACT:
        return reading(Situation.EXACT)
    if place.kind is PlaceKind.REGION:
        if direction is Direction.NOW and told:
            return reading(Situation.AWAY_NOW, certain=told)
        if (
            direction is Direction.FUTURE
            and any(time.grain <= Grain.WEEK for time in times)
            and (told or post.overnight)
        ):
            return reading(Situation.WIDE, certain=told)
        return None
    if direction is Direction.HABIT:
        exact = any(
            (time.direction is Direction.HABIT and time.grain <= Grain.DAY)
            or (time.grain <= Grain.PART_OF_DAY and time.direction is not Direction.NOW)
            for time in times
        )
        return reading(Situation.ROUTINE if exact else Situation.ROUTINE_WEEKLY)
    if (
        sentence.says("lodge")
        and (
            place.mark == "lodging"
            or re.search(r"\b(?:stay\w*|sleep\w*|accommodation|hotel|hostel|lodge|rooms?)\b", text, re.IGNORECASE)
        )
        and (times or direction is Direction.NOW)
    ):
        return reading(Situation.LODGING)
    if direction is Direction.NOW:
        arrived = tense_at(sentence.verbs, place.start, post.text) is Tense.ARRIVED and all(
            "arriv" in post.text[time.start : time.end].lower() for time in sentence.times
        )
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


def _due(text: str) -> bool:
    """Does it speak of being back at school at a time, whatever brings them?"""
    back = (
        r"\b(?:should|will|['’]ll|expect(?:ed)?|thinking|reckon|due|eta|aiming|"
        r"looking)\b[^.!?\n]{0,30}\b(?:at\s(?:the\s)?(?:front\sof\s)?(?:school|gates?)|back|home)\b"
    )
    return bool(re.search(back, text, re.IGNORECASE)) and not re.search(
        r"\b(?:open|close|finish|start)", text, re.IGNORECASE
    )


def _tense_of_post(post: Post) -> Tense:
    return next((verb.tense for part in post.sentences for verb in part.verbs), Tense.NONE)


def _without_place(post: Post, sentence: Sentence, span: tuple[int, int]) -> Reading | None:
    text, times = sentence.text, sentence.times
    tense = tense_at(sentence.verbs, times[0].start if times else sentence.start, post.text)
    if post.over and tense not in (Tense.FUTURE,):
        return None
    clocks = [
        time
        for time in times
        if (time.grain <= Grain.CLOCK and time.direction is not Direction.NOW)
        or re.search(
            r"late|behind|delay", text[time.start - sentence.start : time.end - sentence.start + 8], re.IGNORECASE
        )
    ]
    who = Who.GROUP if sentence.says("children") else Who.IMPLIED
    to_come = any(time.direction in (Direction.NOW, Direction.FUTURE) for time in times) or _due(text)
    if not to_come and (tense in (Tense.PAST, Tense.DONE) or (post.result and tense is Tense.NONE)):
        return None
    office = re.search(r"\b(?:office|opening|open|hours|phones?)\b", text, re.IGNORECASE)
    if office and not sentence.says("conveyance"):
        return None
    away = post.travel
    if (
        clocks
        and sentence.says("return")
        and (away or _due(text))
        and not any(time.direction is Direction.HABIT for time in times)
    ):
        late_only = all(
            re.search(r"late|behind|delayed", post.text[time.start : time.end + 8], re.IGNORECASE) for time in clocks
        )
        if late_only and sentence.says("shared_late_bus"):
            return Reading(Situation.DEPARTURE_TIME, who, span, None, tuple(clocks))
        if re.search(
            (
                r"\b(?:back|home|eta|at\sschool|collect\w*|pick\w*|return\w*|gates?|reckon|arriv\w+|car\spark|"
                r"playground)\b"
            ),
            text,
            re.IGNORECASE,
        ) and (post.travel or _due(text)):
            return Reading(
                Situation.RETURN_TIME,
                who,
                span,
                next(iter(sentence.places), None),
                tuple(clocks),
                sure=post.travel or _due(text),
            )
    dated = [time for time in times if time.grain <= Grain.DAY and time.direction is not Direction.PAST]
    if (
        dated
        and sentence.says("depart")
        and sentence.says("conveyance")
        and not sentence.says("on_site")
        and not sentence.says("deadline")
    ):
        leaving = re.search(
            r"\b(?:leav\w+|depart\w*|set\soff|away|loads?|coach|bus(?:es)?|minibus|outing|excursion|camping)\b",
            text,
            re.IGNORECASE,
        )
        return Reading(Situation.DEPARTURE_TIME, who, span, None, tuple(dated), sure=bool(leaving))
    if (
        dated
        and (
            sentence.says("group_leaves")
            or (
                sentence.says("swimming")
                and not re.search(r"\b(?:our|own|school)\b[^.]{0,20}\bpool\b", post.text, re.IGNORECASE)
            )
        )
        and not sentence.says("on_site")
    ):
        return Reading(Situation.DEPARTURE_TIME, who, span, None, tuple(dated))
    ranges = [time for time in times if time.grain in (Grain.DAYS, Grain.WEEK) and time.direction is not Direction.PAST]
    if ranges and sentence.says("away") and (post.overnight or re.search(r"\baway\b", text, re.IGNORECASE)):
        return Reading(Situation.DATES_AWAY, who, span, None, tuple(ranges))
    if (
        sentence.says("away_cues")
        and not post.over
        and tense not in (Tense.PAST,)
        and (post.overnight or post.travel or re.search(r"\barrived\ssafe", text, re.IGNORECASE))
    ):
        return Reading(
            Situation.AWAY_NOW,
            who,
            span,
            None,
            tuple(times),
            sure=bool(
                re.search(
                    r"\barrived\ssafe|\bday\s(?:one|two|three|four|\d)|\ben\sroute|\bnight\s(?:one|two|\d)",
                    text,
                    re.IGNORECASE,
                )
            ),
        )
    return None
