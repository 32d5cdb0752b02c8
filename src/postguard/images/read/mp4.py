"""Reads what an MP4 or QuickTime film tells."""

from typing import Final

from postguard.images.containers.boxes import walk
from postguard.images.read.boxes import read_film, read_unknown, read_user_data
from postguard.images.read.facts import Gathering

_PICTURE: Final = frozenset({b"ftyp", b"mdat"})


def read(data: bytes, into: Gathering) -> int:
    """Adds what the file tells. A film turns itself by its matrix: gives 1."""
    for box in walk(data):
        if box.kind == b"moov":
            read_film(data, box, into)
        elif box.kind in (b"meta", b"udta"):
            read_user_data(data, box, into)
        elif box.kind not in _PICTURE:
            read_unknown(data, box, into)
    return 1
