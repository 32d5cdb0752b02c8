"""Teaches the network: first what a person is and the parts of speech, then the posts."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from postguard.text.language import KINDS, PERSON_KINDS
from training.text import examples
from training.text.examples import IGNORED, SOME_PERSON, Example, Maker, Names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from torch import Tensor

    from training.text.corpus import Post
    from training.text.network import Network

PERSONS = [1 + KINDS.index(kind) for kind in PERSON_KINDS]
OTHERS = [i for i in range(1 + len(KINDS)) if i not in PERSONS]
LOSS_WEIGHTS = {"kinds": 1.0, "trip": 0.6, "tags": 0.3, "verdict": 0.6}
VERDICT_WEIGHTS = (1.0, 1.3, 1.2)
WINDOW = 64
"""Batches of like length are made within so many: little is read that only fills up."""
ANOTHER_HOUR = 0.6
"""Share of the harmless posts of names that are read at the hour of another post: of school life it tells nothing."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to learn.

    `met`: share of the names put in that are children's names of the posts themselves; `slips`: share of the names
    put in that are written amiss or drawn out.
    """

    seed: int = 1
    epochs: int = 4
    last_epochs: int = 6
    last_runs: int = 2
    met: float = 0.0
    slips: float = 0.12
    last_met: float = 0.3
    last_slips: float = 0.16
    rate: float = 2e-4
    last_rate: float = 1.5e-4
    new_rate: float = 1e-3
    batch: int = 16
    tweets: int = 2400
    sentences: int = 3000
    sentences_an_epoch: int = 800


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples side by side, padded."""

    ids: Tensor
    features: Tensor
    mask: Tensor
    rows: Tensor
    first: Tensor
    kinds: Tensor
    trip: Tensor
    tags: Tensor
    context: Tensor
    verdict: Tensor
    weight: Tensor


def collate(batch: Sequence[Example]) -> Batch:
    """Put examples into one batch; words of all posts stand in one row, `rows` tells whose they are."""
    longest = max(len(e.ids) for e in batch)
    pad = [longest - len(e.ids) for e in batch]

    def flat(name: str) -> Tensor:
        return torch.tensor([label for e in batch for label in getattr(e, name)], dtype=torch.long)

    return Batch(
        torch.tensor([e.ids + [0] * n for e, n in zip(batch, pad, strict=True)]),
        torch.tensor([e.features + [(0, 0, 0)] * n for e, n in zip(batch, pad, strict=True)]),
        torch.tensor([[1.0] * len(e.ids) + [0.0] * n for e, n in zip(batch, pad, strict=True)]),
        torch.tensor([i for i, e in enumerate(batch) for _ in e.first], dtype=torch.long),
        flat("first"),
        flat("kinds"),
        flat("trip"),
        flat("tags"),
        torch.tensor([e.context for e in batch]),
        torch.tensor([e.verdict for e in batch]),
        torch.tensor([e.weight for e in batch]),
    )


def batches(pool: list[Example], size: int, draw: random.Random) -> list[list[Example]]:
    """The examples in batches of like length, in random order."""
    draw.shuffle(pool)
    made = []
    for i in range(0, len(pool), size * WINDOW):
        near = sorted(pool[i : i + size * WINDOW], key=lambda e: len(e.ids))
        made += [near[j : j + size] for j in range(0, len(near), size)]
    draw.shuffle(made)
    return made


def _kinds_loss(scores: Tensor, labels: Tensor) -> Tensor:
    known = labels != IGNORED
    logs, labels = scores[known].log_softmax(-1), labels[known]
    person = labels == SOME_PERSON
    if not bool(person.any()):
        return functional.nll_loss(logs, labels)
    exact = logs.gather(1, labels.where(~person, torch.zeros_like(labels))[:, None])[:, 0]
    return -torch.where(person, logs[:, PERSONS].logsumexp(-1), exact).mean()


_allowed: Tensor | None = None


def _tags_loss(scores: Tensor, labels: Tensor) -> Tensor:
    global _allowed  # noqa: PLW0603  (grows as new tags are met)
    if _allowed is None or len(_allowed) < len(examples.TAG_SETS):
        _allowed = torch.full((len(examples.TAG_SETS), scores.shape[1]), -1e4)
        for i, allowed in enumerate(examples.TAG_SETS):
            _allowed[i, list(allowed)] = 0.0
    known = labels != IGNORED
    logs = scores[known].log_softmax(-1)
    return -(logs + _allowed[labels[known]]).logsumexp(-1).mean()


