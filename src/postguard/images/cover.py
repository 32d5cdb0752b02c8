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
    STILL,
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
    from PIL import ImageDraw

    from postguard.images.pixels import Pixels

Box: TypeAlias = tuple[int, int, int, int]
Shape: TypeAlias = Literal["rectangle", "ellipse", "smiley"]

GROWTH: Mapping[Shape, float] = {"rectangle": 0.3, "ellipse": 0.5, "smiley": 0.65}
"""Share of a box's width and height by which a cover is larger, on every side. At .3 the corners of the box lie so
near the edge of an ellipse that JPEG smears the surroundings into them: enough to link 19% of 300 faces
(bench/covers.py). A smiley is an ellipse that reaches around the whole rectangle."""
COLOUR = (61, 64, 69)

_FLAT_CORE = 0.66  # the part of a box that an ellipse inside it fills for certain, with a margin for JPEG's ringing
_FLAT_SPREAD = 6.0
_SMALLEST_ELLIPSE = 16
"""Pixels of the shorter side of a cover that is round. JPEG stores colour in blocks of that size and smears what is
around a smaller one into it (of 4,744 ellipses of 12 to 15 pixels 31 were not flat after it, of 18,518 larger none)."""
_SMALLEST_SMILEY = 48
"""Pixels of the shorter side of a cover that is drawn on. A smaller one stays plain."""
_INK_EDGE = 3
"""Pixels on both sides of an edge of the drawing that JPEG smears."""
_BLACK, _LIGHT, _WHITE = 0, 127, 255
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
    """The box that a cover of that shape needs to hide it for certain; it may reach over the edges of the picture."""
    left, top, right, bottom = box
    growth = GROWTH[shape]
    x, y = -int(-(right - left) * growth // 1), -int(-(bottom - top) * growth // 1)
    return left - x, top - y, right + x, bottom + y


def cover(
    data: bytes,
    boxes: Iterable[Box],
    *,
    drawn: Iterable[Box] = (),
    shape: Shape = "rectangle",
    colour: tuple[int, int, int] = COLOUR,
    limits: Limits | None = None,
) -> Covered:
    """The picture with an opaque cover of that shape in each box, and over the whole of each box `drawn` by hand, in
    every frame.

    Boxes are pixels as displayed: see `grown`. One that reaches over the edge of the picture is filled whole: an
    ellipse in what is left of it would not hide the face; so is a tiny one. Transparency is laid on white first, so
    that nothing stays under it. JPEG keeps its quantisation tables and subsampling. Raises `UnreadablePicture`, and
    ValueError where no box touches the picture.
    """
    asked: dict[Box, Shape] = {**dict.fromkeys(boxes, shape), **dict.fromkeys(drawn, "rectangle")}
    with opened(data, limits or Limits()) as picture:
        kind = "JPEG" if picture.format == "MPO" else str(picture.format)
        painted: list[PILImage.Image] = []
        durations: list[float] = []
        kept: dict[Box, Shape] = {}
        how = _encoding(picture, kind, data)
        for frame in next_frames(picture, len(data), limits or Limits()):
            frame.load()
            durations.append(frame.info.get("duration", 0))
            page = _plain(frame)
            for box, its_shape in asked.items():
                if inside := _inside(box, page.size):
                    tiny = min(box[2] - box[0], box[3] - box[1]) < _SMALLEST_ELLIPSE
                    kept[inside] = "rectangle" if tiny or inside != box else its_shape
            _paint(page, kept, colour)
            painted.append(page)
    # The decoded file is let go before the new one is written: 50 megapixels take 200 MB.
    del picture, frame
    if not kept:
        raise ValueError("no box touches the picture")
    return Covered(_encoded(painted, durations, kind, how), tuple(kept))


def is_covered(frame: Frame, box: Box) -> bool:
    """True if one flat colour fills the core of the box in that frame, or a smiley on one."""
    height, width = frame.views[0].shape[:2]
    left, top, right, bottom = box
    x, y = (left + right) / 2 * width / frame.width, (top + bottom) / 2 * height / frame.height
    half_x = (right - left) / 2 * _FLAT_CORE * width / frame.width
    half_y = (bottom - top) / 2 * _FLAT_CORE * height / frame.height
    rows = slice(max(0, round(y - half_y)), max(1, round(y + half_y)))
    columns = slice(max(0, round(x - half_x)), max(1, round(x + half_x)))
    cores = [view[rows, columns] for view in frame.views]
    if all(_flat(core.reshape(-1, 3)) for core in cores):
        return True
    corner = round(left * width / frame.width), round(top * height / frame.height)
    size = round((right - left) * width / frame.width), round((bottom - top) * height / frame.height)
    drawing = _smile(size)[rows.start - corner[1] : rows.stop - corner[1], columns.start - corner[0] :]
    return all(_smiles(core, drawing[:, : core.shape[1]]) for core in cores)


def _flat(colours: Pixels) -> bool:
    """True if the pixels, shape (n, 3), are of one colour but for what JPEG does to it."""
    import numpy as np

    return len(colours) > 0 and float(np.abs(colours - colours.mean(axis=0)).mean(axis=0).max()) <= _FLAT_SPREAD


def _smiles(core: Pixels, drawing: Pixels) -> bool:
    """True if the core is flat where the drawing is, and flat around it."""
    return (
        core.shape[:2] == drawing.shape
        and _flat(core[drawing == _BLACK])
        and (not (drawing == _WHITE).any() or _flat(core[drawing == _WHITE]))
    )


def _smile(size: tuple[int, int]) -> Pixels:
    """Where a smiley of that width and height is drawn on: white; where not: black; grey along the edges."""
    import numpy as np
    from PIL import Image, ImageDraw, ImageFilter

    mask = Image.new("L", (max(1, size[0]), max(1, size[1])), _BLACK)
    _draw_smile(ImageDraw.Draw(mask), (0, 0, *size), _WHITE)
    around = 2 * _INK_EDGE + 1
    inside = np.asarray(mask.filter(ImageFilter.MinFilter(around)))
    outside = np.asarray(mask.filter(ImageFilter.MaxFilter(around)))
    return np.where(inside == outside, inside, _LIGHT).astype(np.uint8)


def _plain(frame: PILImage.Image) -> PILImage.Image:
    """The frame as displayed: RGB or L, no transparency, no `info` that could be saved again.

    It has pixels of its own but for a JPEG, of which there is one frame: 50 megapixels are not copied for nothing.
    """
    turn = orientation(frame)
    pixels = eight_bits(frame)
    if pixels.mode == "CMYK" and (profile := frame.info.get("icc_profile")):
        pixels = _from_cmyk(pixels, profile)
    if pixels.mode != "L" or has_transparency(pixels):
        pixels = flattened(pixels)
    turned = upright(pixels, turn)
    plain = turned.copy() if turned is frame and frame.format not in STILL else turned
    plain.info = {}
    return plain


def _from_cmyk(pixels: PILImage.Image, profile: bytes) -> PILImage.Image:
    from PIL import ImageCms

    try:
        source = ImageCms.getOpenProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(pixels, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return pixels
    return converted or pixels


def _paint(page: PILImage.Image, boxes: Mapping[Box, Shape], colour: tuple[int, int, int]) -> None:
    from PIL import Image, ImageDraw

    grey: Any = Image.new("RGB", (1, 1), colour).convert("L").getpixel((0, 0))
    ink = _BLACK if grey > _LIGHT else _WHITE
    draw = ImageDraw.Draw(page)
    for (left, top, right, bottom), shape in boxes.items():
        fill, corners = grey if page.mode == "L" else colour, (left, top, right - 1, bottom - 1)
        if shape == "rectangle":
            draw.rectangle(corners, fill=fill)
        else:
            draw.ellipse(corners, fill=fill)
    for box, shape in boxes.items():
        large = min(box[2] - box[0], box[3] - box[1]) >= _SMALLEST_SMILEY
        # Where covers touch they stay plain: a drawing cut by another would not be known for one again.
        if shape == "smiley" and large and not any(_touch(box, other) for other in boxes if other != box):
            _draw_smile(draw, box, ink if page.mode == "L" else (ink, ink, ink))


def _touch(box: Box, other: Box) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


def _draw_smile(draw: ImageDraw.ImageDraw, box: Box, ink: Any) -> None:
    """Two eyes and a mouth, hard-edged, inside the ellipse in the box."""
    x, y, half_x, half_y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, (box[2] - box[0]) / 2, (box[3] - box[1]) / 2

    def at(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        return x + left * half_x, y + top * half_y, x + right * half_x, y + bottom * half_y

    draw.ellipse(at(-0.39, -0.38, -0.21, -0.08), fill=ink)
    draw.ellipse(at(0.21, -0.38, 0.39, -0.08), fill=ink)
    draw.chord(at(-0.5, -0.3, 0.5, 0.6), 20, 160, fill=ink)


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
