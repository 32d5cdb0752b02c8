"""Trips: verdicts of postguard and of stock taggers on the development posts; spans, times, errors.

    POSTGUARD_CORPUS=../shared/corpus POSTGUARD_PEERS=.peers python bench/trips.py [--errors FILE] [--fold
    MODEL=SETS ...]

All systems read the same posts in one run; 95% bootstrap intervals over posts. `--fold` adds sets of training
posts, each
judged by a text model that was not taught them (training/trips/README.md) and by points learnt without them. Errors
quote posts:
they go to a file of your choice, nothing of a post is printed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))
import peers
from scores import VERDICTS, confusion, interval, verdict_scores

from postguard import rules
from postguard.checkers.trips import Weighed, hints_of, settle
from postguard.text import language
from postguard.text.post import Post, take_apart
from postguard.text.weighing import Judged, Points, facts, weigh
from postguard.text.whereabouts import readings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

RESULTS = Path(__file__).parent / "results" / "trips.json"
SHOWN = ("blocks_held_back", "passes_sent", "exact")
POSTS = Path(__file__).parents[1] / "training" / "posts"
LONDON = ZoneInfo("Europe/London")
RULES = {rule.code: rule for rule in rules.builtin("trips")}


@dataclass(slots=True)
class Item:
    """A post with its gold verdict and spans, and what each system told."""

    id: str
    text: str
    protected: bool
    at: datetime
    gold: str
    spans: list[tuple[int, int, str]]
    told: dict[str, str] = field(default_factory=dict)
    caught: dict[str, tuple[int, int]] = field(default_factory=dict)
    why: str = ""


def items_of(path: Path, labels: dict[str, Any] | None = None) -> list[Item]:
    """The posts of a `posts.jsonl`, with verdicts from `labels` where those have the post."""
    items = []
    for line in path.read_text("utf-8").splitlines():
        raw = json.loads(line)
        raw = (labels or {}).get(raw["id"], raw)
        spans = [(s["start"], s["end"], s["label"]) for s in raw["spans"] if s["label"] in {"WHERE", "WHEN"}]
        at = datetime.fromisoformat(raw["posted_at"]).replace(tzinfo=LONDON)
        protected = raw["account"] != "public"
        items.append(Item(raw["id"], raw["text"], protected, at, raw["trip_verdict"], spans))
    return items


def verdict_of(weighed: Sequence[Weighed], *, protected: bool) -> str:
    """The gravest verdict of what is told, by the rules' own table."""
    column = 1 if protected else 0
    told = [RULES[item.rule].verdicts[item.variant][column] or 0 for item in weighed]
    return VERDICTS[max(told, default=0)]


def judge(item: Item, points: Points | None = None) -> None:
    """Fill in what postguard, its model alone and its grammar alone tell of a post, and which gold spans were found."""
    post, told, judged = _told(item, points, protected=item.protected)
    if told and item.protected:  # as the checker does: what nobody would object to in public is not objected to here
        told = told if _told(item, points, protected=False)[1] else []
    item.told["postguard"] = verdict_of(told, protected=item.protected)
    item.told["text model alone"] = (
        "pass" if judged[0] >= 0.5 else VERDICTS[1 if item.protected or judged[2] < 0.5 else 2]
    )
    bare = [reading for reading in readings_of(take_apart(item.text, item.at)) if reading.sure]
    item.told["grammar alone"] = verdict_of(settle(bare, None), protected=item.protected)
    item.why = ", ".join(f"{one.rule}/{one.variant}" for one in told)
    item.caught = {label: _caught(item, post, label) for label in ("WHERE", "WHEN")}


def _told(item: Item, points: Points | None, *, protected: bool) -> tuple[Post, list[Weighed], Judged]:
    hour, audience = item.at.hour + item.at.minute / 60, "protected" if protected else "public"
    doc = language.read(item.text, audience, hour)
    hints = hints_of(doc)
    judged = language.trip_verdict(doc, audience, hour)
    post = take_apart(item.text, item.at, hints)
    readings = readings_of(post)
    told = settle(readings, weigh(facts(post, readings, hints, judged), protected=protected, using=points), judged)
    return post, told, judged


def _caught(item: Item, post: Post, label: str) -> tuple[int, int]:
    gold = [(a, b) for a, b, kind in item.spans if kind == label]
    found = [
        (one.start, one.end)
        for sentence in post.sentences
        for one in (sentence.places if label == "WHERE" else sentence.times)
    ]
    return sum(any(a < d and c < b for c, d in found) for a, b in gold), len(gold)


def run_taggers(items: Sequence[Item]) -> dict[str, float] | None:
    """Verdicts of the stock taggers: a post that holds what they look for is blocked in public, reviewed elsewhere."""
    python = peers.folder() / "presidio" / "bin" / "python"
    if not python.exists():
        return None
    worker = Path(__file__).parent / "peers" / "trips_worker.py"
    asked = json.dumps({"texts": [item.text for item in items]})
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run([python, worker], input=asked, capture_output=True, text=True, check=True, env=environment)
    seen = json.loads(done.stdout)
    for item, (when, place, organisation), (date, location) in zip(items, seen["spacy"], seen["presidio"], strict=True):
        leak = "review" if item.protected else "block"
        item.told["spaCy: time and place"] = leak if when and place else "pass"
        item.told["spaCy: time and (place or ORG)"] = leak if when and (place or organisation) else "pass"
        item.told["spaCy: time or place"] = leak if when or place else "pass"
        item.told["Presidio: DATE_TIME and LOCATION"] = leak if date and location else "pass"
        item.told["Presidio: DATE_TIME or LOCATION"] = leak if date or location else "pass"
    return {name: float(value) for name, value in seen["milliseconds"].items()}


