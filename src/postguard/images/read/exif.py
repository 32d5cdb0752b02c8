"""Reads EXIF: exifread for the tags, bounded in size, steps and time; our own walk for what it passes over."""

import io
import logging
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from postguard.images.containers import Damaged
from postguard.images.containers.tiff import EXIF_IFD, GPS_IFD, INTEROP_IFD, SUB_IFDS, Directory, Tiff
from postguard.images.read import xmp
from postguard.images.read.facts import Gathering, Kind, Position
from postguard.images.read.photoshop import read_iptc, read_resources
from postguard.images.read.vocabulary import EXIF

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_BYTES: Final = 4 << 20
_MOST_READS: Final = 20_000
_METRES_PER_DEGREE: Final = 111_320.0
_DATE: Final = re.compile(r"(\d{4})[:\-](\d\d)[:\-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET: Final = re.compile(r"[+-]\d\d:\d\d")
_CAMERA_DEFAULT: Final = re.compile(
    r"OLYMPUS DIGITAL CAMERA|SONY DSC|MINOLTA DIGITAL CAMERA|SAMSUNG CAMERA PICTURES|KODAK Digital Still Camera"
    r"|DCIM[\\/]?\d*|DSC[NF_]?\d*|IMG_?\d*|Exif_JPEG_PICTURE|<?DIGIMAX.*|.*DIGITAL (?:STILL )?CAMERA|default",
    re.IGNORECASE,
)

_MAKER_NOTE, _USER_COMMENT, _XMP_TAG, _IPTC_TAG, _PHOTOSHOP_TAG = 0x927C, 0x9286, 0x02BC, 0x83BB, 0x8649
_THUMBNAIL_AT, _THUMBNAIL_SIZE, _STRIPS, _STRIP_SIZES = 0x0201, 0x0202, 0x0111, 0x0117
_JPEG: Final = b"\xff\xd8\xff"
_KNOWN_TO_US: Final = frozenset(
    {_MAKER_NOTE, _USER_COMMENT, _XMP_TAG, _IPTC_TAG, _PHOTOSHOP_TAG, 0xEA1C, 0xEA1D, 0xC4A5}
)
_OUR_NAMES: Final = {0xA436: "Title", 0xA437: "Photographer", 0xA438: "ImageEditor", 0xA439: "CameraFirmware"}


class _TooMuch(Exception):
    """The block made its reader work for longer than any real one does."""


class _BoundedFile(io.BytesIO):
    """A file in memory that gives up after so many reads: exifread walks wherever a damaged block sends it."""

    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        if self.reads > _MOST_READS:
            raise _TooMuch
        return super().read(size)


def read(block: bytes, into: Gathering, *, is_file: bool = False) -> None:
    """Adds what a TIFF block tells. A block that can't be read is itself a fact: it may hold anything.

    `is_file`: the block is a whole TIFF file, whose pages are no thumbnails.
    """
    block = block if is_file else block[:_MOST_BYTES]
    tags = _tags(block)
    if tags is None:
        into.add(Kind.DATA, "exif.unreadable", len(block))
    else:
        _read_tags(tags, into)
    try:
        _read_directories(Tiff.parse(block), into, is_file=is_file)
    except Damaged:
        into.add(Kind.DATA, "exif.unreadable", len(block))


def _tags(block: bytes) -> "Mapping[str, Any] | None":
    """What exifread makes of the block; None where it fails, however it fails."""
    import exifread

    # Its log lines quote the file.
    logging.getLogger("exifread").disabled = True
    try:
        tags: Mapping[str, Any] = exifread.process_file(_BoundedFile(block), details=False, extract_thumbnail=False)
    except Exception:  # noqa: BLE001 - it raises nearly anything on a damaged block
        return None
    return tags


def _read_tags(tags: "Mapping[str, Any]", into: Gathering) -> None:
    for key, tag in tags.items():
        _, _, name = key.partition(" ")
        if _is_blank(tag):
            continue
        kind = EXIF.get(name)
        if kind is Kind.TIME:
            into.time(f"exif.{name}", _moment(tags, name))
        elif kind is Kind.PERSON and not _CAMERA_DEFAULT.fullmatch(_text(tag.values).strip()):
            into.person(f"exif.{name}", _text(tag.values))
        elif kind is not None:
            into.add(Kind.DEVICE if kind is Kind.PERSON else kind, f"exif.{name}")
        elif name.startswith("Tag 0x"):
            _unknown(int(name[6:], 16), tag, into)
    position = _position(tags)
    if position is not None:
        into.position = position


def _unknown(number: int, tag: Any, into: Gathering) -> None:
    """A tag that exifread has no name for."""
    if number in _OUR_NAMES:
        if number == 0xA439:
            into.add(Kind.DEVICE, f"exif.{_OUR_NAMES[number]}")
        else:
            into.person(f"exif.{_OUR_NAMES[number]}", _text(tag.values))
    elif number not in _KNOWN_TO_US and getattr(tag, "field_length", 0) > 4:
        into.data(tag.field_length)


def _text(values: Any) -> str:
    if isinstance(values, str):
        return values
    if isinstance(values, bytes):
        return values.decode("latin-1")
    try:
        raw = bytes(values)
    except (TypeError, ValueError):
        return ""
    return raw.decode("utf-16-le", "replace") if b"\0" in raw[:4] else raw.decode("latin-1")


def _is_blank(tag: Any) -> bool:
    """Whether the tag says nothing: no text, zeros only, 0000:00:00."""
    values = getattr(tag, "values", tag)
    if isinstance(values, str | bytes):
        text = values if isinstance(values, str) else values.decode("latin-1")
        return not text.strip(" \0:0-+")
    try:
        return not any(values)
    except (TypeError, ValueError, ZeroDivisionError):
        return False


def _moment(tags: "Mapping[str, Any]", name: str) -> datetime | None:
    if name not in ("DateTime", "DateTimeOriginal", "DateTimeDigitized"):
        return None
    tag = tags.get(f"EXIF {name}") or tags.get(f"Image {name}")
    offset = tags.get(f"EXIF OffsetTime{name.removeprefix('DateTime')}")
    found = _DATE.match(_text(tag.values)) if tag else None
    if not found:
        return None
    zone = _OFFSET.match(_text(offset.values)) if offset else None
    year, month, day, hour, minute, second = found.groups()
    try:
        return datetime.fromisoformat(f"{year}-{month}-{day}T{hour}:{minute}:{second}{zone[0] if zone else ''}")
    except ValueError:
        return None


def _position(tags: "Mapping[str, Any]") -> Position | None:
    latitude = _degrees(tags, "GPSLatitude", b"S")
    longitude = _degrees(tags, "GPSLongitude", b"W")
    if latitude is None or longitude is None:
        return None
    north, step = latitude
    east, _ = longitude
    if abs(north) > 90 or abs(east) > 180:
        return None
    return Position(north, east, accuracy=max(1.0, step * _METRES_PER_DEGREE))


def _degrees(tags: "Mapping[str, Any]", name: str, negative: bytes) -> tuple[float, float] | None:
    """The angle of a GPS tag and its smallest step, both in degrees."""
    tag, reference = tags.get(f"GPS {name}"), tags.get(f"GPS {name}Ref")
    try:
        parts = [(int(part.num), int(part.den)) for part in tag.values[:3]]  # type: ignore[union-attr]
        angle = sum(num / den / unit for (num, den), unit in zip(parts, (1, 60, 3600), strict=False) if den)
        step = min(1 / den / unit for (_, den), unit in zip(parts, (1, 60, 3600), strict=False) if den)
    except (AttributeError, TypeError, ValueError, ZeroDivisionError):
        return None
    south_or_west = _text(reference.values).upper().startswith(negative.decode()) if reference else False
    return (-angle if south_or_west else angle), step


def _read_directories(tiff: Tiff, into: Gathering, *, is_file: bool) -> None:
    """What exifread passes over: maker note, comment, packets in tags, and the pictures of later directories."""
    for number, directory in enumerate(tiff.chain()):
        _read_directory(tiff, directory, into)
        if number and not is_file:
            _read_thumbnail(tiff, directory, "exif.thumbnail", into)
        for sub in () if is_file else tiff.linked(directory, SUB_IFDS):
            _read_thumbnail(tiff, sub, "exif.preview", into)
        for photo in tiff.linked(directory, EXIF_IFD):
            _read_directory(tiff, photo, into)
            for interop in tiff.linked(photo, INTEROP_IFD):
                _read_directory(tiff, interop, into)
        for gps in tiff.linked(directory, GPS_IFD):
            _read_directory(tiff, gps, into)


def _read_directory(tiff: Tiff, directory: Directory, into: Gathering) -> None:
    for entry in directory.entries:
        if entry.tag not in _KNOWN_TO_US or not entry.size:
            continue
        try:
            value = tiff.value(entry)
        except Damaged:
            into.add(Kind.DATA, "exif.unreadable", entry.size)
            continue
        if not value.strip(b"\0 "):
            continue
        if entry.tag == _MAKER_NOTE:
            into.add(Kind.DEVICE, "exif.MakerNote", entry.size)
            if (at := value.find(_JPEG)) >= 0:
                into.picture("exif.preview", value[at:])
        elif entry.tag == _USER_COMMENT:
            text = _comment(value)
            if text:
                into.person("exif.UserComment", text)
        elif entry.tag == _XMP_TAG:
            xmp.read(value, into)
        elif entry.tag == _IPTC_TAG:
            read_iptc(value, into)
        elif entry.tag == _PHOTOSHOP_TAG:
            read_resources(value, into)
        else:
            into.add(Kind.DATA, "exif.padding", entry.size)


def _comment(value: bytes) -> str:
    coding, body = value[:8], value[8:]
    if coding.startswith(b"UNICODE"):
        return body.decode("utf-16", "replace").strip("\0 ")
    known = coding.startswith((b"ASCII", b"JIS")) or not coding.strip(b"\0")
    return (body if known else value).decode("latin-1").strip("\0 ")


def _read_thumbnail(tiff: Tiff, directory: Directory, key: str, into: Gathering) -> None:
    """The picture of a directory: a JPEG file of its own, or bare strips, which nobody can open by themselves."""
    for at_tag, size_tag in ((_THUMBNAIL_AT, _THUMBNAIL_SIZE), (_STRIPS, _STRIP_SIZES)):
        places, sizes = directory.entry(at_tag), directory.entry(size_tag)
        if places is None or sizes is None:
            continue
        at, size = tiff.numbers(places, most=1 << 16)[:1], tiff.numbers(sizes, most=1 << 16)[:1]
        if at and size and size[0]:
            data = tiff.data[at[0] : at[0] + size[0]]
            into.picture(key, data if data.startswith(_JPEG) else b"")
            return
