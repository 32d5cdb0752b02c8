"""The chunks of a WebP file (RIFF; RFC 9649)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from postguard.images.containers import Damaged

TRAILER: Final = b""
"""Kind of the part behind the RIFF form, which is no chunk."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk with its payload from `body` to `end` (the pad byte not counted)."""

    kind: bytes
    body: int
    end: int


def walk(data: bytes) -> Iterator[Chunk]:
    """Every chunk in order, then what lies behind the form as `TRAILER`; raises `Damaged` for a broken frame."""
    if not (data.startswith(b"RIFF") and data.startswith(b"WEBP", 8)):
        raise Damaged("a WebP file that does not start like one")
    form_end = 8 + int.from_bytes(data[4:8], "little")
    if form_end > len(data) + 1 or form_end < 12:
        raise Damaged("a WebP file that is cut off")
    form_end = min(form_end, len(data))
    yield from chunks(data, 12, form_end)
    # An odd form is followed by one pad byte.
    behind = form_end + (form_end & 1 if data[form_end : form_end + 1] == b"\0" else 0)
    if behind < len(data):
        yield Chunk(TRAILER, behind, len(data))


def chunks(data: bytes, start: int, end: int) -> Iterator[Chunk]:
    """The chunks that lie between two places of the file."""
    at = start
    while at + 8 <= end:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + size > end:
            raise Damaged("a WebP chunk that reaches outside its frame")
        yield Chunk(data[at : at + 4], at + 8, at + 8 + size)
        at += 8 + size + (size & 1)
    if at < end:
        yield Chunk(TRAILER, at, end)


def chunk(kind: bytes, *payload: bytes | memoryview) -> list[bytes | memoryview]:
    """A whole chunk as pieces: kind, length, payload, pad byte."""
    size = sum(map(len, payload))
    return [kind, size.to_bytes(4, "little"), *payload, b"\0" * (size & 1)]
