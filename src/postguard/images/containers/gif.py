"""The blocks of a GIF file (GIF89a)."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from postguard.images.containers import Damaged


class Kind(Enum):
    """What a block is; `JUNK` are bytes between blocks, `TRAILER` those behind the end."""

    SCREEN = "screen"
    CONTROL = 0xF9
    TEXT = 0x01
    COMMENT = 0xFE
    APPLICATION = 0xFF
    UNKNOWN = "unknown"
    IMAGE = "image"
    END = "end"
    JUNK = "junk"
    TRAILER = "trailer"


_LABELS: Final = {kind.value: kind for kind in (Kind.CONTROL, Kind.TEXT, Kind.COMMENT, Kind.APPLICATION)}


@dataclass(frozen=True, slots=True)
class Block:
    """One block, bytes `start` to `end`; its sub-blocks start at `body` (with the size of the first)."""

    kind: Kind
    start: int
    body: int
    end: int


def walk(data: bytes) -> Iterator[Block]:
    """Every byte of the file as blocks, in order; raises `Damaged` where a block is cut off.

    The end marker may be missing: common writers forget it.
    """
    if not data.startswith((b"GIF87a", b"GIF89a")) or len(data) < 13:
        raise Damaged("a GIF file that does not start like one")
    at = 13 + _colours(data[10])
    yield Block(Kind.SCREEN, 0, 13, at)
    while at < len(data):
        block = _block(data, at)
        if block.end > len(data):
            raise Damaged("a GIF file that is cut off")
        yield block
        at = block.end
        if block.kind is Kind.END:
            if at < len(data):
                yield Block(Kind.TRAILER, at, at, len(data))
            return


def _colours(flags: int) -> int:
    """Bytes of the colour table that the flags announce."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _block(data: bytes, at: int) -> Block:
    introducer = data[at]
    if introducer == 0x3B:
        return Block(Kind.END, at, at + 1, at + 1)
    if introducer == 0x21 and at + 1 < len(data):
        return Block(_LABELS.get(data[at + 1], Kind.UNKNOWN), at, at + 2, _end_of_sub_blocks(data, at + 2))
    if introducer == 0x2C and at + 9 < len(data):
        body = at + 11 + _colours(data[at + 9])
        return Block(Kind.IMAGE, at, body, _end_of_sub_blocks(data, body))
    end = at + 1
    while end < len(data) and data[end] not in b"\x21\x2c\x3b":
        end += 1
    return Block(Kind.JUNK, at, at, end)


def _end_of_sub_blocks(data: bytes, at: int) -> int:
    while at < len(data):
        size = data[at]
        at += 1 + size
        if not size:
            return at
    raise Damaged("a GIF file that is cut off")


def joined(data: bytes, block: Block) -> bytes:
    """What the sub-blocks hold, put together."""
    return b"".join(data[start:end] for start, end in _spans(data, block))


def last(data: bytes, block: Block, sub_blocks: int) -> bytes:
    """What the last few sub-blocks hold, put together."""
    return b"".join(data[start:end] for start, end in deque(_spans(data, block), sub_blocks))


def _spans(data: bytes, block: Block) -> Iterator[tuple[int, int]]:
    at = block.body
    while at < block.end and data[at]:
        yield at + 1, at + 1 + data[at]
        at += 1 + data[at]
