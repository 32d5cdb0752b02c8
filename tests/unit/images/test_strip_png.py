"""Stripping a PNG, animated or not, takes everything but the picture."""

import io
import zlib

import pictures
import pytest
from PIL import Image, ImageOps

from postguard.images.strip import Damaged, strip
from postguard.images.strip.audit import audit

SECRET = b"Maja Lindqvist, 12 Orchard Road"


def shown(data: bytes) -> list[tuple[tuple[int, int], bytes, object]]:
    frames = []
    with Image.open(io.BytesIO(data)) as picture:
        for number in range(getattr(picture, "n_frames", 1)):
            picture.seek(number)
            frames.append(
                (picture.size, ImageOps.exif_transpose(picture.convert("RGBA")).tobytes(), picture.info.get("duration"))
            )
    return frames


def with_chunk(data: bytes, kind: bytes, payload: bytes, *, before: bytes = b"IDAT") -> bytes:
    at = data.index(before) - 4
    return data[:at] + pictures.chunk(kind, payload) + data[at:]


def longer_image_data(data: bytes) -> bytes:
    at = data.index(b"IDAT")
    size = int.from_bytes(data[at - 4 : at], "big")
    return data[: at - 4] + pictures.chunk(b"IDAT", data[at + 4 : at + 4 + size] + SECRET) + data[at + 8 + size :]


PLAIN = pictures.png()
TEXTS = {
    b"tEXt": b"Author\0" + SECRET,
    b"zTXt": b"Comment\0\0" + zlib.compress(SECRET, 0),
    b"iTXt": b"Description\0\0\0en\0\0" + SECRET,
    b"eXIf": pictures.exif(artist=SECRET.decode()),
    b"prVt": SECRET,
    b"prVT": SECRET,
    b"sPLT": SECRET + b"\0\x08" + bytes(6),
    b"iCCP": SECRET + b"\0\0" + zlib.compress(pictures.srgb_profile()),
}
HIDING_PLACES = {
    **{f"{kind.decode()} before": with_chunk(PLAIN, kind, value) for kind, value in TEXTS.items()},
    **{f"{kind.decode()} behind": with_chunk(PLAIN, kind, value, before=b"IEND") for kind, value in TEXTS.items()},
    "behind the image data": longer_image_data(PLAIN),
    "behind the end": PLAIN + SECRET,
}


@pytest.mark.parametrize("place", HIDING_PLACES)
def test_a_planted_string_does_not_survive(place):
    data = HIDING_PLACES[place]
    assert SECRET in data
    stripped = strip(data)
    assert SECRET not in stripped.data
    audit(stripped.data)
    assert shown(stripped.data) == shown(PLAIN)
    assert strip(stripped.data).data == stripped.data


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_pixel_is_kept(mode):
    picture = pictures.scene().convert("I").convert("I;16") if mode == "I;16" else pictures.scene(mode=mode)
    options = {"transparency": 3} if mode == "P" else {}
    data = pictures.png(picture, **options)
    with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(strip(data).data)) as after:
        assert (before.mode, before.tobytes(), before.info.get("transparency")) == (
            after.mode,
            after.tobytes(),
            after.info.get("transparency"),
        )


def test_an_animation_keeps_its_frames_and_its_timing():
    frames = [pictures.scene().rotate(angle) for angle in (0, 10, 20)]
    data = pictures.png(frames[0], save_all=True, append_images=frames[1:], duration=[100, 250, 40], loop=3)
    data = with_chunk(data, b"tEXt", b"Comment\0" + SECRET)
    stripped = strip(data).data
    assert shown(stripped) == shown(data)
    assert [frame[2] for frame in shown(stripped)] == [100, 250, 40]
    with Image.open(io.BytesIO(stripped)) as picture:
        assert picture.info["loop"] == 3
    audit(stripped)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_picture_stays_turned_as_it_was(orientation):
    data = pictures.png(exif=pictures.exif(orientation=orientation))
    stripped = strip(data)
    assert stripped.orientation == orientation
    assert shown(stripped.data) == shown(data)
    audit(stripped.data)


def test_a_picture_of_impossible_size_is_refused_without_being_unpacked():
    header = b"\xc3\x50".rjust(4, b"\0") * 2 + b"\x08\x06\0\0\0"
    data = PLAIN[:8] + pictures.chunk(b"IHDR", header) + PLAIN[33:]
    with pytest.raises(ValueError, match="too large"):
        strip(data)


def test_more_rows_than_the_picture_has_are_refused():
    at = PLAIN.index(b"IDAT")
    size = int.from_bytes(PLAIN[at - 4 : at], "big")
    rows = zlib.decompress(PLAIN[at + 4 : at + 4 + size]) + SECRET
    data = PLAIN[: at - 4] + pictures.chunk(b"IDAT", zlib.compress(rows)) + PLAIN[at + 8 + size :]
    with pytest.raises(Damaged, match="more in it"):
        strip(data)


@pytest.mark.parametrize("cut", [8, 30, 60, -20, -1])
def test_a_file_that_is_cut_off_is_refused(cut):
    with pytest.raises(Damaged):
        strip(PLAIN[:cut])
