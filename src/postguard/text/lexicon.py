"""Which words are first names, how many people bear them, and which words are common English ones.

Two lists ship with the model (`models/text/tokenizer/`): names with a step of frequency, from `nomquamgender` and
`Faker` (both MIT), and words with a step of frequency, counted by `training/text`. Both are folded: lower case, no
accents.
"""

from __future__ import annotations

import gzip
import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from postguard.text.tokens import fold

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAMES_FILE = "names.txt.gz"
WORDS_FILE = "words.txt.gz"
_LONGEST_WORD = 20
# Costs (negative log probabilities) for cutting a hashtag: a common word of each step, a name of each, an unknown run.
_WORD_COSTS = (math.inf, 10.5, 9.0, 7.5, 5.5)
_NAME_COSTS = (math.inf, 14.0, 13.0, 12.0, 11.0)
_UNKNOWN_COST, _UNKNOWN_LETTER = 10.0, 2.3
_SHORT = {"a", "i"}
_LONE_LETTER = 20.0


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Names and words, each with a step of frequency from 1 (rare) to 4; what is not listed has step 0."""

    names: Mapping[str, int] = field(repr=False)
    words: Mapping[str, int] = field(repr=False)

    @classmethod
    def from_disk(cls, folder: Path) -> Lexicon:
        """Read both lists; raises OSError or ValueError if one is missing or broken."""
        return cls(_read(folder / NAMES_FILE), _read(folder / WORDS_FILE))

    def to_disk(self, folder: Path) -> None:
        """Write both lists, the same bytes each time."""
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / NAMES_FILE, self.names)
        _write(folder / WORDS_FILE, self.words)

    def name_step(self, word: str) -> int:
        """How many people bear `word` as a first name: 0 none known, 1 some twenty, 2 hundreds, 3 thousands, 4 more."""
        return self.names.get(fold(word), 0)

    def word_step(self, word: str) -> int:
        """How common `word` is as an ordinary word, 0 to 4."""
        return self.words.get(fold(word), 0)

    def cuts(self, run: str) -> list[int]:
        """Where to cut a run of letters from a hashtag or handle into words: inner offsets, empty if it is one word."""
        letters = run.lower()
        if letters in self.words or self.names.get(letters, 0) > 1:
            return []
        best = [0.0] + [math.inf] * len(letters)
        came_from = [0] * (len(letters) + 1)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - _LONGEST_WORD), end):
                cost = best[start] + self._cost(letters[start:end])
                if cost < best[end]:
                    best[end], came_from[end] = cost, start
            whole = _UNKNOWN_COST + _UNKNOWN_LETTER * end
            if end > _LONGEST_WORD and whole < best[end]:
                best[end], came_from[end] = whole, 0
        cuts: list[int] = []
        at = came_from[len(letters)]
        while at:
            cuts.append(at)
            at = came_from[at]
        return cuts[::-1]

    def _cost(self, part: str) -> float:
        if len(part) == 1:
            return 7.0 if part in _SHORT else _LONE_LETTER
        unknown = _UNKNOWN_COST + _UNKNOWN_LETTER * len(part)
        name = _NAME_COSTS[self.names.get(part, 0)] + (3.0 if len(part) < 4 else 0.0)
        word = _WORD_COSTS[self.words.get(part, 0)] + (2.0 if len(part) < 3 else 0.0)
        return min(unknown, name, word)


@lru_cache(maxsize=4)
def lexicon(folder: Path) -> Lexicon:
    """The lexicon in `folder`, read once."""
    return Lexicon.from_disk(folder)


def _read(path: Path) -> dict[str, int]:
    steps: dict[str, int] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            step, _, listed = line.rstrip("\n").partition("\t")
            steps.update(dict.fromkeys(listed.split(" "), int(step)))
    return steps


def _write(path: Path, steps: Mapping[str, int]) -> None:
    lines = [
        f"{step}\t{' '.join(sorted(w for w, s in steps.items() if s == step))}\n"
        for step in sorted(set(steps.values()))
    ]
    path.write_bytes(gzip.compress("".join(lines).encode(), mtime=0))
