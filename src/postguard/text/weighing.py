"""Weighs what grammar sees against what the text model says: one judgement in probabilities.

`facts` lists what grammar and model observe in a post; `weigh` adds up points for them and gives P(pass), P(review) and
P(block). The points (`data/trip-weights.json`) were learnt by logistic regression from training posts that the
model had
not seen (`training/trips`), so that each side is trusted as far as it is right on posts new to it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from postguard.text.post import Hints, Post, direction_of, near_times
from postguard.text.whereabouts import Reading

Judged = tuple[float, float, float]
"""P(pass), P(review), P(block)"""

_FILE = Path(__file__).parent.parent / "data" / "trip-weights.json"
_LEAST = 1e-4


@dataclass(frozen=True, slots=True)
class Points:
    """Points of each fact for pass, review and block; before a public, and what a protected audience adds to them."""

    public: Mapping[str, Judged]
    protected: Mapping[str, Judged]
    start: Judged
    start_protected: Judged


@cache
def points() -> Points:
    """The points that ship."""
    table = json.loads(_FILE.read_text("utf-8"))
    return Points(
        {name: tuple(row) for name, row in table["public"].items()},
        {name: tuple(row) for name, row in table["protected"].items()},
        tuple(table["start"]),
        tuple(table["start_protected"]),
    )


def facts(post: Post, readings: Sequence[Reading], hints: Hints, judged: Judged) -> dict[str, float]:
    """What is observed in a post, each fact with its strength (mostly 1). `judged`: the model's own probabilities."""
    found: dict[str, float] = {}
    for reading in readings:
        found[f"told {reading.situation.name} {'surely' if reading.sure else 'perhaps'}"] = 1.0
    for name in ("over", "adults", "families", "cancelled", "result", "puzzle", "travel", "children", "overnight"):
        found[f"post {name}"] = float(getattr(post, name))
    for name in post.cues.seen:
        found[f"cue {name}"] = 1.0
    first_tense = ""
    for index, sentence in enumerate(post.sentences):
        for time in sentence.times:
            found[f"time {time.direction.name}"] = found[f"grain {time.grain.name}"] = 1.0
        near = near_times(post, index) if sentence.places else []
        for place in sentence.places:
            found[f"place {place.kind.name}"] = 1.0
            if place in sentence.offsite:
                direction = direction_of(post, sentence, place, near).name
                how = f"{' muted' if sentence.muted else ''}{' sure' if place.sure else ''}"
                found[f"place {direction}{how}"] = found[f"mark {place.mark}"] = found[f"named {place.named}"] = 1.0
        for verb in sentence.verbs:
            found[f"tense {verb.tense.name}"] = 1.0
            first_tense = first_tense or verb.tense.name
    found[f"first tense {first_tense or 'NONE'}"] = 1.0
    where, when = (max((p for *_, p in spans), default=0.0) for spans in (hints.where, hints.when))
    passing, review, block = (math.log(max(_LEAST, p)) for p in judged)
    found |= {
        "model where": where, "model when": when, "model where and when": where * when,
        "model places": min(3, len(hints.where)) / 3, "model times": min(3, len(hints.when)) / 3,
        "model pass over block": passing - block, "model review over pass": review - passing,
        "model pass": judged[0], "model review": judged[1], "model block": judged[2],
        "after three": float(post.at.hour >= 15), "evening": float(post.at.hour >= 18),
        "length": math.log1p(len(post.text)) / 6,
    }  # fmt: skip
    return found


def weigh(found: Mapping[str, float], *, protected: bool, using: Points | None = None) -> Judged:
    """P(pass), P(review), P(block) of a post from its facts, before the public or before approved followers."""
    told = using or points()
    scores = list(told.start)
    tables = [told.public]
    if protected:
        scores = [a + b for a, b in zip(scores, told.start_protected, strict=True)]
        tables.append(told.protected)
    for table in tables:
        for name, strength in found.items():
            if row := table.get(name):
                scores = [score + strength * point for score, point in zip(scores, row, strict=True)]
    highest = max(scores)
    grown = [math.exp(score - highest) for score in scores]
    passing, review, block = (part / sum(grown) for part in grown)
    return passing, review, block
