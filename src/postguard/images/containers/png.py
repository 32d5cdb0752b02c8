"""The chunks of a PNG file (PNG 3rd edition, APNG included)."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from postguard.images.containers import Damaged

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
TRAILER: Final = b""
"""Kind of the part behind IEND, which is no chunk."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk: its payload lies from `body` to `end`, its length and kind before, its checksum behind."""

    kind: bytes
    body: int
    end: int

    def is_sound(self, data: bytes) -> bool:
        """Whether the checksum fits."""
        with memoryview(data) as view:
            return zlib.crc32(view[self.body - 4 : self.end]) == int.from_bytes(data[self.end : self.end + 4], "big")


def walk(data: bytes) -> Iterator[Chunk]:
    """Every chunk in order up to IEND, then what follows it as `TRAILER`; raises `Damaged` for a broken frame."""
    if not data.startswith(SIGNATURE):
        raise Damaged("a PNG file that does not start like one")
    at = len(SIGNATURE)
    while at + 12 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if at + 12 + length > len(data):
            raise Damaged("a PNG chunk that reaches outside the file")
        yield Chunk(kind, at + 8, at + 8 + length)
        at += 12 + length
        if kind == b"IEND":
            if at < len(data):
                yield Chunk(TRAILER, at, len(data))
            return
    raise Damaged("a PNG file without its end")


def pieces(kind: bytes, head: bytes, body: memoryview) -> Iterator[bytes | memoryview]:
    """A whole chunk whose payload is `head` and `body`, the body not copied."""
    yield (len(head) + len(body)).to_bytes(4, "big") + kind + head
    yield body
    yield zlib.crc32(body, zlib.crc32(kind + head)).to_bytes(4, "big")


def chunk(kind: bytes, payload: bytes) -> bytes:
    """A whole chunk: length, kind, payload, checksum."""
    return len(payload).to_bytes(4, "big") + kind + payload + zlib.crc32(payload, zlib.crc32(kind)).to_bytes(4, "big")


def inflated(packed: bytes, most: int) -> bytes:
    """At most `most` bytes of a zlib stream; raises `Damaged` where it is none."""
    try:
        return zlib.decompressobj().decompress(packed, most)
    except zlib.error:
        raise Damaged("a PNG chunk that does not unpack") from None
