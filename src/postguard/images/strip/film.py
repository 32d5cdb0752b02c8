"""The film part of an MP4, QuickTime, or animated AVIF/HEIC file, written anew: picture and sound tracks only."""

from dataclasses import dataclass, field
from typing import Final

from postguard.images.containers import Damaged, Unsupported
from postguard.images.containers.boxes import Box, Fields, box, full_box, walk
from postguard.images.strip import properties
from postguard.images.strip.samples import Samples, only, read_samples

BRANDS: Final = frozenset(
    {
        b"isom",
        b"iso2",
        b"iso3",
        b"iso4",
        b"iso5",
        b"iso6",
        b"iso8",
        b"mp41",
        b"mp42",
        b"avc1",
        b"qt  ",
        b"M4V ",
        b"M4A ",
    }
    | {b"av01", b"3gp4", b"3gp5", b"MSNV"}
)
_PICTURES: Final = frozenset({b"vide", b"pict", b"auxv"})
_SOUND: Final = b"soun"
_PICTURE_ENTRIES: Final = frozenset({b"avc1", b"avc3", b"hvc1", b"hev1", b"av01", b"vp09", b"vp08", b"mp4v"})
_SOUND_ENTRIES: Final = frozenset({b"mp4a", b"Opus", b"fLaC", b"ac-3", b"ec-3", b"alac", b"sowt", b"twos", b"lpcm"})
_OPAQUE: Final = frozenset({b"esds", b"dOps", b"dfLa", b"dac3", b"dec3", b"alac"})
"""Decoder configuration that is kept whole: its size is bounded, its content is the codec's."""
_MOST_OPAQUE: Final = 4096
_UNDETERMINED: Final = b"\x55\xc4"


@dataclass(slots=True)
class _Track:
    """One kept track: its boxes before the chunk places, and where its chunks lie in the old file."""

    head: bytes
    handler: bytes
    media_head: bytes
    is_sound: bool
    tables: list[bytes]
    samples: Samples
    reference: bytes = b""
    places: list[int] = field(default_factory=list)


class Film:
    """Reads a `moov` box; `moov(at)` writes it for a file whose `chunks` start at `at`.

    Times of making, names, user data and tracks of any other kind (positions, time codes, texts) go. Raises
    `Unsupported` for films in fragments and for codecs that are not known.
    """

    def __init__(self, data: bytes, moov: Box, *, still: bool = False) -> None:
        self._data = data
        parts = list(walk(data, moov.body, moov.end))
        if any(part.kind == b"mvex" for part in parts):
            raise Unsupported("a film in fragments; save it again as an ordinary MP4")
        self._head = _movie_head(data, only(parts, b"mvhd"))
        self._tracks = [
            track for part in parts if part.kind == b"trak" and (track := _track(data, part, still=still)) is not None
        ]
        if not self._tracks:
            raise Damaged("a film without a picture track")
        self.chunks = self._laid_out()

    def _laid_out(self) -> list[memoryview]:
        """The chunks of all tracks in the order in which they lay, each followed at once by the next."""
        order = sorted(
            (chunk.start, number, index)
            for number, track in enumerate(self._tracks)
            for index, chunk in enumerate(track.samples.chunks)
        )
        at = 0
        kept: list[memoryview] = []
        for track in self._tracks:
            track.places = [0] * len(track.samples.chunks)
        for _, number, index in order:
            chunk = self._tracks[number].samples.chunks[index]
            self._tracks[number].places[index] = at
            kept += chunk.kept
            at += chunk.size
        return kept

    def moov(self, chunks_at: int) -> bytes:
        """The new `moov` box."""
        return box(b"moov", self._head, *(_written(track, chunks_at) for track in self._tracks))


def _times(fields: Fields) -> tuple[int, int]:
    """Version and size of the time fields; passes over the two times."""
    version = fields.number(4) >> 24
    size = 8 if version == 1 else 4
    fields.take(2 * size)
    return version, size


