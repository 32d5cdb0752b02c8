"""Reads what lies behind the end of a picture: second pictures, gain maps, motion video, makers' trailers."""

from typing import Final

from postguard.images.containers import Damaged
from postguard.images.containers.jpeg import EOI, walk
from postguard.images.read.facts import Gathering, Kind

_GAIN_MAP_SIGNS: Final = (b"hdrgm:", b"HDRGainMap", b"urn:iso:std:iso:ts:21496:-1")
_MOST_PARTS: Final = 64


def read_behind(data: bytes, into: Gathering) -> None:
    """Adds the parts of a trailer: JPEG files by themselves, films whole, all else as data. Zeros are padding."""
    at = 0
    for _ in range(_MOST_PARTS):
        at = len(data) - len(data[at:].lstrip(b"\0")) if at < len(data) and not data[at] else at
        if at >= len(data):
            return
        if data.startswith(b"\xff\xd8\xff", at):
            end = _end_of_jpeg(data, at)
            picture = data[at:end]
            is_map = any(sign in picture for sign in _GAIN_MAP_SIGNS)
            into.picture("gain-map" if is_map else "second-picture", picture)
        elif data.find(b"ftyp", at, at + 8) >= 0:
            into.picture("motion-video", b"")
            return
        else:
            end = _next_part(data, at)
            into.add(Kind.DATA, "trailer", end - at)
        at = end
    into.add(Kind.DATA, "trailer", len(data) - at)


def _end_of_jpeg(data: bytes, at: int) -> int:
    rest = data[at:]
    try:
        for segment in walk(rest):
            if segment.marker == EOI:
                return at + segment.end
    except Damaged:
        pass
    return len(data)


def _next_part(data: bytes, at: int) -> int:
    starts = [found for found in (data.find(b"\xff\xd8\xff", at + 1), data.find(b"ftyp", at + 8) - 4) if found > at]
    return min(starts, default=len(data))
