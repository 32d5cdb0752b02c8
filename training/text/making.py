"""The whole making of the network: the data, and the three stages of learning."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from tokenizers import Tokenizer

from training.text import corpus, evaluate, examples, lexicon, network, train
from training.text.corpus import VERDICTS

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Iterator, Sequence

    from postguard.text.lexicon import Lexicon
    from training.text.corpus import Post
    from training.text.network import Network

SURE_OF_KIND, SURE_OF_PASS = 0.9, 0.8
"""From which probability on the third stage is taught what the mean of the second says of posts."""
POSTS = Path(__file__).parent.parent / "posts"
FOLDS = (
    frozenset({"c", "trips-te"}),
    frozenset({"a", "trips-t", "trips-td"}),
    frozenset({"d", "e", "trips-tf"}),
)
"""Sets of posts that one run of the second stage is not taught. Each set is of another hand, its events its own."""
LATE = frozenset({"extra-names-za", "extra-names-zc", "extra-trips-y"})
"""Sets that no run of the second stage is taught: their mean, which starts the third, is measured on them."""


@dataclass(frozen=True, slots=True)
class Data:
    """Everything that is learnt from and measured with."""

    posts: list[Post]
    tweets: list[Post]
    bank: list[Post]
    bank_dev: list[Post]
    lists: Lexicon

    @classmethod
    def read(cls, folder: Path) -> Data:
        """Read the posts of this repository, and tweets and treebanks from the corpus in `folder`."""
        posts = corpus.school_posts(POSTS)
        tweets, bank = corpus.tweets(folder / "tweets"), corpus.treebank(folder / "pos")
        return cls(
            posts,
            tweets,
            bank,
            corpus.treebank(folder / "pos", "dev"),
            lexicon.make(_outside_names(posts, tweets, bank), _first_names()),
        )

    def maker(self) -> examples.Maker:
        """The maker of examples with this lexicon."""
        tokenizer = Tokenizer.from_file(str(network.rampart() / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return examples.Maker(self.lists, tokenizer)

    def names(self, draw: random.Random, plan: train.Plan) -> examples.Names:
        """Names to put in the place of others."""
        return examples.Names(
            self.lists,
            examples.pools(),
            draw,
            met=examples.met(self.posts),
            namesakes=examples.namesakes(self.posts),
            often=plan.met,
            slips=plan.slips,
        )


def _first_names() -> Iterator[str]:
    for pool in examples.pools().values():
        yield from pool["first"]


def _outside_names(
    posts: Iterable[Post], tweets: Iterable[Post], bank: Iterable[Post]
) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    for post in [*posts, *tweets]:
        yield post.text, [(start, end) for start, end, _ in post.kinds or ()]
    for post in bank:
        yield post.text, [(start, end) for start, end, tag in post.tags or () if tag.startswith("PROPN")]


def begin(data: Data, plan: train.Plan, path: Path) -> None:
    """The pre-trained network after the first stage (persons from tweets, parts of speech), into `path`."""
    torch.manual_seed(plan.seed)
    learner = network.pretrained()
    train.first_stage(learner, data.tweets, data.bank, data.maker(), plan)
    torch.save(learner.state_dict(), path)


Job = tuple[Data, train.Plan, Path, Path]


def go_on(job: Job, threads: int = 1) -> None:
    """From the weights in one path, through the posts, into another."""
    data, plan, begun, path = job
    torch.set_num_threads(threads)
    torch.manual_seed(plan.seed)
    learner = network.load(begun)
    train.second_stage(learner, data.posts, data.bank, data.maker(), data.names, plan)
    torch.save(learner.state_dict(), path)


def side_by_side(jobs: Sequence[Job]) -> None:
    """Do those jobs whose result is not there yet, as many at a time as there are cores."""
    todo = [job for job in jobs if not job[3].exists()]
    cores = os.cpu_count() or 1
    for round_ in (todo[i : i + cores] for i in range(0, len(todo), cores)):
        with ProcessPoolExecutor(len(round_), get_context("spawn")) as workers:
            list(workers.map(go_on, round_, [cores // len(round_)] * len(round_)))


@dataclass(frozen=True, slots=True)
class Made:
    """The networks: one for each fold, their mean, and the one that ships."""

    folds: list[Network]
    middle: Network
    shipped: Network


def make(data: Data, plan: train.Plan, scratch: Path) -> Made:
    """First stage; a second stage for each fold; from the mean of their weights, all posts, several runs; their mean.

    What nobody said of a post (who is named in one of trips, the verdict on one of names), the mean of the folds says
    for the third stage, where it is sure.

    Each fold is to be measured on the posts that it has not seen, the mean of the folds on `LATE`. What `scratch`
    already holds of them is not done again.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    begun, middle = scratch / "first-stage.pt", scratch / "middle.pt"
    if not begun.exists():
        begin(data, plan, begun)
    folds = [scratch / f"fold-{i}.pt" for i in range(1, 1 + len(FOLDS))]
    side_by_side(
        [
            (replace(data, posts=[p for p in data.posts if p.source not in fold | LATE]), plan, begun, path)
            for fold, path in zip(FOLDS, folds, strict=True)
        ]
    )
    mean = network.mean(folds, middle).eval()
    data = replace(data, posts=filled(mean, data.posts, data.maker()))
    last = [scratch / f"last-{i}.pt" for i in range(1, 1 + plan.last_runs)]
    side_by_side([(data, _last(plan, i), middle, path) for i, path in enumerate(last, 1)])
    return Made([network.load(path).eval() for path in folds], mean, network.mean(last, scratch / "text.pt").eval())


def filled(network: Network, posts: Sequence[Post], maker: examples.Maker) -> list[Post]:
    """The posts, with the kinds or the verdict that `network` is sure of where nobody told them."""
    made = [maker.example(post) for post in posts]
    told = evaluate.answers(network, made)
    return [_filled(post, example, answer) for post, example, answer in zip(posts, made, told, strict=True)]


def _filled(post: Post, example: examples.Example, answer: evaluate.Answer) -> Post:
    if post.verdict is None:
        passes = answer[3].softmax(-1)[VERDICTS.index("pass")].item()
        post = replace(post, verdict="pass" if passes >= SURE_OF_PASS else None)
    if post.kinds is not None:
        return post
    spans: list[corpus.Span] = []
    for (start, end), row in zip(example.offsets, answer[0], strict=True):
        kind = int(row.argmax())
        label = examples.LABELS[kind] if row[kind] >= SURE_OF_KIND else examples.UNSURE
        if label and spans and spans[-1][2] == label and evaluate.JOINS.fullmatch(post.text[spans[-1][1] : start]):
            spans[-1] = (spans[-1][0], end, label)
        elif label:
            spans.append((start, end, label))
    return replace(post, kinds=tuple(spans))


def _last(plan: train.Plan, number: int) -> train.Plan:
    return replace(
        plan,
        seed=plan.seed + number,
        rate=plan.last_rate,
        new_rate=plan.new_rate / 2,
        epochs=plan.last_epochs,
        met=plan.last_met,
        slips=plan.last_slips,
    )
