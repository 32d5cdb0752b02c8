"""The grammar of stripped HEIF and MP4 files: which boxes may stand where, and that the media data has no gap."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from postguard.images.strip.audit import icc
from postguard.images.strip.audit.cursor import Cursor, demand

_PARENTS: Final = {
    b"": {b"ftyp", b"meta", b"moov", b"mdat"},
    b"meta": {b"hdlr", b"pitm", b"iinf", b"iref", b"iprp", b"iloc", b"idat"},
    b"iinf": {b"infe"},
    b"iref": {b"dimg", b"auxl", b"prem"},
    b"iprp": {b"ipco", b"ipma"},
    b"moov": {b"mvhd", b"trak"},
    b"trak": {b"tkhd", b"edts", b"tref", b"mdia"},
    b"tref": {b"auxl"},
    b"edts": {b"elst"},
    b"mdia": {b"mdhd", b"hdlr", b"minf"},
    b"minf": {b"vmhd", b"smhd", b"dinf", b"stbl"},
    b"dinf": {b"dref"},
    b"dref": {b"url "},
    b"stbl": {b"stsd", b"stts", b"ctts", b"cslg", b"stsc", b"stsz", b"stss", b"stco"},
}
_HEADS: Final = {b"meta": 4, b"iinf": 6, b"iref": 4, b"dref": 8}
"""Bytes before the inner boxes of those that have any."""
_PROPERTIES: Final = {
    b"ispe": 12,
    b"irot": 1,
    b"imir": 1,
    b"clap": 32,
    b"pasp": 8,
    b"clli": 4,
    b"mdcv": 24,
    b"a1op": 1,
    b"lsel": 2,
    b"btrt": 12,
    b"ccst": 8,
    b"vpcC": 12,
}
_CODECS: Final = frozenset({b"hvcC", b"av1C", b"avcC", b"esds", b"dOps", b"dfLa", b"dac3", b"dec3", b"alac"})
_MOST_CODEC: Final = 1 << 16
_PICTURE_ENTRIES: Final = frozenset({b"avc1", b"avc3", b"hvc1", b"hev1", b"av01", b"vp09", b"vp08", b"mp4v"})
_SOUND_ENTRIES: Final = frozenset({b"mp4a", b"Opus", b"fLaC", b"ac-3", b"ec-3", b"alac", b"sowt", b"twos", b"lpcm"})
_HANDLER: Final = re.compile(rb"\0{8}(?:pict|vide|soun|auxv)\0{13}")
_ITEM: Final = re.compile(rb"\x02\0\0[\0\1]..\0\0(?:hvc1|av01|grid|iovl|iden)\0", re.DOTALL)
_ALPHA: Final = re.compile(
    rb"\0{4}urn:mpeg:(?:mpegB:cicp:systems:auxiliary:alpha|hevc:2015:auxid:1|avc:2015:auxid:1)\0"
)
_BRAND: Final = re.compile(
    rb"he[iv][csxm]|mif[12]|msf1|miaf|avi[fso]|MA1[AB]|MiH[BEA]|iso[m2-9]|mp4[12]|avc1|qt  |M4[VA] |av01|3gp[45]|MSNV"
)


@dataclass(slots=True)
class File:
    """What was seen: the kinds of the outer boxes in order, the parts of the media data that are claimed."""

    data: bytes
    outer: list[bytes] = field(default_factory=list)
    claimed: list[tuple[int, int]] = field(default_factory=list)
    media: tuple[int, int] = (0, 0)
    stored: int = 0
    stored_claimed: int = 0
    places: list[int] = field(default_factory=list)
    per_chunk: list[tuple[int, int]] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)


def audit_boxes(data: bytes) -> File:
    """Looks over every box; raises `Refused` for one that may not stand where it does."""
    file = File(data)
    _boxes(file, b"", Cursor(data))
    first, last = file.media
    at = first
    for start, end in sorted(set(file.claimed)):
        demand(start == at, "media data that belongs to nothing")
        at = end
    demand(at == last, "media data that belongs to nothing")
    demand(file.stored == file.stored_claimed, "media data that belongs to nothing")
    return file


def _boxes(file: File, parent: bytes, cursor: Cursor, offset: int = 0) -> None:
    seen: set[bytes] = set()
    while not cursor.done:
        size, kind = cursor.number(4), cursor.take(4)
        body = cursor.sub(size - 8)
        start = offset + cursor.at - size + 8
        demand(kind in _PARENTS[parent], "an unknown box")
        is_list = kind in (b"infe", b"trak", b"dimg", b"auxl", b"prem")
        demand(is_list or kind not in seen, "a box that is there twice")
        seen.add(kind)
        if not parent:
            file.outer.append(kind)
        if kind == b"trak":
            file.places, file.per_chunk, file.sizes = [], [], []
        if kind in _PARENTS:
            head = body.take(_HEADS.get(kind, 0))
            demand(not any(head[:4]), "a box head that is not blank")
            _boxes(file, kind, body, start + len(head))
        else:
            _LEAVES[kind](file, body, start)
        if kind == b"trak":
            _claim_chunks(file)


def _brands(_file: File, body: Cursor, _at: int) -> None:
    major, minor = body.take(4), body.number(4)
    demand(minor == 0 and _BRAND.fullmatch(major) is not None, "an unknown brand")
    while not body.done:
        demand(_BRAND.fullmatch(body.take(4)) is not None, "an unknown brand")


def _media(file: File, body: Cursor, start: int) -> None:
    file.media = (start, start + len(body.data))


def _handler(_file: File, body: Cursor, _at: int) -> None:
    demand(_HANDLER.fullmatch(body.data) is not None, "a handler with a name")


def _item(_file: File, body: Cursor, _at: int) -> None:
    demand(_ITEM.fullmatch(body.data) is not None, "an item that is no picture, or has a name")


def _reference(_file: File, body: Cursor, _at: int) -> None:
    if len(body.data) == 4:
        return
    body.take(2)
    demand(len(body.take(2 * body.number(2))) > 0 and body.done, "a reference of a wrong length")


def _locations(file: File, body: Cursor, _at: int) -> None:
    demand(body.take(6) == b"\1\0\0\0\x44\0", "places of an unknown kind")
    for _number in range(body.number(2)):
        body.take(2)
        method = body.number(2)
        demand(body.take(4) == b"\0\0\0\1" and method < 2, "places of an unknown kind")
        start, size = body.number(4), body.number(4)
        if method:
            demand(start == file.stored_claimed, "media data that belongs to nothing")
            file.stored_claimed += size
        else:
            file.claimed.append((start, start + size))
    demand(body.done, "places of a wrong length")


def _stored(file: File, body: Cursor, _at: int) -> None:
    file.stored = len(body.data)


def _property_uses(_file: File, body: Cursor, _at: int) -> None:
    demand(body.take(4) == b"\0\0\0\1", "properties of an unknown kind")
    for _number in range(body.number(4)):
        body.take(2)
        body.take(2 * body.number(1))
    demand(body.done, "properties of a wrong length")


def _property_list(_file: File, body: Cursor, _at: int) -> None:
    while not body.done:
        size, kind = body.number(4), body.take(4)
        _property(kind, body.sub(size - 8))


def _property(kind: bytes, body: Cursor) -> None:
    size = len(body.data)
    if kind in _PROPERTIES:
        demand(size == _PROPERTIES[kind], "a property of a wrong length")
        demand(kind != b"ispe" or body.take(4) == bytes(4), "a property with more than its values")
    elif kind == b"pixi":
        demand(body.take(4) == bytes(4) and size == 5 + body.number(1), "a property of a wrong length")
    elif kind == b"a1lx":
        demand(size == (13 if body.number(1) & 1 else 7), "a property of a wrong length")
    elif kind in (b"auxC", b"auxi"):
        demand(_ALPHA.fullmatch(body.data) is not None, "a second picture that is no transparency")
    elif kind == b"colr":
        form = body.take(4)
        if form == b"prof":
            icc.audit(body.data[4:])
        else:
            demand((form, size) in ((b"nclx", 11), (b"nclc", 10)), "colours of an unknown kind")
    elif kind in (b"wave", b"frma"):
        if kind == b"frma":
            demand(size == 4, "a property of a wrong length")
        else:
            _property_list(File(b""), body, 0)
    else:
        demand(kind in _CODECS and size <= _MOST_CODEC, "an unknown property")


def _number_only(_file: File, body: Cursor, _at: int) -> None:
    demand(len(body.data) == 6 and not any(body.take(4)), "a box of a wrong length")


def _dated_head(blank_behind: int, least: int) -> Callable[[File, Cursor, int], None]:
    """The checks of `mvhd`, `tkhd`, `mdhd`: both times are zero, the length fits."""

    def check(_file: File, body: Cursor, _at: int) -> None:
        version = body.number(4) >> 24
        size = 8 if version else 4
        demand(version < 2 and not any(body.take(2 * size)), "times of making")
        demand(len(body.data) == least + 3 * (size - 4), "a film head of a wrong length")
        demand(not blank_behind or body.data.endswith(b"\x55\xc4\0\0"), "a language")

    return check


def _edits(_file: File, body: Cursor, _at: int) -> None:
    version = body.number(4) >> 24
    demand(len(body.data) == 8 + body.number(4) * (20 if version else 12), "a film table of a wrong length")


def _table(entry: int) -> Callable[[File, Cursor, int], None]:
    def check(_file: File, body: Cursor, _at: int) -> None:
        body.take(4)
        demand(len(body.data) == 8 + body.number(4) * entry, "a film table of a wrong length")

    return check


def _chunk_places(file: File, body: Cursor, _at: int) -> None:
    body.take(4)
    file.places = [body.number(4) for _number in range(body.number(4))]
    demand(body.done, "a film table of a wrong length")


def _chunk_runs(file: File, body: Cursor, _at: int) -> None:
    body.take(4)
    for _number in range(body.number(4)):
        file.per_chunk.append((body.number(4), body.number(4)))
        body.take(4)
    demand(body.done, "a film table of a wrong length")


def _sample_sizes(file: File, body: Cursor, _at: int) -> None:
    body.take(4)
    same, count = body.number(4), body.number(4)
    file.sizes = [same] * min(count, 1 << 22) if same else [body.number(4) for _number in range(count)]
    demand(body.done, "a film table of a wrong length")


def _claim_chunks(file: File) -> None:
    """Marks the media data of one track as its chunks', which lie where its tables say."""
    sample = 0
    for index, (first, each) in enumerate(file.per_chunk):
        last = file.per_chunk[index + 1][0] if index + 1 < len(file.per_chunk) else len(file.places) + 1
        demand(0 < first <= last <= len(file.places) + 1, "a film table that does not fit")
        for place in file.places[first - 1 : last - 1]:
            size = sum(file.sizes[sample : sample + each])
            file.claimed.append((place, place + size))
            sample += each


