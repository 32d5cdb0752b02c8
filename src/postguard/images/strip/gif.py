"""Strips a GIF: the screen, the frames with their timing, the number of rounds; all else goes."""

from typing import Final

from postguard.images.containers import Damaged
from postguard.images.containers.gif import Block, Kind, joined, last, walk
from postguard.images.strip import Stripped
from postguard.images.strip.lzw import end_of_codes
from postguard.images.strip.words import has_words_at_end

_LOOPS: Final = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_TAIL: Final = 20
"""Sub-blocks at the end of a frame that are looked through for words."""
_TRANSPARENT_AND_DISPOSAL: Final = 0x1F


def strip(data: bytes) -> Stripped:
    """See `postguard.images.strip.strip`."""
    view = memoryview(data)
    out: list[bytes | memoryview] = []
    control = b""
    has_loop = has_image = False
    for block in walk(data):
        if block.kind is Kind.SCREEN:
            out.append(view[block.start : block.end])
        elif block.kind is Kind.CONTROL:
            control = _control(data, block)
        elif block.kind is Kind.TEXT:
            control = b""
        elif block.kind is Kind.APPLICATION and not has_loop:
            loop = _loop(data, block)
            has_loop = bool(loop)
            out.append(loop)
        elif block.kind is Kind.IMAGE:
            out += (control, *_image(data, block))
            control, has_image = b"", True
    if not has_image:
        raise Damaged("a GIF file without a picture")
    out.append(b"\x3b")
    return Stripped("gif", b"".join(out))


def _control(data: bytes, block: Block) -> bytes:
    """Disposal, transparency and delay of the next frame, written anew."""
    body = joined(data, block)
    if len(body) < 4:
        raise Damaged("a GIF frame header of a wrong length")
    flags = body[0] & _TRANSPARENT_AND_DISPOSAL
    colour = body[3:4] if flags & 1 else b"\0"
    return b"\x21\xf9\x04" + bytes((flags,)) + body[1:3] + colour + b"\0"


def _loop(data: bytes, block: Block) -> bytes:
    """How many rounds an animation plays, where the block says so; else nothing."""
    body = joined(data, block)
    if body.startswith(_LOOPS) and body[11:12] == b"\1" and len(body) >= 14:
        return b"\x21\xff\x0bNETSCAPE2.0\x03\x01" + body[12:14] + b"\0"
    return b""


def _image(data: bytes, block: Block) -> list[bytes | memoryview]:
    """Frame header and colours as they are; the codes cut where the frame is full or they say their end."""
    view = memoryview(data)
    pixels = int.from_bytes(data[block.start + 5 : block.start + 7], "little") * int.from_bytes(
        data[block.start + 7 : block.start + 9], "little"
    )
    tail = last(data, block, _TAIL)
    if not has_words_at_end(tail, 0, len(tail)):
        return [view[block.start : block.end]]
    codes = joined(data, block)
    kept = end_of_codes(codes, data[block.body - 1], pixels)
    parts: list[bytes | memoryview] = [view[block.start : block.body]]
    for at in range(0, kept, 255):
        part = codes[at : min(at + 255, kept)]
        parts += (bytes((len(part),)), part)
    parts.append(b"\0")
    return parts
