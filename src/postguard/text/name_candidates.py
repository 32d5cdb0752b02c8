"""The stretches of a text that may name a child: roster hits, and words that the model reads as a child's name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from postguard.text.casts import CastsOfPost
from postguard.text.language import KINDS
from postguard.text.name_words import NameWord, Region, Tagged, joint, name_words, tagged
from postguard.text.roster_match import Form, Hit, NameIndex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spacy.tokens import Doc

_JOINED = 0.1
"""Probability of being a child's name from which a word goes on with the name before it."""
_INITIAL = 0.3
"""The same for a small letter with a dot to be an initial: "e. adeyemi", not "w. Safa"."""
_CANDIDATE = 0.03
"""The same from which a word is weighed at all; capitalised words that are no common ones nearly always are."""
_NO_NAME = 0.999
FIGURE, GROUP = (1 + KINDS.index(kind) for kind in ("FIGURE", "GROUP"))
"""Where the probabilities of a figure and of a class, house or team stand in those of a word."""
_LONGEST_LINK = 6
"""How many words stand at most between a name and the class that its bearer is in: "is", "n", "t", "in"."""
_IN_GROUP = re.compile(r"\s(?:(?:is|was|isn['\u2019]t|wasn['\u2019]t|now|not)\s){0,2}(?:in|from)\s", re.IGNORECASE)


@dataclass(slots=True, repr=False)
class Candidate:
    """Words `first` to `past` (exclusive), the roster's hit among them, and the kinds' probabilities (none, child,
    …)."""

    first: int
    past: int
    hit: Hit | None
    p: list[float]
    score: float = 0.0
    evidence: dict[str, float] = field(default_factory=dict)


def _counts_pictures(word: str) -> bool:
    """True for the "a" of "jars-a.jpg"; a capital may be an initial."""
    return len(word) == 1 and word.islower()


class WordsOfPost:
    """The words of a text with what the model and the lexicon tell of each."""

    def __init__(self, doc: Doc, *, file_name: bool = False) -> None:
        from postguard.text.language import lists

        listed = lists()
        self.word_step, self.name_step = listed.word_step, listed.name_step
        self.text: str = doc.text
        inside = [Tagged(0, len(self.text), Region.FILE)] if file_name else tagged(self.text)
        tokens = [token for token in doc if not token.is_space]
        if file_name:
            stem = PurePosixPath(self.text).stem
            tokens = [token for token in tokens if token.idx < len(stem) and not _counts_pictures(token.text)]
        number = {token.idx: token.i for token in tokens}
        self.words = name_words(self.text, [(t.idx, t.idx + len(t)) for t in tokens], inside)
        self.casts = CastsOfPost(self.words)
        rows = doc._.kinds.tolist()
        self.rows: list[list[float]] = [rows[number[word.start]] for word in self.words]
        self.starts = {token.idx for token in tokens if token.is_sent_start}
        starts_small = bool(self.words) and not self.words[0].capital
        self.all_lower = starts_small and sum(w.capital for w in self.words) <= 1 and len(self.words) > 3

    def written_as_name(self, word: NameWord) -> bool:
        """True if its case does not speak against a name: a capital, or a text or tag that has none."""
        return word.capital or self.all_lower or word.region is not Region.PROSE

    def keys(self, first: int, past: int) -> tuple[str, str]:
        """The words as one key, with spaces and without."""
        key = self.words[first].key
        for word in self.words[first + 1 : past]:
            between = joint(word.gap)
            key += (" " if between is None else between) + word.key
        return key, key.replace(" ", "")

    def candidates(self, pupils: NameIndex) -> list[Candidate]:
        """What may name a child, in order, none overlapping another."""
        hits = pupils.hits(self.words, self.word_step, self.name_step)
        hit_at = {i: hit for hit in hits for i in range(*hit.words)}
        found: list[Candidate] = []
        at = 0
        while at < len(self.words):
            hit = hit_at.get(at)
            if hit is None and not self._may_be(at):
                at += 1
                continue
            end = hit.words[1] if hit else at + 1
            started = hit is not None or self.rows[at][1] >= _JOINED
            while started and end < len(self.words) and self._goes_on(end, hit_at, hit):
                hit = hit or hit_at.get(end)
                end = hit_at[end].words[1] if end in hit_at else end + 1
            found.append(Candidate(at, end, hit, max(self.rows[at:end], key=lambda row: row[1])))
            at = end
        return found

    def in_group(self, past: int) -> float:
        """How surely a class or house follows that the bearer of the name before word `past` is in: "Teddy in Oak"."""
        link = _IN_GROUP.match(self.text, self.words[past - 1].end)
        if link is None:
            return 0.0
        after = range(past, min(past + _LONGEST_LINK, len(self.words)))
        return next((self.rows[i][GROUP] for i in after if self.words[i].start == link.end()), 0.0)

    def _may_be(self, at: int) -> bool:
        child, word = self.rows[at][1], self.words[at]
        if child >= _CANDIDATE or (child >= _CANDIDATE / 3 and word.capital and self.in_group(at + 1) >= 0.5):
            return True
        return word.capital and len(word.key) > 2 and self.word_step(word.key) == 0 and self.rows[at][0] < _NO_NAME

    def _goes_on(self, at: int, hit_at: Mapping[int, Hit], hit: Hit | None) -> bool:
        """True if the word at `at` belongs to the name before it."""
        word, before = self.words[at], self.words[at - 1]
        if word.inside is not before.inside:
            return False
        initial = len(before.key) == 1 and (before.capital or self.rows[at - 1][1] >= _INITIAL)
        if joint(word.gap) is None and not (initial and word.gap in {". ", "."}):
            return False
        if at in hit_at and (hit is not None or hit_at[at].form is not Form.SURNAME):
            return False  # two names side by side
        if hit is not None and hit.form is Form.FULL:
            return False
        return self.rows[at][1] >= (_JOINED if hit is None else 0.4)
