"""A corpus of pictures with a string planted in every place where a file can hide one; made anew at each run."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import pictures
from pictures import after_soi, box, chunk, full_box, iptc, photoshop, riff, riff_chunk, segment
from PIL import Image

Words = Callable[[], bytes]


@dataclass(frozen=True)
class Planted:
    """A file and the strings in it. `twin` is the same picture without them, where a decoder can show both."""

    name: str
    data: bytes
    strings: tuple[bytes, ...]
    twin: bytes = b""

    def left_in(self, data: bytes) -> list[bytes]:
        """The strings that are in `data`, plain, as UTF-16, or packed by zlib."""
        return [word for word in self.strings if any(word in form for form in _forms(data))]


def _forms(data: bytes) -> Iterator[bytes]:
    yield data
    yield data.replace(b"\0", b"")
    for head in (b"\x78\x01", b"\x78\x9c", b"\x78\xda", b"\x78\x5e"):
        at = data.find(head)
        while at >= 0:
            with suppress(zlib.error):
                yield zlib.decompressobj().decompress(data[at:], 1 << 22)
            at = data.find(head, at + 1)


@dataclass
class _Corpus:
    files: list[Planted] = field(default_factory=list)
    count: int = 0
    fresh: list[bytes] = field(default_factory=list)

    def word(self) -> bytes:
        """A string that is nowhere else."""
        self.count += 1
        self.fresh.append(b"Canary %04d Maja Q." % self.count)
        return self.fresh[-1]

    def add(self, name: str, data: bytes, twin: bytes = b"") -> None:
        self.files.append(Planted(name, data, tuple(self.fresh), twin))
        self.fresh = []


def corpus() -> list[Planted]:
    """All files. Every string is in its file, in one of the forms that `left_in` looks for."""
    made = _Corpus()
    bases = {
        "baseline": pictures.jpeg(),
        "progressive": pictures.jpeg(progressive=True),
        "grey": pictures.jpeg(pictures.scene(mode="L")),
        "cmyk": pictures.jpeg(pictures.scene(mode="CMYK")),
        "restarts": pictures.jpeg(restart_marker_blocks=2),
    }
    for name, base in bases.items():
        _jpegs(made, f"jpeg {name}", base)
    alpha = pictures.scene(mode="RGBA")
    alpha.putalpha(Image.linear_gradient("L").resize(alpha.size))
    frames = [pictures.scene().rotate(angle) for angle in (0, 10, 20)]
    moving = {"save_all": True, "append_images": frames[1:], "duration": [100, 250, 40]}
    for name, base in {
        "colour": pictures.png(),
        "palette": pictures.png(pictures.scene(mode="P")),
        "alpha": pictures.png(alpha),
        "animated": pictures.png(frames[0], **moving),
    }.items():
        _pngs(made, f"png {name}", base)
    for name, base in {
        "lossless": pictures.webp(exif=pictures.exif()),
        "lossy": pictures.webp(lossless=False),
        "alpha": pictures.webp(alpha, lossless=False),
        "animated": pictures.webp(frames[0], **moving),
    }.items():
        _webps(made, f"webp {name}", base)
    for name, base in {"still": pictures.gif(), "animated": pictures.gif(frames[0], **moving, loop=2)}.items():
        _gifs(made, f"gif {name}", base)
    for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits"):
        _tiffs(made, f"tiff {compression}", compression)
    _avifs(made)
    _heics(made)
    _films(made)
    return made.files


def _exif(word: Words) -> bytes:
    def text() -> bytes:
        return word() + b"\0"

    main = [(tag, 2, text()) for tag in (0x010D, 0x010E, 0x010F, 0x0110, 0x0131, 0x013B, 0x013C, 0x8298, 0xC6D3)]
    main += [(tag, 1, word().decode().encode("utf-16-le")) for tag in (0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F)]
    photo = [(tag, 2, text()) for tag in (0xA420, 0xA430, 0xA431, 0xA433, 0xA434, 0xA435, 0xA004)]
    photo += [(0x927C, 7, word()), (0x9286, 7, b"ASCII\0\0\0" + word())]
    gps = [(0x001B, 7, b"ASCII\0\0\0" + word()), (0x001C, 7, word()), (0x0012, 2, text())]
    return pictures.tiff(main, [(0x8769, photo), (0x8825, gps)], b"")


def _thumbnail(word: Words) -> bytes:
    return pictures.exif(thumbnail=pictures.jpeg(pictures.scene((40, 30)), comment=word()))


def _packet(word: Words) -> bytes:
    names = (
        "dc:creator",
        "dc:title",
        "dc:description",
        "dc:subject",
        "xmp:CreatorTool",
        "exif:GPSLatitude",
        "xmp:Label",
    )
    return pictures.xmp("".join(f"<{name}>{word().decode()}</{name}>" for name in names))


def _datasets(word: Words) -> bytes:
    return b"".join(iptc(2, number, word()) for number in (5, 25, 40, 80, 90, 92, 105, 110, 116, 120, 122))


def _profile(word: Words) -> bytes:
    """An sRGB profile with words as description, as a tag of its own, in the header's gaps and behind it."""
    profile = bytearray(pictures.srgb_profile())
    count = int.from_bytes(profile[128:132], "big")
    at = len(profile)
    tail = b""
    entries = b""
    for name in (b"dmnd", b"dmdd", b"priv", b"vued"):
        element = b"text\0\0\0\0" + word() + b"\0"
        element += b"\0" * (-len(element) % 4)
        entries += name + struct.pack(">II", at + 48 + len(tail), len(element))
        tail += element
    moved = bytearray(profile[132 : 132 + 12 * count])
    for place in range(4, len(moved), 12):
        moved[place : place + 4] = struct.pack(">I", int.from_bytes(moved[place : place + 4], "big") + 48)
    whole = profile[:128] + struct.pack(">I", count + 4) + moved + entries + profile[132 + 12 * count :] + tail + word()
    whole[:4] = struct.pack(">I", len(whole))
    whole[100:119] = word()
    return bytes(whole)


