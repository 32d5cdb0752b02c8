"""What a trained network answers, and how right it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from bench import scores
from postguard.text.language import TRIP_SPANS
from training.text import examples
from training.text.network import TAGS
from training.text.train import collate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from training.text.corpus import Post
    from training.text.examples import Example, Maker
    from training.text.network import Network

NAME_THRESHOLDS = (0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
PASS_THRESHOLDS = (0.34, 0.5, 0.6, 0.7, 0.8, 0.9)
Answer = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]
"""Of one post: the probabilities of kinds, of trip spans and of tags, one row a word; the scores of the verdicts."""
JOINS = re.compile(r"[ '’\-]{0,2}|\. ?")


def answers(network: Network, made: Sequence[Example], size: int = 32) -> list[Answer]:
    """For each example the probabilities of kinds, trip spans, tags (one row a word) and the scores of the verdicts."""
    network.eval()
    found: list[Answer | None] = [None] * len(made)
    order = sorted(range(len(made)), key=lambda i: len(made[i].ids))
    with torch.no_grad():
        for i in range(0, len(order), size):
            near = order[i : i + size]
            batch = collate([made[j] for j in near])
            with torch.autocast("cpu", torch.bfloat16):
                top, lower = network.encode(batch.ids, batch.features, batch.mask)
            top, lower = top.float(), lower.float()
            word = top[batch.rows, batch.first]
            kinds, trip = network.kinds(word).softmax(-1), network.trip(word).softmax(-1)
            tags = network.tags(lower[batch.rows, batch.first]).softmax(-1)
            scores = network.judge(network.pool(top, batch.mask), batch.context)
            for row, j in enumerate(near):
                mine = batch.rows == row
                found[j] = (kinds[mine], trip[mine], tags[mine], scores[row])
    return [answer for answer in found if answer is not None]


def pupil_ranges(post: Post, example: Example, kinds: Tensor, least: float) -> list[tuple[int, int]]:
    """Spans of pupils: words that are pupils with at least this probability, those of one name together."""
    ranges: list[tuple[int, int]] = []
    for (start, end), p in zip(example.offsets, kinds[:, 1].tolist(), strict=True):
        if p < least or not any(map(str.isalpha, post.text[start:end])):
            continue
        if ranges and JOINS.fullmatch(post.text[ranges[-1][1] : start]):
            ranges[-1] = (ranges[-1][0], end)
        else:
            ranges.append((start, end))
    return ranges


def names(posts: Sequence[Post], made: Sequence[Example], kinds: Sequence[Tensor], least: float) -> dict[str, float]:
    """Scores of the pupils' spans at a threshold, over the posts whose kinds are known."""
    return scores.name_scores(
        [
            scores.name_counts(post.kinds, pupil_ranges(post, example, told, least))
            for post, example, told in zip(posts, made, kinds, strict=True)
            if post.kinds is not None
        ]
    )


def where_when(posts: Sequence[Post], made: Sequence[Example], trip: Sequence[Tensor]) -> dict[str, dict[str, float]]:
    """Scores of WHERE and WHEN by overlap, over the posts whose verdict is not pass (others have no gold spans)."""
    told: dict[str, list[scores.SpanCounts]] = {label: [] for label in TRIP_SPANS}
    for post, example, rows in zip(posts, made, trip, strict=True):
        if post.trip is None or post.verdict == "pass":
            continue
        best = rows.argmax(-1).tolist()
        found: list[tuple[int, int, str]] = []
        for i, (start, end) in enumerate(example.offsets):
            if not best[i]:
                continue
            label = TRIP_SPANS[best[i] - 1]
            if found and i and best[i - 1] == best[i]:
                found[-1] = (found[-1][0], end, label)
            else:
                found.append((start, end, label))
        for label in TRIP_SPANS:
            told[label].append(scores.span_counts(post.trip, found, label))
    return {label: scores.span_scores(counts) for label, counts in told.items()}


