"""Reads what a WebP tells: EXIF, XMP, profile, unknown chunks in the file or in its frames, what lies behind."""

from typing import Final

from postguard.images.containers.riff import TRAILER, Chunk, chunks, walk
from postguard.images.read import exif, icc, xmp
from postguard.images.read.behind import read_behind
from postguard.images.read.facts import Gathering, Kind
from postguard.images.strip.exif import minimal, orientation

_PICTURE: Final = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM"})
_FRAME_HEADER: Final = 16


def read(data: bytes, into: Gathering) -> int:
    """Adds what the file tells; gives its orientation."""
    block, packet = None, None
    for part in walk(data):
        body = data[part.body : part.end]
        if part.kind == b"EXIF":
            block = body.removeprefix(b"Exif\0\0")
            if block != minimal(orientation(block)):
                exif.read(block, into)
        elif part.kind == b"XMP ":
            packet = packet or body
            xmp.read(body, into)
        elif part.kind == b"ICCP":
            icc.read(body, into)
        elif part.kind == b"C2PA":
            into.add(Kind.PERSON, "c2pa", len(body))
        elif part.kind == b"ANMF":
            for inner in chunks(data, part.body + _FRAME_HEADER, part.end):
                if inner.kind not in _PICTURE:
                    into.data(_size(inner))
        elif part.kind == TRAILER:
            read_behind(body, into)
        elif part.kind not in _PICTURE:
            into.data(_size(part))
    return orientation(block, packet)


def _size(part: Chunk) -> int:
    return part.end - part.body
