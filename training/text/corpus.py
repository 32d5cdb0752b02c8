"""Reads what the text model learns from: school posts, tweets with persons, treebanks. Offsets are code points."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VERDICTS = ("pass", "review", "block")
Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Post:
    """A text with what is known of it; None = nobody said, and the model is not taught it."""

    text: str
    source: str
    id: str = ""
    event: str = ""
    audience: str = "public"
    hour: float = 12.0
    kinds: tuple[Span, ...] | None = None
    trip: tuple[Span, ...] | None = None
    verdict: str | None = None
    tags: tuple[Span, ...] | None = None
    persons_only: bool = False
    of_trips: bool = False


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def _spans(raw: list[Any]) -> tuple[Span, ...]:
    return tuple((s["start"], s["end"], s["label"]) if isinstance(s, dict) else tuple(s) for s in raw)


def _hour(posted_at: str | None) -> float:
    return int(posted_at[11:13]) + int(posted_at[14:16]) / 60 if posted_at else 12.0


def _events(folder: Path) -> dict[str, str]:
    """Post id -> event, from the lists of contrast partners (`pairs.*`)."""
    events: dict[str, str] = {}
    for path in sorted(folder.glob("pairs.*")):
        for line in path.read_text(encoding="utf-8").splitlines():
            ids = [w for w in line.split() if w[:1].isalpha() and w[-1:].isdigit()]
            first = next((events[i] for i in ids if i in events), ids[0] if ids else "")
            events.update(dict.fromkeys(ids, first))
    return events


def school_posts(folder: Path) -> list[Post]:
    """All posts under `folder`: one set a subfolder, each with `posts.jsonl`.

    A set is of names (spans PUPIL, STAFF …) or of trips (verdict, spans WHERE and WHEN); `trip-labels.jsonl` gives
    trip verdicts to posts of names. A post may carry both.
    """
    labels = {d["id"]: d for path in sorted(folder.rglob("trip-labels.jsonl")) for d in _lines(path)}
    posts = []
    for path in sorted(folder.glob("*/posts.jsonl")):
        source = path.parent.name
        events = _events(path.parent)
        for raw in _lines(path):
            spans = _spans(raw["spans"])
            of_trips = "verdict" in raw or "trip_verdict" in raw
            named = not of_trips or any(label not in {"WHERE", "WHEN", "CONTACT"} for *_, label in spans)
            trip = raw if of_trips else labels.get(raw["id"], {})
            verdict = trip.get("trip_verdict") or trip.get("verdict")
            where_when = tuple(s for s in _spans(trip.get("spans", [])) if s[2] in {"WHERE", "WHEN"})
            posts.append(
                Post(
                    raw["text"],
                    source,
                    raw["id"],
                    events.get(raw["id"], raw["id"]),
                    raw.get("account", "public"),
                    _hour(trip.get("posted_at")),
                    tuple(s for s in spans if s[2] not in {"WHERE", "WHEN", "CONTACT"}) if named else None,
                    where_when if verdict else None,
                    verdict,
                    of_trips=of_trips,
                )
            )
    return posts


def development_posts(path: Path) -> list[Post]:
    """The posts to measure with: kinds and trip verdicts, spans of trips where they are marked."""
    posts = []
    for raw in _lines(path):
        spans = _spans(raw["spans"])
        posts.append(
            Post(
                raw["text"],
                "dev",
                raw["id"],
                raw["id"],
                raw["account"],
                _hour(raw["posted_at"]),
                tuple(s for s in spans if s[2] not in {"WHERE", "WHEN", "CONTACT"}),
                tuple(s for s in spans if s[2] in {"WHERE", "WHEN"}),
                raw["trip_verdict"],
            )
        )
    return posts


def tweets(folder: Path, part: str = "train") -> list[Post]:
    """Tweets in which persons are marked and nothing else is (`persons_only`)."""
    return [
        Post(raw["text"], path.stem, kinds=_spans(raw["spans"]), persons_only=True)
        for path in sorted(folder.glob(f"*_{part}.jsonl"))
        for raw in _lines(path)
    ]


def treebank(folder: Path, part: str = "train") -> list[Post]:
    """Sentences with a tag for each word: `UPOS`, `UPOS|XPOS` where the treebank has both."""
    return [post for path in sorted(folder.glob(f"*-{part}.conllu.gz")) for post in _conllu(path)]


def _conllu(path: Path) -> Iterator[Post]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for block in file.read().split("\n\n"):
            lines = block.splitlines()
            text = next((line[9:] for line in lines if line.startswith("# text = ")), "")
            tags: list[Span] = []
            at = 0
            for line in lines:
                columns = line.split("\t")
                if len(columns) < 5 or not columns[0].isdigit():
                    continue
                start = text.find(columns[1], at)
                if start < 0 or start - at > 3:
                    continue
                at = start + len(columns[1])
                tags.append((start, at, columns[3] if columns[4] == "_" else f"{columns[3]}|{columns[4]}"))
            if text and tags:
                yield Post(text, path.name.split("-ud-")[0], tags=tuple(tags))
