"""Bounded, oriented decoding: a picture file becomes RGB frames as a viewer shows them, and what transparency hides.

Everything that a file declares is checked before a pixel is decoded. What can't be decoded within the limits raises
`UnreadablePicture` with one of the reasons below; no reason quotes the file.
"""

from __future__ import annotations

import io
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from postguard.errors import UnreadablePicture

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image as PILImage

    Pixels: TypeAlias = NDArray[np.uint8]

# Each completes "The picture is …".
EMPTY = "empty"
DAMAGED = "cut short or damaged"
TOO_LARGE = "larger than the limit"
TOO_MANY_FRAMES = "an animation of more frames than the limit"
BOMB = "a small file that unfolds to an enormous picture"
UNSUPPORTED = "of a kind that can't be checked"
REASONS = (EMPTY, DAMAGED, TOO_LARGE, TOO_MANY_FRAMES, BOMB, UNSUPPORTED)

_BOMB_PIXELS_PER_BYTE = 200
"""A photo has fewer than 30 pixels a byte. What is past the limit and past this is meant to hurt."""
_ORIENTATION = 274
STILL = {"JPEG", "MPO"}
"""Kinds of which only the picture itself is looked at, whatever else lies in the file."""
_TWELVE_BITS = 4095
_LARGE = 16_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is decoded: pixels of one frame, number of frames, pixels of all frames together."""

    pixels: int = 50_000_000
    frames: int = 120
    all_pixels: int = 500_000_000


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame (or page). `width` and `height` are the displayed size of the full picture in pixels.

    `views` are RGB arrays (height, width, 3) of uint8, all of one size, maybe smaller than the full picture. The
    first is the frame on white, as most viewers show it. A frame with transparency has two more: on black, and with
    the colours of the transparent pixels laid bare, because whoever gets the file gets those too.
    """

    width: int
    height: int
    views: tuple[Pixels, ...]


def kind_of(data: bytes) -> str | None:
    """The container of a picture by its first bytes (JPEG, PNG, WEBP, GIF, TIFF, BMP, AVIF), None for any other."""
    if data[:3] == b"\xff\xd8\xff":
        return "JPEG"
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[:6] in {b"GIF87a", b"GIF89a"}:
        return "GIF"
    if data[:4] in {b"II*\0", b"MM\0*"}:
        return "TIFF"
    if data[:2] == b"BM":
        return "BMP"
    if data[4:12] in {b"ftypavif", b"ftypavis"}:
        return "AVIF"
    return None


@contextmanager
def opened(data: bytes, limits: Limits) -> Iterator[PILImage.Image]:
    """The picture as a lazily read Pillow image whose declared size is within the limits.

    Whatever Pillow raises inside the `with` becomes `UnreadablePicture`.
    """
    from PIL import Image

    if not data:
        raise UnreadablePicture(None, EMPTY)
    kind = kind_of(data)
    if kind is None:
        raise UnreadablePicture(None, UNSUPPORTED)
    try:
        with Image.open(io.BytesIO(data), formats=(kind,)) as picture:
            _check_size(picture.size, len(data), limits)
            yield picture
    except UnreadablePicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UnreadablePicture(None, BOMB) from None
    except MemoryError:
        raise UnreadablePicture(None, TOO_LARGE) from None
    except Exception:  # noqa: BLE001 - decoders raise nearly anything on hostile files; the text may quote the file
        raise UnreadablePicture(None, DAMAGED) from None


def frames(data: bytes, *, limits: Limits | None = None, long_side: int | None = None) -> Iterator[Frame]:
    """Every frame of the picture, oriented as displayed.

    With `long_side` a frame is reduced while it is decoded where that saves work, never below that many pixels on its
    longer side. Of a JPEG only the picture itself is given: what else lies in the file is the metadata's business.
    Raises `UnreadablePicture`, maybe after some frames.
    """
    limits = limits or Limits()
    with opened(data, limits) as picture:
        still = picture.format in STILL or getattr(picture, "n_frames", 1) == 1
        for each in next_frames(picture, len(data), limits):
            frame = _frame(each, long_side)
            if not still:
                yield frame
    if still:
        # The decoded file is let go first: 50 megapixels take 200 MB, and whoever gets the frame needs room.
        del picture, each
        if frame.width * frame.height > _LARGE:
            _give_back()
        yield frame


def next_frames(picture: PILImage.Image, file_bytes: int, limits: Limits) -> Iterator[PILImage.Image]:
    """The opened picture at each of its frames in turn, the declared sizes checked, nothing decoded yet.

    Raises `UnreadablePicture`.
    """
    pixels = 0
    for index in range(limits.frames + 1):
        if index and not _seek(picture, index):
            return
        if index == limits.frames:
            raise UnreadablePicture(None, TOO_MANY_FRAMES)
        _check_size(picture.size, file_bytes, limits)
        pixels += picture.width * picture.height
        if pixels > max(limits.all_pixels, limits.pixels):
            raise UnreadablePicture(None, TOO_LARGE)
        yield picture


