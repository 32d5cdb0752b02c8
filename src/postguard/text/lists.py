"""The lists that tell people apart: titles, words of kinship, short forms of names, public figures and characters."""

from __future__ import annotations

import gzip
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from postguard.text.roster_match import name_keys


def table(name: str) -> dict[str, Any]:
    """What stands in `data/names/<name>.toml`."""
    return tomllib.loads(files("postguard").joinpath(f"data/names/{name}.toml").read_text("utf-8"))


def word_lists(name: str) -> dict[str, frozenset[str]]:
    """The lists of words in `data/names/<name>.toml`."""
    return {key: frozenset(words.split()) for key, words in table(name).items()}


def patterns(name: str) -> dict[str, list[str]]:
    """The regular expressions in `data/names/<name>.toml`, by heading."""
    return table(name)


_WORDS = word_lists("words")
STAFF_TITLES = _WORDS["staff_titles"]
"""Before a name they make an adult of it, mostly one in a working role."""
FIGURE_TITLES = _WORDS["figure_titles"]
KIN_TITLES = _WORDS["kin_titles"]
KIN = _WORDS["kin"]
GROUP_NOUNS = _WORDS["group_nouns"]
PLACE_NOUNS = _WORDS["place_nouns"]
ROLE_NOUNS = _WORDS["role_nouns"]
DAYS = _WORDS["days"]
WORD_NAMES = _WORDS["word_names"]
"""First names that are also ordinary words, or names of places, months and plants."""
FIGURE_LONGEST = 6


@cache
def figures() -> frozenset[str]:
    """Folded names of public figures, titles and characters; parts of a name are joined by a space.

    From vicary's notability list (MIT; Wikidata) and a list written by hand: `training/lists/figures.py`.
    """
    packed = files("postguard").joinpath("data/names/figures.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode().split("\n"))


@cache
def things() -> frozenset[str]:
    """Folded names of festivals, languages, countries, foods, firms, software and awards: with spaces and without.

    Written by hand (`data/names/things.txt`).
    """
    text = files("postguard").joinpath("data/names/things.txt").read_text("utf-8")
    told = ",".join(line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(key for thing in told.split(",") for key in name_keys(thing))


@cache
def nicknames() -> dict[str, tuple[str, ...]]:
    """Folded short forms of each folded first name. From `nicknames` (Apache-2.0) and by hand:
    `training/lists/nicknames.py`."""
    text = files("postguard").joinpath("data/names/nicknames.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines())
    return {formal: tuple(short.split(" ")) for formal, short in rows}
