"""Pictures made by code, and the parts of the containers that hold them. No file of anybody's is used."""

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


def gif(picture: Image.Image | None = None, **options: Any) -> bytes:
    """A GIF file of the scene."""
    return _saved((picture or scene()).convert("P"), "GIF", **options)


def tiff_file(picture: Image.Image | None = None, **options: Any) -> bytes:
    """A TIFF file of the scene."""
    return _saved(picture or scene(), "TIFF", **options)


def avif(picture: Image.Image | None = None, **options: Any) -> bytes:
    """An AVIF file of the scene."""
    return _saved(picture or scene(), "AVIF", **{"speed": 10, **options})


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
    return tiff(main, subs, thumbnail)


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


def tiff(
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


def tiff_with_hidden(base: bytes, words: bytes, *, as_page: bool) -> bytes:
    """The little-endian TIFF with a reduced picture that `words` describe: a page of its own, or a sub-directory."""

    def directory(entries: list[bytes], following: int) -> bytes:
        entries = sorted(entries, key=lambda entry: int.from_bytes(entry[:2], "little"))
        return struct.pack("<H", len(entries)) + b"".join(entries) + struct.pack("<I", following)

    at = int.from_bytes(base[4:8], "little")
    count = int.from_bytes(base[at : at + 2], "little")
    shown = [base[at + 2 + 12 * number : at + 14 + 12 * number] for number in range(count)]
    words += bytes(2 - len(words) % 2)
    hidden_at = len(base) + len(words)
    marks = [struct.pack("<HHII", 254, 4, 1, 1), struct.pack("<HHII", 270, 2, len(words), len(base))]
    told = {mark[:2] for mark in marks}
    hidden = directory([entry for entry in shown if entry[:2] not in told] + marks, 0)
    link = [] if as_page else [struct.pack("<HHII", 330, 4, 1, hidden_at)]
    first = directory(shown + link, hidden_at if as_page else 0)
    return base[:4] + struct.pack("<I", hidden_at + len(hidden)) + base[8:] + words + hidden + first


def tiled_tiff(tile: int = 16, across: int = 2) -> bytes:
    """A grey TIFF of square tiles, each of its own shade."""
    side, count = tile * across, across * across
    pixels = b"".join(bytes([17 + 31 * number % 239]) * tile * tile for number in range(count))

    def block(at: int) -> bytes:
        places = struct.pack(f"<{count}I", *(at + number * tile * tile for number in range(count)))
        sizes = struct.pack(f"<{count}I", *[tile * tile] * count)
        values = {256: side, 257: side, 258: 8, 259: 1, 262: 1, 277: 1, 322: tile, 323: tile}
        entries = [(number, 3, struct.pack("<H", value)) for number, value in values.items()]
        return tiff([*entries, (324, 4, places), (325, 4, sizes)], [], b"")

    return block(len(block(0))) + pixels


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


def box(kind: bytes, *payload: bytes) -> bytes:
    """A box of HEIF or MP4."""
    body = b"".join(payload)
    return struct.pack(">I", len(body) + 8) + kind + body


def full_box(kind: bytes, *payload: bytes, version: int = 0, flags: int = 0) -> bytes:
    """A box with version and flags."""
    return box(kind, struct.pack(">I", version << 24 | flags), *payload)


def film(
    *,
    samples: bytes = b"\0\0\0\x0a\x65sample-01" * 3,
    user_data: bytes = b"",
    name: bytes = b"",
    encoder: bytes = b"",
    extra_tracks: tuple[tuple[bytes, bytes], ...] = (),
    behind: bytes = b"",
    gap: bytes = b"",
) -> bytes:
    """A film of one picture track whose single chunk is `samples`, and of data tracks: (handler, samples)."""

    def track(handler: bytes, number: int, size: int, at: int) -> bytes:
        if handler == b"vide":
            entry = box(
                b"avc1",
                bytes(6) + b"\0\1" + bytes(16) + struct.pack(">HHIIIH", 96, 64, 0x480000, 0x480000, 0, 1),
                encoder.ljust(32, b"\0"),
                b"\0\x18\xff\xff",
                box(b"avcC", b"\1\x42\0\x1e\xff\xe1\0\4\x67\x42\0\x1e\1\0\4\x68\xce\x38\x80"),
            )
        else:
            entry = box(handler, bytes(6) + b"\0\1")
        table = box(
            b"stbl",
            full_box(b"stsd", struct.pack(">I", 1), entry),
            full_box(b"stts", struct.pack(">III", 1, 1, 3000)),
            full_box(b"stsc", struct.pack(">IIII", 1, 1, 1, 1)),
            full_box(b"stsz", struct.pack(">III", 0, 1, size)),
            full_box(b"stco", struct.pack(">II", 1, at)),
        )
        media = box(
            b"mdia",
            full_box(b"mdhd", struct.pack(">IIIIHH", 3700000000, 3700000000, 90000, 3000, 0x15C7, 0)),
            full_box(b"hdlr", bytes(4) + handler + bytes(12) + name + b"\0"),
            box(b"minf", full_box(b"vmhd", bytes(8), flags=1), table),
        )
        head = full_box(
            b"tkhd",
            struct.pack(">IIIII", 3700000000, 3700000000, number, 0, 3000) + bytes(60),
            flags=3,
        )
        return box(b"trak", head, media)

    tracks = ((b"vide", samples), *extra_tracks)
    movie = full_box(b"mvhd", struct.pack(">IIII", 3700000000, 3700000000, 90000, 3000) + bytes(80))

    def moov(at: int) -> bytes:
        made = []
        for number, (handler, data) in enumerate(tracks, 1):
            made.append(track(handler, number, len(data), at))
            at += len(data) + len(gap)
        return box(b"moov", movie, *made, user_data)

    head = box(b"ftyp", b"mp42\0\0\0\0mp42isom")
    at = len(head) + len(moov(0)) + 8
    return head + moov(at) + box(b"mdat", *(data + gap for _, data in tracks)) + behind


def heic(
    items: tuple[tuple[bytes, bytes, bytes, bytes], ...] = (),
    *,
    name: bytes = b"",
    sei: bytes = b"",
    gap: bytes = b"",
    behind: bytes = b"",
    properties: tuple[bytes, ...] = (),
    references: bytes = b"",
    coded: bytes = bytes(range(8)),
) -> bytes:
    """A HEIC file whose coded picture is made up: items are (kind, rest of the entry, name, bytes), from 2 on."""
    nal = struct.pack(">I", len(coded) + 2) + b"\x26\1" + coded
    words = struct.pack(">I", len(sei) + 2) + b"\x4e\1" + sei if sei else b""
    whole = ((b"hvc1", b"", name, words + nal), *items)
    configuration = box(
        b"hvcC",
        bytes((1, 1, *bytes(19), 0xFF)),
        b"\2" + b"\x21\0\1\0\4\x42\1\1\1" + (b"\x27\0\1" + struct.pack(">H", len(sei) + 2) + b"\x4e\1" + sei),
    )
    made = (full_box(b"ispe", struct.pack(">II", 96, 64)), configuration, *properties)

    def meta(at: int) -> bytes:
        entries, places = b"", b""
        for number, (kind, rest, title, data) in enumerate(whole, 1):
            entries += full_box(b"infe", struct.pack(">HH", number, 0) + kind + title + b"\0" + rest, version=2)
            places += struct.pack(">HHHII", number, 0, 1, at, len(data))
            at += len(data) + len(gap)
        return full_box(
            b"meta",
            full_box(b"hdlr", bytes(4) + b"pict" + bytes(12) + name + b"\0"),
            full_box(b"pitm", b"\0\1"),
            full_box(b"iinf", struct.pack(">H", len(whole)), entries),
            full_box(b"iref", references) if references else b"",
            box(
                b"iprp",
                box(b"ipco", *made),
                full_box(b"ipma", struct.pack(">IHB", 1, 1, len(made)) + bytes(range(1, len(made) + 1))),
            ),
            full_box(b"iloc", b"\x44\0" + struct.pack(">H", len(whole)) + places),
        )

    head = box(b"ftyp", b"heic\0\0\0\0mif1heic")
    at = len(head) + len(meta(0)) + 8
    return head + meta(at) + box(b"mdat", *(data + gap for *_, data in whole)) + behind
