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

SHIPPED = Path(__file__).parent.parent.parent / "src" / "postguard" / "models" / "text"
VERSION = "0.5.0"
UNTAUGHT = "A model that was not taught every set of posts (`making.FOLDS`, `making.LATE`): it does not ship.\n"


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
    made = making.make(data, plan, arguments.scratch)
    dev = corpus.development_posts(arguments.corpus / "posts" / "dev" / "posts.jsonl")
    report, heat = measured(data, made, dev)
    print(report)
    text = card.card(data.posts, plan, report)
    export.write(made.shipped, data.lists, arguments.out, text, VERSION, heat)
    # What the weights of rules and lists are learnt with: see training/trips and training/lists.
    for number, taught in enumerate(made.folds, 1):
        export.write(taught, data.lists, arguments.scratch / f"fold-{number}", UNTAUGHT, VERSION, heat)
    export.write(made.middle, data.lists, arguments.scratch / "middle", UNTAUGHT, VERSION, heat)
    print(f"{(time.monotonic() - started) / 60:.0f} min")


def measured(data: making.Data, made: making.Made, dev: Sequence[Post]) -> tuple[str, tuple[float, float]]:
    """The report on what ships, and on posts that the networks before it were not taught; the temperatures found on
    the latter."""
    maker = data.maker()
    posts: list[Post] = []
    shown: list[Example] = []
    told: list[evaluate.Answer] = []
    for sets, taught in [*zip(making.FOLDS, made.folds, strict=True), (making.LATE, made.middle)]:
        unseen = [post for post in data.posts if post.source in sets]
        examples = [maker.example(post) for post in unseen]
        posts += unseen
        shown += examples
        told += evaluate.answers(taught, examples)
    heat = evaluate.temperatures(shown, told)
    of_dev = [maker.example(post) for post in dev]
    late = [i for i, post in enumerate(posts) if post.source in making.LATE]
    parts = [
        "### What ships, on the development posts",
        evaluate.report(dev, of_dev, evaluate.answers(made.shipped, of_dev), heat),
        evaluate.tag_report(made.shipped, maker, data.bank_dev),
        "### The runs of the second stage, each on the sets that it was not taught, and their mean on the late ones",
        evaluate.report(posts, shown, told, heat),
        "### Their mean on the late sets alone",
        evaluate.report([posts[i] for i in late], [shown[i] for i in late], [told[i] for i in late], heat),
        f"Temperatures found on these: kinds {heat[0]:.1f}, trip verdict {heat[1]:.1f}.",
    ]
    return "\n\n".join(parts), heat


if __name__ == "__main__":
    main()
