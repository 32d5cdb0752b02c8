"""Strips a JPEG: the frame, its scans and the tables they use stay; JFIF, Adobe, ICC and EXIF are written anew."""

from collections.abc import Iterator
from typing import Final

from postguard.images.containers import Damaged, Unsupported
from postguard.images.containers.jpeg import (
    APP0,
    APP1,
    APP2,
    APP14,
    DAC,
    DNL,
    EOI,
    EXIF,
    FRAMES,
    ICC,
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
from postguard.images.strip import HDR, Stripped, exif, icc
from postguard.images.strip.jpeg_entropy import hidden_bytes
from postguard.images.strip.jpeg_tables import TABLES, Frame, Table, Tables, frame, pieces

_DECODABLE: Final = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA})
_ICC_PART: Final = 65519
_HDR_SIGNS: Final = (b"hdrgm:", b"http://ns.apple.com/HDRGainMap/", b"urn:iso:std:iso:ts:21496:-1")


def strip(data: bytes) -> Stripped:
    """See `postguard.images.strip.strip`. Hierarchical JPEG is refused."""
    segments = list(walk(data))
    tables = _read(data, segments)
    block = joined_exif(data, segments)
    turned = exif.orientation(block, _xmp(data, segments))
    profile = joined_icc(data, segments)
    colours = icc.rebuilt(profile) if profile else None
    kept = exif.minimal(turned, adobe_rgb=colours is None and exif.is_adobe_rgb(block))
    hidden = hidden_bytes(data, segments)
    view = memoryview(data)
    out: list[bytes | memoryview] = [b"\xff\xd8", *_jfif(data, segments)]
    if kept:
        out += _segment(APP1, EXIF + kept)
    if colours:
        out += _icc_segments(colours)
    out += _adobe(data, segments)
    for segment in segments:
        if segment.marker in TABLES:
            out += pieces(data, segment, tables[segment.start])
        elif segment.marker in FRAMES or segment.marker == SOS:
            out += (bytes((0xFF, segment.marker)), view[segment.body - 2 : segment.end])
        elif segment.marker == SCAN:
            out += _without(view, segment, hidden)
    out.append(b"\xff\xd9")
    return Stripped("jpeg", b"".join(out), turned, (HDR,) if _has_hdr(data, segments) else ())


def _without(view: memoryview, scan: Segment, hidden: list[tuple[int, int]]) -> Iterator[memoryview]:
    """The scan without the hidden bytes that lie in it."""
    at = scan.start
    for start, end in hidden:
        if scan.start <= start < scan.end:
            yield view[at:start]
            at = end
    yield view[at : scan.end]


def _read(data: bytes, segments: list[Segment]) -> dict[int, list[Table]]:
    """Every table definition, by the place of its segment, the used ones marked; refuses what can't be decoded."""
    header: Frame | None = None
    tables, definitions = Tables(), dict[int, list[Table]]()
    for segment in segments:
        if segment.marker in TABLES:
            definitions[segment.start] = tables.define(data, segment)
        elif segment.marker in FRAMES:
            if header is not None:
                raise Damaged("a JPEG file of two frames")
            if segment.marker not in _DECODABLE:
                raise Unsupported("a JPEG of a rare kind; save it again as an ordinary JPEG")
            header = frame(data, segment)
            if not header.height:
                raise Unsupported("a JPEG of a rare kind; save it again as an ordinary JPEG")
        elif segment.marker in (0xDE, 0xDF):
            raise Unsupported("a hierarchical JPEG; save it again as an ordinary JPEG")
        elif segment.marker == SOS:
            if header is None:
                raise Damaged("a JPEG scan without a frame")
            tables.scan(data, segment, header)
        elif segment.marker == SCAN and segment.start == segment.end:
            raise Damaged("a JPEG scan without data")
    if header is None or segments[-1].marker not in (EOI, TRAILER) or not any(s.marker == SCAN for s in segments):
        raise Damaged("a JPEG file that is cut off")
    return definitions


def _xmp(data: bytes, segments: list[Segment]) -> bytes | None:
    for segment in segments:
        if segment.marker == APP1 and segment.startswith(data, XMP):
            return data[segment.body + len(XMP) : segment.end]
    return None


def _segment(marker: int, payload: bytes) -> list[bytes | memoryview]:
    return [bytes((0xFF, marker)), (len(payload) + 2).to_bytes(2, "big"), payload]


def _jfif(data: bytes, segments: list[Segment]) -> list[bytes | memoryview]:
    """A JFIF header without a thumbnail, where the file has one: it says that the colours are YCbCr."""
    for segment in segments:
        if segment.marker == APP0 and segment.startswith(data, b"JFIF\0") and segment.end - segment.body >= 12:
            version, density = data[segment.body + 5 : segment.body + 7], data[segment.body + 7 : segment.body + 12]
            if version not in (b"\1\0", b"\1\1", b"\1\2"):
                version = b"\1\1"
            if density[0] > 2:
                density = b"\0\0\1\0\1"
            return _segment(APP0, b"JFIF\0" + version + density + b"\0\0")
    return []


def _icc_segments(profile: bytes) -> list[bytes | memoryview]:
    parts = [profile[at : at + _ICC_PART] for at in range(0, len(profile), _ICC_PART)]
    out: list[bytes | memoryview] = []
    for number, part in enumerate(parts, 1):
        out += _segment(APP2, ICC + bytes((number, len(parts))) + part)
    return out


def _adobe(data: bytes, segments: list[Segment]) -> list[bytes | memoryview]:
    """The Adobe marker, its flags zero, where the file has one: it says how the colours were transformed.

    Where there are several, decoders heed the last.
    """
    for segment in reversed(segments):
        if segment.marker == APP14 and segment.startswith(data, b"Adobe") and segment.end - segment.body >= 12:
            return _segment(APP14, b"Adobe\0\x64" + bytes(4) + data[segment.body + 11 : segment.body + 12])
    return []


def _has_hdr(data: bytes, segments: list[Segment]) -> bool:
    return any(
        data.find(sign, segment.body, segment.end) >= 0
        for segment in segments
        if segment.marker in (APP1, APP2)
        for sign in _HDR_SIGNS
    )


def tables_only(stream: bytes) -> bytes:
    """The table stream of a TIFF whose pixels are JPEG, with its quantisation and Huffman tables and nothing else."""
    kept = [stream[part.start : part.end] for part in walk(stream) if part.marker in TABLES - {DAC}]
    return b"".join((b"\xff\xd8", *kept, b"\xff\xd9"))


def without_words(stream: bytes) -> bytes:
    """A JPEG stream inside another file (TIFF, abbreviated or not) without its comments, headers and trailer."""
    kept = FRAMES | TABLES | {SOI, SOS, SCAN, EOI, DNL}
    parts: list[bytes] = []
    for segment in walk(stream):
        if segment.marker in kept:
            parts.append(stream[segment.start : segment.end])
        elif segment.marker == APP14 and segment.startswith(stream, b"Adobe"):
            parts += _adobe(stream, [segment])  # type: ignore[arg-type]
    return b"".join(parts)
