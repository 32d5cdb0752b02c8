"""Words among codes: text that was put where compressed pixels should be."""

import re
from collections.abc import Iterator
from typing import Final

from postguard.images.containers import Unsupported

LEAST_WORDS: Final = 12
_WINDOWS: Final = ((64, LEAST_WORDS), (4096, 20))
"""How many bytes from the end are looked at, and how many printable ones in a row there are words."""
_DISTINCT: Final = 6
_PLAIN_CHARACTERS: Final = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ")
_REPEATED: Final = re.compile(rb"(.)\1\1", re.DOTALL)
_PRINTABLE: Final = bytes(1 if 0x20 <= byte < 0x7F else 0 for byte in range(256))


def has_words_at_end(data: bytes, start: int, end: int) -> bool:
    """Whether the end of compressed data (bytes `start` to `end`) looks like text rather than like codes.

    Codes are close to random bytes: 12 printable ones among the last 64 come about once in 3,000 pictures, 20 among
    the last 4,096 once in 100,000. Flat areas repeat one or two codes, hence the distinct bytes asked for.
    """
    return any(
        len(set(run)) >= _DISTINCT
        for size, least in _WINDOWS
        for run in _printable_runs(data[max(start, end - size) : end], least)
    )


def is_words(run: bytes) -> bool:
    """Whether all of the bytes are printable, and not a few that repeat."""
    return len(run) >= LEAST_WORDS and len(set(run)) >= _DISTINCT and 0 not in run.translate(_PRINTABLE)


def must_not_end_in_words(coded: bytes | memoryview) -> None:
    """Raises `Unsupported` where the end of coded pixels is text.

    For codecs whose end can't be found without decoding, so that nothing can be cut off. Only the longer run of the
    two counts here: once in 100,000 pictures is rare enough for a refusal.
    """
    size, least = _WINDOWS[1]
    if any(_reads_like_text(run) for run in _printable_runs(bytes(coded[-size:]), least)):
        raise Unsupported("a picture with text hidden in its image data; save it again as an ordinary JPEG or PNG")


def _reads_like_text(run: bytes) -> bool:
    """Letters, digits and spaces for the most part, and none three times in a row: codes of drawings repeat."""
    plain = sum(run.count(byte) for byte in set(run) & _PLAIN_CHARACTERS)
    return len(set(run)) >= _DISTINCT and plain >= 0.7 * len(run) and not _REPEATED.search(run)


def _printable_runs(data: bytes, least: int) -> Iterator[bytes]:
    """The runs of at least that many printable bytes."""
    marks = data.translate(_PRINTABLE)
    at = marks.find(b"\1" * least)
    while at >= 0:
        end = marks.find(b"\0", at)
        end = len(data) if end < 0 else end
        yield data[at:end]
        at = marks.find(b"\1" * least, end)
