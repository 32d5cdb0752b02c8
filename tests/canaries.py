"""Pictures made by code, with strings planted wherever a file can hide one. No file of anybody's is used."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms, ImageDraw

XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\0"


def scene(size: tuple[int, int] = (96, 64), mode: str = "RGB") -> Image.Image:
    """A picture with flat parts, edges and a gradient, different in every corner."""
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((2, 2, size[0] // 3, size[1] // 3), fill=(200, 30, 40))
    draw.ellipse((size[0] // 2, size[1] // 4, size[0] - 4, size[1] - 4), fill=(20, 120, 220))
    return picture.convert(mode)


def jpeg(picture: Image.Image | None = None, **options: Any) -> bytes:
    """A JPEG file of the scene; the options are Pillow's."""
    return _saved(picture or scene(), "JPEG", **{"quality": 90, **options})


def png(picture: Image.Image | None = None, **options: Any) -> bytes:
    """A PNG file of the scene."""
    return _saved(picture or scene(), "PNG", **options)


def webp(picture: Image.Image | None = None, **options: Any) -> bytes:
    """A WebP file of the scene, lossless unless asked otherwise."""
    return _saved(picture or scene(), "WEBP", **{"lossless": True, **options})


def _saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def segment(marker: int, payload: bytes) -> bytes:
    """A JPEG segment."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(payload) + 2) + payload


def after_soi(data: bytes, *segments: bytes) -> bytes:
    """The JPEG with segments put in behind its start."""
    return data[:2] + b"".join(segments) + data[2:]


def chunk(kind: bytes, payload: bytes) -> bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def riff_chunk(kind: bytes, payload: bytes) -> bytes:
    """A RIFF chunk."""
    return kind + struct.pack("<I", len(payload)) + payload + b"\0" * (len(payload) & 1)


def riff(chunks: bytes) -> bytes:
    """A WebP file of these chunks."""
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def exif(
    *,
    orientation: int = 1,
    position: tuple[float, float] | None = (51.50354, -0.12768),
    taken: str = "2026:06:10 10:15:30",
    artist: str = "",
    thumbnail: bytes = b"",
) -> bytes:
    """A TIFF block as a phone writes it: make, orientation, time, position, thumbnail."""
    main: list[tuple[int, int, bytes]] = [
        (0x010F, 2, b"Testphone\0"),
        (0x0110, 2, b"Model T\0"),
        (0x0112, 3, struct.pack("<H", orientation)),
        (0x0132, 2, taken.encode() + b"\0"),
    ]
    if artist:
        main.append((0x013B, 2, artist.encode() + b"\0"))
    photo = [(0x9003, 2, taken.encode() + b"\0"), (0x927C, 7, b"MakerNote of the phone, serial 0042")]
    subs: list[tuple[int, list[tuple[int, int, bytes]]]] = [(0x8769, photo)]
    if position:
        subs.append((0x8825, _gps(*position)))
    return _tiff(main, subs, thumbnail)


def _gps(latitude: float, longitude: float) -> list[tuple[int, int, bytes]]:
    def angle(degrees: float) -> bytes:
        whole, rest = divmod(abs(degrees), 1)
        minutes, seconds = divmod(rest * 60, 1)
        return struct.pack("<6I", int(whole), 1, int(minutes), 1, round(seconds * 6000), 100)

    return [
        (1, 2, b"S\0" if latitude < 0 else b"N\0"),
        (2, 5, angle(latitude)),
        (3, 2, b"W\0" if longitude < 0 else b"E\0"),
        (4, 5, angle(longitude)),
    ]


_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1}


def _tiff(
    main: list[tuple[int, int, bytes]], subs: list[tuple[int, list[tuple[int, int, bytes]]]], thumbnail: bytes
) -> bytes:
    """A little-endian TIFF block: main directory, sub-directories, and a second directory with a thumbnail."""

    def directory(at: int, entries: list[tuple[int, int, bytes]], following: bool) -> tuple[bytes, int]:
        body, values = b"", b""
        value_at = at + 2 + 12 * len(entries) + 4
        for tag, kind, value in sorted(entries):
            body += struct.pack("<HHI", tag, kind, len(value) // _SIZES[kind])
            if len(value) <= 4:
                body += value.ljust(4, b"\0")
            else:
                body += struct.pack("<I", value_at + len(values))
                values += value + b"\0" * (len(value) & 1)
        end = value_at + len(values)
        return struct.pack("<H", len(entries)) + body + struct.pack("<I", end if following else 0) + values, end

    placeholder = [(tag, 4, bytes(4)) for tag, _ in subs]
    _, at = directory(8, main + placeholder, following=False)
    blocks, pointers = b"", []
    for tag, entries in subs:
        block, end = directory(at, entries, following=False)
        pointers.append((tag, 4, struct.pack("<I", at)))
        blocks, at = blocks + block, end
    head, end = directory(8, main + pointers, following=False)
    if thumbnail:
        next_at = 8 + 2 + 12 * (len(main) + len(pointers))
        head = head[: next_at - 8] + struct.pack("<I", at) + head[next_at - 8 + 4 :]
        entries = [(0x0201, 4, struct.pack("<I", at + 2 + 24 + 4)), (0x0202, 4, struct.pack("<I", len(thumbnail)))]
        block, _ = directory(at, entries, following=False)
        blocks += block + thumbnail
    return b"II*\0" + struct.pack("<I", 8) + head + blocks


def xmp(properties: str) -> bytes:
    """An XMP packet with these elements in its description."""
    return (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
        'xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" '
        'xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/">'
        f'{properties}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def iptc(record: int, number: int, value: bytes) -> bytes:
    """An IPTC dataset."""
    return bytes((0x1C, record, number)) + struct.pack(">H", len(value)) + value


def photoshop(number: int, value: bytes) -> bytes:
    """One 8BIM resource."""
    return b"8BIM" + struct.pack(">HHI", number, 0, len(value)) + value + b"\0" * (len(value) & 1)


def srgb_profile() -> bytes:
    """An sRGB profile as LittleCMS writes it."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
