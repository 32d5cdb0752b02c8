"""Reads what a PNG tells: text, EXIF, times, private chunks, what lies behind its end."""

from typing import Final

from postguard.images.containers import Damaged
from postguard.images.containers.png import TRAILER, Chunk, inflated, walk
from postguard.images.read import exif, icc, photoshop, xmp
from postguard.images.read.behind import read_behind
from postguard.images.read.facts import Gathering, Kind
from postguard.images.strip.exif import minimal, orientation

_COLOURS: Final = frozenset({b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"cICP", b"hIST"})
_LIGHT: Final = frozenset({b"mDCV", b"mDCv", b"cLLI", b"cLLi"})
_SIZES: Final = frozenset({b"pHYs", b"oFFs", b"pCAL", b"sCAL", b"sTER", b"gIFg"})
_FRAMES: Final = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"acTL", b"fcTL", b"fdAT"})
_PICTURE: Final = _FRAMES | _COLOURS | _LIGHT | _SIZES
_MOST_TEXT: Final = 4 << 20
_XMP_KEYWORD: Final = b"XML:com.adobe.xmp"
_PERSON: Final = frozenset({b"Author", b"Copyright", b"Description", b"Title", b"Comment", b"Disclaimer", b"Warning"})
_TIME: Final = frozenset(
    {b"Creation Time", b"date:create", b"date:modify", b"date:timestamp", b"create-date", b"modify-date"}
)
_DEVICE: Final = frozenset({b"Software", b"Source", b"software", b"exif:Make", b"exif:Model"})


def read(data: bytes, into: Gathering) -> int:
    """Adds what the file tells; gives its orientation."""
    block, packet = None, None
    for part in walk(data):
        body = data[part.body : part.end]
        if part.kind == b"eXIf":
            block = body.removeprefix(b"Exif\0\0")
            if block != minimal(orientation(block)):
                exif.read(block, into)
        elif part.kind in (b"tEXt", b"zTXt", b"iTXt"):
            keyword, value = _text(part, body)
            if keyword == _XMP_KEYWORD:
                packet = packet or value
            _read_text(keyword, value, into)
        elif part.kind == b"tIME":
            into.time("png.tIME")
        elif part.kind == b"iCCP":
            _read_profile(body, into)
        elif part.kind == b"caBX":
            into.add(Kind.PERSON, "c2pa", len(body))
        elif part.kind == b"sPLT":
            into.data(len(body))
        elif part.kind == TRAILER:
            read_behind(body, into)
        elif part.kind not in _PICTURE:
            into.data(len(body))
    return orientation(block, packet)


def _text(part: Chunk, body: bytes) -> tuple[bytes, bytes]:
    """Keyword and value of a text chunk of any of the three kinds; unpacked where it is packed."""
    keyword, _, rest = body.partition(b"\0")
    packed = part.kind == b"zTXt"
    if part.kind == b"zTXt":
        rest = rest[1:]
    elif part.kind == b"iTXt":
        packed, rest = rest[:1] == b"\1", rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    if packed:
        try:
            rest = inflated(rest, _MOST_TEXT)
        except Damaged:
            return keyword, b"?"
    return keyword, rest


def _read_text(keyword: bytes, value: bytes, into: Gathering) -> None:
    if not value.strip(b"\0 \t\r\n"):
        return
    if keyword == _XMP_KEYWORD:
        xmp.read(value, into)
    elif keyword.startswith(b"Raw profile type "):
        _read_raw_profile(keyword.removeprefix(b"Raw profile type "), value, into)
    elif keyword in _TIME or b"date" in keyword.lower() or b"time" in keyword.lower():
        into.time("png.text-time")
    elif keyword in _DEVICE:
        into.add(Kind.DEVICE, f"png.{keyword.decode('latin-1')}")
    elif keyword in _PERSON:
        into.person(f"png.{keyword.decode('latin-1')}", value.decode("utf-8", "replace"))
    else:
        into.data(len(value))


def _read_raw_profile(kind: bytes, value: bytes, into: Gathering) -> None:
    """ImageMagick's way: a name, a length, then the profile in hexadecimal."""
    lines = value.split()
    try:
        profile = bytes.fromhex(b"".join(lines[2:]).decode("ascii"))
    except (ValueError, UnicodeDecodeError):
        into.data(len(value))
        return
    if kind in (b"exif", b"APP1") and profile.startswith((b"Exif\0\0", b"II*\0", b"MM\0*")):
        exif.read(profile.removeprefix(b"Exif\0\0"), into)
    elif kind in (b"iptc", b"8bim"):
        photoshop.read_resources(profile, into)
    elif kind in (b"xmp", b"APP1"):
        xmp.read(profile.partition(b"\0")[2] or profile, into)
    elif kind in (b"icc", b"icm"):
        icc.read(profile, into)
    else:
        into.data(len(value))


def _read_profile(body: bytes, into: Gathering) -> None:
    try:
        icc.read(inflated(body.partition(b"\0")[2][1:], _MOST_TEXT), into)
    except Damaged:
        into.data(len(body))
