"""Strips a PNG (APNG too): image data cut at its end, the chunks that colour or time it; all else goes."""

import zlib
from collections.abc import Iterator
from typing import Final

from postguard.images.containers import Damaged, Unsupported
from postguard.images.containers.png import SIGNATURE, Chunk, chunk, inflated, pieces, walk
from postguard.images.strip import Stripped, exif, icc

_MOST_BYTES: Final = 1 << 30
_STEP: Final = 1 << 20
_MOST_PROFILE: Final = 4 << 20
_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_FIXED: Final = {
    b"gAMA": {4},
    b"cHRM": {32},
    b"sRGB": {1},
    b"sBIT": {1, 2, 3, 4},
    b"bKGD": {1, 2, 6},
    b"pHYs": {9},
    b"cICP": {4},
    b"mDCV": {24},
    b"cLLI": {8},
    b"acTL": {8},
}
"""Chunks kept as they are, once, with the lengths that the standard gives them."""
_DATA: Final = frozenset({b"IDAT", b"fdAT", b"fcTL"})


def strip(data: bytes) -> Stripped:
    """See `postguard.images.strip.strip`. A picture that unpacks to over 1 GiB is refused."""
    chunks = list(walk(data))
    if chunks[0].kind != b"IHDR" or chunks[0].end - chunks[0].body != 13:
        raise Damaged("a PNG file without its header")
    header = data[chunks[0].body : chunks[0].end]
    turned = exif.orientation(_exif(data, chunks), _xmp(data, chunks))
    minimal = exif.minimal(turned)
    out: list[bytes | memoryview] = [SIGNATURE]
    for number, kept in enumerate(_kept(data, chunks, header)):
        out.append(kept)
        if number == 0 and minimal:
            out.append(chunk(b"eXIf", minimal))
    out.append(chunk(b"IEND", b""))
    return Stripped("png", b"".join(out), turned)


def _kept(data: bytes, chunks: list[Chunk], header: bytes) -> Iterator[bytes | memoryview]:
    view = memoryview(data)
    seen: set[bytes] = set()
    frames = _Frames(header)
    for part in chunks:
        length = part.end - part.body
        if part.kind not in _DATA:
            if part.kind in seen:
                continue
            seen.add(part.kind)
        if part.kind == b"IHDR" or (part.kind in _FIXED and length in _FIXED[part.kind]):
            _must_be_sound(data, part)
            yield view[part.body - 8 : part.end + 4]
        elif part.kind == b"PLTE" and header[9] == 3:
            _must_be_sound(data, part)
            yield chunk(b"PLTE", data[part.body : part.end][: 3 << header[8]])
        elif part.kind == b"tRNS" and header[9] in (0, 2, 3):
            _must_be_sound(data, part)
            yield chunk(b"tRNS", data[part.body : part.end][: {0: 2, 2: 6, 3: 1 << header[8]}[header[9]]])
        elif part.kind == b"iCCP":
            yield from _profile(data[part.body : part.end])
        elif part.kind in _DATA:
            _must_be_sound(data, part)
            yield from frames.feed(part.kind, view[part.body : part.end])
    frames.finish()


def _must_be_sound(data: bytes, part: Chunk) -> None:
    if not part.is_sound(data):
        raise Damaged("a PNG chunk whose checksum is wrong")


def _profile(body: bytes) -> Iterator[bytes]:
    name, _, rest = body.partition(b"\0")
    try:
        profile = icc.rebuilt(inflated(rest[1:], _MOST_PROFILE))
    except Damaged:
        return
    if profile and len(name) <= 79:
        yield chunk(b"iCCP", b"icc\0\0" + zlib.compress(profile, 9))


class _Frames:
    """Passes the image data on frame by frame, each cut at the end of its zlib stream and numbered anew."""

    def __init__(self, header: bytes) -> None:
        self._header = header
        self._size = header[:8]
        self._stream: _Stream | None = None
        self._sequence = 0
        self._has_image = self._is_announced = False

    def feed(self, kind: bytes, body: memoryview) -> Iterator[bytes | memoryview]:
        if kind == b"fcTL":
            if len(body) != 26:
                raise Damaged("an APNG frame header of a wrong length")
            self.end_frame()
            self._size, self._is_announced = bytes(body[4:12]), True
            yield chunk(kind, self._numbered() + bytes(body[4:]))
            return
        if self._stream is None:
            size = self._header[:8] if kind == b"IDAT" else self._size
            self._stream = _Stream(_unpacked_size(size, self._header))
        self._has_image, self._is_announced = self._has_image or kind == b"IDAT", False
        payload = body if kind == b"IDAT" else body[4:]
        kept = payload[: self._stream.feed(payload)]
        if len(kept):
            yield from pieces(kind, b"" if kind == b"IDAT" else self._numbered(), kept)

    def end_frame(self) -> None:
        if self._is_announced or (self._stream is not None and not self._stream.is_whole):
            raise Damaged("a PNG file whose image data is cut off")
        self._stream = None

    def finish(self) -> None:
        self.end_frame()
        if not self._has_image:
            raise Damaged("a PNG file without a picture")

    def _numbered(self) -> bytes:
        number = self._sequence.to_bytes(4, "big")
        self._sequence += 1
        return number


class _Stream:
    """Finds the end of a zlib stream piece by piece, and that it holds the picture's rows and nothing more."""

    def __init__(self, size: int) -> None:
        self._left = size
        self._inflate = zlib.decompressobj()

    @property
    def is_whole(self) -> bool:
        return self._inflate.eof and not self._left

    def feed(self, piece: memoryview) -> int:
        """How many bytes of this piece belong to the stream."""
        if self._inflate.eof:
            return 0
        rest: bytes | memoryview = piece
        while len(rest) and not self._inflate.eof:
            try:
                self._left -= len(self._inflate.decompress(rest, _STEP))
            except zlib.error:
                raise Damaged("PNG image data that does not unpack") from None
            if self._left < 0:
                raise Damaged("PNG image data with more in it than the picture")
            rest = self._inflate.unconsumed_tail
        return len(piece) - len(self._inflate.unused_data)


def _unpacked_size(size: bytes, header: bytes) -> int:
    """Bytes of all filtered rows of a frame, in its passes where it is interlaced."""
    width, height = int.from_bytes(size[:4], "big"), int.from_bytes(size[4:], "big")
    if header[9] not in _CHANNELS or header[8] not in (1, 2, 4, 8, 16) or not width or not height:
        raise Damaged("a PNG header with values that are not allowed")
    bits = _CHANNELS[header[9]] * header[8]
    passes = _ADAM7 if header[12] else ((0, 0, 1, 1),)
    total = 0
    for left, top, across, down in passes:
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0 and rows > 0:
            total += rows * (1 + (columns * bits + 7) // 8)
    if total > _MOST_BYTES:
        raise Unsupported("a picture that is too large; send it smaller")
    return total


_ADAM7: Final = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def _exif(data: bytes, chunks: list[Chunk]) -> bytes | None:
    for part in chunks:
        if part.kind == b"eXIf":
            body = data[part.body : part.end]
            return body[6:] if body.startswith(b"Exif\0\0") else body
    return None


def _xmp(data: bytes, chunks: list[Chunk]) -> bytes | None:
    for part in chunks:
        if part.kind == b"iTXt" and data.startswith(b"XML:com.adobe.xmp\0", part.body):
            return data[part.body : part.end]
    return None
