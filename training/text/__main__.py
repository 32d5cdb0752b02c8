"""Makes the text model: `python -m training.text --corpus PATH`. See README.md beside this file."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

from training.text import card, corpus, evaluate, export, making, train

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.text.corpus import Post
    from training.text.examples import Example
    from training.text.network import Network

SHIPPED = Path(__file__).parent.parent.parent / "src" / "postguard" / "models" / "text"
VERSION = "0.1.0"


def main() -> None:
    """Read the arguments, train, measure, write the pipeline."""
    parser = argparse.ArgumentParser(prog="python -m training.text", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder with posts/dev, tweets and pos")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="where the pipeline is written")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scratch", type=Path, default=Path("build/training-text"), help="weights on the way")
    arguments = parser.parse_args()

    started = time.monotonic()
    data = making.Data.read(arguments.corpus)
    plan = train.Plan(seed=arguments.seed)
    folds, shipped = making.make(data, plan, arguments.scratch)
    dev = corpus.development_posts(arguments.corpus / "posts" / "dev" / "posts.jsonl")
    report, heat = measured(data, folds, shipped, dev)
    print(report)
    text = card.card(data.posts, plan, report)
    export.write(shipped, data.lists, arguments.out, text, VERSION, kinds_heat=heat[0], verdict_heat=heat[1])
    print(f"{(time.monotonic() - started) / 60:.0f} min")


def measured(
    data: making.Data, folds: Sequence[Network], shipped: Network, dev: Sequence[Post]
) -> tuple[str, tuple[float, float]]:
    """The report on the folds and on what ships, and the temperatures found on the folds."""
    maker = data.maker()
    posts: list[Post] = []
    made: list[Example] = []
    told: list[evaluate.Answer] = []
    for fold, taught in zip(making.FOLDS, folds, strict=True):
        unseen = [post for post in data.posts if post.source in fold]
        examples = [maker.example(post) for post in unseen]
        posts += unseen
        made += examples
        told += evaluate.answers(taught, examples)
    heat = evaluate.temperatures(made, told)
    of_dev = [maker.example(post) for post in dev]
    parts = [
        "### What ships, on the development posts",
        evaluate.report(dev, of_dev, evaluate.answers(shipped, of_dev), heat),
        evaluate.tag_report(shipped, maker, data.bank_dev),
        "### The runs of the second stage, each on the sets that it was not taught",
        evaluate.report(posts, made, told, heat),
        f"Temperatures found on these: kinds {heat[0]:.1f}, trip verdict {heat[1]:.1f}.",
    ]
    return "\n\n".join(parts), heat


if __name__ == "__main__":
    main()
