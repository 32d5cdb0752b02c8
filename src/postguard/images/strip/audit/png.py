"""The grammar of a stripped PNG: known chunks of known lengths, image data that ends where its stream ends."""

import zlib
from typing import Final

from postguard.images.strip.audit import exif, icc
from postguard.images.strip.audit.cursor import Cursor, demand

_LENGTHS: Final = {
    b"IHDR": (13, 13),
    b"PLTE": (3, 768),
    b"tRNS": (1, 256),
    b"gAMA": (4, 4),
    b"cHRM": (32, 32),
    b"sRGB": (1, 1),
    b"sBIT": (1, 4),
    b"bKGD": (1, 6),
    b"pHYs": (9, 9),
    b"cICP": (4, 4),
    b"mDCV": (24, 24),
    b"cLLI": (8, 8),
    b"acTL": (8, 8),
    b"fcTL": (26, 26),
    b"iCCP": (1, 8 << 20),
    b"eXIf": (26, 26),
    b"IEND": (0, 0),
}
_REPEATED: Final = frozenset({b"IDAT", b"fdAT", b"fcTL"})
_STEP: Final = 1 << 20


def audit(data: bytes) -> None:
    """See `postguard.images.strip.audit.audit`."""
    cursor = Cursor(data)
    demand(cursor.take(8) == b"\x89PNG\r\n\x1a\n", "no start of a PNG")
    seen: set[bytes] = set()
    stream, sequence = _Stream(), 0
    kind = b""
    while kind != b"IEND":
        length = cursor.number(4)
        kind, body = cursor.take(4), cursor.take(length)
        demand(cursor.number(4) == zlib.crc32(body, zlib.crc32(kind)), "a wrong checksum")
        demand((kind == b"IHDR") == (not seen), "chunks in a wrong order")
        demand(kind not in seen or kind in _REPEATED, "a chunk that is there twice")
        seen.add(kind)
        if kind in (b"fcTL", b"fdAT"):
            demand(body[:4] == sequence.to_bytes(4, "big"), "APNG frames that are not in order")
            sequence += 1
        if kind in (b"IDAT", b"fdAT"):
            stream.feed(body if kind == b"IDAT" else body[4:])
            continue
        demand(kind in _LENGTHS and _LENGTHS[kind][0] <= length <= _LENGTHS[kind][1], "an unknown chunk")
        if kind in (b"fcTL", b"IEND"):
            stream.end(may_be_empty=kind == b"fcTL")
        if kind == b"eXIf":
            exif.audit(body)
        if kind == b"iCCP":
            _audit_profile(body)
    demand(cursor.done, "bytes behind the end of the picture")


def _audit_profile(body: bytes) -> None:
    demand(body.startswith(b"icc\0\0"), "a colour profile with a name of its own")
    unpack = zlib.decompressobj()
    try:
        profile = unpack.decompress(body[5:], 8 << 20)
    except zlib.error:
        profile = b""
    demand(unpack.eof and not unpack.unused_data, "bytes behind a colour profile")
    icc.audit(profile)


class _Stream:
    """One zlib stream over several chunks."""

    def __init__(self) -> None:
        self._unpack = zlib.decompressobj()
        self._begun = False

    def feed(self, piece: bytes) -> None:
        self._begun = True
        demand(not self._unpack.eof, "image data behind its end")
        while piece:
            try:
                self._unpack.decompress(piece, _STEP)
            except zlib.error:
                demand(False, "image data that does not unpack")
            piece = self._unpack.unconsumed_tail
        demand(not self._unpack.unused_data, "image data behind its end")

    def end(self, *, may_be_empty: bool) -> None:
        demand(self._unpack.eof or (may_be_empty and not self._begun), "image data that is cut off")
        self._unpack, self._begun = zlib.decompressobj(), False
