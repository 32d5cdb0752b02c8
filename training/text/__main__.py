"""Makes the text model: `python -m training.text --corpus PATH`. See README.md beside this file."""

from __future__ import annotations

import argparse
import os
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from tokenizers import Tokenizer

from training.text import card, corpus, evaluate, examples, export, lexicon, network, train

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Iterator

    from postguard.text.lexicon import Lexicon
    from training.text.corpus import Post
    from training.text.network import Network

HERE = Path(__file__).parent
POSTS = HERE.parent / "posts"
SHIPPED = HERE.parent.parent / "src" / "postguard" / "models" / "text"
VERSION = "0.1.0"
# Found on held-out sets (`--hold`), by the likelihood of their labels.
KINDS_TEMPERATURE, VERDICT_TEMPERATURE = 1.0, 1.0


@dataclass(frozen=True, slots=True)
class Data:
    """Everything that is learnt from and measured with."""

    posts: list[Post]
    held: list[Post]
    tweets: list[Post]
    bank: list[Post]
    bank_dev: list[Post]
    lists: Lexicon

    @classmethod
    def read(cls, folder: Path, hold: frozenset[str], lists: Lexicon | None = None) -> Data:
        """Read the posts of this repository, and tweets and treebanks from the corpus in `folder`."""
        everything = corpus.school_posts(POSTS)
        posts = [p for p in everything if p.source not in hold]
        tweets, bank = corpus.tweets(folder / "tweets"), corpus.treebank(folder / "pos")
        return cls(
            posts,
            [p for p in everything if p.source in hold],
            tweets,
            bank,
            corpus.treebank(folder / "pos", "dev"),
            lists or lexicon.make(_outside_names(posts, tweets, bank)),
        )

    def maker(self) -> examples.Maker:
        """The maker of examples with this lexicon."""
        tokenizer = Tokenizer.from_file(str(network.rampart() / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return examples.Maker(self.lists, tokenizer)

    def names(self, draw: random.Random) -> examples.Names:
        """Names to put in the place of others."""
        return examples.Names(self.lists, examples.pools(), draw)


def _outside_names(
    posts: Iterable[Post], tweets: Iterable[Post], bank: Iterable[Post]
) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    for post in [*posts, *tweets]:
        yield post.text, [(start, end) for start, end, _ in post.kinds or ()]
    for post in bank:
        yield post.text, [(start, end) for start, end, tag in post.tags or () if tag.startswith("PROPN")]


def begin(data: Data, plan: train.Plan, path: Path) -> None:
    """The first stage, into `path`."""
    torch.manual_seed(plan.seed)
    learner = network.pretrained()
    train.first_stage(learner, data.tweets, data.bank, data.maker(), plan)
    torch.save(learner.state_dict(), path)


def go_on(arguments: tuple[Data, train.Plan, Path, Path, int]) -> None:
    """The second stage from the weights in one path, into another."""
    data, plan, begun, path, threads = arguments
    torch.set_num_threads(threads)
    torch.manual_seed(plan.seed)
    learner = network.load(begun)
    train.second_stage(learner, data.posts, data.bank, data.maker(), data.names, plan)
    torch.save(learner.state_dict(), path)


def train_all(data: Data, plan: train.Plan, runs: int, scratch: Path) -> Network:
    """One first stage, several second ones side by side (other seeds: other names and orders), and the mean weights."""
    scratch.mkdir(parents=True, exist_ok=True)
    begun = scratch / "first-stage.pt"
    begin(data, plan, begun)
    paths = [scratch / f"run-{i}.pt" for i in range(1, runs + 1)]
    cores = os.cpu_count() or 1
    jobs = [
        (data, replace(plan, seed=plan.seed * 10 + i), begun, path, max(1, cores // runs))
        for i, path in enumerate(paths, 1)
    ]
    with ProcessPoolExecutor(min(runs, cores), get_context("spawn")) as workers:
        list(workers.map(go_on, jobs))
    return network.mean([network.load(path) for path in paths])


def main() -> None:
    """Read the arguments, train, measure, write the pipeline."""
    parser = argparse.ArgumentParser(prog="python -m training.text", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder with posts/dev, tweets and pos")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="where the pipeline is written")
    parser.add_argument("--hold", default="", help="sets of posts to hold out and measure, by commas: c,trips-te")
    parser.add_argument("--runs", type=int, default=2, help="second stages whose weights are averaged")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scratch", type=Path, default=Path("/tmp/postguard-training"))  # noqa: S108
    arguments = parser.parse_args()

    started = time.monotonic()
    data = Data.read(arguments.corpus, frozenset(filter(None, arguments.hold.split(","))))
    plan = train.Plan(seed=arguments.seed, epochs=arguments.epochs)
    learner = train_all(data, plan, arguments.runs, arguments.scratch)
    maker = data.maker()
    dev = corpus.development_posts(arguments.corpus / "posts" / "dev" / "posts.jsonl")
    report = evaluate.report(learner, maker, {"development posts": dev, "held out": data.held}, data.bank_dev)
    print(report)
    if not data.held:
        export.write(
            learner,
            data.lists,
            arguments.out,
            card.card(data.posts, plan, arguments.runs, report),
            VERSION,
            kinds_temperature=KINDS_TEMPERATURE,
            verdict_temperature=VERDICT_TEMPERATURE,
        )
    print(f"{(time.monotonic() - started) / 60:.0f} min")


if __name__ == "__main__":
    main()
