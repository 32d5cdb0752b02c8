"""Is a text written in English? Tells by small words and letters, without the model."""

from __future__ import annotations

import re
import unicodedata

from postguard.text.language import lists
from postguard.text.lists import word_lists

_WORD = re.compile(r"(?<!\w)[^\W\d_]{2,}(?:['\u2019][^\W\d_]+)*(?!\w)")
_SET_ASIDE = re.compile(r"https?://\S+|www\.\S+|[#@\uff03\uff20]\w+|\S+@\S+")
_SHORTEST = 5
"""A text of fewer words tells too little: it counts as English."""

_LISTS = word_lists("languages")
_ENGLISH, _OTHERS = _LISTS["english"], _LISTS["others"]


def is_english(text: str) -> bool:
    """False for a text of a sentence or more in another language or script; True else, also where there is too
    little to tell."""
    bare = _SET_ASIDE.sub(" ", text)
    letters = [char for char in bare if char.isalpha()]
    foreign = sum(not _is_latin(char) for char in letters)
    if foreign * 2 > len(letters):
        return foreign < 2 * _SHORTEST
    written = _WORD.findall(bare)
    words = [word.lower().replace("\u2019", "'") for word in written]
    if len(words) < _SHORTEST:
        return True
    step = lists().word_step
    english = sum(word in _ENGLISH for word in words)
    others = sum(word in _OTHERS and word not in _ENGLISH for word in words)
    known = sum(word in _ENGLISH or (word not in _OTHERS and len(word) > 2 and step(word) > 1) for word in words)
    if others >= 2 and others > english:
        return known * 3 > len(words) and others < 2 * known
    small = sum(word.islower() for word in written)
    if small < _SHORTEST or known * 6 >= small:
        return True
    return others == 0 and sum(ord(char) > 0x7F for char in letters) * 40 < len(letters) and known > 0


def _is_latin(char: str) -> bool:
    return char < "\u0250" or unicodedata.name(char, "").startswith(
        ("LATIN", "MATHEMATICAL", "FULLWIDTH LATIN", "MODIFIER")
    )
