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
_GRAVE = frozenset({"health", "special needs", "family"})
_PRONOUN = re.compile(r"\s*(?:he|she|they|his|her|their)\b", re.IGNORECASE)
_SOMEBODY = re.compile(
    r"\b(?:(?:a|one|another|this|that)\s(?:(?!of\b)[\w'’-]+\s){0,3}|one\sof\s(?:our|the|my)\s(?:[\w'’-]+\s){0,3})"
    r"(?:child|pupil|boy|girl|student|lad|lass|toddler|children|pupils|boys|girls|students|lads|year\s?\d+s?|y\d+s?)\b",
    re.IGNORECASE,
)
"""One child who is told without a name."""
_ANYBODY = re.compile(
    r"\b(?:if|when|whenever|should|any|every|each|no|please|can|could|may|might|unless|where|whose|policy|training|course|"
    r"job|join|apply|(?:support|help|teach|rais|car)(?:s|ed|e|es|ing)?(?:\sfor)?\s(?:a|one))\b|\?",
    re.IGNORECASE,
)
"""What makes a sentence speak of children as such: rules, offers, questions."""
_SENTENCE_END = re.compile(r"[.!?\u2026]+[\"'\u201d\u2019)]*\s+|\n+")


@dataclass(frozen=True, slots=True)
class Comment:
    """`text[start:end]` says something of one child under the heading `topic`: the sentence, if mention `which` names
    the child; where nobody is named (`which` is None) the words for the child."""

    start: int
    end: int
    which: int | None
    topic: str

    @property
    def grave(self) -> bool:
        """True for what stays private also where the child is not named: others may know who it is."""
        return self.topic in _GRAVE


def comments(text: str, children: Sequence[tuple[int, int]]) -> Iterator[Comment]:
    """Comments on one child: sentences that name a single child (or go on with he, she or they) or speak of one without
    a name ("a Year 2 boy", told for grave topics only), and touch a private topic.

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
        elif (somebody := _SOMEBODY.search(text, start, end)) and not _ANYBODY.search(text, start, end):
            topic = next((name for name, pattern in _TOPIC if pattern.search(text, somebody.end(), end)), "")
            if (comment := Comment(*somebody.span(), None, topic)).grave:
                yield comment
        last = about


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for stop in _SENTENCE_END.finditer(text):
        if text[start : stop.start()].strip():
            yield start, stop.end()
        start = stop.end()
    if text[start:].strip():
        yield start, len(text)
