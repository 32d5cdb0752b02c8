"""Reads what a TIFF tells: its tags as EXIF's, its hidden pages and sub-directories as hidden pictures."""

from postguard.images.containers.tiff import SUB_IFDS, Tiff
from postguard.images.read import exif
from postguard.images.read.facts import Gathering, Kind
from postguard.images.strip.tiff import NEW_SUBFILE, PICTURE_TAGS, orientation_of


def read(data: bytes, into: Gathering) -> int:
    """Adds what the file tells; gives its orientation. Pages that a viewer shows are no hidden pictures."""
    exif.read(data, into, is_file=True)
    tiff = Tiff.parse(data)
    for number, page in enumerate(tiff.chain()):
        subfile = page.entry(NEW_SUBFILE)
        kind = tiff.numbers(subfile, most=1) if subfile is not None else ()
        if number and kind and kind[0] & 0b101:
            into.picture("tiff.reduced-page", b"")
        if page.entry(SUB_IFDS) is not None:
            into.picture("tiff.sub-picture", b"")
        if tiff.big and (size := sum(entry.size for entry in page.entries if entry.tag not in PICTURE_TAGS)):
            # exifread knows no BigTIFF.
            into.add(Kind.DATA, "exif.unreadable", size)
    return orientation_of(tiff)
