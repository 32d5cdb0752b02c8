"""Makes the two lists of the lexicon: names by how many bear them, words by how often they stand in lower case."""

from __future__ import annotations

import importlib.util
import json
import pkgutil
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from postguard.text.lexicon import Lexicon
from postguard.text.tokens import fold

# `nomquamgender` lists 722k strings; those seen at least this often in this many sources are names that people bear.
PEOPLE, SOURCES = 20, 3
NAME_STEPS = (20, 200, 2_000, 20_000)
WORD_STEPS = (3, 10, 40, 200)
LEAST_OF_FAKER, LEAST_OF_OURS, COMMON = 2, 3, 3
FAKER_GROUPS = ("first_names", "first_names_male", "first_names_female", "first_names_nonbinary")
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


def names_from_faker() -> set[str]:
    """First names (folded, letters only) of the locales of the installed `Faker`."""
    package = importlib.import_module("faker.providers.person")
    found: set[str] = set()
    for locale in pkgutil.iter_modules(package.__path__):
        provider = importlib.import_module(f"{package.__name__}.{locale.name}").Provider
        for group in FAKER_GROUPS:
            listed = getattr(provider, group, ())
            found |= {fold(name) for name in listed} if isinstance(listed, Iterable) else set()
    return {name for name in found if len(name) > 2 and _PLAIN.fullmatch(name)}


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


def make(texts: Iterable[tuple[str, list[tuple[int, int]]]], ours: Iterable[str]) -> Lexicon:
    """The lexicon of the installed lists of names, of `ours`, chosen by hand, and of `texts`.

    Counts of bearers come from countries that count: a name from a list of another country gets `LEAST_OF_FAKER`, one
    of ours `LEAST_OF_OURS`, however few bear it there; what is an ordinary word first of all gets nothing.
    """
    words = {
        w: step(n, WORD_STEPS) for w, n in word_counts(texts).items() if n >= WORD_STEPS[0] and _PLAIN.fullmatch(w)
    }
    names = {n: step(c, NAME_STEPS) for n, c in names_with_counts().items()}
    common = {word for word, told in words.items() if told >= COMMON}
    for listed, least in ((names_from_faker() - words.keys(), LEAST_OF_FAKER), (_folded(ours) - common, LEAST_OF_OURS)):
        names |= {name: max(least, names.get(name, 0)) for name in listed}
    return Lexicon(names, words)


def _folded(names: Iterable[str]) -> set[str]:
    return {key for name in names if _PLAIN.fullmatch(key := fold(name))}
