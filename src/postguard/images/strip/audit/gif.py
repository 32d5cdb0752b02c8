"""The grammar of a stripped GIF: the screen, then frames with their timing, once the number of rounds, the end."""

import re
from typing import Final

from postguard.images.strip.audit.cursor import Cursor, demand

_CONTROL: Final = re.compile(rb"\xf9\x04[\x00-\x1f]...\x00", re.DOTALL)
_LOOP: Final = re.compile(rb"\xff\x0bNETSCAPE2\.0\x03\x01..\x00", re.DOTALL)


def audit(data: bytes) -> None:
    """See `postguard.images.strip.audit.audit`."""
    cursor = Cursor(data)
    demand(cursor.take(6) in (b"GIF87a", b"GIF89a"), "no start of a GIF")
    cursor.take(4)
    flags = cursor.number(1)
    cursor.take(2)
    _colours(cursor, flags)
    loops = frames = 0
    after_control = False
    while (introducer := cursor.take(1)) != b"\x3b":
        if introducer == b"\x2c":
            _image(cursor)
            frames, after_control = frames + 1, False
            continue
        demand(introducer == b"\x21" and not after_control, "an unknown block")
        after_control = cursor.data.startswith(b"\xf9", cursor.at)
        if after_control:
            demand(_CONTROL.fullmatch(cursor.take(7)) is not None, "a frame header with more than its timing")
        else:
            demand(_LOOP.fullmatch(cursor.take(18)) is not None, "a block that is no part of the picture")
            loops += 1
    demand(frames > 0 and loops <= 1 and not after_control, "blocks in a wrong order")
    demand(cursor.done, "bytes behind the end of the picture")


def _colours(cursor: Cursor, flags: int) -> None:
    if flags & 0x80:
        cursor.take(3 << (flags & 7) + 1)


def _image(cursor: Cursor) -> None:
    cursor.take(8)
    _colours(cursor, cursor.number(1))
    cursor.take(1)
    while size := cursor.number(1):
        cursor.take(size)
