"""Names: postguard against its peers on the development posts, fairness and robustness.

    POSTGUARD_CORPUS=../shared/corpus POSTGUARD_PEERS=.peers python bench/names.py [--errors FILE]

All systems read the same posts in one run. Scores are over spans that touch (bench/scores.py), with 95% bootstrap
intervals over
posts. The errors are written to a file of your choice, since they quote posts; nothing of a post is printed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import time
import tomllib
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent))
import peers
from scores import Labelled, NameCounts, interval, name_counts, name_scores

from postguard.people import Roster
from postguard.text.language import load, read
from postguard.text.names import KnownNames, Mention, PersonName, find_mentions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HERE = Path(__file__).parent
COLUMNS = {"id": "pupil_id", "class_name": "class"}
SCORES = ("recall", "precision", "f1", "some_caught", "all_caught", "clean_flagged")
_SIMPLE = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Post:
    """A post with its gold spans."""

    id: str
    text: str
    gold: tuple[Labelled, ...]
    in_roster: tuple[bool, ...]


def posts_of(path: Path) -> list[Post]:
    """The posts of a `posts.jsonl`."""
    posts = []
    for line in path.read_text("utf-8").splitlines():
        raw = json.loads(line)
        spans = [s for s in raw["spans"] if s["label"] not in {"WHERE", "WHEN", "CONTACT"}]
        posts.append(
            Post(
                raw["id"],
                raw["text"],
                tuple((s["start"], s["end"], s["label"]) for s in spans),
                tuple(bool(s.get("in_roster")) for s in spans),
            )
        )
    return posts


def known_from(roster: Roster) -> KnownNames:
    """The school's lists as the names checker takes them."""
    return KnownNames.of(
        [PersonName(p.id, p.first_name, p.last_name, p.known_as) for p in roster.pupils],
        groups={p.class_name for p in roster.pupils if p.class_name},
    )


def postguard_mentions(
    texts: Sequence[str], known: KnownNames | None, repeat: int = 1
) -> tuple[list[list[Mention]], list[float]]:
    """Children's mentions in each text, and the shortest of `repeat` times for each, in milliseconds."""
    found, times = [], []
    for text in texts:
        best = float("inf")
        for _ in range(repeat):
            began = time.perf_counter()
            doc = read(text, "public", 12.0)  # as the checker does for a public post at noon
            mentions = find_mentions(doc, known) if known else find_mentions(doc)
            best = min(best, time.perf_counter() - began)
        found.append([m for m in mentions if m.kind.is_child])
        times.append(best * 1000)
    return found, times


def spans_of(found: Sequence[Sequence[Mention]]) -> list[list[tuple[int, int]]]:
    """Where the mentions stand."""
    return [[(m.start, m.end) for m in mentions] for mentions in found]


def counts(posts: Sequence[Post], found: Sequence[Sequence[tuple[int, int]]]) -> list[NameCounts]:
    """The counts of each post."""
    return [name_counts(post.gold, spans) for post, spans in zip(posts, found, strict=True)]


def row(posts: Sequence[NameCounts], draws: int) -> dict[str, Any]:
    """All scores with their intervals."""
    scores = name_scores(posts)
    return {
        name: [
            round(scores[name], 4),
            *(round(x, 4) for x in interval(posts, lambda p, n=name: name_scores(p)[n], draws=draws)),
        ]
        for name in SCORES
    }


def with_roster(posts: Sequence[Post], found: Sequence[Sequence[Mention]]) -> dict[str, float]:
    """Recall of the pupils on the roster, and how many posts without any pupil are held back or blocked."""
    caught = sure = gold = flagged = blocked = clean = 0
    for post, mentions in zip(posts, found, strict=True):
        for (start, end, _), listed in zip(post.gold, post.in_roster, strict=True):
            if listed:
                touching = [m for m in mentions if m.start < end and start < m.end]
                gold += 1
                caught += bool(touching)
                sure += any(m.kind.name == "PUPIL" for m in touching)
        if not any(label in {"PUPIL", "FORMER"} for *_, label in post.gold):
            clean += 1
            flagged += bool(mentions)
            blocked += any(m.sure and (m.kind.name == "PUPIL" or m.full) for m in mentions)
    return {
        "recall": caught / max(gold, 1),
        "recall_sure": sure / max(gold, 1),
        "clean_flagged": flagged / max(clean, 1),
        "clean_blocked": blocked / max(clean, 1),
    }


# --- other names, other spellings ---


