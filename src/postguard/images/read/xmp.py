"""Reads XMP packets (ISO 16684-1) with defusedxml: which properties they set, by namespace and name."""

import base64
import binascii
import re
from typing import TYPE_CHECKING, Final

from postguard.images.read.facts import FaceRegion, Gathering, Kind, Position
from postguard.images.read.vocabulary import XMP, XMP_TECHNICAL, XMP_TECHNICAL_NAMESPACES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from xml.etree.ElementTree import Element

_MOST_BYTES: Final = 8 << 20
_END: Final = re.compile(rb"</(?:x:xmpmeta|x:xapmeta|\w+:RDF)\s*>")
_SCAFFOLD: Final = ("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}", "{adobe:ns:meta/}")
_START: Final = re.compile(rb"<(?:x:xmpmeta|x:xapmeta|rdf:RDF|\w+:RDF)\b")

_EMBEDDED: Final = {
    "image": "xmp.thumbnail",
    "Thumbnails": "xmp.thumbnail",
    "Data": "xmp.depth-map",
    "MotionPhoto": "motion-video",
    "MicroVideo": "motion-video",
}
_CAMERA_RAW: Final = "http://ns.adobe.com/camera-raw-settings/"
_IDENTITY: Final = ("xap/1.0/mm/", "#ResourceRef", "#ResourceEvent", "#ResourceRef#", "#ResourceEvent#")
_ANGLE: Final = re.compile(r"(\d{1,3}),(\d{1,2}(?:\.\d{1,12})?)(?:,(\d{1,2}))?([NSEW])")
_XMP_ACCURACY: Final = 30.0
"""Metres: XMP gives whole seconds at the least."""
Name = tuple[str, str]


def read(packet: bytes, into: Gathering) -> None:
    """Adds what an XMP packet tells. One that is no XML, or too large, counts as a person's data: it may hold any."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    if not packet.strip(b"\0 \t\r\n"):
        return
    found = _START.search(packet)
    if len(packet) > _MOST_BYTES or found is None:
        into.add(Kind.PERSON, "xmp.unreadable", len(packet))
        return
    ends = [end.end() for end in _END.finditer(packet, found.start())]
    try:
        root = fromstring(packet[found.start() : max(ends, default=len(packet))], forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, RecursionError, LookupError):
        into.add(Kind.PERSON, "xmp.unreadable", len(packet))
        return
    angles: dict[str, float] = {}
    for (namespace, name), value in _properties(root):
        _read_property(namespace, name, value, into)
        if name in ("GPSLatitude", "GPSLongitude") and (angle := _ANGLE.fullmatch(value)):
            angles.setdefault(name, _degrees(*angle.groups()))
    for region in _regions(root):
        into.region(region)
    if into.position is None and len(angles) == 2:
        into.position = Position(angles["GPSLatitude"], angles["GPSLongitude"], accuracy=_XMP_ACCURACY)


def _properties(root: "Element") -> "Iterator[tuple[Name, str]]":
    """Every attribute with its value, and every text with the nearest element about it that is no scaffold of RDF."""
    left: list[tuple[Element, Name | None]] = [(root, None)]
    while left:
        element, about = left.pop()
        if not element.tag.startswith(_SCAFFOLD):
            about = _split(element.tag)
        for key, value in element.attrib.items():
            yield _split(key), value.strip()
        if about is not None:
            yield about, (element.text or "").strip()
        left += [(child, about) for child in element]


def _regions(root: "Element") -> "Iterator[FaceRegion]":
    """The faces that are marked: MWG's Area (its middle, width and height), Microsoft's Rectangle (its corner)."""
    for element in root.iter():
        told = _told(element)
        area = next((part for part in element if _split(part.tag)[1] == "Area"), None)
        inside = {} if area is None else {k: v for part in area.iter() for k, v in _told(part).items()}
        middle = _figures(inside.get(side, "") for side in "xywh")
        corner = _figures(told.get("Rectangle", "").split(","))
        if middle is not None:
            x, y, width, height = middle
            name = told.get("Name", "")
            yield FaceRegion(x - width / 2, y - height / 2, x + width / 2, y + height / 2, name[:1000])
        elif corner is not None:
            x, y, width, height = corner
            yield FaceRegion(x, y, x + width, y + height, told.get("PersonDisplayName", "")[:1000])


def _told(element: "Element") -> dict[str, str]:
    """Values by local name: those of attributes and of children that hold nothing but text."""
    children = {_split(child.tag)[1]: (child.text or "").strip() for child in element if not len(child)}
    return children | {_split(key)[1]: value.strip() for key, value in element.attrib.items()}


def _figures(written: "Iterable[str]") -> tuple[float, ...] | None:
    """Four fractions of a picture, or None if they are none."""
    try:
        figures = tuple(float(figure) for figure in written)
    except ValueError:
        return None
    return figures if len(figures) == 4 and all(0 <= figure <= 1 for figure in figures) else None


def _degrees(degrees: str, minutes: str, seconds: str | None, side: str) -> float:
    """An angle of XMP, such as 51,30.2N or 51,30,12N; south and west are negative."""
    angle = int(degrees) + float(minutes) / 60 + float(seconds or 0) / 3600
    return -angle if side in "SW" else angle


def _split(tag: str) -> Name:
    namespace, _, name = tag.removeprefix("{").partition("}")
    return (namespace, name) if name else ("", namespace)


def _read_property(namespace: str, name: str, value: str, into: Gathering) -> None:
    if not value:
        return
    if name in _EMBEDDED and ("xap/1.0/g/img" in namespace or "google" in namespace):
        _read_embedded(name, value, into)
        return
    kind = XMP.get(name)
    if kind is Kind.PERSON and not namespace.startswith(_CAMERA_RAW):
        into.person(f"xmp.{name}", value)
    elif kind is Kind.TIME:
        into.time(f"xmp.{name}")
    elif kind is not None:
        into.add(kind, f"xmp.{name}")
    elif name.startswith("GPS") and name not in XMP_TECHNICAL:
        into.add(Kind.PLACE, "xmp.GPS")
    elif namespace.endswith(_IDENTITY):
        into.add(Kind.DEVICE, "xmp.ids")
    elif name not in XMP_TECHNICAL and not namespace.startswith(XMP_TECHNICAL_NAMESPACES):
        into.add(Kind.DATA, "xmp.other")


def _read_embedded(name: str, value: str, into: Gathering) -> None:
    if _EMBEDDED[name] == "motion-video":
        if value != "0":
            into.add(Kind.PICTURE, "motion-video")
        return
    try:
        data = base64.b64decode(value, validate=False)
    except (binascii.Error, ValueError):
        data = b""
    into.picture(_EMBEDDED[name], data)
