"""A table of patterns finds what the patterns find, and looks for it at fewer places."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postguard.text.cues import cue, cues
from postguard.text.tense import verb_patterns
from postguard.text.time_grammar import grammar
from postguard.text.word_starts import PatternTable, WordStarts, heads_of, matches


@pytest.mark.parametrize(
    ("pattern", "heads"),
    [
        (r"\bnow\b", {"now"}),
        (r"(?<!\w)(?:off to|out)", {"off", "out"}),
        (r"\b(?:on\s)?mondays?", {"on", "mon"}),
        (r"\bcolou?rs?\b", {"col"}),
        (r"\bU\d+", {"u"}),
        (r"\b(?:a|an)\b", {"a", "an"}),
        (r"\b\d{1,2}pm", {"0"}),
        (r"(?<![\d.])\d:\d\d", {"0"}),
        (r"['’]ll\b", {"'"}),
        (r"(?:^|(?<=[.!?]\s))please", {"ple"}),
        (r"\be{2,}k", {"e"}),
    ],
)
def test_the_first_letters_of_a_match_are_told(pattern, heads):
    assert heads_of(re.compile(pattern, re.IGNORECASE)) == heads


@pytest.mark.parametrize(
    "pattern",
    [r"now", r"\b\w+ing\b", r"\b[a-z]+ed\b", r"\b(?:now)?", r"(?<=[a-z]\s)now|ow", r"\s?now", r"\b[^a]b", r"£\d"],
)
def test_where_a_match_may_begin_with_anything_nothing_is_told(pattern):
    assert heads_of(re.compile(pattern, re.IGNORECASE)) is None


WORDS = [
    "Monday",
    "mon",
    "the",
    "half",
    "past",
    "two",
    "2.30pm",
    "14-16",
    "May",
    "tomorrow",
    "we",
    "we'll",
    "they’re",
    "children",
    "Y5",
    "off",
    "to",
    "at",
    "zoo",
    "is",
    "was",
    "talked",
    "please",
    "collect",
    "back",
    "from",
    "ﬁnal",
    "ſchool",
    "İstanbul",
    "nıght",
    "5th",
    "3/4",
    "@",
    "U11",
    "£4.50",
    "every",
    "Josés",
    "home\u200btime",
    "half-term",
    "next",
    "week",
    "_now_",
    "²nd",
    "by",
    "on",
    "in",
    "for",
    "last",
    "this",
    "until",
    "tues",
    "FRIDAY",
    "Sat",
    "sept",
    "mawrth",
    "3",
    "9.30",
    "14th",
    "2/5",
    "pm",
    "–",
    "weeks",
    "nights",
    "20mins",
    "hours",
    "sleeps",
    "days",
    "more",
    "ago",
    "late",
    "w/c",
    "commencing",
    "mornings",
    "year",
    "months",
    "hrs",
]
TEXTS = st.lists(
    st.tuples(st.sampled_from(WORDS) | st.text(max_size=4), st.sampled_from([" ", "", ", ", ". ", "\n", " - ", "! "])),
    max_size=30,
).map(lambda parts: "".join(word + gap for word, gap in parts))


def tables() -> list[PatternTable]:
    return [PatternTable([cue(name) for name in cues()]), grammar()[0], verb_patterns()]


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.integers(0, 40), st.integers(0, 80))
def test_a_table_finds_what_its_patterns_find(text, start, length):
    for table in tables():
        starts = WordStarts(text)
        for pattern, places in zip(table.patterns, table.places(starts), strict=True):
            end = min(start + length, len(text))
            found = [m.span() for m in matches(pattern, places, text, start, end)]
            assert found == [m.span() for m in pattern.finditer(text, start, end)], pattern.pattern


def test_most_patterns_are_tied_to_words():
    tied = [heads_of(pattern) is not None for table in tables() for pattern in table.patterns]
    assert sum(tied) > 0.95 * len(tied)