def loss(network: Network, batch: Batch) -> Tensor:
    """The weighted sum of the losses of what is known of these posts."""
    with torch.autocast("cpu", torch.bfloat16):
        top, lower = network.encode(batch.ids, batch.features, batch.mask)
        word = top[batch.rows, batch.first]
        kinds, trip = network.kinds(word), network.trip(word)
    total = torch.zeros(())
    if bool((batch.kinds != IGNORED).any()):
        total = total + LOSS_WEIGHTS["kinds"] * _kinds_loss(kinds.float(), batch.kinds)
    if bool((batch.trip != IGNORED).any()):
        total = total + LOSS_WEIGHTS["trip"] * functional.cross_entropy(trip.float(), batch.trip, ignore_index=IGNORED)
    if bool((batch.tags != IGNORED).any()):
        total = total + LOSS_WEIGHTS["tags"] * _tags_loss(
            network.tags(lower[batch.rows, batch.first].float()), batch.tags
        )
    judged = batch.verdict != IGNORED
    if bool(judged.any()):
        scores = network.judge(network.pool(top.float(), batch.mask), batch.context, dropout=0.2)
        losses = functional.cross_entropy(
            scores[judged],
            batch.verdict[judged],
            torch.tensor(VERDICT_WEIGHTS),
            reduction="none",
            label_smoothing=0.05,
        )
        total = total + LOSS_WEIGHTS["verdict"] * (losses * batch.weight[judged]).mean()
    return total


def learn(
    network: Network, rounds: Sequence[Callable[[], list[Example]]], plan: Plan, draw: random.Random, *, say: str
) -> None:
    """Go through the `rounds` of examples with AdamW: a short warm-up, then down in a straight line."""
    fresh = {id(p) for p in network.new_parameters()}
    old = [p for p in network.parameters() if p.requires_grad and id(p) not in fresh]
    optimiser = torch.optim.AdamW(
        [{"params": old, "lr": plan.rate}, {"params": network.new_parameters(), "lr": plan.new_rate}],
        weight_decay=0.01,
        fused=True,
    )
    rates = (plan.rate, plan.new_rate)
    network.train()
    step, total, started = 0, 0, time.monotonic()
    for number, make in enumerate(rounds, 1):
        made = batches(make(), plan.batch, draw)
        total = total or len(made) * len(rounds)
        heard = 0.0
        for batch in made:
            factor = min(1, (step + 1) / (0.06 * total)) * max(0.02, (total - step) / total)
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * factor
            value = loss(network, collate(batch))
            optimiser.zero_grad()
            value.backward()
            torch.nn.utils.clip_grad_norm_([*old, *network.new_parameters()], 1.0)
            optimiser.step()
            heard += value.item()
            step += 1
        print(
            f"{say} {number}/{len(rounds)} loss {heard / len(made):.4f} {time.monotonic() - started:.0f} s", flush=True
        )
    network.eval()


def joined(sentences: Iterable[Post], draw: random.Random) -> list[Post]:
    """Sentences of a treebank put together by ones, twos and threes, as posts have them."""
    made: list[Post] = []
    rest = list(sentences)
    while rest:
        count = draw.choice((1, 1, 2, 3))
        part, rest = rest[:count], rest[count:]
        text, tags = "", []
        for post in part:
            text += " " * bool(text)
            tags += [(a + len(text), b + len(text), tag) for a, b, tag in post.tags or ()]
            text += post.text
        made.append(replace(part[0], text=text, tags=tuple(tags)))
    return made


def first_stage(network: Network, tweets: list[Post], bank: list[Post], maker: Maker, plan: Plan) -> None:
    """Persons from tweets, parts of speech from the treebanks."""
    draw = random.Random(plan.seed)
    named = [p for p in tweets if p.kinds]
    bare = [p for p in tweets if not p.kinds]
    chosen = draw.sample(named, min(len(named), plan.tweets * 7 // 10)) + draw.sample(
        bare, min(len(bare), plan.tweets * 3 // 10)
    )
    sentences = joined(draw.sample(bank, min(len(bank), plan.sentences)), draw)

    def make() -> list[Example]:
        return [maker.example(p, draw=draw, longest=120) for p in chosen + sentences]

    learn(network, [make], plan, draw, say="first stage")


def second_stage(
    network: Network,
    posts: list[Post],
    bank: list[Post],
    maker: Maker,
    names: Callable[[random.Random, Plan], Names],
    plan: Plan,
) -> None:
    """The posts, each epoch with other names and other ways of writing; some sentences of the treebanks beside them."""
    draw = random.Random(plan.seed + 100)
    pool = names(draw, plan)
    hours = [p.hour for p in posts if p.verdict]

    def at_some_hour(post: Post) -> Post:
        if post.verdict == "pass" and not post.of_trips and draw.random() < ANOTHER_HOUR:
            return replace(post, hour=draw.choice(hours))
        return post

    def make() -> list[Example]:
        made = [maker.example(at_some_hour(p), names=pool, draw=draw) for p in posts]
        sentences = joined(draw.sample(bank, min(len(bank), plan.sentences_an_epoch)), draw)
        return made + [maker.example(p, draw=draw, longest=160) for p in sentences]

    learn(network, [make] * plan.epochs, plan, draw, say="second stage")