def _composition(_file: File, body: Cursor, _at: int) -> None:
    demand(len(body.data) == (44 if body.number(4) >> 24 else 24), "a film table of a wrong length")


def _descriptions(_file: File, body: Cursor, _at: int) -> None:
    body.take(4)
    for _number in range(body.number(4)):
        size, kind = body.number(4), body.take(4)
        entry = body.sub(size - 8)
        demand(not any(entry.take(6)), "a description that is not blank")
        entry.take(2)
        if kind in _PICTURE_ENTRIES:
            demand(not any(entry.take(16)), "the name of a vendor")
            entry.take(18)
            demand(not any(entry.take(32)), "the name of an encoder")
            entry.take(4)
        else:
            demand(kind in _SOUND_ENTRIES, "a description of an unknown kind")
            version = entry.number(2)
            demand(not any(entry.take(6)), "the name of a vendor")
            entry.take(12 + {1: 16, 2: 36}.get(version, 0))
        _property_list(_file, entry, 0)
    demand(body.done, "a description of a wrong length")


def _exactly(*payloads: bytes) -> Callable[[File, Cursor, int], None]:
    def check(_file: File, body: Cursor, _at: int) -> None:
        demand(body.data in payloads, "a box that is not blank")

    return check


_LEAVES: Final[dict[bytes, Callable[[File, Cursor, int], None]]] = {
    b"ftyp": _brands,
    b"mdat": _media,
    b"hdlr": _handler,
    b"pitm": _number_only,
    b"infe": _item,
    b"dimg": _reference,
    b"auxl": _reference,
    b"prem": _reference,
    b"iloc": _locations,
    b"idat": _stored,
    b"ipco": _property_list,
    b"ipma": _property_uses,
    b"mvhd": _dated_head(0, 100),
    b"tkhd": _dated_head(0, 84),
    b"mdhd": _dated_head(4, 24),
    b"elst": _edits,
    b"vmhd": _exactly(b"\0\0\0\1" + bytes(8)),
    b"smhd": _exactly(bytes(8)),
    b"url ": _exactly(b"\0\0\0\1"),
    b"stsd": _descriptions,
    b"stts": _table(8),
    b"ctts": _table(8),
    b"stss": _table(4),
    b"stsc": _chunk_runs,
    b"stsz": _sample_sizes,
    b"stco": _chunk_places,
    b"cslg": _composition,
}
