"""Cover parts of a picture beyond recovery, and tell whether a part is covered.

Blurs and mosaics can be undone: a blurred face was linked back to its original among 300 in 98–100% of trials, a solid
fill in 1% (chance). So a cover is opaque, flat, its colour chosen beforehand, and larger than what it hides.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from postguard.images.pixels import (
    Frame,
    Limits,
    eight_bits,
    flattened,
    has_transparency,
    next_frames,
    opened,
    orientation,
    upright,
)

if TYPE_CHECKING:
    from PIL import Image as PILImage

Box: TypeAlias = tuple[int, int, int, int]
Shape: TypeAlias = Literal["rectangle", "ellipse"]

GROWTH: Mapping[Shape, float] = {"rectangle": 0.3, "ellipse": 0.5}
"""Share of a box's width and height by which a cover is larger, on every side. At .3 the corners of the box lie so
near the edge of an ellipse that JPEG smears the surroundings into them: enough to link 19% of 300 faces
(bench/covers.py)."""
COLOUR = (61, 64, 69)

_FLAT_CORE = 0.66  # the part of a box that an ellipse inside it fills for certain, with a margin for JPEG's ringing
_FLAT_SPREAD = 6.0
_WEBP_QUALITY, _AVIF_QUALITY, _JPEG_QUALITY = 92, 85, 92


@dataclass(frozen=True, slots=True)
class Covered:
    """A picture file with covers, of the same kind as before, without any metadata but its colour profile.

    `boxes` are the covers in pixels as displayed; the picture needs no EXIF orientation any more.
    """

    data: bytes
    boxes: tuple[Box, ...]

    def __repr__(self) -> str:
        return f"Covered(<{len(self.data)} bytes>, boxes={len(self.boxes)})"


def grown(box: Box, shape: Shape = "rectangle") -> Box:
    """The box that a cover of that shape needs to hide it for certain; not below 0."""
    left, top, right, bottom = box
    growth = GROWTH[shape]
    x, y = -int(-(right - left) * growth // 1), -int(-(bottom - top) * growth // 1)
    return max(0, left - x), max(0, top - y), right + x, bottom + y


def cover(
    data: bytes,
    boxes: Iterable[Box],
    *,
    shape: Shape = "rectangle",
    colour: tuple[int, int, int] = COLOUR,
    limits: Limits | None = None,
) -> Covered:
    """The picture with an opaque cover over each box, in every frame.

    Boxes are pixels as displayed and are covered as given: see `grown`. Transparency is laid on white first, so that
    nothing stays under it. JPEG keeps its quantisation tables and subsampling. Raises `UnreadablePicture`, and
    ValueError where no box touches the picture.
    """
    with opened(data, limits or Limits()) as picture:
        kind = "JPEG" if picture.format == "MPO" else str(picture.format)
        painted: list[PILImage.Image] = []
        durations: list[float] = []
        kept: dict[Box, None] = {}
        how = _encoding(picture, kind, data)
        for frame in next_frames(picture, len(data), limits or Limits()):
            frame.load()
            durations.append(frame.info.get("duration", 0))
            page = _plain(frame)
            kept |= dict.fromkeys(inside for box in boxes if (inside := _inside(box, page.size)))
            _paint(page, kept, shape, colour)
            painted.append(page)
    if not kept:
        raise ValueError("no box touches the picture")
    return Covered(_encoded(painted, durations, kind, how), tuple(kept))


def is_covered(frame: Frame, box: Box) -> bool:
    """True if one flat colour fills the core of the box in that frame."""
    import numpy as np

    height, width = frame.views[0].shape[:2]
    left, top, right, bottom = box
    x, y = (left + right) / 2 * width / frame.width, (top + bottom) / 2 * height / frame.height
    half_x = (right - left) / 2 * _FLAT_CORE * width / frame.width
    half_y = (bottom - top) / 2 * _FLAT_CORE * height / frame.height
    rows = slice(max(0, round(y - half_y)), max(1, round(y + half_y)))
    columns = slice(max(0, round(x - half_x)), max(1, round(x + half_x)))
    for view in frame.views:
        core = view[rows, columns].reshape(-1, 3)
        if not len(core) or float(np.abs(core - core.mean(axis=0)).mean(axis=0).max()) > _FLAT_SPREAD:
            return False
    return True


def _plain(frame: PILImage.Image) -> PILImage.Image:
    """The frame as displayed, on pixels of its own: RGB or L, no transparency, no `info` that could be saved again."""
    from PIL import Image

    turn = orientation(frame)
    pixels = eight_bits(frame)
    if pixels.mode == "CMYK" and (profile := frame.info.get("icc_profile")):
        pixels = _from_cmyk(pixels, profile)
    if pixels.mode != "L" or has_transparency(pixels):
        pixels = flattened(pixels)
    turned = upright(pixels, turn)
    plain = Image.new(turned.mode, turned.size)
    plain.paste(turned)
    return plain


def _from_cmyk(pixels: PILImage.Image, profile: bytes) -> PILImage.Image:
    from PIL import ImageCms

    try:
        source = ImageCms.getOpenProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(pixels, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return pixels
    return converted or pixels


def _paint(page: PILImage.Image, boxes: Iterable[Box], shape: Shape, colour: tuple[int, int, int]) -> None:
    from PIL import Image, ImageDraw

    fill: Any = colour if page.mode == "RGB" else Image.new("RGB", (1, 1), colour).convert("L").getpixel((0, 0))
    draw = ImageDraw.Draw(page)
    for left, top, right, bottom in boxes:
        corners = (left, top, right - 1, bottom - 1)
        if shape == "ellipse":
            draw.ellipse(corners, fill=fill)
        else:
            draw.rectangle(corners, fill=fill)


def _inside(box: Box, size: tuple[int, int]) -> Box | None:
    left, top, right, bottom = max(0, box[0]), max(0, box[1]), min(box[2], size[0]), min(box[3], size[1])
    return (left, top, right, bottom) if left < right and top < bottom else None


def _encoding(picture: PILImage.Image, kind: str, data: bytes) -> dict[str, Any]:
    """How to write the picture so that it loses next to nothing and keeps its colours."""
    how: dict[str, Any] = {}
    if kind == "JPEG":
        from PIL import JpegImagePlugin

        sampling = JpegImagePlugin.get_sampling(picture) if picture.mode in {"RGB", "YCbCr"} else -1
        tables = getattr(picture, "quantization", None)
        if tables and picture.mode in {"RGB", "L"}:
            how |= {"qtables": [tables[key] for key in sorted(tables)][:2]}
        else:
            how |= {"quality": _JPEG_QUALITY}
        how |= {"subsampling": sampling if sampling >= 0 else 0, "progressive": bool(picture.info.get("progressive"))}
    elif kind == "WEBP":
        how |= {"lossless": True} if b"VP8L" in data[:64] else {"quality": _WEBP_QUALITY}
    elif kind == "AVIF":
        how |= {"quality": _AVIF_QUALITY}
    elif kind == "TIFF":
        how |= {"compression": "tiff_adobe_deflate"}
    profile = picture.info.get("icc_profile")
    if isinstance(profile, bytes) and profile[16:20] == (b"GRAY" if picture.mode == "L" else b"RGB "):
        how |= {"icc_profile": profile}
    if kind in {"GIF", "PNG", "WEBP"} and "loop" in picture.info:
        how |= {"loop": picture.info["loop"]}
    if picture.info.get("default_image"):
        how |= {"default_image": True}
    return how


def _encoded(pages: Sequence[PILImage.Image], durations: Sequence[float], kind: str, how: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    if len(pages) > 1:
        how = {**how, "save_all": True, "append_images": pages[1:]}
        if kind != "TIFF":
            how |= {"duration": [round(duration) for duration in durations]}
    else:
        how = {key: value for key, value in how.items() if key not in {"loop", "default_image"}}
    pages[0].save(buffer, kind, **how)
    return buffer.getvalue()
