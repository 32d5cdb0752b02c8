"""Learns the points of `postguard.text.weighing`: `python -m training.trips`. See README.md beside this file."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from postguard.checkers.trips import hints_of
from postguard.text import language
from postguard.text.post import take_apart
from postguard.text.weighing import facts
from postguard.text.whereabouts import readings_of

POSTS = Path(__file__).parent.parent / "posts"
OUT = Path(__file__).parent.parent.parent / "src" / "postguard" / "data" / "trip-weights.json"
VERDICTS = ("pass", "review", "block")
LEAST_SEEN = 8
RIDGE = 2.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A post with its facts."""

    source: str
    protected: bool
    verdict: int
    facts: dict[str, float]


def observe(folder: Path, sources: list[str]) -> list[Seen]:
    """The facts of the posts of some sets, with the model in `folder`."""
    language.MODEL = folder
    labels = {}
    for path in POSTS.rglob("trip-labels.jsonl"):
        labels |= {raw["id"]: raw for raw in map(json.loads, path.read_text("utf-8").splitlines())}
    return [
        _seen(source, labels.get(raw["id"], raw))
        for source in sources
        for raw in map(json.loads, (POSTS / source / "posts.jsonl").read_text("utf-8").splitlines())
    ]


def _seen(source: str, raw: dict[str, Any]) -> Seen:
    at = datetime.fromisoformat(raw["posted_at"]).replace(tzinfo=ZoneInfo("Europe/London"))
    protected = raw["account"] != "public"
    audience, hour = "protected" if protected else "public", at.hour + at.minute / 60
    doc = language.read(raw["text"], audience, hour)
    hints = hints_of(doc)
    judged = language.trip_verdict(doc, audience, hour)
    post = take_apart(raw["text"], at, hints)
    return Seen(source, protected, VERDICTS.index(raw["trip_verdict"]), facts(post, readings_of(post), hints, judged))


def matrix(seen: list[Seen], names: list[str]) -> np.ndarray:
    """One row a post: its facts, the same again if its audience is protected, and the two starts."""
    index = {name: i for i, name in enumerate(names)}
    rows = np.zeros((len(seen), 2 * len(names) + 2))
    for row, post in zip(rows, seen, strict=True):
        for name, strength in post.facts.items():
            if name in index:
                row[index[name]] = strength
        if post.protected:
            row[len(names) : -2] = row[: len(names)]
        row[-2:] = 1.0, float(post.protected)
    return rows


def fit(rows: np.ndarray, verdicts: np.ndarray, steps: int = 400) -> np.ndarray:
    """Logistic regression with three classes and a ridge, by Adam."""
    table = np.zeros((rows.shape[1], 3))
    wanted = np.eye(3)[verdicts]
    mean, square = np.zeros_like(table), np.zeros_like(table)
    ridge = np.full((rows.shape[1], 1), RIDGE)
    ridge[-2:] = 0.0
    for step in range(1, steps + 1):
        slope = (rows.T @ (chances(rows, table) - wanted) + ridge * table) / len(rows)
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope**2
        table -= 0.05 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return table


def chances(rows: np.ndarray, table: np.ndarray) -> np.ndarray:
    """Probabilities of the three verdicts, one row a post."""
    scores = rows @ table
    grown = np.exp(scores - scores.max(1, keepdims=True))
    return grown / grown.sum(1, keepdims=True)


def learn(seen: list[Seen]) -> tuple[list[str], np.ndarray]:
    """The names of the facts that were seen often enough, and their points."""
    often = Counter(name for post in seen for name in post.facts)
    names = sorted(name for name, count in often.items() if count >= LEAST_SEEN)
    return names, fit(matrix(seen, names), np.array([post.verdict for post in seen]))


def report(title: str, seen: list[Seen], told: np.ndarray) -> str:
    """Exact, blocks held back and passes sent of the likeliest verdict, a block before approved followers being a
    review."""
    best = [int(p.argmax()) for p in told]
    best = [min(b, 1) if post.protected else b for b, post in zip(best, seen, strict=True)]
    pairs = Counter(zip((post.verdict for post in seen), best, strict=True))
    blocks, passes = (sum(pairs[v, j] for j in range(3)) for v in (2, 0))
    exact = sum(pairs[i, i] for i in range(3)) / len(seen)
    held = (pairs[2, 1] + pairs[2, 2]) / max(1, blocks)
    return f"{title:24} {len(seen):5} exact {exact:.3f} held {held:.3f} sent {pairs[0, 0] / max(1, passes):.3f}"


def main() -> None:
    """Read the folds, print the cross-validated table, write the points learnt from all."""
    parser = argparse.ArgumentParser(prog="python -m training.trips", description=__doc__)
    parser.add_argument("--fold", action="append", required=True, help="folder=sets, by commas")
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    folds = []
    for fold in arguments.fold:
        folder, _, sources = fold.partition("=")
        folds.append(observe(Path(folder), sources.split(",")))
    for index, held in enumerate(folds):
        names, table = learn([post for other, fold in enumerate(folds) if other != index for post in fold])
        told = chances(matrix(held, names), table)
        for source in sorted({post.source for post in held}):
            mine = [i for i, post in enumerate(held) if post.source == source]
            print(report(source, [held[i] for i in mine], told[mine]))
    names, table = learn([post for fold in folds for post in fold])
    points = np.round(table, 3).tolist()
    count = len(names)
    written = {
        "public": dict(zip(names, points[:count], strict=True)),
        "protected": {name: row for name, row in zip(names, points[count : 2 * count], strict=True) if any(row)},
        "start": points[-2],
        "start_protected": points[-1],
    }
    lines = json.dumps(written, ensure_ascii=False, indent=1)
    # A row a line: three figures need no line each.
    lines = lines.replace("[\n   ", "[").replace(",\n   ", ", ").replace("\n  ]", "]").replace("[\n  ", "[")
    arguments.out.write_text(lines + "\n", "utf-8")
    print(f"{count} facts -> {arguments.out.name}")


if __name__ == "__main__":
    main()
