"""The grammar of a stripped WebP: a form that fills the file, known chunks in one order, flags that fit them."""

from postguard.images.strip.audit import exif, icc
from postguard.images.strip.audit.cursor import Cursor, demand

_ANIMATION, _EXIF, _ALPHA, _ICC = 0x02, 0x08, 0x10, 0x20


def audit(data: bytes) -> None:
    """See `postguard.images.strip.audit.audit`."""
    cursor = Cursor(data, order="little")
    demand(cursor.take(4) == b"RIFF" and cursor.number(4) == len(data) - 8, "a RIFF form of a wrong length")
    demand(cursor.take(4) == b"WEBP", "no start of a WebP")
    chunks = _chunks(cursor)
    kinds = [kind for kind, _ in chunks]
    if kinds[:1] != [b"VP8X"]:
        demand(_is_picture(chunks) and len(chunks) == 1, "an unknown chunk")
        return
    head = chunks.pop(0)[1]
    demand(len(head) == 10 and head[1:4] == bytes(3), "a header with more than the canvas")
    flags = 0
    if chunks and chunks[0][0] == b"ICCP":
        icc.audit(chunks.pop(0)[1])
        flags |= _ICC
    if chunks and chunks[-1][0] == b"EXIF":
        exif.audit(chunks.pop()[1])
        flags |= _EXIF
    if chunks and chunks[0][0] == b"ANIM":
        demand(len(chunks.pop(0)[1]) == 6 and bool(chunks), "an animation header of a wrong length")
        flags |= _ANIMATION
        for kind, body in chunks:
            demand(kind == b"ANMF" and len(body) > 16 and body[15] < 4, "an unknown chunk")
            demand(_is_picture(_chunks(Cursor(body, 16, "little"))), "an unknown chunk in a frame")
    else:
        demand(_is_picture(chunks), "an unknown chunk")
    demand(head[0] & ~_ALPHA == flags, "flags that do not fit the file")


def _chunks(cursor: Cursor) -> list[tuple[bytes, bytes]]:
    found = []
    while not cursor.done:
        kind, size = cursor.take(4), cursor.number(4)
        found.append((kind, cursor.take(size)))
        demand(not any(cursor.take(size & 1)), "a pad byte that is not zero")
    return found


def _is_picture(chunks: list[tuple[bytes, bytes]]) -> bool:
    """A lossless bitstream, or a lossy one with or without its alpha plane."""
    kinds = [kind for kind, _ in chunks]
    if kinds == [b"VP8L"]:
        return chunks[0][1][:1] == b"\x2f"
    return kinds in ([b"VP8 "], [b"ALPH", b"VP8 "]) and chunks[-1][1][3:6] == b"\x9d\x01\x2a"