def _movie_head(data: bytes, part: Box) -> bytes:
    fields = Fields.of(data, part)
    version, size = _times(fields)
    scale, duration = fields.take(4), fields.take(size)
    rate, volume = fields.take(4), fields.take(2)
    fields.take(10)
    matrix = fields.take(36)
    fields.take(24)
    track = fields.take(4)
    return full_box(
        b"mvhd", version, 0, bytes(2 * size), scale, duration, rate, volume, bytes(10), matrix, bytes(24), track
    )


def _track(data: bytes, part: Box, *, still: bool) -> _Track | None:
    parts = list(walk(data, part.body, part.end))
    media = only(parts, b"mdia")
    media_parts = list(walk(data, media.body, media.end))
    handler_box = only(media_parts, b"hdlr")
    handler = data[handler_box.body + 8 : handler_box.body + 12]
    if handler not in _PICTURES and (handler != _SOUND or still):
        return None
    info = only(media_parts, b"minf")
    table = only(list(walk(data, info.body, info.end)), b"stbl")
    tables = list(walk(data, table.body, table.end))
    edit = next(
        (inner for outer in parts if outer.kind == b"edts" for inner in walk(data, outer.body, outer.end)), None
    )
    return _Track(
        head=_track_head(data, only(parts, b"tkhd")) + (_edits(data, edit) if edit else b""),
        handler=handler,
        media_head=_media_head(data, only(media_parts, b"mdhd")),
        is_sound=handler == _SOUND,
        tables=_tables(data, tables),
        samples=read_samples(data, tables),
        reference=_alpha_reference(data, parts),
    )


def _track_head(data: bytes, part: Box) -> bytes:
    fields = Fields.of(data, part)
    flags = fields.number(4)
    version, size = flags >> 24, 8 if flags >> 24 == 1 else 4
    fields.take(2 * size)
    number = fields.take(4)
    fields.take(4)
    duration = fields.take(size)
    fields.take(8)
    layer, volume = fields.take(4), fields.take(2)
    fields.take(2)
    shape = fields.take(44)
    return full_box(
        b"tkhd",
        version,
        flags & 0xF,
        bytes(2 * size),
        number,
        bytes(4),
        duration,
        bytes(8),
        layer,
        volume,
        bytes(2),
        shape,
    )


def _edits(data: bytes, part: Box) -> bytes:
    if part.kind != b"elst":
        return b""
    fields = Fields.of(data, part)
    head = fields.take(4)
    count = fields.number(4)
    entries = fields.take(count * (20 if head[0] == 1 else 12))
    return box(b"edts", box(b"elst", head[:1] + bytes(3), count.to_bytes(4, "big"), entries))


def _alpha_reference(data: bytes, parts: list[Box]) -> bytes:
    for outer in parts:
        for inner in walk(data, outer.body, outer.end) if outer.kind == b"tref" else ():
            if inner.kind == b"auxl":
                return box(b"tref", box(b"auxl", data[inner.body : inner.body + 4]))
    return b""


def _media_head(data: bytes, part: Box) -> bytes:
    fields = Fields.of(data, part)
    version, size = _times(fields)
    scale, duration = fields.take(4), fields.take(size)
    return full_box(b"mdhd", version, 0, bytes(2 * size), scale, duration, _UNDETERMINED, bytes(2))


_ENTRY_SIZES: Final = {b"stts": 8, b"ctts": 8, b"stsc": 12, b"stss": 4}


def _tables(data: bytes, parts: list[Box]) -> list[bytes]:
    """The sample tables but for the places of the chunks, each of its exact length."""
    kept = [_descriptions(data, only(parts, b"stsd"))]
    for part in parts:
        fields = Fields.of(data, part)
        if part.kind in _ENTRY_SIZES:
            head, count = fields.take(4), fields.take(4)
            entries = fields.take(int.from_bytes(count, "big") * _ENTRY_SIZES[part.kind])
            kept.append(box(part.kind, head[:1] + bytes(3), count, entries))
        elif part.kind == b"cslg":
            head = fields.take(4)
            kept.append(box(b"cslg", head[:1] + bytes(3), fields.take(40 if head[0] else 20)))
    return kept


