"""Words among codes: text that was put where compressed pixels should be."""

from collections.abc import Iterator
from typing import Final

_WINDOWS: Final = ((64, 12), (4096, 20))
"""How many bytes from the end are looked at, and how many printable ones in a row there are words."""
_DISTINCT: Final = 6
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


def _printable_runs(data: bytes, least: int) -> Iterator[bytes]:
    """The runs of at least that many printable bytes."""
    marks = data.translate(_PRINTABLE)
    at = marks.find(b"\1" * least)
    while at >= 0:
        end = marks.find(b"\0", at)
        end = len(data) if end < 0 else end
        yield data[at:end]
        at = marks.find(b"\1" * least, end)
