"""Reads what a GIF tells: comments, plain text, the blocks of applications, what lies behind its end."""

from typing import Final

from postguard.images.containers.gif import Block, Kind, joined, walk
from postguard.images.read import icc, xmp
from postguard.images.read.behind import read_behind
from postguard.images.read.comment import read_comment
from postguard.images.read.facts import Gathering

_LOOPS: Final = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_XMP: Final = b"XMP DataXMP"
_ICC: Final = b"ICCRGBG1012"


def read(data: bytes, into: Gathering) -> int:
    """Adds what the file tells; a GIF has no orientation: gives 1."""
    for block in walk(data):
        if block.kind in (Kind.COMMENT, Kind.TEXT):
            read_comment("gif.comment", joined(data, block), into)
        elif block.kind is Kind.APPLICATION:
            _read_application(data, block, into)
        elif block.kind is Kind.TRAILER:
            read_behind(data[block.start : block.end], into)
        elif block.kind is Kind.UNKNOWN or (block.kind is Kind.JUNK and any(data[block.start : block.end])):
            into.data(block.end - block.start)
    return 1


def _read_application(data: bytes, block: Block, into: Gathering) -> None:
    body = joined(data, block)
    if body.startswith(_XMP):
        # The packet is not cut into sub-blocks: it lies there as it is, before a slide of 258 bytes.
        xmp.read(data[block.body + 12 : block.end], into)
    elif body.startswith(_ICC):
        icc.read(body[11:], into)
    elif not body.startswith(_LOOPS) or len(body) > 19:
        into.data(len(body))