def displayed_size(data: bytes, *, limits: Limits | None = None) -> tuple[int, int]:
    """Width and height in pixels as displayed, of the first frame; nothing is decoded. Raises `UnreadablePicture`."""
    with opened(data, limits or Limits()) as picture:
        return _turned(picture.size, orientation(picture))


def orientation(picture: PILImage.Image) -> int:
    """The EXIF orientation (1–8) that viewers apply; 1 where there is none or nonsense.

    Pillow would also take it from XMP or from a PNG text chunk. Viewers don't, so neither do we. A TIFF is turned by
    Pillow itself.
    """
    from PIL import Image

    exif = Image.Exif()
    try:
        exif.load(picture.info.get("exif") or b"")
        value = 1 if picture.format == "TIFF" else int(exif.get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - a broken EXIF block does not turn a picture
        return 1
    return value if 1 <= value <= 8 else 1


def upright(picture: PILImage.Image, turn: int) -> PILImage.Image:
    """The picture with EXIF orientation `turn` applied."""
    from PIL.Image import Transpose

    method = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }.get(turn)
    return picture if method is None else picture.transpose(method)


def eight_bits(picture: PILImage.Image) -> PILImage.Image:
    """The picture with 8 bits a channel: L, RGB, CMYK … stay; 16 and 32 bit and float become L."""
    import numpy as np
    from PIL import Image

    if not (picture.mode.startswith("I") or picture.mode == "F"):
        return picture
    values = np.asarray(picture).astype(np.float32)
    if picture.mode.startswith("I;16"):
        # Scanners and cameras put 12-bit data into 16 bits; scaled by 65535 that is a black picture with a face in it.
        low, high = 0.0, float(_TWELVE_BITS if values.max(initial=0) <= _TWELVE_BITS else 65535)
    else:
        finite = values[np.isfinite(values)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    scaled = np.nan_to_num((values - low) * (255.0 / max(high - low, 1e-9)))
    return Image.fromarray(np.clip(scaled, 0, 255).astype(np.uint8))


def has_transparency(picture: PILImage.Image) -> bool:
    """True if some pixel of the (loaded) picture may be less than opaque."""
    return "transparency" in picture.info or "A" in picture.getbands() or "a" in picture.getbands()


def flattened(picture: PILImage.Image, colour: tuple[int, int, int] = (255, 255, 255)) -> PILImage.Image:
    """The picture as RGB, its transparency laid on `colour`."""
    from PIL import Image

    if not has_transparency(picture):
        return picture if picture.mode == "RGB" else picture.convert("RGB")
    pixels = picture if picture.mode == "RGBA" else picture.convert("RGBA")
    ground = Image.new("RGB", pixels.size, colour)
    ground.paste(pixels, mask=pixels.getchannel("A"))
    return ground


def _frame(picture: PILImage.Image, long_side: int | None) -> Frame:
    turn = orientation(picture)
    width, height = _turned(picture.size, turn)
    factor = max(1, max(width, height) // long_side) if long_side else 1
    if factor > 1 and picture.format in STILL:
        picture.draft(None, (picture.width // factor, picture.height // factor))
        factor = max(1, max(picture.size) // (long_side or 1))
    picture.load()
    pixels = eight_bits(picture)
    if not has_transparency(pixels):
        return Frame(width, height, (_array(flattened(pixels), factor, turn),))
    bare = pixels if pixels.mode == "RGBA" else pixels.convert("RGBA")
    views = [_array(flattened(bare), factor, turn)]
    if bare.getchannel("A").getextrema()[0] != 255:
        views += [_array(flattened(bare, (0, 0, 0)), factor, turn), _array(bare.convert("RGB"), factor, turn)]
    return Frame(width, height, tuple(views))


def _array(picture: PILImage.Image, factor: int, turn: int) -> Pixels:
    import numpy as np

    return np.asarray(upright(picture.reduce(factor) if factor > 1 else picture, turn))


def _give_back() -> None:
    """Has glibc give back what was freed: once it has seen blocks of a large picture, it keeps them, up to 400 MB."""
    import ctypes

    with suppress(OSError, AttributeError, TypeError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)


def _turned(size: tuple[int, int], turn: int) -> tuple[int, int]:
    width, height = size
    return (height, width) if turn >= 5 else (width, height)


def _check_size(size: tuple[int, int], file_bytes: int, limits: Limits) -> None:
    pixels = size[0] * size[1]
    if pixels <= 0:
        raise UnreadablePicture(None, DAMAGED)
    if pixels > limits.pixels:
        raise UnreadablePicture(None, BOMB if pixels > _BOMB_PIXELS_PER_BYTE * file_bytes else TOO_LARGE)


def _seek(picture: PILImage.Image, index: int) -> bool:
    if picture.format in STILL:
        return False
    try:
        picture.seek(index)
    except EOFError:
        return False
    return True