def pupils_replaced(post: Post, change: Callable[[str, random.Random], str], draw: random.Random) -> Post:
    """The post with every pupil's name changed."""
    text, last, gold, listed = "", 0, [], []
    for (start, end, label), on_roster in sorted(
        zip(post.gold, post.in_roster, strict=True), key=lambda g: (g[0][0], -g[0][1])
    ):
        if start < last:
            continue
        text += post.text[last:start]
        name = post.text[start:end]
        new = change(name, draw) if label in {"PUPIL", "FORMER"} else name
        gold.append((len(text), len(text) + len(new), label))
        listed.append(on_roster)
        text += new
        last = end
    return Post(post.id, text + post.text[last:], tuple(gold), tuple(listed))


def like(name: str, first: str, last: str) -> str:
    """Another person's name in the form of `name`: as many parts, initials and case kept."""
    if not _SIMPLE.fullmatch(name.rstrip(".")):
        return name
    parts = name.split(" ")
    new = [first, last][: len(parts)]
    for i, (old, part) in enumerate(zip(parts, new, strict=False)):
        if len(old.rstrip(".")) == 1:
            new[i] = part[0] + old[1:]
        if old.isupper() and len(old) > 1:
            new[i] = new[i].upper()
        elif old.islower():
            new[i] = new[i].lower()
    return " ".join(new)


def fairness(posts: Sequence[Post], seed: int = 5) -> dict[str, float]:
    """Recall of pupils for names of seven origins put into the same posts; no roster."""
    origins = tomllib.loads((HERE / "origins.toml").read_text("utf-8"))
    named = [p for p in posts if any(label == "PUPIL" for *_, label in p.gold)]
    recalls = {}
    for origin, names in origins.items():
        draw = random.Random(seed)  # noqa: S311 - a repeatable choice of names
        scored = []
        for _ in range(3):
            changed = [
                pupils_replaced(p, lambda n, d, o=names: like(n, d.choice(o["first"]), d.choice(o["last"])), draw)
                for p in named
            ]
            found, _times = postguard_mentions([p.text for p in changed], None)
            scored += counts(changed, spans_of(found))
        recalls[origin] = round(name_scores(scored)["recall"], 4)
    return recalls


def _misspelt(name: str, draw: random.Random) -> str:
    first, *rest = name.split(" ")
    if len(first) < 5 or not first.isalpha():
        return name
    at = draw.randrange(1, len(first) - 1)
    return " ".join([first[:at] + first[at + 1] + first[at] + first[at + 2 :], *rest])


def _bare(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))


PERTURBED: dict[str, Callable[[str, random.Random], str]] = {
    "lower case": lambda n, _: n.lower(),
    "capitals": lambda n, _: n.upper(),
    "accents left out": lambda n, _: _bare(n),
    "accents apart": lambda n, _: unicodedata.normalize("NFD", n),
    "wide spacing": lambda n, _: f" {n} ".replace(" ", "  "),
    "emoji behind": lambda n, _: n + "🎉",
    "zero-width inside": lambda n, _: n[:2] + "\u200b" + n[2:],
    "look-alike letter": lambda n, _: n.replace("a", "\u0430", 1),
    "hashtag": lambda n, _: "#" + n.replace(" ", "") if n[:1].isupper() else n,
    "stretched": lambda n, _: n + n[-1] * 3 if n[-1:].isalpha() and " " not in n and len(n) > 2 else n,
    "misspelt": _misspelt,
}


def robustness(posts: Sequence[Post], known: KnownNames | None) -> dict[str, float]:
    """How much recall falls when every pupil's name is written otherwise: the same names, in eleven ways; then
    whole posts."""
    base = _recall(posts, known)
    named = {}
    for what, change in PERTURBED.items():
        draw = random.Random(3)  # noqa: S311 - repeatable misspellings
        named[what] = [pupils_replaced(p, change, draw) for p in posts]
    named["whole post in lower case"] = [
        Post(p.id, p.text.lower(), p.gold, p.in_roster) for p in posts if len(p.text.lower()) == len(p.text)
    ]
    named["whole post in capitals"] = [
        Post(p.id, p.text.upper(), p.gold, p.in_roster) for p in posts if len(p.text.upper()) == len(p.text)
    ]
    falls = {what: round(base - _recall(changed, known), 4) for what, changed in named.items()}
    falls["mean"] = round(sum(falls.values()) / len(falls), 4)
    return falls


def _recall(posts: Sequence[Post], known: KnownNames | None) -> float:
    found, _ = postguard_mentions([p.text for p in posts], known)
    if known is None:
        return name_scores(counts(posts, spans_of(found)))["recall"]
    return with_roster(posts, found)["recall"]


# --- errors ---


