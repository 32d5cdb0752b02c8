"""Finds the weights of evidence in `src/postguard/data/names/weights.toml`, on posts that a model was not trained on.

    python training/lists/weights.py MODEL=SET [MODEL=SET …]      e.g. build/training-text/fold-1=training/posts/c

MODEL is a pipeline that `python -m training.text` leaves in its scratch folder, SET the folder of posts it never saw
(`training.text.making.FOLDS`, `LATE`). Each weight is drawn to its prior, so that evidence which hardly occurs keeps
what was set by hand. Evidence of roster and school lists is left alone.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "src"))

from postguard.text import language, lists, name_evidence  # noqa: E402
from postguard.text.name_candidates import Candidate, WordsOfPost  # noqa: E402
from postguard.text.names import NOBODY  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

TABLE = ROOT / "src" / "postguard" / "data" / "names" / "weights.toml"
PULL = 80.0
"""How strongly a weight is drawn to its prior, in examples of doubt."""
CHILDREN, NEUTRAL = {"PUPIL", "FORMER"}, {"PARENT", "RELATIVE"}

Read = list[tuple[WordsOfPost, list[tuple[int, int, str]]]]


def read_all(pairs: Sequence[str]) -> Read:
    """The held-out posts as their models read them, with their gold spans."""
    posts: Read = []
    for pair in pairs:
        model, _, folder = pair.partition("=")
        language.MODEL = Path(model)
        for line in (Path(folder) / "posts.jsonl").read_text("utf-8").splitlines():
            raw = json.loads(line)
            gold = [(s["start"], s["end"], s["label"]) for s in raw["spans"]]
            posts.append((WordsOfPost(language.read(raw["text"], raw["account"], 12.0)), gold))
    return posts


def examples(posts: Read) -> Iterator[tuple[Candidate, bool]]:
    """Each candidate with its evidence, and whether it names a child."""
    for post, gold in posts:
        candidates = post.candidates(NOBODY.pupils)
        name_evidence.weigh(post, candidates, NOBODY)
        for c in candidates:
            start, end = post.words[c.first].start, post.words[c.past - 1].end
            touched = {label for a, b, label in gold if a < end and start < b}
            if touched & CHILDREN:
                yield c, True
            elif not touched & NEUTRAL:
                yield c, False


def fitted(
    rows: NDArray[np.float64], truth: NDArray[np.float64], prior: NDArray[np.float64], base: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weights of greatest likelihood with the pull to the prior, by Newton's method. `base` is added to each
    score."""
    weights = prior.copy()
    for _ in range(60):
        chance = 1 / (1 + np.exp(-(base + rows @ weights)))
        slope = rows.T @ (chance - truth) + PULL * (weights - prior)
        bend = (rows * (chance * (1 - chance))[:, None]).T @ rows + PULL * np.eye(len(prior))
        step = np.linalg.solve(bend, slope)
        weights -= step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def main(pairs: Sequence[str]) -> None:
    """Fit the weights of single evidence, then those of context on top, and write both."""
    posts = read_all(pairs)
    table = lists.table("weights")
    found: dict[str, float] = {}
    for group in ("single", "context"):
        names = list(table[group])
        told = list(examples(posts))
        rows = np.array([[c.evidence.get(name, 0.0) for name in names] for c, _ in told])
        truth = np.array([float(child) for _, child in told])
        prior = np.array([float(table[group][name]["prior"]) for name in names])
        weights = name_evidence.weights()
        base = np.zeros(len(told))
        if group == "context":
            base = np.array(
                [sum(weights[n].weight * v for n, v in c.evidence.items() if n not in names) for c, _ in told]
            )
        found |= {n: round(float(w), 2) for n, w in zip(names, fitted(rows, truth, prior, base), strict=True)}
        _write(found)
        name_evidence.weights.cache_clear()
        print(group, len(told), "mentions,", int(truth.sum()), "of children")
    for name, weight in found.items():
        print(f"{name:20}{weight:+.2f}")


def _write(found: dict[str, float]) -> None:
    """Put the weights into the table, beside their priors; all else stays as it is."""
    lines: list[str] = []
    name = ""
    for line in TABLE.read_text("utf-8").splitlines():
        if heading := re.fullmatch(r"\[\w+\.(\w+)\]", line):
            name = heading[1]
        if name in found and line.startswith("weight"):
            continue
        lines.append(line)
        if name in found and line.startswith("prior"):
            lines.append(f"weight = {found[name]}")
    TABLE.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
