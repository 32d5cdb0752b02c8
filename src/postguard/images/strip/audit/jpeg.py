"""The grammar of a stripped JPEG: headers in one order, then tables that are used, one frame, its scans, the end."""

import re
from dataclasses import dataclass, field
from typing import Final

from postguard.images.strip.audit import exif, icc
from postguard.images.strip.audit.cursor import Cursor, demand

_JFIF: Final = re.compile(rb"JFIF\0\x01[\0-\x02][\0-\x02].{4}\0\0", re.DOTALL)
_ADOBE: Final = re.compile(rb"Adobe\0\x64\0{4}.", re.DOTALL)
_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA})
_SCAN_END: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def audit(data: bytes) -> None:
    """See `postguard.images.strip.audit.audit`."""
    cursor = Cursor(data)
    demand(cursor.take(2) == b"\xff\xd8", "no start of a JPEG")
    marker, body = _headers(cursor)
    picture = _Picture()
    while marker != 0xD9:
        picture.segment(marker, Cursor(body))
        if marker == 0xDA:
            found = _SCAN_END.search(data, cursor.at)
            demand(found is not None and found.start() > cursor.at, "a scan without an end")
            cursor.at = found.start() if found else cursor.at
        marker, body = _segment(cursor)
    picture.finish()
    demand(cursor.done, "bytes behind the end of the picture")


def _segment(cursor: Cursor) -> tuple[int, bytes]:
    demand(cursor.take(1) == b"\xff", "bytes between the segments")
    marker = cursor.number(1)
    return (marker, b"") if marker == 0xD9 else (marker, cursor.take(cursor.number(2) - 2))


def _headers(cursor: Cursor) -> tuple[int, bytes]:
    """Passes JFIF, EXIF, ICC and Adobe, each at most once and in this order; gives the segment behind them."""
    marker, body = _segment(cursor)
    if marker == 0xE0:
        demand(_JFIF.fullmatch(body) is not None, "a JFIF header with more than its density")
        marker, body = _segment(cursor)
    if marker == 0xE1:
        demand(body.startswith(b"Exif\0\0"), "an APP1 segment that is no EXIF")
        exif.audit(body[6:])
        marker, body = _segment(cursor)
    profile = b""
    part = 0
    while marker == 0xE2:
        part += 1
        demand(
            body.startswith(b"ICC_PROFILE\0" + bytes((part,))) and body[13] >= part, "an APP2 segment that is no ICC"
        )
        profile, last = profile + body[14:], body[13]
        marker, body = _segment(cursor)
        demand(marker == 0xE2 or last == part, "a colour profile with parts missing")
    if profile:
        icc.audit(profile)
    if marker == 0xEE:
        demand(_ADOBE.fullmatch(body) is not None, "an Adobe header with more than its colour transform")
        marker, body = _segment(cursor)
    return marker, body


@dataclass(slots=True)
class _Picture:
    """Follows tables, frame and scans; a table that no scan uses is a place to hide things."""

    frame: int = 0
    scans: int = 0
    quantisation: dict[int, int] = field(default_factory=dict)
    unused: set[tuple[int, int]] = field(default_factory=set)

    def segment(self, marker: int, body: Cursor) -> None:
        if marker == 0xDB:
            while not body.done:
                head = body.number(1)
                body.take(128 if head >> 4 else 64)
                self._define(marker, head & 15)
        elif marker == 0xC4:
            while not body.done:
                slot = body.number(1)
                body.take(sum(body.take(16)))
                self._define(marker, slot)
        elif marker == 0xCC:
            while not body.done:
                self._define(marker, body.number(1))
                body.take(1)
        elif marker == 0xDD:
            demand(len(body.data) == 2, "a restart interval of a wrong length")
            self._define(marker, 0)
        elif marker in _FRAMES:
            self._frame(marker, body)
        elif marker == 0xDA:
            self._scan(body)
        else:
            demand(False, "an unknown segment")

    def _define(self, marker: int, slot: int) -> None:
        demand((marker, slot) not in self.unused, "a table that no scan uses")
        self.unused.add((marker, slot))

    def _frame(self, marker: int, body: Cursor) -> None:
        demand(not self.frame, "two frames")
        self.frame = marker
        body.take(5)
        for _ in range(body.number(1)):
            number, _, table = body.take(3)
            self.quantisation[number] = table
        demand(body.done, "a frame of a wrong length")

    def _scan(self, body: Cursor) -> None:
        demand(bool(self.frame), "a scan before the frame")
        self.scans += 1
        parts = [body.take(2) for _ in range(body.number(1))]
        first, _, successive = body.take(3)
        demand(body.done, "a scan header of a wrong length")
        progressive, kind = self.frame in (0xC2, 0xCA), 0xCC if self.frame >= 0xC9 else 0xC4
        self.unused.discard((0xDD, 0))
        for number, tables in parts:
            self.unused.discard((0xDB, self.quantisation.get(number, -1)))
            if not progressive or (first == 0 and successive < 16):
                self.unused.discard((kind, tables >> 4))
            if not progressive or first > 0:
                self.unused.discard((kind, 0x10 | tables & 15))

    def finish(self) -> None:
        demand(self.scans > 0, "no scan")
        demand(not self.unused, "a table that no scan uses")