def table(title: str, items: Sequence[Item]) -> dict[str, Any]:
    """Print and give the scores of every system, with intervals, and the confusion matrix of postguard."""
    print(f"\n{title}: {len(items)} posts\n\nsystem | " + " | ".join(SHOWN) + "\n---|" + "---|" * len(SHOWN))
    result: dict[str, Any] = {"posts": len(items), "systems": {}}
    for system in items[0].told:
        pairs = [(item.gold, item.told[system]) for item in items]
        scores = verdict_scores(pairs)
        spans = {name: interval(pairs, lambda drawn, name=name: verdict_scores(drawn)[name]) for name in SHOWN}
        shown = [f"{scores[name]:.3f} ({spans[name][0]:.2f}–{spans[name][1]:.2f})" for name in SHOWN]
        print(f"{system} | " + " | ".join(shown))
        result["systems"][system] = {"scores": scores, "intervals": spans, "confusion": confusion(pairs)}
    print("\npostguard, gold by told (pass, review, block):", result["systems"]["postguard"]["confusion"])
    for label in ("WHERE", "WHEN"):
        caught, gold = (sum(item.caught[label][i] for item in items) for i in (0, 1))
        result[label] = caught / gold if gold else None
        if gold:
            print(f"{label} spans found (overlap): {caught / gold:.3f} of {gold}")
    return result


def milliseconds(items: Sequence[Item]) -> dict[str, float]:
    """Mean warm time a post: the reading of the text, and what the trip check adds to it."""
    docs = [language.read(item.text) for item in items]
    start = time.perf_counter()
    for item in items:
        language.read(item.text)
    reading = (time.perf_counter() - start) / len(items) * 1000
    start = time.perf_counter()
    for item, doc in zip(items, docs, strict=True):
        hints = hints_of(doc)
        judged = language.trip_verdict(doc, "public", 12.0)
        post = take_apart(item.text, item.at, hints)
        readings = readings_of(post)
        settle(readings, weigh(facts(post, readings, hints, judged), protected=False))
    return {"reading": reading, "trips": (time.perf_counter() - start) / len(items) * 1000}


def crossed(folds: Sequence[str]) -> list[Item]:
    """The posts of all folds, each judged by the model and the points that know nothing of its fold."""
    from training.trips import __main__ as learning

    parts = [(Path(folder), sets.split(",")) for folder, _, sets in (fold.partition("=") for fold in folds)]
    seen = [learning.observe(folder, sets) for folder, sets in parts]
    lines = (POSTS / "trip-labels.jsonl").read_text("utf-8").splitlines()
    labels = {raw["id"]: raw for raw in map(json.loads, lines)}
    items: list[Item] = []
    for index, (folder, sets) in enumerate(parts):
        names, points = learning.learn([post for i, part in enumerate(seen) if i != index for post in part])
        count = len(names)
        rows = [tuple(row) for row in points.tolist()]
        using = Points(
            dict(zip(names, rows[:count], strict=True)),
            dict(zip(names, rows[count : 2 * count], strict=True)),
            rows[-2],
            rows[-1],
        )
        language.MODEL = folder
        for name in sets:
            part = items_of(POSTS / name / "posts.jsonl", labels)
            for item in part:
                item.id = f"{name}/{item.id}"
                judge(item, using)
            items += part
    return items


def main() -> None:
    """Read the arguments, judge, print the tables, write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", type=Path, help="write the wrong verdicts here")
    parser.add_argument("--fold", action="append", default=[], help="model folder=sets, by commas")
    parser.add_argument("--out", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    corpus = Path(os.environ["POSTGUARD_CORPUS"])

    items = items_of(corpus / "posts/dev/posts.jsonl")
    for item in items:
        judge(item)
    peers_took = run_taggers(items)
    results: dict[str, Any] = {"dev": table("development posts", items), "milliseconds": milliseconds(items)}
    took = results["milliseconds"]
    print(f"\nwarm: {took['reading']:.1f} ms to read a post, {took['trips']:.1f} ms more for trips")
    if peers_took is not None:
        took["peers"] = peers_took
    if arguments.fold:
        held = crossed(arguments.fold)
        for title, sets in (
            ("trips, by event", "trips-"),
            ("trips, later sets", "extra-trips"),
            ("posts of names", ("a/", "b/", "c/", "d/", "e/", "f/")),
        ):
            if part := [item for item in held if item.id.startswith(sets)]:
                results[title] = table(f"{title}, cross-validated", part)
        items += held
    if arguments.errors:
        wrong = [item for item in items if item.told["postguard"] != item.gold]
        lines = [f"{i.id}\t{i.gold}\t{i.told['postguard']}\t{i.why}\t{i.text!r}" for i in wrong]
        arguments.errors.write_text("\n".join(lines) + "\n", "utf-8")
    arguments.out.parent.mkdir(exist_ok=True)
    arguments.out.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
