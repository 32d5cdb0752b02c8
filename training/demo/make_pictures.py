"""Makes the demo's pictures out of the public-domain portrait: one with planted metadata, a group, one without people.

    python training/demo/make_pictures.py

Everything planted is invented: the position is in the North Sea, the names are nobody's.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

DEMO = Path(__file__).resolve().parents[2] / "src/postguard/data/demo"
GPS, EXIF, FIRST_IFD, THUMBNAIL = 0x8825, 0x8769, 0x0201, (160, 160)


def phone_portrait(portrait: Image.Image) -> bytes:
    """The portrait as a phone would have saved it: position, time, device, caption, owner, a thumbnail with a face."""
    exif = Image.Exif()
    exif[0x010E] = "Robin Sample with the science prize"  # ImageDescription
    exif[0x010F], exif[0x0110] = "Samplephone", "Model 7"
    exif[0x013B] = "Mrs Example"  # Artist
    exif[0x0132] = "2026:06:11 10:02:44"
    exif.get_ifd(EXIF).update({0x9003: "2026:06:11 10:02:44", 0xA420: "5a4d504c450001"})
    exif.get_ifd(GPS).update({1: "N", 2: (55.0, 30.0, 12.0), 3: "E", 4: (2.0, 15.0, 36.0), 29: "2026:06:11"})
    out = io.BytesIO()
    portrait.save(out, "JPEG", quality=90, exif=exif, comment=b"Robin Sample, 5 Oak")
    return _with_thumbnail(out.getvalue(), portrait)


def _with_thumbnail(jpeg: bytes, portrait: Image.Image) -> bytes:
    """Adds a JFXX thumbnail (a small JPEG in an APP0 segment) right behind the JFIF segment or the start."""
    small = io.BytesIO()
    portrait.resize(THUMBNAIL).save(small, "JPEG", quality=70)
    body = b"JFXX\0\x10" + small.getvalue()
    segment = b"\xff\xe0" + (len(body) + 2).to_bytes(2, "big") + body
    start = 2
    if jpeg[2:4] == b"\xff\xe0":
        start += 2 + int.from_bytes(jpeg[4:6], "big")
    return jpeg[:start] + segment + jpeg[start:]


def group(portrait: Image.Image) -> bytes:
    """Four figures in a row: the head cut out of the portrait, two of them mirrored, at different sizes."""
    scene = Image.new("RGB", (1400, 700), (196, 214, 190))
    for index, size in enumerate((330, 300, 340, 310)):
        head = portrait.crop((90, 0, 390, 300)).resize((size, size), Image.Resampling.LANCZOS)
        scene.paste(ImageOps.mirror(head) if index % 2 else head, (20 + index * 345, 120 + (340 - size)))
    return _jpeg(scene)


def benches() -> bytes:
    """Nobody in view: jars on a bench."""
    scene = Image.new("RGB", (900, 600), (232, 226, 214))
    draw = ImageDraw.Draw(scene)
    draw.rectangle((0, 420, 900, 600), fill=(150, 110, 70))
    for index, colour in enumerate(((190, 40, 60), (230, 150, 30), (60, 120, 190), (80, 160, 80))):
        left = 90 + index * 200
        draw.rectangle((left, 210, left + 110, 420), fill=(245, 245, 245), outline=(90, 90, 90), width=4)
        draw.rectangle((left + 6, 300, left + 104, 414), fill=colour)
    return _jpeg(scene)


def _jpeg(scene: Image.Image) -> bytes:
    out = io.BytesIO()
    scene.save(out, "JPEG", quality=88)
    return out.getvalue()


def main() -> None:
    portrait = Image.open(DEMO / "portrait.jpg").convert("RGB")
    for name, data in {
        "phone-portrait.jpg": phone_portrait(portrait),
        "group.jpg": group(portrait),
        "benches.jpg": benches(),
    }.items():
        (DEMO / name).write_bytes(data)
        print(name, len(data), "bytes")


if __name__ == "__main__":
    main()
