"""The one EXIF block that a stripped picture may carry: how to turn it, and that its colours are Adobe RGB."""

import re
from typing import Final

from postguard.images.containers import Damaged
from postguard.images.containers.tiff import EXIF_IFD, INTEROP_IFD, ORIENTATION, Directory, Tiff

UPRIGHT: Final = 1
_COLOR_SPACE: Final = 0xA001
_INTEROP_INDEX: Final = 0x0001
_UNCALIBRATED: Final = 0xFFFF
_XMP_ORIENTATION: Final = re.compile(rb"""tiff:Orientation(?:\s*=\s*["']|>)\s*([1-8])""")


def orientation(exif: bytes | None, xmp: bytes | None = None) -> int:
    """The EXIF orientation, 1 to 8, of a TIFF block; where it says none, the one of the XMP packet; else 1.

    That order is how Pillow's `exif_transpose` shows a picture. Anything but 1 to 8 means upright.
    """
    if exif is not None:
        try:
            tiff = Tiff.parse(exif)
            entry = tiff.directory(tiff.first).entry(ORIENTATION)
            if entry is not None:
                turned = tiff.numbers(entry)[:1]
                return turned[0] if turned and 1 <= turned[0] <= 8 else UPRIGHT
        except Damaged:
            pass
    found = _XMP_ORIENTATION.search(xmp) if xmp else None
    return int(found[1]) if found else UPRIGHT


def is_adobe_rgb(exif: bytes | None) -> bool:
    """Whether the block marks the colours as Adobe RGB the DCF way: interoperability index R03, uncalibrated."""
    if exif is None:
        return False
    try:
        tiff = Tiff.parse(exif)
        return any(
            _says(tiff, photo, _COLOR_SPACE, _UNCALIBRATED) and _has_index_r03(tiff, photo)
            for photo in tiff.linked(tiff.directory(tiff.first), EXIF_IFD)
        )
    except Damaged:
        return False


def _says(tiff: Tiff, directory: Directory, tag: int, number: int) -> bool:
    entry = directory.entry(tag)
    return entry is not None and number in tiff.numbers(entry, most=1)


def _has_index_r03(tiff: Tiff, photo: Directory) -> bool:
    for interop in tiff.linked(photo, INTEROP_IFD):
        entry = interop.entry(_INTEROP_INDEX)
        if entry is not None and tiff.value(entry).startswith(b"R03"):
            return True
    return False


def minimal(turned: int, *, adobe_rgb: bool = False) -> bytes | None:
    """A TIFF block that says just this; None where there is nothing to say."""
    if turned == UPRIGHT and not adobe_rgb:
        return None
    main = [_entry(ORIENTATION, 3, 1, turned << 16)]
    if not adobe_rgb:
        return b"MM\0*" + _u32(8) + _directory(main)
    photo_at = 8 + 2 + 2 * 12 + 4
    interop_at = photo_at + 2 + 2 * 12 + 4
    main.append(_entry(EXIF_IFD, 4, 1, photo_at))
    photo = [_entry(_COLOR_SPACE, 3, 1, _UNCALIBRATED << 16), _entry(INTEROP_IFD, 4, 1, interop_at)]
    interop = [_entry(_INTEROP_INDEX, 2, 4, int.from_bytes(b"R03\0", "big"))]
    return b"MM\0*" + _u32(8) + _directory(main) + _directory(photo) + _directory(interop)


def _u32(number: int) -> bytes:
    return number.to_bytes(4, "big")


def _entry(tag: int, kind: int, count: int, value: int) -> bytes:
    return tag.to_bytes(2, "big") + kind.to_bytes(2, "big") + _u32(count) + _u32(value)


def _directory(entries: list[bytes]) -> bytes:
    return len(entries).to_bytes(2, "big") + b"".join(entries) + _u32(0)