def _descriptions(data: bytes, part: Box) -> bytes:
    fields = Fields.of(data, part)
    fields.take(4)
    count = fields.number(4)
    entries = [_description(data, entry) for entry in walk(data, fields.at, part.end)]
    if len(entries) != count or not entries:
        raise Damaged("a film track of a wrong number of descriptions")
    return full_box(b"stsd", 0, 0, count.to_bytes(4, "big"), *entries)


def _description(data: bytes, entry: Box) -> bytes:
    """How a track is coded; the names of codec and vendor go."""
    fields = Fields.of(data, entry)
    fields.take(6)
    reference = fields.take(2)
    if entry.kind in _PICTURE_ENTRIES:
        fields.take(16)
        size_and_resolution = fields.take(12)
        fields.take(4)
        frames = fields.take(2)
        fields.take(32)
        depth = fields.take(2)
        fields.take(2)
        head = bytes(16) + size_and_resolution + bytes(4) + frames + bytes(32) + depth + b"\xff\xff"
    elif entry.kind in _SOUND_ENTRIES:
        version = fields.number(2)
        fields.take(6)
        head = version.to_bytes(2, "big") + bytes(6) + fields.take(12 + {1: 16, 2: 36}.get(version, 0))
    else:
        raise Unsupported("a film of a rare kind; save it again as an ordinary MP4")
    inner = [_configuration(data, part) for part in walk(data, fields.at, entry.end)]
    return box(entry.kind, bytes(6), reference, head, *inner)


def _configuration(data: bytes, part: Box) -> bytes:
    if part.kind in _OPAQUE and part.end - part.body <= _MOST_OPAQUE:
        return box(part.kind, data[part.body : part.end])
    if part.kind == b"wave":
        return box(b"wave", *(_configuration(data, inner) for inner in walk(data, part.body, part.end)))
    if part.kind in (b"frma", b"auxi"):
        return box(part.kind, data[part.body : part.body + 4]) if part.kind == b"frma" else _alpha(data, part)
    return properties.rebuilt(data, part) or b""


def _alpha(data: bytes, part: Box) -> bytes:
    return box(b"auxi", bytes(4), data[part.body + 4 : part.end].partition(b"\0")[0], b"\0")


def _written(track: _Track, chunks_at: int) -> bytes:
    places = [chunks_at + place for place in track.places]
    if places and max(places) >> 32:
        raise Unsupported("a film that is too large; send it smaller")
    head = full_box(b"smhd", 0, 0, bytes(4)) if track.is_sound else full_box(b"vmhd", 0, 1, bytes(8))
    own_file = box(b"dinf", full_box(b"dref", 0, 0, (1).to_bytes(4, "big"), full_box(b"url ", 0, 1)))
    sizes = track.samples.sizes
    same = sizes[0] if len(set(sizes)) == 1 else 0
    stsz = full_box(
        b"stsz",
        0,
        0,
        same.to_bytes(4, "big"),
        len(sizes).to_bytes(4, "big"),
        *(() if same else (size.to_bytes(4, "big") for size in sizes)),
    )
    stco = full_box(b"stco", 0, 0, len(places).to_bytes(4, "big"), *(place.to_bytes(4, "big") for place in places))
    return box(
        b"trak",
        track.head,
        track.reference,
        box(
            b"mdia",
            track.media_head,
            full_box(b"hdlr", 0, 0, bytes(4), track.handler, bytes(12), b"\0"),
            box(b"minf", head, own_file, box(b"stbl", *track.tables, stsz, stco)),
        ),
    )
