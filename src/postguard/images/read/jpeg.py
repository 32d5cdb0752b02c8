"""Reads what a JPEG tells: its APP segments and comments, what lies between and behind."""

from typing import Final

from postguard.images.containers import PictureError
from postguard.images.containers.jpeg import (
    APP0,
    APP1,
    APP2,
    APP14,
    BARE,
    COM,
    DNL,
    EOI,
    EXIF,
    FRAMES,
    ICC,
    JUNK,
    SCAN,
    SOI,
    SOS,
    TRAILER,
    XMP,
    Segment,
    joined_exif,
    joined_icc,
    walk,
)
from postguard.images.read import exif, icc, photoshop, xmp
from postguard.images.read.behind import read_behind
from postguard.images.read.comment import read_comment
from postguard.images.read.facts import Gathering, Kind
from postguard.images.strip.exif import minimal, orientation
from postguard.images.strip.jpeg_entropy import hidden_bytes
from postguard.images.strip.jpeg_tables import TABLES

_EXTENDED_XMP: Final = b"http://ns.adobe.com/xmp/extension/\0"
_PHOTOSHOP: Final = b"Photoshop 3.0\0"
_PICTURE: Final = frozenset({SOI, EOI, SOS, SCAN, DNL}) | FRAMES | TABLES | BARE


def read(data: bytes, into: Gathering) -> int:
    """Adds what the file tells; gives its orientation."""
    segments = list(walk(data))
    block = joined_exif(data, segments)
    packet = b""
    if block is not None:
        told = orientation(block)
        if block != minimal(told) and block != minimal(told, adobe_rgb=True):
            _read_exif(data, segments, block, into)
    profile = joined_icc(data, segments)
    if profile:
        icc.read(profile, into)
    for segment in segments:
        if segment.marker == APP1 and segment.startswith(data, XMP):
            body = data[segment.body + len(XMP) : segment.end]
            packet = packet or body
            xmp.read(body, into)
        elif segment.marker == TRAILER:
            read_behind(data[segment.start : segment.end], into)
        elif segment.marker not in _PICTURE:
            _read_segment(data, segment, into)
    _read_extended(data, segments, into)
    _read_scans(data, segments, into)
    return orientation(block, packet)


def _read_exif(data: bytes, segments: list[Segment], block: bytes, into: Gathering) -> None:
    """A second EXIF segment is the rest of a long block, or a block of its own."""
    exif.read(block, into)
    for segment in segments:
        if segment.marker == APP1 and segment.startswith(data, EXIF):
            own = data[segment.body + len(EXIF) : segment.end]
            if own[:4] in (b"II*\0", b"MM\0*") and not block.startswith(own):
                exif.read(own, into)


def _read_scans(data: bytes, segments: list[Segment], into: Gathering) -> None:
    """Words behind the last block of a scan."""
    try:
        hidden = sum(end - start for start, end in hidden_bytes(data, segments))
    except PictureError:
        hidden = 1
    if hidden:
        into.data(hidden)


def _read_extended(data: bytes, segments: list[Segment], into: Gathering) -> None:
    """Extended XMP comes in parts of 64 kB: GUID, whole size and place of the part, then the part."""
    parts: dict[int, bytes] = {}
    for segment in segments:
        if segment.marker == APP1 and segment.startswith(data, _EXTENDED_XMP):
            head = segment.body + len(_EXTENDED_XMP) + 32
            parts[int.from_bytes(data[head + 4 : head + 8], "big")] = data[head + 8 : segment.end]
    if parts:
        xmp.read(b"".join(parts[at] for at in sorted(parts)), into)


def _read_segment(data: bytes, segment: Segment, into: Gathering) -> None:
    body = data[segment.body : segment.end]
    if segment.marker == APP0 and body.startswith(b"JFIF\0"):
        if len(body) > 14:
            into.picture("jfif.thumbnail", b"")
    elif segment.marker == APP0 and body.startswith(b"JFXX\0"):
        into.picture("jfxx.thumbnail", body[6:] if body[5:6] == b"\x10" else b"")
    elif (segment.marker == APP1 and body.startswith((EXIF, _EXTENDED_XMP))) or (
        segment.marker == APP2 and body.startswith((ICC, b"urn:iso:std:iso:ts:21496:-1\0"))
    ):
        pass
    elif segment.marker == APP2 and body.startswith(b"MPF\0"):
        into.add(Kind.PICTURE, "mpf", len(body))
    elif segment.marker == 0xED and body.startswith(_PHOTOSHOP):
        photoshop.read_resources(body[len(_PHOTOSHOP) :], into)
    elif segment.marker == 0xEB and body.startswith(b"JP"):
        into.add(Kind.PERSON, "c2pa", len(body))
    elif segment.marker == 0xEC and body.startswith(b"Ducky"):
        _read_ducky(body[5:], into)
    elif segment.marker == APP14 and body.startswith(b"Adobe"):
        if len(body) > 12:
            into.data(len(body) - 12)
    elif segment.marker == COM:
        read_comment("jpeg.comment", body, into)
    elif segment.marker == JUNK:
        if body.strip(b"\0"):
            into.data(len(body))
    else:
        into.data(len(body))


def _read_ducky(body: bytes, into: Gathering) -> None:
    """Photoshop's "save for web": quality (1), comment (2), copyright (3)."""
    if body[:2] == b"\0\1" and len(body) <= 10:
        return
    into.person("ducky", body.decode("latin-1"))
