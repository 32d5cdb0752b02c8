"""A post taken apart: its sentences with their verbs, times and places, and what holds for the whole.

`take_apart` does it once; `direction_of` says where a place or time of a sentence lies seen from the time of
publishing.
Spans that a model found may be handed in as hints: they add places and times that grammar can't see.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from postguard.text.cues import Cues, cue
from postguard.text.places import PlaceKind, PlaceMention, excluded, find_places, kind_of
from postguard.text.tense import Tense, Verb, sentences, tense_at, verb_patterns, verbs
from postguard.text.times import Direction, Grain, TermDates, TimeMention, find_times
from postguard.text.word_starts import WordStarts


@dataclass(frozen=True, slots=True)
class Hints:
    """What a model told about the text, as spans in code points; every part may be empty."""

    where: tuple[tuple[int, int, float], ...] = ()
    when: tuple[tuple[int, int, float], ...] = ()
    people: tuple[tuple[int, int], ...] = ()
    pupils: tuple[tuple[int, int], ...] = ()
    tags: Mapping[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class Sentence:
    """A sentence with what was found in it."""

    start: int
    end: int
    text: str
    verbs: tuple[Verb, ...]
    times: list[TimeMention]
    places: list[PlaceMention]
    cues: Cues
    muted: bool = False

    def says(self, cue: str) -> re.Match[str] | None:
        """The first match of a cue in the sentence, with offsets in the post."""
        return self.cues.find(cue, self.start, self.end)

    @property
    def offsite(self) -> list[PlaceMention]:
        """The places that are not the school and not just anywhere."""
        return [place for place in self.places if place.kind >= PlaceKind.REGION]


@dataclass(slots=True)
class Post:
    """A post and what holds for the whole of it.

    `cues`: the cues of `data/whereabouts.toml` in it.
    `over`: everybody is back; `adults`: it speaks of adults only; `families`: they are invited; `result`: it reports or
    thanks; `puzzle`: it sets a task; `travel`: it names a conveyance; `locate`: it calls to strangers.
    """

    text: str
    at: datetime
    sentences: list[Sentence]
    cues: Cues
    over: bool
    adults: bool
    families: bool
    cancelled: bool
    result: bool
    puzzle: bool
    travel: bool
    locate: bool
    children: bool
    overnight: bool


def take_apart(
    text: str, at: datetime, hints: Hints | None = None, usual: Iterable[str] = (), terms: Sequence[TermDates] = ()
) -> Post:
    """`text`, published at `at` (aware), taken apart. `usual`: the school's places off site; `terms`: its term
    dates."""
    hints = hints or Hints()
    starts = WordStarts(text)
    cues = Cues(starts)
    times = list(find_times(text, at, terms, starts))
    for start, end, _ in hints.when:
        if not any(time.start < end and start < time.end for time in times):
            times.append(TimeMention(start, end, start, Grain.PART_OF_DAY, Direction.UNKNOWN))
    places = list(find_places(text, usual, hints.people, [(time.start, time.end) for time in times]))
    for index, place in enumerate(places):
        if not place.sure and any(a < place.end and place.start < b for a, b, _ in hints.where):
            places[index] = replace(place, sure=True)
    for start, end, _ in hints.where:
        if text[start:end].strip() and excluded(text[start:end].strip()):
            continue
        if not any(place.start < end and start < place.end for place in places):
            places.append(PlaceMention(start, end, max(kind_of(text[start:end])[0], PlaceKind.REGION), mark="model"))
    times.sort(key=lambda time: time.start)
    places.sort(key=lambda place: place.start)
    parts: list[Sentence] = []
    tags = sorted(hints.tags.items())
    near_verbs = verb_patterns().places(starts)
    for start, end in sentences(text):
        part = text[start:end]
        of_part = dict(tags[bisect_left(tags, (start,)) : bisect_left(tags, (end,))])
        parts.append(
            Sentence(
                start, end, part,
                # A word of a name is no verb: "at Fell Edge Lodge".
                tuple(
                    verb
                    for verb in verbs(text, start, end, of_part or None, near_verbs)
                    if not _inside(verb.start, _between(places, start, end))
                ),
                _between(times, start, end),
                _between(places, start, end),
                cues,
            )
        )  # fmt: skip
    before = False
    for sentence in parts:
        sentence.muted = _muted(sentence) or (before and not sentence.says("children"))
        before = sentence.muted and bool(sentence.says("abroad_of_life"))
    tenses = [verb.tense for part in parts for verb in part.verbs]
    seen = cues.seen
    return Post(
        text=text, at=at, sentences=parts, cues=cues,
        over=Tense.HOME in tenses,
        adults="adults" in seen and not _PARTY.search(cue("adults").sub("", text)),
        families="families" in seen and "no_families" not in seen,
        cancelled="cancelled" in seen and "moved" not in seen,
        result="result" in seen,
        puzzle=len(text) < _LONG and "puzzle" in seen,
        travel="conveyance" in seen,
        locate="locate" in seen,
        children="children" in seen,
        overnight="overnight" in seen,
    )  # fmt: skip


_Mention = TypeVar("_Mention", TimeMention, PlaceMention)


def _between(mentions: Sequence[_Mention], start: int, end: int) -> list[_Mention]:
    """Those of the mentions, which are in order, that begin in a sentence."""
    first = bisect_left(mentions, start, key=lambda mention: mention.start)
    last = bisect_left(mentions, end, lo=first, key=lambda mention: mention.start)
    return list(mentions[first:last])


_LONG = 400  # a letter that mentions homework is no task
_PARTY = re.compile(
    (
        r"\b(?:years?|yrs?|class|[pysk]s?)\s?\d|\b(?:children|pupils|choir|squad|team|juniors|infants|boys|"
        r"girls|nursery|reception|orchestra|players)\b"
    ),
    re.IGNORECASE,
)


def _inside(position: int, places: Sequence[PlaceMention]) -> bool:
    return any(place.named and place.start <= position < place.end for place in places)


def _without_places(sentence: Sentence) -> str:
    """Its text with the named places blanked out: "Fishbourne Roman Palace" speaks of no Romans."""
    text = sentence.text
    for place in sentence.places:
        if place.named and place.sure and place.kind is PlaceKind.VENUE:
            start, end = place.start - sentence.start, place.end - sentence.start
            text = f"{text[:start]}{'_' * (end - start)}{text[end:]}"
    return text


def _muted(sentence: Sentence) -> bool:
    """Does the sentence speak of lessons, stories, visitors, or of others than the school's children?"""
    text = _without_places(sentence)

    def says(name: str) -> bool:
        return bool(sentence.says(name) if text == sentence.text else cue(name).search(text))

    if re.search(
        r"(?:\b(?:are|is|am)|['’]re)\s(?:now\s|just\s|all\s)?(?:at|in|on)\s(?:the\s)?[A-Z]", sentence.text
    ) and any(place.sure for place in sentence.places):
        return bool(re.search(r"\b(?:virtual\w*|via|video|screen|pretend\w*|story|maths)\b", text, re.IGNORECASE))
    if says("abroad_of_life") and not any(place.kind is PlaceKind.EXACT for place in sentence.places):
        return not any(time.direction is Direction.NOW for time in sentence.times)
    if says("third_party"):
        return True
    return says("visitors") and not re.search(
        r"\b(?:we|they|our)\b[^.]*\b(?:are|off|leav\w+|going)\b", text, re.IGNORECASE
    )


