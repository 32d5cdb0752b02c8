"""How right spans and verdicts are: the scorers that the benches and the training share.

Spans are scored by overlap. A gold span of a pupil (former pupils count as pupils) is caught if a found span touches
it; a found span is right if it touches one. Relatives are neutral: a found span that touches a relative is neither
right nor wrong.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PUPILS = frozenset({"PUPIL", "FORMER"})
NEUTRAL = frozenset({"PARENT", "RELATIVE"})
VERDICTS = ("pass", "review", "block")
Range = tuple[int, int]
Labelled = tuple[int, int, str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NameCounts:
    """What was caught in one post."""

    caught: int
    gold: int
    right: int
    found: int
    flagged: bool

    @property
    def has_pupil(self) -> bool:
        """Does the post name a pupil?"""
        return self.gold > 0


def _touch(a: Sequence[int | str], b: Sequence[int | str]) -> bool:
    return a[0] < b[1] and b[0] < a[1]  # type: ignore[operator]


def name_counts(gold: Sequence[Labelled], found: Sequence[Range]) -> NameCounts:
    """Score the spans `found` as pupils in one post against its `gold` spans."""
    pupils = [g for g in gold if g[2] in PUPILS]
    neutral = [g for g in gold if g[2] in NEUTRAL]
    right = [f for f in found if any(_touch(f, g) for g in pupils)]
    wrong = [f for f in found if f not in right and not any(_touch(f, g) for g in neutral)]
    caught = sum(any(_touch(f, g) for f in found) for g in pupils)
    return NameCounts(caught, len(pupils), len(right), len(right) + len(wrong), bool(right or wrong))


def name_scores(posts: Sequence[NameCounts]) -> dict[str, float]:
    """Recall, precision, F1 of spans; shares of posts with some and with all names caught, of clean posts flagged."""
    caught, gold = sum(p.caught for p in posts), sum(p.gold for p in posts)
    right, found = sum(p.right for p in posts), sum(p.found for p in posts)
    recall, precision = _share(caught, gold), _share(right, found)
    named = [p for p in posts if p.has_pupil]
    clean = [p for p in posts if not p.has_pupil]
    return {
        "recall": recall,
        "precision": precision,
        "f1": 2 * recall * precision / (recall + precision) if recall + precision else 0.0,
        "some_caught": _share(sum(p.caught > 0 for p in named), len(named)),
        "all_caught": _share(sum(p.caught == p.gold for p in named), len(named)),
        "clean_flagged": _share(sum(p.flagged for p in clean), len(clean)),
    }


def verdict_scores(pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Scores of (gold, told) verdicts. Held back = not sent; leaks = blocks and reviews."""
    blocks = [told for gold, told in pairs if gold == "block"]
    leaks = [told for gold, told in pairs if gold != "pass"]
    passes = [told for gold, told in pairs if gold == "pass"]
    return {
        "exact": _share(sum(gold == told for gold, told in pairs), len(pairs)),
        "blocks_held_back": _share(sum(told != "pass" for told in blocks), len(blocks)),
        "blocks_blocked": _share(sum(told == "block" for told in blocks), len(blocks)),
        "leaks_held_back": _share(sum(told != "pass" for told in leaks), len(leaks)),
        "passes_sent": _share(sum(told == "pass" for told in passes), len(passes)),
        "passes_blocked": _share(sum(told == "block" for told in passes), len(passes)),
    }


def confusion(pairs: Sequence[tuple[str, str]]) -> list[list[int]]:
    """Counts of (gold, told) verdicts: a row a gold verdict, a column a told one, in the order pass, review, block."""
    counts = Counter(pairs)
    return [[counts[gold, told] for told in VERDICTS] for gold in VERDICTS]


@dataclass(frozen=True, slots=True)
class SpanCounts:
    """Overlap counts of one label in one post."""

    caught: int
    gold: int
    right: int
    found: int


def span_counts(gold: Sequence[Labelled], found: Sequence[Labelled], label: str) -> SpanCounts:
    """Overlap of the spans of one `label`."""
    mine = [g for g in gold if g[2] == label]
    told = [f for f in found if f[2] == label]
    caught = sum(any(_touch(f, g) for f in told) for g in mine)
    return SpanCounts(caught, len(mine), sum(any(_touch(f, g) for g in mine) for f in told), len(told))


def span_scores(posts: Sequence[SpanCounts]) -> dict[str, float]:
    """Recall, precision and F1 over posts."""
    recall = _share(sum(p.caught for p in posts), sum(p.gold for p in posts))
    precision = _share(sum(p.right for p in posts), sum(p.found for p in posts))
    return {"recall": recall, "precision": precision, "f1": 2 * recall * precision / ((recall + precision) or 1.0)}


def interval(
    posts: Sequence[T], score: Callable[[Sequence[T]], float], *, draws: int = 1000, seed: int = 0, level: float = 0.95
) -> tuple[float, float]:
    """The bootstrap interval of `score` over posts drawn again with replacement (percentiles)."""
    draw = random.Random(seed)  # noqa: S311  (the bootstrap, not a secret)
    told = sorted(score(draw.choices(posts, k=len(posts))) for _ in range(draws))
    cut = int(draws * (1 - level) / 2)
    return told[cut], told[draws - 1 - cut]


def paired_interval(
    ours: Sequence[T],
    theirs: Sequence[T],
    score: Callable[[Sequence[T]], float],
    *,
    draws: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> tuple[float, float]:
    """The interval of the difference `score(ours) - score(theirs)` over the same posts drawn again."""
    draw = random.Random(seed)  # noqa: S311  (the bootstrap, not a secret)
    told = []
    for _ in range(draws):
        drawn = draw.choices(range(len(ours)), k=len(ours))
        told.append(score([ours[i] for i in drawn]) - score([theirs[i] for i in drawn]))
    told.sort()
    cut = int(draws * (1 - level) / 2)
    return told[cut], told[draws - 1 - cut]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
