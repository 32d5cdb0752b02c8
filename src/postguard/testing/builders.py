"""Drafts and pictures for tests, made by code. Faces are pasted from the public-domain portrait that the demo ships."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from postguard.model import Draft, Image

if TYPE_CHECKING:
    from PIL import Image as Pillow

NOW = datetime.fromisoformat("2026-06-10T12:00:00+01:00")
"""What the clock says in tests: a Wednesday in term, at noon in London."""

_FACE_WIDTH = 94
"""Pixels between the ears in the portrait."""
_BUST = (140, 20, 310, 220)
_EXTENSIONS = {"jpeg": "jpg", "png": "png", "webp": "webp", "tiff": "tif", "gif": "gif"}


def draft(text: str = "Our new reading corner is finished. Thank you to everybody who helped.", **fields: Any) -> Draft:
    """A draft; the keywords are those of `Draft`.

    For short tests `images` may be one picture, and `publish_at`, also in `history`, a string such as
    "2026-06-10T15:30".
    """
    images = fields.pop("images", ())
    at = fields.pop("publish_at", None)
    history: Iterable[tuple[Any, str]] = fields.pop("history", ())
    return Draft(
        text,
        images=(images,) if isinstance(images, Image) else tuple(images),
        publish_at=_moment(at),
        history=tuple((_moment(then) or NOW, said) for then, said in history),
        **fields,
    )


def _moment(at: datetime | str | None) -> datetime | None:
    return datetime.fromisoformat(at) if isinstance(at, str) else at


def photo(
    *,
    faces: int = 0,
    gps: tuple[float, float] | None = None,
    caption: str = "",
    time: datetime | str | None = None,
    size: tuple[int, int] = (640, 480),
    format: str = "jpeg",  # noqa: A002 - the word that picture libraries use
    **fields: Any,
) -> Image:
    """A drawn room with so many people in it, as a picture of a draft.

    `faces` people look at the camera; their faces are at least 40 pixels wide. `gps` (latitude, longitude in
    degrees), `caption` and `time` are written into the file's EXIF as a phone would. `size` is (width, height) in
    pixels, `format` one of jpeg, png, webp, tiff, gif; a GIF holds a caption only. Further keywords are those of
    `Image`: `name`, `alt`, `subjects`, … Raises ValueError where the people don't fit or the format can't hold what
    is asked for.
    """
    if format not in _EXTENSIONS:
        raise ValueError(f"format: one of {', '.join(_EXTENSIONS)}")
    how: dict[str, Any] = {"jpeg": {"quality": 92}, "webp": {"quality": 92}}.get(format, {})
    if format == "gif":
        if gps or time:
            raise ValueError("a GIF has no place for gps and time")
        how |= {"comment": caption.encode()} if caption else {}
    elif gps or caption or time:
        how["exif"] = _exif(gps, caption, _moment(time))
    if "data" not in fields:
        out = io.BytesIO()
        _scene(size, faces).save(out, format, **how)
        fields["data"] = out.getvalue()
    return Image(**{"name": f"photo.{_EXTENSIONS[format]}", **fields})


def _exif(gps: tuple[float, float] | None, caption: str, time: datetime | None) -> Pillow.Exif:
    from PIL import ExifTags
    from PIL import Image as Pillow

    exif = Pillow.Exif()
    if caption:
        exif[ExifTags.Base.ImageDescription] = caption
    if time:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = f"{time:%Y:%m:%d %H:%M:%S}"
    if gps:
        latitude, longitude = gps
        exif.get_ifd(ExifTags.IFD.GPSInfo).update(
            {
                ExifTags.GPS.GPSLatitudeRef: "S" if latitude < 0 else "N",
                ExifTags.GPS.GPSLatitude: _degrees(latitude),
                ExifTags.GPS.GPSLongitudeRef: "W" if longitude < 0 else "E",
                ExifTags.GPS.GPSLongitude: _degrees(longitude),
            }
        )
    return exif


def _degrees(angle: float) -> tuple[float, float, float]:
    """Degrees, minutes and seconds, all positive."""
    whole, rest = divmod(abs(angle), 1)
    minutes, rest = divmod(rest * 60, 1)
    return whole, minutes, round(rest * 60, 3)


def _scene(size: tuple[int, int], people: int) -> Pillow.Image:
    from PIL import Image as Pillow
    from PIL import ImageDraw, ImageFilter

    width, height = size
    room = Pillow.linear_gradient("L").resize(size).convert("RGB").point(lambda value: 120 + value // 3)
    draw = ImageDraw.Draw(room)
    draw.rectangle((0, height * 3 // 4, width, height), fill=(130, 100, 70))
    draw.rectangle((width // 8, height // 8, width // 3, height // 2), fill=(180, 210, 235), outline=(90, 80, 70))
    room = room.filter(ImageFilter.GaussianBlur(1))
    if not people:
        return room
    bust, columns, rows = _fitting(size, people)
    cell = width // columns, height // rows
    for index in range(people):
        # Everybody looks a little different, so that nothing can be told from a repeated pattern.
        person = bust.point(lambda value, brightness=0.85 + 0.05 * (index % 6): min(255, int(value * brightness)))
        left = (index % columns) * cell[0] + (cell[0] - bust.width) // 2
        top = (index // columns) * cell[1] + (cell[1] - bust.height) // 2
        room.paste(person, (left, top))
    return room


def _fitting(size: tuple[int, int], people: int) -> tuple[Pillow.Image, int, int]:
    """One person as large as lets all of them stand in the picture, and the columns and rows they stand in."""
    width, height = size
    bust = _portrait().crop(_BUST)
    scale, columns = max(
        (min(width / columns / (bust.width * 1.1), height / -(-people // columns) / (bust.height * 1.1)), columns)
        for columns in range(1, people + 1)
    )
    scale = min(scale, 1.5)
    if scale * _FACE_WIDTH < 40:
        raise ValueError("so many people don't fit into a picture of that size")
    person = bust.resize((round(bust.width * scale), round(bust.height * scale)))
    return person, columns, -(-people // columns)


@cache
def _portrait() -> Pillow.Image:
    from PIL import Image as Pillow

    data = files("postguard").joinpath("data/demo/portrait.jpg").read_bytes()
    return Pillow.open(io.BytesIO(data)).convert("RGB")
