"""The grammar of a stripped TIFF: known tags, and every byte a header, a directory, a value or a pixel, none twice."""

from dataclasses import dataclass, field
from typing import Final

from postguard.images.strip.audit import icc
from postguard.images.strip.audit.cursor import Cursor, demand

_SIZES: Final = {1: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 16: 8, 17: 8}
_SCALARS: Final = frozenset(
    {254, 256, 257, 259, 262, 266, 274, 277, 278, 282, 283, 284, 292, 293, 296, 317, 322, 323, 332, 531}
)
_LISTS: Final = {258: 32, 318: 2, 319: 6, 320: 196608, 338: 32, 339: 32, 340: 32, 341: 32, 529: 3, 530: 2, 532: 6}
_STRIPS, _STRIP_SIZES, _TILES, _TILE_SIZES, _JPEG_TABLES, _PROFILE = 273, 279, 324, 325, 347, 34675


@dataclass(slots=True)
class _File:
    data: bytes
    cursor: Cursor
    inline: int
    used: list[tuple[int, int]] = field(default_factory=list)

    def claim(self, start: int, end: int) -> None:
        demand(start <= end <= len(self.data), "a value that lies outside the file")
        self.used.append((start, end))

    def numbers(self, kind: int, raw: bytes) -> list[int]:
        size = _SIZES[kind]
        return [int.from_bytes(raw[at : at + size], self.cursor.order) for at in range(0, len(raw), size)]


def audit(data: bytes) -> None:
    """See `postguard.images.strip.audit.audit`."""
    cursor = Cursor(data, order="big" if data.startswith(b"MM") else "little")
    demand(cursor.take(2) in (b"II", b"MM"), "no start of a TIFF")
    big = cursor.number(2) == 43
    demand(not big or (cursor.number(2) == 8 and cursor.number(2) == 0), "a TIFF header of a wrong kind")
    file = _File(data, cursor, 8 if big else 4)
    following = cursor.number(file.inline)
    file.claim(0, cursor.at)
    pages = 0
    while following:
        following = _directory(file, following)
        pages += 1
        demand(pages < 4096, "directories without an end")
    demand(pages > 0, "no picture")
    _every_byte_once(file)


def _directory(file: _File, at: int) -> int:
    cursor = file.cursor
    cursor.at = at
    before = -1
    entries: dict[int, tuple[int, bytes]] = {}
    for _ in range(cursor.number(8 if file.inline == 8 else 2)):
        tag, kind, count = cursor.number(2), cursor.number(2), cursor.number(file.inline)
        demand(tag > before and kind in _SIZES, "a directory that is not in order")
        before = tag
        size = count * _SIZES[kind]
        field_bytes = cursor.take(file.inline)
        if size > file.inline:
            place = int.from_bytes(field_bytes, cursor.order)
            file.claim(place, place + size)
            value = file.data[place : place + size]
        else:
            value = field_bytes[:size]
            demand(not any(field_bytes[size:]), "bytes behind a value")
        _tag(tag, count, value)
        entries[tag] = kind, value
    following = cursor.number(file.inline)
    file.claim(at, cursor.at)
    places, sizes = (_TILES, _TILE_SIZES) if _TILES in entries else (_STRIPS, _STRIP_SIZES)
    demand(places in entries and sizes in entries, "a page without pixels")
    starts, lengths = file.numbers(*entries[places]), file.numbers(*entries[sizes])
    demand(len(starts) == len(lengths), "a page whose strips and sizes do not match")
    for start, length in zip(starts, lengths, strict=True):
        file.claim(start, start + length)
    return following


def _tag(tag: int, count: int, value: bytes) -> None:
    if tag == _PROFILE:
        icc.audit(value)
    elif tag == _JPEG_TABLES:
        _jpeg_tables(Cursor(value))
    elif tag not in (_STRIPS, _STRIP_SIZES, _TILES, _TILE_SIZES):
        demand((tag in _SCALARS and count == 1) or 0 < count <= _LISTS.get(tag, 0), "an unknown tag")


def _jpeg_tables(cursor: Cursor) -> None:
    demand(cursor.take(2) == b"\xff\xd8", "JPEG tables that do not start like some")
    while (marker := cursor.take(2)) != b"\xff\xd9":
        demand(marker in (b"\xff\xdb", b"\xff\xc4", b"\xff\xdd"), "JPEG tables with more than tables")
        cursor.take(cursor.number(2) - 2)
    demand(cursor.done, "bytes behind JPEG tables")


def _every_byte_once(file: _File) -> None:
    """Between two parts at most one zero, which makes the next start at an even place."""
    at = 0
    for start, end in sorted(file.used):
        demand(at <= start, "parts that lie on each other")
        demand(start - at <= 1 and not any(file.data[at:start]), "bytes that belong to nothing")
        at = max(at, end)
    demand(len(file.data) - at <= 1 and not any(file.data[at:]), "bytes that belong to nothing")
