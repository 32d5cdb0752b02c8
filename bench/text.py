"""Text: 220 posts through postguard's whole check and through Presidio, in one run: span scores and the ratio of times.

    POSTGUARD_CORPUS=../shared/corpus POSTGUARD_PEERS=.peers python bench/text.py

postguard's time is that of a whole `Guard.check` of a warm guard (names, trips, decision and clean copy); beside it
stands the time of the names alone. Presidio's is that of `AnalyzerEngine.analyze`. Each is the shortest of three.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import peers
from names import COLUMNS, SCORES, counts, known_from, postguard_mentions, posts_of, row

from postguard import Draft, Guard, Roster, TextSpan

HERE = Path(__file__).parent
NAMED = {"NAM101", "NAM102"}


def checked(guard: Guard, texts: list[str]) -> tuple[list[list[tuple[int, int]]], list[float]]:
    """Spans of children's names that the guard tells in each text, and the shortest of three times in milliseconds."""
    found, times = [], []
    for text in texts:
        best = float("inf")
        draft = Draft(text)
        for _ in range(3):
            began = time.perf_counter()
            report = guard.check(draft)
            best = min(best, time.perf_counter() - began)
        spans = {
            (f.evidence.start, f.evidence.end)
            for f in report.findings
            if f.rule in NAMED and isinstance(f.evidence, TextSpan)
        }
        found.append(sorted(spans))
        times.append(best * 1000)
    return found, times


def main() -> None:
    """Run, print the table, write the results."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--corpus", type=Path, default=os.environ.get("POSTGUARD_CORPUS"))
    parser.add_argument("--out", type=Path, default=HERE / "results" / "text.json")
    given = parser.parse_args()
    if given.corpus is None:
        raise SystemExit("say where the corpus is: --corpus or POSTGUARD_CORPUS")
    folder = given.corpus / "posts" / "dev"
    posts = posts_of(folder / "posts.jsonl")
    texts = [p.text for p in posts]
    roster = Roster.from_csv(folder / "roster.csv", COLUMNS)
    guards = {"postguard": Guard(clock=_clock), "postguard with roster": Guard(roster=roster, clock=_clock)}
    systems: dict[str, Any] = {}
    times: dict[str, list[float]] = {}
    for name, guard in guards.items():
        checked(guard, texts[:20])
        systems[name], times[name] = checked(guard, texts)
    _, times["postguard, names only"] = postguard_mentions(texts, known_from(roster), repeat=3)
    presidio = peers.run("presidio", texts, repeat=3)
    if presidio is not None:
        systems["presidio"], times["presidio"] = presidio.spans, presidio.milliseconds
    result: dict[str, Any] = {
        "posts": len(posts),
        "systems": {name: row(counts(posts, [list(s) for s in found]), 1000) for name, found in systems.items()},
        "milliseconds": {
            name: {"mean": round(statistics.mean(t), 3), "p95": round(statistics.quantiles(t, n=20)[-1], 3)}
            for name, t in times.items()
        },
    }
    if presidio is not None:
        base = statistics.mean(times["presidio"])
        result["ratio_to_presidio"] = {name: round(statistics.mean(t) / base, 3) for name, t in times.items()}
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(f"{'':26}" + "".join(f"{name:>22}" for name in SCORES))
    for name, scores in result["systems"].items():
        print(f"{name:26}" + "".join(f"{v[0]:>8.3f} [{v[1]:.3f} {v[2]:.3f}]" for v in (scores[n] for n in SCORES)))
    for name, took in result["milliseconds"].items():
        ratio = result.get("ratio_to_presidio", {}).get(name)
        print(
            f"{name:26}{took['mean']:>8.2f} ms a post, p95 {took['p95']:.2f}"
            + (f", {ratio:.2f} of Presidio" if ratio else "")
        )


def _clock() -> datetime:
    return datetime(2026, 3, 11, 13, 50, tzinfo=UTC)


if __name__ == "__main__":
    main()
