"""The words that a post uses around whereabouts, from `data/whereabouts.toml`, as patterns.

A cue is a named list of words and phrases. In the file a blank stands for any blank, an apostrophe for either kind, and
each phrase is a regular expression between word borders.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent.parent / "data" / "whereabouts.toml"


@cache
def _table() -> dict[str, list[str]]:
    table: dict[str, list[str]] = tomllib.loads(_FILE.read_text("utf-8"))
    return table


@cache
def cue(name: str) -> re.Pattern[str]:
    """The pattern of a cue, any case. Raises KeyError where the file has none of that name."""
    phrases = "|".join(phrase.replace("'", "['’]").replace(" ", r"\s") for phrase in _table()[name])
    return re.compile(rf"(?<!\w)(?:{phrases})(?!\w)", re.IGNORECASE)


def cues() -> tuple[str, ...]:
    """The names of all cues, as the file has them."""
    return tuple(_table())