def _jpegs(made: _Corpus, name: str, base: bytes) -> None:
    word = made.word

    def add(place: str, data: bytes) -> None:
        made.add(f"{name}: {place}", data, base)

    add("exif", after_soi(base, segment(0xE1, b"Exif\0\0" + _exif(word))))
    add("thumbnail", after_soi(base, segment(0xE1, b"Exif\0\0" + _thumbnail(word))))
    add("behind exif", after_soi(base, segment(0xE1, b"Exif\0\0" + pictures.exif() + word())))
    first = segment(0xE1, b"Exif\0\0" + pictures.exif(orientation=1))
    add("second exif", after_soi(base, first, segment(0xE1, b"Exif\0\0" + pictures.exif(artist=word().decode()))))
    add("xmp", after_soi(base, segment(0xE1, pictures.XMP_HEAD + _packet(word))))
    extended = b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32 + struct.pack(">II", 4000, 0) + _packet(word)
    add("extended xmp", after_soi(base, segment(0xE1, extended)))
    add("iptc", after_soi(base, segment(0xED, b"Photoshop 3.0\0" + photoshop(0x0404, _datasets(word)))))
    resources = b"".join(photoshop(number, word()) for number in (0x03F0, 0x040B, 0x0422, 0x0424, 0x07D0, 0x0FA0))
    add("photoshop", after_soi(base, segment(0xED, b"Photoshop 3.0\0" + resources)))
    add("comments", after_soi(base, *(segment(0xFE, word()) for _ in range(3))))
    add("application blocks", after_soi(base, *(segment(marker, word()) for marker in range(0xE0, 0xF0))))
    add("jfif", after_soi(base, segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\2\4" + word() + word())))
    add(
        "jfxx",
        after_soi(
            base, segment(0xE0, b"JFXX\0\x10" + pictures.jpeg(comment=word())), segment(0xE0, b"JFXX\0\x13" + word())
        ),
    )
    add(
        "ducky, fpxr, c2pa",
        after_soi(
            base,
            segment(0xEC, b"Ducky\0\2\0\x10" + word()),
            segment(0xE2, b"FPXR\0" + word()),
            segment(0xEB, b"JP\0\1\0\0\0\1" + word()),
        ),
    )
    add("a tail of adobe", _with_adobe_tail(base, word()))
    add("mpf", after_soi(base, segment(0xE2, b"MPF\0" + word())) + pictures.jpeg(comment=word()))
    add("profile", after_soi(base, segment(0xE2, b"ICC_PROFILE\0\1\1" + _profile(word))))
    add("between segments", after_soi(base, word(), segment(0xFE, b""), word()))
    reserved = [*range(0xF0, 0xFE), *range(0x02, 0xC0, 37)]
    add("reserved markers", after_soi(base, *(segment(marker, word()) for marker in reserved)))
    add("between scans", base.replace(b"\xff\xda", segment(0xFE, word()) + segment(0xE7, word()) + b"\xff\xda", 1))
    add("before the end", base[:-2] + segment(0xFE, word()) + segment(0xE5, word()) + base[-2:])
    add("bytes behind the scan", base[:-2] + word() + base[-2:])
    add(
        "behind the end",
        base + word() + b"\0" * 20 + pictures.jpeg(comment=word()) + word() + box(b"ftyp", b"mp42") + word(),
    )
    unused = segment(0xDB, b"\3" + (word() + word() + word() + word())[:64])
    made.fresh.pop()
    again = segment(0xDB, b"\0" + (word() + word() + word() + word())[:64])
    made.fresh.pop()
    codes = segment(0xC4, b"\x13" + bytes((0, 0, 0, 19, *bytes(12))) + word())
    arithmetic = segment(0xCC, word() + b".")
    add("tables that nothing uses", after_soi(base, unused, again, codes, arithmetic))


def _with_adobe_tail(base: bytes, words: bytes) -> bytes:
    """The JPEG with its Adobe header, or one that says what decoders take for granted, made longer."""
    at = base.find(b"\xff\xee\0\x0eAdobe")
    if at >= 0:
        return base[:at] + segment(0xEE, base[at + 4 : at + 16] + words) + base[at + 16 :]
    return after_soi(base, segment(0xEE, b"Adobe\0\x64\0\0\0\0" + (b"\1" if b"\3\x11\1" in base else b"\0") + words))


def _pngs(made: _Corpus, name: str, base: bytes) -> None:
    word = made.word

    def put(*chunks: bytes, before: bytes = b"IDAT") -> bytes:
        at = base.index(before) - 4
        return base[:at] + b"".join(chunks) + base[at:]

    def add(place: str, data: bytes) -> None:
        made.add(f"{name}: {place}", data, base)

    for before in (b"IDAT", b"IEND"):
        texts = [
            chunk(b"tEXt", key + b"\0" + word()) for key in (b"Author", b"Software", b"Location", b"Creation Time")
        ]
        texts.append(chunk(b"zTXt", b"Comment\0\0" + zlib.compress(word())))
        texts.append(chunk(b"iTXt", b"Title\0\0\0en\0\0" + word()))
        texts.append(chunk(b"iTXt", b"Copyright\0\1\0en\0\0" + zlib.compress(word())))
        texts.append(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + _packet(word)))
        texts.append(chunk(b"tEXt", b"Raw profile type iptc\0\niptc\n      19\n" + word().hex().encode()))
        made.fresh.pop()
        add(f"texts before {before.decode()}", put(*texts, before=before))
        private = [
            chunk(kind, word()) for kind in (b"prVt", b"prVT", b"caBX", b"dSIG", b"tIMe", b"hIST", b"sCAL", b"pCAL")
        ]
        add(f"private chunks before {before.decode()}", put(*private, before=before))
    add("exif", put(chunk(b"eXIf", _exif(word))))
    suggested = [] if base[25] == 3 else [chunk(b"PLTE", word() + b"..")]
    add("palettes", put(chunk(b"sPLT", word() + b"\0\x08"), *suggested))
    add(
        "profile",
        put(
            chunk(b"iCCP", word() + b"\0\0" + zlib.compress(_profile(word))),
            before=b"IDAT" if base[25] != 3 else b"PLTE",
        ),
    )
    add(
        "fixed chunks too long",
        put(chunk(b"pHYs", bytes(9) + word()), chunk(b"gAMA", word()), before=b"IDAT" if base[25] != 3 else b"PLTE"),
    )
    at = base.index(b"IDAT")
    size = int.from_bytes(base[at - 4 : at], "big")
    longer = chunk(b"IDAT", base[at + 4 : at + 4 + size] + word())
    more = chunk(b"IDAT", word())
    add("behind the image data", base[: at - 4] + longer + more + base[at + 8 + size :])
    add("behind the end", base + word() + pictures.jpeg(comment=word()) + chunk(b"tEXt", b"Comment\0" + word()))


def _webps(made: _Corpus, name: str, base: bytes) -> None:
    word = made.word

    def add(place: str, data: bytes) -> None:
        made.add(f"{name}: {place}", data, base)

    add("exif", riff(base[12:] + riff_chunk(b"EXIF", _exif(word)) + riff_chunk(b"EXIF", word())))
    add("xmp", riff(base[12:] + riff_chunk(b"XMP ", _packet(word))))
    add("unknown chunks", riff(base[12:] + b"".join(riff_chunk(kind, word()) for kind in (b"JUNK", b"C2PA", b"ABCD"))))
    add("profile", riff(base[12:] + riff_chunk(b"ICCP", _profile(word))))
    add("behind the end", base + word() + pictures.jpeg(comment=word()))
    if b"ANMF" in base:
        at = base.index(b"ANMF")
        size = int.from_bytes(base[at + 4 : at + 8], "little")
        frame = base[at + 8 : at + 8 + size] + riff_chunk(b"JUNK", word()) + riff_chunk(b"XMP ", word())
        add("in a frame", riff(base[12:at] + riff_chunk(b"ANMF", frame) + base[at + 8 + size + (size & 1) :]))


def _sub_blocks(data: bytes) -> bytes:
    return b"".join(bytes((len(data[at : at + 255]),)) + data[at : at + 255] for at in range(0, len(data), 255)) + b"\0"


def _gifs(made: _Corpus, name: str, base: bytes) -> None:
    word = made.word
    behind_screen = 13 + (3 << (base[10] & 7) + 1 if base[10] & 0x80 else 0)

    def put(block: bytes) -> bytes:
        return b"GIF89a" + base[6:behind_screen] + block + base[behind_screen:]

    def add(place: str, data: bytes) -> None:
        made.add(f"{name}: {place}", data, base)

    add("comment", put(b"\x21\xfe" + _sub_blocks(word()) + b"\x21\xfe" + _sub_blocks(word())))
    add("comment behind", base[:-1] + b"\x21\xfe" + _sub_blocks(word()) + b"\x3b")
    add("plain text", put(b"\x21\x01\x0c" + bytes(12) + _sub_blocks(word())))
    add("application", put(b"\x21\xff\x0bABCDEFGH1.0" + _sub_blocks(word())))
    slide = b"\1" + bytes(range(255, -1, -1)) + b"\0"
    add("xmp", put(b"\x21\xff\x0bXMP DataXMP" + _packet(word) + slide))
    add("unknown extension", put(b"\x21\x77" + _sub_blocks(word())))
    add("loop with a tail", put(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x02\x00" + _sub_blocks(word())))
    add("behind the end", base + word())
    add("behind the codes", base[:-2] + _sub_blocks(word()) + b"\x3b")


def _tiffs(made: _Corpus, name: str, compression: str) -> None:
    word = made.word
    base = pictures.tiff_file(compression=compression)

    def add(place: str, data: bytes) -> None:
        made.add(f"{name}: {place}", data, base)

    tags = {number: word().decode() for number in (269, 270, 271, 272, 285, 305, 315, 316, 33432, 50708, 65000)}
    add("tags", pictures.tiff_file(compression=compression, tiffinfo=tags))
    add(
        "packets",
        pictures.tiff_file(
            compression=compression,
            tiffinfo={
                700: _packet(word),
                33723: _datasets(word),
                34377: photoshop(0x03F0, word()),
                34675: _profile(word),
            },
        ),
    )
    add("a page of a reduced size", pictures.tiff_with_hidden(base, word(), as_page=True))
    add("a sub-directory", pictures.tiff_with_hidden(base, word(), as_page=False))
    add("behind the end", base + word())
    slack = word()
    moved = int.from_bytes(base[4:8], "little")
    # The first directory is copied behind a gap of words; the old one stays behind as slack of its own.
    entries = int.from_bytes(base[moved : moved + 2], "little")
    directory = base[moved : moved + 2 + 12 * entries + 4]
    add(
        "slack", base[:4] + struct.pack("<I", len(base) + len(slack) + 1) + base[8:] + slack + b"." + directory + word()
    )


def _avifs(made: _Corpus) -> None:
    word = made.word
    base = pictures.avif()
    made.add("avif: exif", pictures.avif(exif=_exif(word)), base)
    made.add("avif: xmp", pictures.avif(xmp=_packet(word)), base)
    made.add("avif: profile", pictures.avif(icc_profile=_profile(word)), base)
    made.add(
        "avif: boxes behind", base + box(b"free", word()) + box(b"uuid", bytes(16), word()) + box(b"mpvd", word()), base
    )


def _heics(made: _Corpus) -> None:
    word = made.word
    block = _exif(word)
    made.add("heic: exif", pictures.heic(((b"Exif", b"", b"", bytes(4) + block),)))
    made.add("heic: xmp", pictures.heic(((b"mime", b"application/rdf+xml\0", b"", _packet(word)),)))
    made.add(
        "heic: other items",
        pictures.heic(
            (
                (b"mime", word() + b"\0", word(), word()),
                (b"uri ", word() + b"\0", word(), word()),
                (b"hvc1", b"", word(), word()),
            )
        ),
    )
    made.add("heic: names", pictures.heic(name=word()))
    made.add("heic: words of the encoder", pictures.heic(sei=word()))
    made.add("heic: gaps", pictures.heic(gap=word()))
    made.add(
        "heic: properties",
        pictures.heic(
            properties=(full_box(b"udes", word()), box(b"uuid", word()), box(b"colr", b"prof", _profile(word)))
        ),
    )
    made.add(
        "heic: boxes behind",
        pictures.heic(
            behind=box(b"free", word())
            + box(b"uuid", bytes(16), word())
            + box(b"mpvd", pictures.film(behind=b"")[:40], word())
            + box(b"skip", word())
        ),
    )


def _films(made: _Corpus) -> None:
    word = made.word
    apple = full_box(
        b"meta",
        full_box(b"hdlr", bytes(4) + b"mdir" + bytes(12) + word() + b"\0"),
        box(b"ilst", *(box(kind, box(b"data", bytes(8), word())) for kind in (b"\xa9nam", b"\xa9ART", b"\xa9cmt"))),
    )
    entries = [
        box(kind, struct.pack(">HH", 19, 0), word())
        for kind in (b"\xa9xyz", b"\xa9day", b"\xa9mak", b"\xa9mod", b"\xa9swr", b"auth")
    ]
    made.add("film: user data", pictures.film(user_data=box(b"udta", *entries, apple)))
    made.add("film: names", pictures.film(name=word(), encoder=word()))
    made.add(
        "film: tracks of data", pictures.film(extra_tracks=((b"meta", word()), (b"gpmd", word()), (b"text", word())))
    )
    made.add("film: gaps", pictures.film(gap=word()))
    made.add(
        "film: boxes behind",
        pictures.film(
            behind=box(b"free", word()) + box(b"uuid", bytes(16), word()) + box(b"XMP_", word()) + box(b"mdat", word())
        ),
    )
    made.add(
        "film: boxes in the tables",
        pictures.film(user_data=box(b"uuid", bytes(16), word()) + box(b"iods", word()) + box(b"free", word())),
    )
