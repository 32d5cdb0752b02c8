"""Names that were drawn out ("Mayaaaa", "Freyaaa") are put back before the model reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_WORD = re.compile(r"[^\W\d_]{3,}")
_RUN = re.compile(r"([^\W\d_])\1{2,}")
_LONGEST = 40


@dataclass(frozen=True, slots=True, repr=False)
class Unstretched:
    """A text with its drawn-out names put back. `cuts`: where in `text` letters were left out, and how many."""

    text: str
    cuts: tuple[tuple[int, int], ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stands in the original."""
        return start + self._left_out(start, inclusive=False), end + self._left_out(end, inclusive=True)

    def _left_out(self, at: int, *, inclusive: bool) -> int:
        return sum(number for cut, number in self.cuts if cut < at or (inclusive and cut == at))


def unstretched(text: str, is_name: Callable[[str], bool]) -> Unstretched:
    """`text` with every drawn-out word that is a name (by `is_name`) put back to that name."""
    made, last = "", 0
    cuts: list[tuple[int, int]] = []
    for found in _WORD.finditer(text):
        word = found.group()
        if len(word) > _LONGEST or not _RUN.search(word):
            continue
        kept = next((n for n in (1, 2) if is_name(_with_runs_of(word, n))), 0)
        if not kept:
            continue
        made += text[last : found.start()]
        at = 0
        for run in _RUN.finditer(word):
            made += word[at : run.start() + kept]
            cuts.append((len(made), run.end() - run.start() - kept))
            at = run.end()
        made += word[at:]
        last = found.end()
    return Unstretched(made + text[last:], tuple(cuts))


def _with_runs_of(word: str, kept: int) -> str:
    return _RUN.sub(lambda run: run.group()[:kept], word)
