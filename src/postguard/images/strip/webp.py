"""Strips a WebP, still or animated: the image chunks, their canvas and timing, the colour profile; all else goes."""

from typing import Final

from postguard.images.containers import Damaged
from postguard.images.containers.riff import Chunk, chunk, chunks, walk
from postguard.images.strip import Stripped, exif, icc
from postguard.images.strip.words import must_not_end_in_words

Pieces = list[bytes | memoryview]
_ANIMATION, _EXIF, _ALPHA, _ICC = 0x02, 0x08, 0x10, 0x20
_FRAME_HEADER: Final = 16


def strip(data: bytes) -> Stripped:
    """See `postguard.images.strip.strip`."""
    parts = list(walk(data))
    extended = _first(parts, b"VP8X")
    image, flags = _image(data, parts, is_extended=extended is not None)
    turned = exif.orientation(_exif(data, parts), _payload(data, _first(parts, b"XMP ")))
    minimal = exif.minimal(turned)
    profile = _payload(data, _first(parts, b"ICCP"))
    colours = icc.rebuilt(profile) if profile else None
    body: Pieces = []
    if extended is not None and (flags or minimal or colours):
        if extended.end - extended.body < 10:
            raise Damaged("a WebP header of a wrong length")
        # Pillow and libwebp hand alpha on by this flag as well as by what the frames hold.
        flags |= data[extended.body] & _ALPHA
        flags |= (_EXIF if minimal else 0) | (_ICC if colours else 0)
        body += chunk(b"VP8X", bytes((flags, 0, 0, 0)), data[extended.body + 4 : extended.body + 10])
    if colours and extended is not None:
        body += chunk(b"ICCP", colours)
    body += image
    if minimal and extended is not None:
        body += chunk(b"EXIF", minimal)
    size = 4 + sum(map(len, body))
    return Stripped("webp", b"".join((b"RIFF", size.to_bytes(4, "little"), b"WEBP", *body)), turned)


def _first(parts: list[Chunk], kind: bytes) -> Chunk | None:
    return next((part for part in parts if part.kind == kind), None)


def _payload(data: bytes, part: Chunk | None) -> bytes | None:
    return None if part is None else data[part.body : part.end]


def _exif(data: bytes, parts: list[Chunk]) -> bytes | None:
    """The TIFF block; some writers put JPEG's prefix before it."""
    body = _payload(data, _first(parts, b"EXIF"))
    return None if body is None else body.removeprefix(b"Exif\0\0")


def _image(data: bytes, parts: list[Chunk], *, is_extended: bool) -> tuple[Pieces, int]:
    """The chunks that make up the picture, and the VP8X flags that they ask for.

    Without an extended header there is neither animation nor an alpha plane: decoders pass over them.
    """
    if not is_extended:
        return _still(data, [part for part in parts if part.kind != b"ALPH"])
    timing = _first(parts, b"ANIM")
    frames = [part for part in parts if part.kind == b"ANMF"]
    if timing is None or not frames:
        return _still(data, parts)
    if timing.end - timing.body < 6:
        raise Damaged("a WebP animation header of a wrong length")
    pieces, flags = chunk(b"ANIM", data[timing.body : timing.body + 6]), _ANIMATION
    for part in frames:
        if part.end - part.body < _FRAME_HEADER:
            raise Damaged("a WebP frame of a wrong length")
        head = bytearray(data[part.body : part.body + _FRAME_HEADER])
        head[15] &= 0x03  # blending and disposal; the other bits are reserved
        inner, inner_flags = _still(data, list(chunks(data, part.body + _FRAME_HEADER, part.end)))
        pieces += chunk(b"ANMF", bytes(head), *inner)
        flags |= inner_flags
    return pieces, flags


def _still(data: bytes, parts: list[Chunk]) -> tuple[Pieces, int]:
    """One picture: its bitstream, before it the alpha plane of a lossy one."""
    view = memoryview(data)
    alpha: Chunk | None = None
    for part in parts:
        body = view[part.body : part.end]
        if part.kind == b"ALPH":
            alpha = alpha or part
        elif part.kind == b"VP8 ":
            if bytes(body[3:6]) != b"\x9d\x01\x2a":
                raise Damaged("a WebP picture that does not start like one")
            must_not_end_in_words(body)
            pieces = chunk(b"ALPH", view[alpha.body : alpha.end]) if alpha else []
            return pieces + chunk(b"VP8 ", body), _ALPHA if alpha else 0
        elif part.kind == b"VP8L":
            if len(body) < 5 or body[0] != 0x2F:
                raise Damaged("a WebP picture that does not start like one")
            must_not_end_in_words(body)
            return chunk(b"VP8L", body), _ALPHA if body[4] & 0x10 else 0
    raise Damaged("a WebP file without a picture")
