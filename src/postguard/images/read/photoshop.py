"""Reads Photoshop's image resources (8BIM) and the IPTC datasets (IIM 4.2) that lie in them."""

from collections.abc import Iterator
from typing import Final

from postguard.images.read import xmp
from postguard.images.read.facts import Gathering, Kind

_IPTC, _OLD_THUMBNAIL, _THUMBNAIL, _EXIF, _XMP = 0x0404, 0x0409, 0x040C, 0x0422, 0x0424
_THUMBNAIL_HEADER: Final = 28
_PERSON_RESOURCES: Final = {0x03F0: "photoshop.Caption", 0x040B: "photoshop.URL", 0x07D0: "photoshop.PathName"}
_TECHNICAL: Final = frozenset(
    {0x03E8, 0x03E9, 0x03ED, 0x03F2, 0x03F3, 0x03F5, 0x03F8, 0x03FD, 0x0400, 0x0402, 0x0406, 0x0408, 0x040A, 0x040D}
    | {0x0410, 0x0411, 0x0414, 0x0415, 0x0419, 0x041A, 0x041E, 0x0421, 0x0425, 0x0426, 0x0428, 0x043A, 0x043B, 0x2710}
)

_PLACE, _TIME, _PERSON, _DEVICE = Kind.PLACE, Kind.TIME, Kind.PERSON, Kind.DEVICE
_DATASETS: Final = {
    (1, 70): (_TIME, "DateSent"),
    (1, 80): (_TIME, "TimeSent"),
    (2, 5): (_PERSON, "ObjectName"),
    (2, 12): (_PERSON, "SubjectReference"),
    (2, 25): (_PERSON, "Keywords"),
    (2, 26): (_PLACE, "ContentLocationCode"),
    (2, 27): (_PLACE, "ContentLocationName"),
    (2, 30): (_TIME, "ReleaseDate"),
    (2, 35): (_TIME, "ReleaseTime"),
    (2, 37): (_TIME, "ExpirationDate"),
    (2, 38): (_TIME, "ExpirationTime"),
    (2, 40): (_PERSON, "SpecialInstructions"),
    (2, 47): (_TIME, "ReferenceDate"),
    (2, 55): (_TIME, "DateCreated"),
    (2, 60): (_TIME, "TimeCreated"),
    (2, 62): (_TIME, "DigitalCreationDate"),
    (2, 63): (_TIME, "DigitalCreationTime"),
    (2, 65): (_DEVICE, "OriginatingProgram"),
    (2, 70): (_DEVICE, "ProgramVersion"),
    (2, 80): (_PERSON, "Byline"),
    (2, 85): (_PERSON, "BylineTitle"),
    (2, 90): (_PLACE, "City"),
    (2, 92): (_PLACE, "Sublocation"),
    (2, 95): (_PLACE, "ProvinceState"),
    (2, 100): (_PLACE, "CountryCode"),
    (2, 101): (_PLACE, "CountryName"),
    (2, 103): (_DEVICE, "OriginalTransmissionReference"),
    (2, 105): (_PERSON, "Headline"),
    (2, 110): (_PERSON, "Credit"),
    (2, 115): (_PERSON, "Source"),
    (2, 116): (_PERSON, "CopyrightNotice"),
    (2, 118): (_PERSON, "Contact"),
    (2, 120): (_PERSON, "Caption"),
    (2, 122): (_PERSON, "Writer"),
}
_TECHNICAL_DATASETS: Final = frozenset({(1, 0), (1, 20), (1, 22), (1, 90), (2, 0), (2, 3), (2, 8), (2, 10), (2, 130)})


def read_resources(block: bytes, into: Gathering) -> None:
    """Adds what a block of image resources tells."""
    for number, name, value in resources(block):
        if name.strip(b"\0 "):
            into.person("photoshop.ResourceName", name.decode("latin-1"))
        if not value:
            continue
        if number == _IPTC:
            read_iptc(value, into)
        elif number in (_THUMBNAIL, _OLD_THUMBNAIL):
            into.picture("photoshop.thumbnail", value[_THUMBNAIL_HEADER:])
        elif number == _EXIF:
            from postguard.images.read import exif

            exif.read(value.removeprefix(b"Exif\0\0"), into)
        elif number == _XMP:
            xmp.read(value, into)
        elif number in _PERSON_RESOURCES:
            into.person(_PERSON_RESOURCES[number], value.decode("latin-1"))
        elif number not in _TECHNICAL:
            into.add(Kind.DATA, "photoshop.resource", len(value))


def resources(block: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Number, name and value of each resource; what breaks the grammar comes as number 0 with the rest."""
    at = block.find(b"8BIM")
    while at >= 0 and at + 12 <= len(block):
        if block[at : at + 4] != b"8BIM":
            yield 0, b"", block[at:]
            return
        number, name_size = int.from_bytes(block[at + 4 : at + 6], "big"), block[at + 6]
        name = block[at + 7 : at + 7 + name_size]
        at += 6 + (name_size + 2 & ~1)
        size = int.from_bytes(block[at : at + 4], "big")
        yield number, name, block[at + 4 : at + 4 + size]
        at += 4 + size + (size & 1)


def read_iptc(block: bytes, into: Gathering) -> None:
    """Adds what a run of IPTC datasets tells."""
    for dataset, value in datasets(block):
        if dataset in _DATASETS and value.strip(b"\0 0"):
            kind, name = _DATASETS[dataset]
            if kind is Kind.PERSON:
                into.person(f"iptc.{name}", value.decode("utf-8", "replace"))
            else:
                into.add(kind, f"iptc.{name}")
        elif dataset not in _TECHNICAL_DATASETS and value.strip(b"\0 0"):
            into.add(Kind.DATA, "iptc.other", len(value))


def datasets(block: bytes) -> Iterator[tuple[tuple[int, int], bytes]]:
    """(record, number) and value of each dataset; what breaks the grammar comes as (0, 0) with the rest."""
    at = 0
    while at + 5 <= len(block):
        if block[at] != 0x1C:
            if block[at:].strip(b"\0"):
                yield (0, 0), block[at:]
            return
        size, body = int.from_bytes(block[at + 3 : at + 5], "big"), at + 5
        if size & 0x8000:
            wide = size & 0x7FFF
            size, body = int.from_bytes(block[body : body + min(wide, 8)], "big"), body + wide
        yield (block[at + 1], block[at + 2]), block[body : body + size]
        at = body + size
