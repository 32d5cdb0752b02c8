"""Comments on one child: behaviour, attainment, health, special needs, family circumstances."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postguard.text.lists import patterns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOPIC = tuple(
    (topic, re.compile(rf"\b(?:{'|'.join(written)})", re.IGNORECASE)) for topic, written in patterns("comments").items()
)
_PRONOUN = re.compile(r"\s*(?:he|she|they|his|her|their)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?\u2026]+[\"'\u201d\u2019)]*\s+|\n+")


@dataclass(frozen=True, slots=True)
class Comment:
    """The sentence `text[start:end]` says something of the child named by mention `which` under the heading
    `topic`."""

    start: int
    end: int
    which: int
    topic: str


def comments(text: str, children: Sequence[tuple[int, int]]) -> Iterator[Comment]:
    """Comments on one child: sentences that name a single child (or go on with he, she or they) and touch a
    private topic.

    `children` are where children are named, in order. Sentences that name several children are not told: they
    speak of a group.
    """
    last: int | None = None
    for start, end in _sentences(text):
        here = [i for i, (a, b) in enumerate(children) if a < end and start < b]
        if len({text[children[i][0] : children[i][1]].lower().split(" ")[0] for i in here}) > 1:
            last = None
            continue
        about = here[0] if here else (last if last is not None and _PRONOUN.match(text, start, end) else None)
        if about is not None:
            topic = next((name for name, pattern in _TOPIC if pattern.search(text, start, end)), None)
            if topic is not None:
                yield Comment(start, end, about, topic)
        last = about


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for stop in _SENTENCE_END.finditer(text):
        if text[start : stop.start()].strip():
            yield start, stop.end()
        start = stop.end()
    if text[start:].strip():
        yield start, len(text)
