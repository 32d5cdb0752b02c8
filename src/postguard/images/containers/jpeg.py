"""The segments of a JPEG file (ITU T.81, annex B), scans and all that lies between them included."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from postguard.images.containers import Damaged

SOI: Final = 0xD8
EOI: Final = 0xD9
SOS: Final = 0xDA
DQT: Final = 0xDB
DNL: Final = 0xDC
DRI: Final = 0xDD
DHT: Final = 0xC4
DAC: Final = 0xCC
COM: Final = 0xFE
APP0: Final = 0xE0
APP1: Final = 0xE1
APP2: Final = 0xE2
APP14: Final = 0xEE
FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {DHT, DAC, 0xC8}
BARE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a length: TEM and the restart markers."""

# What is no marker of the standard; the walk gives it names of its own.
SCAN: Final = -1
JUNK: Final = -2
TRAILER: Final = -3

EXIF: Final = b"Exif\0\0"
XMP: Final = b"http://ns.adobe.com/xap/1.0/\0"
ICC: Final = b"ICC_PROFILE\0"

_MARKER: Final = re.compile(rb"\xff[^\x00\xff]")
_END_OF_SCAN: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of the file: bytes `start` to `end`, its payload from `body` on (behind marker and length)."""

    marker: int
    start: int
    body: int
    end: int

    def startswith(self, data: bytes, prefix: bytes) -> bool:
        return self.end - self.body >= len(prefix) and data.startswith(prefix, self.body)


def walk(data: bytes) -> Iterator[Segment]:
    """Every byte of the file as segments, in order, up to its end.

    Entropy-coded data comes as `SCAN` (restart markers within), bytes between segments as `JUNK`, all behind
    the first end-of-image marker as `TRAILER`. Raises `Damaged` where a length points outside the file.
    """
    if not data.startswith(b"\xff\xd8"):
        raise Damaged("a JPEG file that does not start like one")
    yield Segment(SOI, 0, 2, 2)
    at = 2
    while found := _MARKER.search(data, at):
        if found.start() > at:
            yield Segment(JUNK, at, at, found.start())
        segment = _segment(data, found.start(), data[found.end() - 1])
        yield segment
        at = segment.end
        if segment.marker == EOI:
            if at < len(data):
                yield Segment(TRAILER, at, at, len(data))
            return
        if segment.marker == SOS:
            after = _END_OF_SCAN.search(data, at)
            end = _before_fill(data, at, after.start()) if after else len(data)
            yield Segment(SCAN, at, at, end)
            at = end
    if at < len(data):
        yield Segment(JUNK, at, at, len(data))


def _segment(data: bytes, start: int, marker: int) -> Segment:
    body = start + 2
    if marker == EOI or marker in BARE:
        return Segment(marker, start, body, body)
    if marker == SOI:
        raise Damaged("a JPEG file with a second start inside")
    length = int.from_bytes(data[body : body + 2], "big")
    if length < 2 or body + length > len(data):
        raise Damaged("a JPEG segment that reaches outside the file")
    return Segment(marker, start, body + 2, body + length)


def _before_fill(data: bytes, start: int, end: int) -> int:
    """Markers may be preceded by any number of 0xFF: they belong to no scan."""
    while end > start and data[end - 1] == 0xFF:
        end -= 1
    return end


def joined_icc(data: bytes, segments: list[Segment]) -> bytes | None:
    """The ICC profile of the APP2 segments, put together by their numbers; None where parts are missing."""
    parts: dict[int, bytes] = {}
    total = 0
    for segment in segments:
        if segment.marker == APP2 and segment.startswith(data, ICC) and segment.end - segment.body >= len(ICC) + 2:
            at = segment.body + len(ICC)
            number, total = data[at], data[at + 1]
            if number in parts:
                return None
            parts[number] = data[at + 2 : segment.end]
    if not total or sorted(parts) != list(range(1, total + 1)):
        return None
    return b"".join(parts[number] for number in sorted(parts))


def joined_exif(data: bytes, segments: list[Segment]) -> bytes | None:
    """The TIFF block of the EXIF segments. A block over 64 kB goes on in the following segments."""
    parts = [
        data[segment.body + len(EXIF) : segment.end]
        for segment in segments
        if segment.marker == APP1 and segment.startswith(data, EXIF)
    ]
    return b"".join(parts) if parts else None