def verdicts(posts: Sequence[Post], probabilities: Sequence[Tensor], least_pass: float) -> dict[str, float]:
    """Scores of the verdicts: sent if P(pass) reaches `least_pass`, else the likelier of review and block."""
    pairs = []
    for post, p in zip(posts, probabilities, strict=True):
        if post.verdict is not None:
            told = "pass" if p[0] >= least_pass else "block" if p[2] >= p[1] else "review"
            pairs.append((post.verdict, told))
    return scores.verdict_scores(pairs)


def tag_accuracy(made: Sequence[Example], tags: Sequence[Tensor]) -> tuple[float, float]:
    """Shares of words with a right tag, and of verbs and auxiliaries with the right form."""
    right = words = right_verbs = verbs = 0
    for example, rows in zip(made, tags, strict=True):
        for label, best in zip(example.tags, rows.argmax(-1).tolist(), strict=True):
            if label < 0:
                continue
            allowed = examples.TAG_SETS[label]
            words += 1
            right += best in allowed
            if TAGS[allowed[0]].partition("|")[0] in {"VERB", "AUX"}:
                verbs += 1
                right_verbs += best in allowed
    return right / max(1, words), right_verbs / max(1, verbs)


def temperatures(made: Sequence[Example], told: Sequence[Answer]) -> tuple[float, float]:
    """The temperatures of kinds and of verdicts at which the labels are likeliest."""
    kinds = [(a[0], torch.tensor(e.kinds)) for a, e in zip(told, made, strict=True) if e.kinds and e.kinds[0] >= 0]
    verdict = [(a[3], e.verdict) for a, e in zip(told, made, strict=True) if e.verdict >= 0]
    return (
        _likeliest(torch.cat([k for k, _ in kinds]).clamp_min(1e-9).log(), torch.cat([y for _, y in kinds])),
        _likeliest(torch.stack([v for v, _ in verdict]), torch.tensor([y for _, y in verdict])),
    )


def _likeliest(scores_: Tensor, labels: Tensor) -> float:
    grid = [0.5 + 0.1 * i for i in range(26)]
    return min(grid, key=lambda t: float(functional.cross_entropy(scores_ / t, labels)))


def _row(told: dict[str, float]) -> str:
    return " | ".join(f"{value:.3f}" for value in told.values())


def report(
    posts: Sequence[Post], made: Sequence[Example], told: Sequence[Answer], heat: tuple[float, float] = (1.0, 1.0)
) -> str:
    """Tables of all scores over `posts` at the temperatures `heat`, in Markdown."""
    kinds = [(a[0].clamp_min(1e-9).log() / heat[0]).softmax(-1) for a in told]
    judged = [(a[3] / heat[1]).softmax(-1) for a in told]
    lines = ["Pupils | recall | precision | F1 | some caught | all caught | clean flagged", "---|" * 7]
    lines += [f"P ≥ {t} | {_row(names(posts, made, kinds, t))}" for t in NAME_THRESHOLDS]
    lines += [
        "",
        "Trips | exact | blocks held | blocks blocked | leaks held | passes sent | passes blocked",
        "---|" * 7,
    ]
    of_trips = [i for i, p in enumerate(posts) if p.kinds is None]
    of_names = [i for i, p in enumerate(posts) if p.kinds is not None]
    parts = {"trip posts": of_trips, "posts of names": of_names} if of_trips else {"all": of_names}
    for part, chosen in parts.items():
        mine, theirs = [posts[i] for i in chosen], [judged[i] for i in chosen]
        lines += [f"{part}, sent from P(pass) ≥ {t} | {_row(verdicts(mine, theirs, t))}" for t in PASS_THRESHOLDS]
    lines += ["", "Spans | recall | precision | F1", "---|" * 4]
    lines += [f"{label} | {_row(s)}" for label, s in where_when(posts, made, [a[1] for a in told]).items()]
    return "\n".join(lines)


def tag_report(network: Network, maker: Maker, bank: Sequence[Post]) -> str:
    """One line on the parts of speech."""
    made = [maker.example(post) for post in bank]
    words, verbs = tag_accuracy(made, [a[2] for a in answers(network, made)])
    return f"Tags (development parts of EWT and Tweebank): {words:.3f} of words, {verbs:.3f} of verbs with their form."
