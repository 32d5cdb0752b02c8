"""Reads what the boxes of HEIF and MP4 files tell: dates, places, names, tracks of positions, unknown boxes."""

from typing import Final

from postguard.images.containers import Damaged
from postguard.images.containers.boxes import Box, walk
from postguard.images.read import xmp
from postguard.images.read.facts import Gathering, Kind

_C2PA: Final = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_XMP: Final = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_SPACE: Final = frozenset({b"free", b"skip", b"wide"})
_USER_DATA: Final = {
    b"\xa9xyz": (Kind.PLACE, "film.position"),
    b"loci": (Kind.PLACE, "film.position"),
    b"\xa9day": (Kind.TIME, "film.date"),
    b"\xa9mak": (Kind.DEVICE, "film.make"),
    b"\xa9mod": (Kind.DEVICE, "film.model"),
    b"\xa9swr": (Kind.DEVICE, "film.software"),
    b"\xa9too": (Kind.DEVICE, "film.software"),
    b"\xa9enc": (Kind.DEVICE, "film.software"),
}
_APPLE_KEYS: Final = (
    (b"location", Kind.PLACE, "film.position"),
    (b"creationdate", Kind.TIME, "film.date"),
    (b"make", Kind.DEVICE, "film.make"),
    (b"model", Kind.DEVICE, "film.model"),
    (b"software", Kind.DEVICE, "film.software"),
)
_DATED: Final = frozenset({b"mvhd", b"tkhd", b"mdhd"})
_KEPT_HANDLERS: Final = frozenset({b"vide", b"soun", b"pict", b"auxv"})
_INSIDE: Final = frozenset({b"trak", b"mdia"})


def read_unknown(data: bytes, box: Box, into: Gathering) -> None:
    """A box that is no part of the picture: free space, somebody's own data, a motion photo's film."""
    body = data[box.body : box.end]
    if box.kind in _SPACE:
        if any(body):
            into.data(len(body))
    elif box.kind == b"uuid" and body.startswith(_C2PA):
        into.add(Kind.PERSON, "c2pa", len(body))
    elif box.kind == b"uuid" and body.startswith(_XMP):
        xmp.read(body[16:], into)
    elif box.kind == b"mpvd":
        into.picture("motion-video", b"")
    else:
        into.data(len(body))


def read_film(data: bytes, moov: Box, into: Gathering) -> None:
    """Adds what a film's tables tell."""
    for box in walk(data, moov.body, moov.end):
        if box.kind in _DATED:
            _read_dates(data, box, into)
        elif box.kind == b"trak":
            _read_track(data, box, into)
        elif box.kind in (b"udta", b"meta"):
            read_user_data(data, box, into)
        elif box.kind == b"uuid":
            read_unknown(data, box, into)


def _read_dates(data: bytes, box: Box, into: Gathering) -> None:
    size = 16 if data[box.body] == 1 else 8
    if any(data[box.body + 4 : box.body + 4 + size]):
        into.time("film.times")


def _read_track(data: bytes, track: Box, into: Gathering) -> None:
    for box in walk(data, track.body, track.end):
        if box.kind in _DATED:
            _read_dates(data, box, into)
        elif box.kind in (b"udta", b"meta"):
            read_user_data(data, box, into)
        elif box.kind in _INSIDE:
            _read_track(data, box, into)
        elif box.kind == b"hdlr":
            _read_handler(data, box, into)


def _read_handler(data: bytes, box: Box, into: Gathering) -> None:
    handler, name = data[box.body + 8 : box.body + 12], data[box.body + 24 : box.end]
    if handler not in _KEPT_HANDLERS:
        # A camera writes positions, and what else it likes, as a track of their own.
        into.add(Kind.PLACE if handler in (b"meta", b"camm", b"gpmd") else Kind.DATA, "film.data-track")
    elif name.strip(b"\0 "):
        into.add(Kind.DEVICE, "film.handler-name")


def read_user_data(data: bytes, outer: Box, into: Gathering) -> None:
    """User data: well-known entries by their letters, Apple's by the names of their keys, all else unknown."""
    start = outer.body + (4 if outer.kind == b"meta" and data[outer.body + 4 : outer.body + 8] != b"hdlr" else 0)
    try:
        boxes = list(walk(data, start, outer.end))
    except Damaged:
        into.data(outer.end - outer.body)
        return
    for box in boxes:
        body = data[box.body : box.end]
        if box.kind in (b"meta", b"ilst"):
            read_user_data(data, box, into)
        elif box.kind == b"keys":
            for word, kind, key in _APPLE_KEYS:
                if word in body:
                    into.add(kind, key)
        elif box.kind in _USER_DATA:
            into.add(*_USER_DATA[box.kind])
        elif box.kind == b"XMP_":
            xmp.read(body, into)
        elif box.kind.startswith(b"\xa9") or box.kind in (b"auth", b"titl", b"dscp", b"perf", b"name", b"cprt"):
            into.person("film.text", body.decode("utf-8", "replace"))
        elif box.kind != b"hdlr" and box.kind not in _SPACE and any(body):
            into.data(len(body))
