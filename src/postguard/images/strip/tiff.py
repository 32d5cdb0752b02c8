"""Strips a TIFF (BigTIFF too): writes its directories anew with the tags of the allow-list and copies the pixels."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from postguard.images.containers import Damaged, Unsupported
from postguard.images.containers.tiff import SIZES, SUB_IFDS, Directory, Entry, Tiff
from postguard.images.strip import Stripped, exif, icc
from postguard.images.strip.jpeg import tables_only, without_words
from postguard.images.strip.words import must_not_end_in_words

NEW_SUBFILE, COMPRESSION, PHOTOMETRIC, BITS, SAMPLES = 0x00FE, 0x0103, 0x0106, 0x0102, 0x0115
STRIPS, STRIP_SIZES, TILES, TILE_SIZES, JPEG_TABLES, PROFILE = 0x0111, 0x0117, 0x0144, 0x0145, 0x015B, 0x8773
WIDTH, HEIGHT, ROWS, PLANAR, COLOUR_MAP, XMP_PACKET, ORIENTATION = (
    0x0100,
    0x0101,
    0x0116,
    0x011C,
    0x0140,
    0x02BC,
    0x0112,
)

_ALLOWED: Final = {
    NEW_SUBFILE: 1,
    WIDTH: 1,
    HEIGHT: 1,
    BITS: 32,
    COMPRESSION: 1,
    PHOTOMETRIC: 1,
    0x010A: 1,  # FillOrder
    ORIENTATION: 1,
    SAMPLES: 1,
    ROWS: 1,
    0x011A: 1,  # XResolution
    0x011B: 1,  # YResolution
    PLANAR: 1,
    0x0124: 1,  # T4Options
    0x0125: 1,  # T6Options
    0x0128: 1,  # ResolutionUnit
    0x013D: 1,  # Predictor
    0x013E: 2,  # WhitePoint
    0x013F: 6,  # PrimaryChromaticities
    COLOUR_MAP: 3 << 16,
    0x0142: 1,  # TileWidth
    0x0143: 1,  # TileLength
    0x014C: 1,  # InkSet
    0x0152: 32,  # ExtraSamples
    0x0153: 32,  # SampleFormat
    0x0154: 32,  # SMinSampleValue
    0x0155: 32,  # SMaxSampleValue
    0x0211: 3,  # YCbCrCoefficients
    0x0212: 2,  # YCbCrSubSampling
    0x0213: 1,  # YCbCrPositioning
    0x0214: 6,  # ReferenceBlackWhite
}
"""Tags kept, and the most values that each may have. Pixels, profile and JPEG tables are handled apart."""
PICTURE_TAGS: Final = frozenset(_ALLOWED) | {STRIPS, STRIP_SIZES, TILES, TILE_SIZES, JPEG_TABLES, PROFILE}
TILE_WIDTH, TILE_LENGTH = 0x0142, 0x0143
_RAW_PHOTOMETRIC: Final = frozenset({32803, 34892})
_DNG_VERSION: Final = 0xC612
_PLAIN, _LZW, _OLD_JPEG, _JPEG, _DEFLATE, _OLD_DEFLATE, _PACK_BITS = 1, 5, 6, 7, 8, 32946, 32773
_YCBCR: Final = 6
_REDUCED_OR_MASK: Final = 0b101
_LONG, _UNDEFINED, _LONG8 = 4, 7, 16
Data = bytes | memoryview


@dataclass(frozen=True, slots=True)
class _Value:
    """What a new directory says under a tag."""

    tag: int
    type: int
    count: int
    data: bytes


def strip(data: bytes) -> Stripped:
    """See `postguard.images.strip.strip`. Camera raw files and the old JPEG-in-TIFF are refused.

    Pages of a reduced size, masks and sub-directories are hidden pictures: they go.
    """
    tiff = Tiff.parse(data)
    pages = [page for number, page in enumerate(tiff.chain()) if not number or not _is_hidden(tiff, page)]
    if not pages:
        raise Damaged("a TIFF file without a picture")
    turned = _orientation(tiff, pages[0])
    writer = _Writer(tiff)
    for number, page in enumerate(pages):
        _must_be_picture(tiff, page)
        writer.page(page, turned if number == 0 else _orientation(tiff, page))
    return Stripped("tiff", writer.finished(), turned)


def orientation_of(tiff: Tiff) -> int:
    """The orientation of the first page, 1 to 8."""
    first = next(tiff.chain(), None)
    if first is None:
        raise Damaged("a TIFF file without a picture")
    return _orientation(tiff, first)


def _number(tiff: Tiff, page: Directory, tag: int, default: int) -> int:
    entry = page.entry(tag)
    values = tiff.numbers(entry, most=1 << 16) if entry else ()
    return values[0] if values else default


def _orientation(tiff: Tiff, page: Directory) -> int:
    entry = page.entry(XMP_PACKET)
    if page.entry(ORIENTATION) is None and entry is not None:
        return exif.orientation(None, tiff.value(entry))
    turned = _number(tiff, page, ORIENTATION, exif.UPRIGHT)
    return turned if 1 <= turned <= 8 else exif.UPRIGHT


def _is_hidden(tiff: Tiff, page: Directory) -> bool:
    return bool(_number(tiff, page, NEW_SUBFILE, 0) & _REDUCED_OR_MASK)


def _must_be_picture(tiff: Tiff, page: Directory) -> None:
    is_raw = page.entry(_DNG_VERSION) or _number(tiff, page, PHOTOMETRIC, 0) in _RAW_PHOTOMETRIC
    if is_raw or (page.entry(SUB_IFDS) and _is_hidden(tiff, page)):
        raise Unsupported("a camera's raw file; send the JPEG that the camera makes of it instead")
    if _number(tiff, page, COMPRESSION, _PLAIN) == _OLD_JPEG:
        raise Unsupported("a TIFF of an old kind; save it again as an ordinary TIFF or JPEG")


def _blocks(tiff: Tiff, page: Directory) -> list[memoryview]:
    """The strips or tiles of a page."""
    places, sizes = page.entry(TILES), page.entry(TILE_SIZES)
    if places is None or sizes is None:
        places, sizes = page.entry(STRIPS), page.entry(STRIP_SIZES)
    if places is None:
        raise Damaged("a TIFF page without pixels")
    starts = tiff.numbers(places)
    if sizes is None and len(starts) == 1 and _number(tiff, page, COMPRESSION, _PLAIN) == _PLAIN:
        lengths: tuple[int, ...] = (len(tiff.data) - starts[0],)
    else:
        lengths = tiff.numbers(sizes) if sizes else ()
    view = memoryview(tiff.data)
    if len(starts) != len(lengths) or not starts:
        raise Damaged("a TIFF page whose strips and sizes do not match")
    if any(start < 8 or start + length > len(view) for start, length in zip(starts, lengths, strict=True)):
        raise Damaged("a TIFF page whose pixels lie outside the file")
    return [view[start : start + length] for start, length in zip(starts, lengths, strict=True)]


def _block_size(tiff: Tiff, page: Directory, number: int) -> int:
    """Bytes of a strip or tile once unpacked; a large number where this page's layout is not a plain one."""
    width, height = _number(tiff, page, WIDTH, 0), _number(tiff, page, HEIGHT, 0)
    entry = page.entry(BITS)
    bits = tiff.numbers(entry, most=64) if entry else (1,)
    samples = _number(tiff, page, SAMPLES, 1)
    if _number(tiff, page, PHOTOMETRIC, 0) == _YCBCR or len(set(bits)) != 1:
        return 1 << 62
    if page.entry(TILES) is not None:
        width, height = _number(tiff, page, TILE_WIDTH, 0), _number(tiff, page, TILE_LENGTH, 0)
    rows = height if page.entry(TILES) is not None else min(_number(tiff, page, ROWS, height), height) or height
    planes = _number(tiff, page, PLANAR, 1) == 2
    row = (width * bits[0] * (1 if planes else samples) + 7) // 8
    strips = -(-height // rows) if rows else 1
    left = height - rows * (number % strips)
    return row * min(rows, left)


def _without_tail(block: Data, compression: int, size: int) -> Data:
    """The pixels of a strip or tile without what may follow them in it."""
    if compression == _PLAIN:
        return block[:size]
    if compression == _PACK_BITS:
        return block[: _end_of_runs(block, size)]
    if compression == _LZW:
        must_not_end_in_words(block)
    if compression in (_DEFLATE, _OLD_DEFLATE):
        return block[: _end_of_zlib(block)]
    if compression == _JPEG:
        return without_words(bytes(block))
    return block


def _end_of_runs(block: Data, size: int) -> int:
    """Where PackBits runs have filled so many bytes."""
    at = filled = 0
    while filled < size and at < len(block):
        count = block[at]
        if count < 128:
            at, filled = at + count + 2, filled + count + 1
        else:
            at, filled = at + (1 if count == 128 else 2), filled + (0 if count == 128 else 257 - count)
    return at


def _end_of_zlib(block: Data) -> int:
    unpack, rest = zlib.decompressobj(), block
    try:
        while len(rest) and not unpack.eof:
            unpack.decompress(rest, 1 << 20)
            rest = unpack.unconsumed_tail
    except zlib.error:
        raise Damaged("TIFF pixels that do not unpack") from None
    return len(block) - len(unpack.unused_data)


class _Writer:
    """Lays a new file out: header, then for each page its directory, its values and its pixels."""

    def __init__(self, tiff: Tiff) -> None:
        self._tiff = tiff
        self._big = tiff.big
        self._inline = 8 if tiff.big else 4
        self._at = 16 if tiff.big else 8
        self._budget = 2 * len(tiff.data) + 4096
        self._pages: list[tuple[list[_Value], list[Data]]] = []

    def _pack(self, number: int, size: int) -> bytes:
        return number.to_bytes(size, self._tiff.order)

    def page(self, page: Directory, turned: int) -> None:
        tiff = self._tiff
        compression = _number(tiff, page, COMPRESSION, _PLAIN)
        blocks = [
            _without_tail(block, compression, _block_size(tiff, page, number))
            for number, block in enumerate(_blocks(tiff, page))
        ]
        self._budget -= sum(map(len, blocks))
        if self._budget < 0:
            raise Damaged("a TIFF file whose pages share their pixels")
        values = [value for entry in page.entries if (value := self._kept(page, entry, turned))]
        if turned != exif.UPRIGHT and page.entry(ORIENTATION) is None:
            values.append(_Value(ORIENTATION, 3, 1, self._pack(turned, 2)))
        values += self._handled_apart(page, compression)
        unique = {value.tag: value for value in values}
        self._pages.append((sorted(unique.values(), key=lambda value: value.tag), blocks))

    def _kept(self, page: Directory, entry: Entry, turned: int) -> _Value | None:
        if entry.tag == ORIENTATION:
            return _Value(ORIENTATION, 3, 1, self._pack(turned, 2))
        if entry.tag == NEW_SUBFILE:
            return _Value(NEW_SUBFILE, _LONG, 1, self._pack(_number(self._tiff, page, NEW_SUBFILE, 0) & 2, 4))
        if entry.tag == COLOUR_MAP and _number(self._tiff, page, PHOTOMETRIC, 0) != 3:
            return None
        if entry.type == 2 or not 0 < entry.count <= _ALLOWED.get(entry.tag, 0):
            return None
        return _Value(entry.tag, entry.type, entry.count, self._tiff.value(entry))

    def _handled_apart(self, page: Directory, compression: int) -> list[_Value]:
        values = []
        tables, profile = page.entry(JPEG_TABLES), page.entry(PROFILE)
        if tables is not None and compression == _JPEG:
            kept = tables_only(self._tiff.value(tables))
            values.append(_Value(JPEG_TABLES, _UNDEFINED, len(kept), kept))
        if profile is not None:
            colours = icc.rebuilt(self._tiff.value(profile))
            if colours:
                values.append(_Value(PROFILE, _UNDEFINED, len(colours), colours))
        return values

    def finished(self) -> bytes:
        order = self._tiff.order
        mark = b"MM" if order == "big" else b"II"
        version = self._pack(43, 2) + self._pack(8, 2) + bytes(2) if self._big else self._pack(42, 2)
        out: list[Data] = [mark + version + self._pack(self._at, self._inline)]
        for number, (values, blocks) in enumerate(self._pages):
            out += self._laid_out(values, blocks, is_last=number == len(self._pages) - 1)
        return b"".join(out)

    def _laid_out(self, values: list[_Value], blocks: list[Data], *, is_last: bool) -> Iterable[Data]:
        """One page's directory, values and pixels, from the current place on."""
        tiled = any(value.tag == 0x0142 for value in values)
        kind, count = _LONG8 if self._big else _LONG, len(blocks)
        head = (8 if self._big else 2) + (12 + (8 if self._big else 0)) * (len(values) + 2) + self._inline
        values_at = self._at + head
        apart = sum(len(value.data) + (len(value.data) & 1) for value in values if len(value.data) > self._inline)
        numbers = count * SIZES[kind]
        pixels_at = values_at + apart + (2 * numbers if numbers > self._inline else 0)
        places, at = [], pixels_at
        for block in blocks:
            places.append(at)
            at += len(block) + (len(block) & 1)
        if at >= 1 << 32 and not self._big:
            raise Unsupported("a picture that is too large; send it smaller")
        places_tag, sizes_tag = (TILES, TILE_SIZES) if tiled else (STRIPS, STRIP_SIZES)
        size = SIZES[kind]
        values = [
            *values,
            _Value(places_tag, kind, count, b"".join(self._pack(place, size) for place in places)),
            _Value(sizes_tag, kind, count, b"".join(self._pack(len(block), size) for block in blocks)),
        ]
        values.sort(key=lambda value: value.tag)
        self._at = at
        directory, stored = self._directory(values, values_at, 0 if is_last else at)
        yield directory
        yield stored
        for block in blocks:
            yield block
            yield b"\0" * (len(block) & 1)

    def _directory(self, values: list[_Value], at: int, following: int) -> tuple[bytes, bytes]:
        entries, stored = [], []
        for value in values:
            data = value.data
            if len(data) > self._inline:
                data += b"\0" * (len(data) & 1)
                stored.append(data)
                data, at = self._pack(at, self._inline), at + len(data)
            entries.append(
                self._pack(value.tag, 2)
                + self._pack(value.type, 2)
                + self._pack(value.count, self._inline)
                + data.ljust(self._inline, b"\0")
            )
        count = self._pack(len(values), 8 if self._big else 2)
        return count + b"".join(entries) + self._pack(following, self._inline), b"".join(stored)