def errors(posts: Sequence[Post], found: Sequence[Sequence[Mention]]) -> list[dict[str, Any]]:
    """Missed and wrong spans, by kind. They quote the posts."""
    listed = []
    for post, mentions in zip(posts, found, strict=True):
        for start, end, label in post.gold:
            if label in {"PUPIL", "FORMER"} and not any(m.start < end and start < m.end for m in mentions):
                listed.append({"id": post.id, "kind": "missed", "span": post.text[start:end], "text": post.text})
        for m in mentions:
            touching = [label for a, b, label in post.gold if a < m.end and m.start < b]
            if not {"PUPIL", "FORMER", "PARENT", "RELATIVE"} & set(touching):
                listed.append(
                    {
                        "id": post.id,
                        "kind": f"wrong: {touching[0] if touching else 'WORD'}",
                        "span": post.text[m.start : m.end],
                        "confidence": m.confidence,
                        "reasons": m.reasons,
                        "text": post.text,
                    }
                )
    return listed


def model_load_seconds() -> float:
    """How long the model takes to load in a fresh process, its libraries imported before."""
    program = (
        "import spacy, onnxruntime, tokenizers, time; t = time.perf_counter();"
        "from postguard.text.language import load; load(); print(time.perf_counter() - t)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return float(done.stdout.strip().splitlines()[-1])


def report(result: dict[str, Any]) -> str:
    """The table."""
    lines = [f"{'':24}" + "".join(f"{name:>22}" for name in SCORES)]
    for system, scores in result["systems"].items():
        cells = "".join(f"{v[0]:>8.3f} [{v[1]:.3f} {v[2]:.3f}]" for v in (scores[n] for n in SCORES))
        lines.append(f"{system:24}{cells}")
    lines += ["", "with the roster: " + ", ".join(f"{k} {v:.3f}" for k, v in result["with_roster"].items())]
    lines += ["fairness (recall): " + ", ".join(f"{k} {v:.3f}" for k, v in result["fairness"].items())]
    lines += [f"fairness spread: {result['fairness_spread']:.3f}"]
    for what in ("without", "with"):
        falls = result[f"robustness_{what}_roster"]
        lines += [f"fall of recall {what} roster: " + ", ".join(f"{k} {v:+.3f}" for k, v in falls.items())]
    lines += ["milliseconds a post (mean): " + ", ".join(f"{k} {v:.2f}" for k, v in result["milliseconds"].items())]
    lines += ["seconds to load: " + ", ".join(f"{k} {v:.2f}" for k, v in result["load_seconds"].items())]
    return "\n".join(lines)


def main() -> None:
    """Run, print the table, write the results."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--corpus", type=Path, default=os.environ.get("POSTGUARD_CORPUS"))
    parser.add_argument("--errors", type=Path, help="write missed and wrong spans here; they quote posts")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "names.json")
    parser.add_argument("--draws", type=int, default=1000)
    given = parser.parse_args()
    if given.corpus is None:
        raise SystemExit("say where the corpus is: --corpus or POSTGUARD_CORPUS")
    folder = given.corpus / "posts" / "dev"
    posts = posts_of(folder / "posts.jsonl")
    texts = [p.text for p in posts]
    known = known_from(Roster.from_csv(folder / "roster.csv", COLUMNS))
    load()
    postguard_mentions(texts[:20], known)

    alone, times = postguard_mentions(texts, None, repeat=3)
    knowing, knowing_times = postguard_mentions(texts, known, repeat=3)
    systems = {"postguard": spans_of(alone), "postguard with roster": spans_of(knowing)}
    milliseconds = {
        "postguard": sum(times) / len(times),
        "postguard with roster": sum(knowing_times) / len(knowing_times),
    }
    load_seconds = {"postguard": model_load_seconds()}
    for peer in peers.PACKAGES:
        run = peers.run(peer, texts, repeat=3)
        if run is None:
            print(f"{peer}: not installed (python bench/peers/__init__.py {peer})")
            continue
        systems[peer] = run.spans
        milliseconds[peer] = sum(run.milliseconds) / len(run.milliseconds)
        load_seconds[peer] = run.load_seconds
    fair = fairness(posts)
    result = {
        "posts": len(posts),
        "systems": {name: row(counts(posts, spans), given.draws) for name, spans in systems.items()},
        "with_roster": with_roster(posts, knowing),
        "fairness": fair,
        "fairness_spread": max(fair.values()) - min(fair.values()),
        "robustness_without_roster": robustness(posts, None),
        "robustness_with_roster": robustness(posts, known),
        "milliseconds": milliseconds,
        "load_seconds": load_seconds,
    }
    listed = errors(posts, alone)
    result["errors"] = dict(Counter(e["kind"] for e in listed))
    if given.errors:
        given.errors.write_text("".join(json.dumps(e, ensure_ascii=False) + "\n" for e in listed), "utf-8")
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(report(result))


if __name__ == "__main__":
    main()
