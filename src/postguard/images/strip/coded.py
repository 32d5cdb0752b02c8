"""The units of coded pictures (AVC, HEVC, AV1): which carry pixels, and which carry somebody's words."""

from typing import Final

from postguard.images.containers import Damaged

_AVC: Final = frozenset({b"avc1", b"avc3"})
_HEVC: Final = frozenset({b"hvc1", b"hev1"})
_AV1: Final = b"av01"
WITH_LENGTHS: Final = _AVC | _HEVC
"""Codecs whose units have their length before them; the decoder configuration says of how many bytes."""

_AVC_PICTURE: Final = frozenset({1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 13, 14, 15, 19, 20})
_HEVC_LAST_PICTURE: Final = 37
_AV1_PICTURE: Final = frozenset({1, 2, 3, 4, 6, 7})
_AV1_METADATA: Final = 5
_AV1_LIGHT: Final = frozenset({1, 2})
"""AV1 metadata that says how bright the content is."""


def picture_units(codec: bytes, stream: bytes | memoryview, length_size: int) -> list[memoryview]:
    """The units of a coded picture without those that carry words (SEI, metadata, padding); all of it for a codec
    whose units are not known here."""
    if codec in _AVC:
        return [unit for unit in nal_units(stream, length_size) if _kind(unit, length_size) & 31 in _AVC_PICTURE]
    if codec in _HEVC:
        units_of = nal_units(stream, length_size)
        return [unit for unit in units_of if _kind(unit, length_size) >> 1 & 63 <= _HEVC_LAST_PICTURE]
    if codec == _AV1:
        return [unit for kind, unit in units(stream) if _is_av1_picture(kind, unit)]
    return [memoryview(stream)]


def _kind(unit: memoryview, length_size: int) -> int:
    """The byte that says what a unit is; that of padding for an empty one."""
    return unit[length_size] if len(unit) > length_size else 0xFF


def _is_av1_picture(kind: int, unit: memoryview) -> bool:
    if kind != _AV1_METADATA:
        return kind in _AV1_PICTURE
    body = unit[2 if unit[0] & 4 else 1 :]
    return len(body) > 1 and body[1 if unit[0] & 2 else 0] in _AV1_LIGHT


def units(stream: bytes | memoryview) -> list[tuple[int, memoryview]]:
    """The units of an AV1 stream (OBUs) with their kinds; raises `Damaged` where one is cut off."""
    found, at, view = [], 0, memoryview(stream)
    while at < len(stream):
        head, body = stream[at], at + (2 if stream[at] & 4 else 1)
        size = len(stream) - body
        if head & 2:
            size, body = _leb128(stream, body)
        if body + size > len(stream) or size < 0:
            raise Damaged("an AV1 unit that is cut off")
        found.append((head >> 3 & 15, view[at : body + size]))
        at = body + size
    return found


def _leb128(stream: bytes | memoryview, at: int) -> tuple[int, int]:
    """A variable-length number and the place behind it."""
    value = 0
    for shift in range(0, 56, 7):
        if at >= len(stream):
            break
        byte = stream[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if not byte & 0x80:
            return value, at
    raise Damaged("an AV1 unit that is cut off")


def nal_units(stream: bytes | memoryview, length_size: int) -> list[memoryview]:
    """The units of an AVC or HEVC picture, each with its length before it; raises `Damaged` where one is cut off."""
    found, at, view = [], 0, memoryview(stream)
    while at + length_size < len(stream):
        size = int.from_bytes(stream[at : at + length_size], "big")
        if at + length_size + size > len(stream):
            raise Damaged("a picture unit that is cut off")
        found.append(view[at : at + length_size + size])
        at += length_size + size
    return found