def direction_of(post: Post, sentence: Sentence, place: PlaceMention | None, times: Sequence[TimeMention]) -> Direction:
    """Past, now, to come or a habit: what tense, times and the whole post say of a place in a sentence."""
    position = place.start if place else (times[0].start if times else sentence.start)
    tense = tense_at(sentence.verbs, position, post.text)
    kinds = {time.direction for time in times}
    if Direction.HABIT in kinds and tense not in (Tense.PAST, Tense.DONE, Tense.HOME) and not post.over:
        return Direction.HABIT
    if Direction.NOW in kinds and tense not in (Tense.HOME, Tense.PAST, Tense.DONE) and not post.over:
        return Direction.NOW
    if Direction.FUTURE in kinds and tense not in (Tense.HOME, Tense.PAST):
        return Direction.FUTURE
    if Direction.PAST in kinds and Direction.TODAY not in kinds and Direction.UNKNOWN not in kinds:
        return Direction.PAST
    if tense in (Tense.PAST, Tense.DONE, Tense.HOME):
        return Direction.PAST
    if post.over and tense is not Tense.FUTURE:
        return Direction.PAST
    if Direction.PAST in kinds:
        return Direction.PAST
    told_as_result = bool(sentence.says("result"))
    if post.result and tense is Tense.NONE and (Direction.UNKNOWN not in kinds or told_as_result):
        return Direction.PAST
    if (
        told_as_result
        and tense is Tense.PRESENT
        and Direction.NOW not in kinds
        and not cue("children").match(post.text, sentence.start, sentence.end)
    ):
        return Direction.PAST
    to_come = any(
        t.grain is Grain.CLOCK and t.direction is Direction.UNKNOWN and t.first and t.first > post.at for t in times
    )
    if Direction.TODAY in kinds and to_come and tense is not Tense.ARRIVED:
        return Direction.FUTURE
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
    alone = place is not None and place.mark == "alone"
    if (post.locate or alone) and not post.result:
        return Direction.NOW
    return Direction.UNKNOWN


def near_times(post: Post, index: int) -> list[TimeMention]:
    """The times that go with a sentence's place: its own, else those of the sentence after or before that has no
    place itself."""
    sentence = post.sentences[index]
    if sentence.times:
        return sentence.times
    for other in (index - 1, index + 1):
        if 0 <= other < len(post.sentences):
            near = post.sentences[other]
            if (
                near.times
                and not any(place.sure for place in near.offsite)
                and not near.muted
                and (near.says("conveyance") or not near.says("on_site"))
                and not near.says("deadline")
            ):
                return near.times
    return []
