"""Makes the two lists of the lexicon: names by how many bear them, words by how often they stand in lower case."""

from __future__ import annotations

import importlib.util
import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from postguard.text.lexicon import Lexicon
from postguard.text.tokens import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

# `nomquamgender` lists 722k strings; those seen at least this often in this many sources are names that people bear.
PEOPLE, SOURCES = 20, 3
NAME_STEPS = (20, 200, 2_000, 20_000)
WORD_STEPS = (3, 10, 40, 200)
_PLAIN = re.compile(r"[a-z]+")


def names_with_counts() -> dict[str, int]:
    """First names (folded, letters only) and how many people bear them, from the installed `nomquamgender`."""
    package = importlib.util.find_spec("nomquamgender")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("install nomquamgender (see training/text/README.md)")
    listed = json.loads((Path(package.origin).parent / "name_data.json").read_text(encoding="utf-8"))
    return {
        name: entry[1]
        for name, entry in listed.items()
        if entry[0] >= SOURCES and entry[1] >= PEOPLE and len(name) > 1 and _PLAIN.fullmatch(name)
    }


def word_counts(texts: Iterable[tuple[str, list[tuple[int, int]]]]) -> Counter[str]:
    """How often each word is written in lower case outside of names; a text comes with the spans of its names."""
    counts: Counter[str] = Counter()
    for text, named in texts:
        letters = list(text)
        for start, end in named:
            letters[start:end] = " " * (end - start)
        counts.update(w for w in re.findall(r"(?<![#@\w])[^\W\d_]+", "".join(letters)) if w.islower())
    return Counter({fold(w): n for w, n in counts.items()})


def step(count: int, steps: tuple[int, ...]) -> int:
    """The step of `count`: how many of `steps` it reaches."""
    return sum(count >= least for least in steps)


def make(texts: Iterable[tuple[str, list[tuple[int, int]]]]) -> Lexicon:
    """The lexicon of the installed names list and of `texts`."""
    words = {
        w: step(n, WORD_STEPS) for w, n in word_counts(texts).items() if n >= WORD_STEPS[0] and _PLAIN.fullmatch(w)
    }
    return Lexicon({n: step(c, NAME_STEPS) for n, c in names_with_counts().items()}, words)
