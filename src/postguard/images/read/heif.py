"""Reads what a HEIC or AVIF tells: its EXIF, XMP and other items, second pictures, boxes that are no picture."""

from typing import Final

from postguard.images.containers import Damaged, PictureError
from postguard.images.containers.boxes import Box, walk
from postguard.images.containers.heif import Item, Meta, read_meta
from postguard.images.read import exif, icc, xmp
from postguard.images.read.boxes import read_film, read_unknown
from postguard.images.read.facts import Gathering
from postguard.images.strip import coded
from postguard.images.strip.film import Film
from postguard.images.strip.properties import is_alpha

_PICTURE: Final = frozenset({b"ftyp", b"mdat", b"meta", b"moov"})
_CODED: Final = frozenset({b"hvc1", b"av01", b"grid", b"iovl", b"iden", b"jpeg", b"tmap"})
_NAMES: Final = (b"", b"Exif", b"HEVC Image", b"Color", b"Alpha", b"XMP", b"mime")
_META_PARTS: Final = frozenset({b"dinf", b"grpl", b"free"})


def read(data: bytes, into: Gathering) -> int:
    """Adds what the file tells. A HEIF picture turns itself by its properties: gives 1."""
    meta, film = None, None
    for box in walk(data):
        if box.kind == b"meta":
            meta = _read_meta(data, box, into)
        elif box.kind == b"moov":
            film = box
            read_film(data, box, into)
        elif box.kind not in _PICTURE:
            read_unknown(data, box, into)
    if meta is not None and film is not None and not _is_one_of_its_frames(data, meta, film):
        into.picture("second-picture", b"")
    return 1


def _is_one_of_its_frames(data: bytes, meta: Meta, film: Box) -> bool:
    """Whether the still picture of an animated AVIF is a frame of it, and the animation what is decoded.

    Some viewers show the one, some the other; only one of them is looked at.
    """
    item = meta.items.get(meta.primary)
    if data[8:12] != b"avis" or item is None or item.kind != b"av01":
        return False
    try:
        still = b"".join(coded.picture_units(b"av01", meta.bytes_of(data, item.number), 0))
        return still in b"".join(Film(data, film, still=True).chunks)
    except PictureError:
        return False


def _read_meta(data: bytes, box: Box, into: Gathering) -> Meta:
    meta = read_meta(data, box)
    for item in meta.items.values():
        if item.name not in _NAMES:
            into.data(len(item.name))
        if item.kind not in _CODED:
            _read_item(data, meta, item, into)
    for reference in meta.references:
        if reference.kind == b"thmb":
            into.picture("heif.thumbnail", b"")
        elif reference.kind == b"auxl":
            _read_auxiliary(data, meta, reference.source, into)
    if any(item.kind == b"tmap" for item in meta.items.values()):
        into.picture("gain-map", b"")
    if {item.number for item in meta.items.values() if item.kind in _CODED} - _named(meta):
        into.picture("second-picture", b"")
    for part in meta.properties:
        if part.kind == b"colr" and data[part.body : part.body + 4] in (b"prof", b"rICC"):
            icc.read(data[part.body + 4 : part.end], into)
        elif part.kind in (b"uuid", b"udes"):
            read_unknown(data, part, into)
    for part in meta.others:
        if part.kind not in _META_PARTS:
            read_unknown(data, part, into)
    return meta


def _named(meta: Meta) -> set[int]:
    """The items that make up the picture, and those that are told by what they are to it."""
    made_of = [reference for reference in meta.references if reference.kind == b"dimg"]
    left = [meta.primary, *(item.number for item in meta.items.values() if item.kind == b"tmap")]
    left += [reference.source for reference in meta.references if reference.kind in (b"thmb", b"auxl")]
    named: set[int] = set()
    while left:
        item = left.pop()
        if item not in named:
            named.add(item)
            left += [target for reference in made_of if reference.source == item for target in reference.targets]
    return named


def _read_item(data: bytes, meta: Meta, item: Item, into: Gathering) -> None:
    try:
        body = meta.bytes_of(data, item.number)
    except Damaged:
        into.data(0)
        return
    if item.kind == b"Exif":
        exif.read(body[4 + int.from_bytes(body[:4], "big") :].removeprefix(b"Exif\0\0"), into)
    elif item.content == b"application/rdf+xml":
        xmp.read(body, into)
    else:
        into.data(len(body))


def _read_auxiliary(data: bytes, meta: Meta, item: int, into: Gathering) -> None:
    parts = [part for part, _ in meta.property_boxes(item) if part.kind == b"auxC"]
    if any(is_alpha(data, part) for part in parts):
        return
    kind = b"".join(data[part.body : part.end] for part in parts)
    if b"gainmap" in kind:
        into.picture("gain-map", b"")
    elif b"depth" in kind or b"disparity" in kind or b"auxid:2" in kind:
        into.picture("depth-map", b"")
    else:
        into.picture("second-picture", b"")
