"""Scenes with known faces, made by code from the public-domain portrait of the demo. No child's picture is used."""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files
from typing import Any

from PIL import Image, ImageDraw, ImageFilter

FACE = (178, 60, 272, 186)
"""Where the face is in the portrait of 512 × 512 pixels."""
_BUST = (140, 20, 310, 220)
_ORIENTED = {6: Image.Transpose.ROTATE_90, 3: Image.Transpose.ROTATE_180, 8: Image.Transpose.ROTATE_270}


@cache
def _portrait() -> Image.Image:
    data = files("postguard").joinpath("data/demo/portrait.jpg").read_bytes()
    return Image.open(io.BytesIO(data)).convert("RGB")


def portrait(side: int = 512) -> Image.Image:
    """The portrait, square."""
    return _portrait().resize((side, side))


def empty_room(size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A wall, a floor, a window and a table: nobody is there."""
    room = Image.linear_gradient("L").resize(size).convert("RGB").point(lambda v: 120 + v // 3)
    draw = ImageDraw.Draw(room)
    width, height = size
    draw.rectangle((0, height * 3 // 4, width, height), fill=(130, 100, 70))
    draw.rectangle((width // 8, height // 8, width // 3, height // 2), fill=(180, 210, 235), outline=(90, 80, 70))
    table = [(0.5, 0.67), (0.87, 0.67), (1.0, 0.83), (0.33, 0.83)]
    draw.polygon([(x * width, y * height) for x, y in table], fill=(100, 70, 50))
    return room.filter(ImageFilter.GaussianBlur(1))


def group(count: int, columns: int = 4, face: int = 60) -> tuple[Image.Image, list[tuple[int, int, int, int]]]:
    """So many people in rows, their faces about `face` pixels wide, and where the faces are."""
    scale = face / (FACE[2] - FACE[0])
    bust = _portrait().crop(_BUST)
    bust = bust.resize((round(bust.width * scale), round(bust.height * scale)))
    gap = face // 3
    rows = -(-count // columns)
    scene = empty_room((columns * (bust.width + gap) + gap, rows * (bust.height + gap) + gap))
    boxes = []
    for index in range(count):
        left = gap + (index % columns) * (bust.width + gap)
        top = gap + (index // columns) * (bust.height + gap)
        # Everybody looks a little different, so that nothing can be told from a repeated pattern.
        person = bust.point(lambda v, index=index: min(255, int(v * (0.8 + 0.05 * (index % 7)))))
        scene.paste(person, (left, top))
        inside = [round((FACE[i] - _BUST[i % 2]) * scale) for i in range(4)]
        boxes.append((left + inside[0], top + inside[1], left + inside[2], top + inside[3]))
    return scene, boxes


def encoded(picture: Image.Image, kind: str = "JPEG", **how: Any) -> bytes:
    """The picture as a file."""
    buffer = io.BytesIO()
    if kind == "JPEG":
        how = {"quality": 92, **how}
    picture.save(buffer, kind, **how)
    return buffer.getvalue()


def stored_turned(picture: Image.Image, orientation: int, kind: str = "JPEG") -> bytes:
    """The picture stored turned, with the EXIF orientation that turns it upright again."""
    exif = Image.Exif()
    exif[274] = orientation
    return encoded(picture.transpose(_ORIENTED[orientation]), kind, exif=exif)


def overlap(box: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> float:
    """Intersection over union."""
    width = min(box[2], other[2]) - max(box[0], other[0])
    height = min(box[3], other[3]) - max(box[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    areas = [(b[2] - b[0]) * (b[3] - b[1]) for b in (box, other)]
    return width * height / (sum(areas) - width * height)
