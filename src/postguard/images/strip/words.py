"""Words among codes: text that was put where compressed pixels should be."""

import re
from typing import Final

_NEAR: Final = 64, re.compile(rb"[\x20-\x7e]{12,}")
_FAR: Final = 4096, re.compile(rb"[\x20-\x7e]{20,}")
_DISTINCT: Final = 6


def has_words_at_end(data: bytes, start: int, end: int) -> bool:
    """Whether the end of compressed data (bytes `start` to `end`) looks like text rather than like codes.

    Codes are close to random bytes: 12 printable ones among the last 64 come about once in 3,000 pictures, 20 among
    the last 4,096 once in 100,000. Flat areas repeat one or two codes, hence the distinct bytes asked for.
    """
    return any(
        len(set(found[0])) >= _DISTINCT
        for size, words in (_NEAR, _FAR)
        for found in words.finditer(data, max(start, end - size), end)
    )
