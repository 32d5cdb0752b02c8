"""Stripping a WebP, animated or not, takes everything but the picture."""

import io

import pictures
import pytest
from PIL import Image, ImageOps

from postguard.images.strip import Damaged, Unsupported, strip
from postguard.images.strip.audit import audit

SECRET = b"Maja Lindqvist, 12 Orchard Road"


def shown(data: bytes) -> list[tuple[tuple[int, int], bytes, object, object]]:
    frames = []
    with Image.open(io.BytesIO(data)) as picture:
        for number in range(picture.n_frames):
            picture.seek(number)
            picture.load()
            turned = ImageOps.exif_transpose(picture.convert("RGBA"))
            frames.append((turned.size, turned.tobytes(), picture.info.get("duration"), picture.info.get("loop")))
    return frames


def planted(data: bytes, kind: bytes, payload: bytes) -> bytes:
    return pictures.riff(data[12:] + pictures.riff_chunk(kind, payload))


def animation() -> bytes:
    frames = [pictures.scene().rotate(angle) for angle in (0, 10, 20)]
    return pictures.webp(frames[0], save_all=True, append_images=frames[1:], duration=[100, 250, 40], loop=3)


def planted_in_frame(data: bytes) -> bytes:
    at = data.index(b"ANMF")
    size = int.from_bytes(data[at + 4 : at + 8], "little")
    frame = data[at + 8 : at + 8 + size] + pictures.riff_chunk(b"JUNK", SECRET)
    return pictures.riff(data[12:at] + pictures.riff_chunk(b"ANMF", frame) + data[at + 8 + size + (size & 1) :])


EXTENDED = pictures.webp(exif=pictures.exif())
HIDING_PLACES = {
    "exif": pictures.webp(exif=pictures.exif(artist=SECRET.decode())),
    "xmp": pictures.webp(xmp=pictures.xmp(f"<dc:title>{SECRET.decode()}</dc:title>")),
    "an unknown chunk": planted(EXTENDED, b"JUNK", SECRET),
    "an unknown chunk in a plain file": planted(pictures.webp(), b"JUNK", SECRET),
    "a second exif": planted(EXTENDED, b"EXIF", SECRET),
    "the profile": pictures.webp(icc_profile=pictures.srgb_profile() + SECRET),
    "inside a frame": planted_in_frame(animation()),
    "behind the end": EXTENDED + SECRET,
}


@pytest.mark.parametrize("place", HIDING_PLACES)
def test_a_planted_string_does_not_survive(place):
    data = HIDING_PLACES[place]
    assert SECRET in data
    stripped = strip(data)
    assert SECRET not in stripped.data
    audit(stripped.data)
    assert shown(stripped.data) == shown(data)
    assert strip(stripped.data).data == stripped.data


@pytest.mark.parametrize("options", [{"lossless": True}, {"lossless": False, "quality": 60}], ids=str)
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_every_way_of_coding_keeps_its_pixels(mode, options):
    picture = pictures.scene(mode=mode)
    if mode == "RGBA":
        picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    data = pictures.webp(picture, exif=pictures.exif(), **options)
    stripped = strip(data).data
    assert shown(stripped) == shown(data)
    audit(stripped)


def test_an_animation_keeps_its_frames_and_its_timing():
    stripped = strip(animation()).data
    assert shown(stripped) == shown(animation())
    assert len(shown(stripped)) == 3
    audit(stripped)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_picture_stays_turned_as_it_was(orientation):
    data = pictures.webp(exif=pictures.exif(orientation=orientation))
    stripped = strip(data)
    assert stripped.orientation == orientation
    assert shown(stripped.data) == shown(data)
    audit(stripped.data)


@pytest.mark.parametrize("lossless", [True, False])
def test_words_behind_the_codes_of_a_picture_are_refused(lossless):
    data = pictures.webp(lossless=lossless)
    size = int.from_bytes(data[16:20], "little")
    planted = pictures.riff(pictures.riff_chunk(data[12:16], data[20 : 20 + size] + SECRET))
    assert shown(planted) == shown(data)
    with pytest.raises(Unsupported, match="text hidden"):
        strip(planted)


@pytest.mark.parametrize("cut", [12, 20, 40, -30])
def test_a_file_that_is_cut_off_is_refused(cut):
    with pytest.raises(Damaged):
        strip(pictures.webp()[:cut])


@pytest.mark.parametrize("flags", [0x00, 0x2C, 0xC1, 0xFD])
def test_flags_that_do_not_fit_are_written_anew(flags):
    data = pictures.webp(exif=pictures.exif(orientation=6))
    assert data[12:16] == b"VP8X"
    wrong = data[:20] + bytes((flags & ~0x12, 0xFF, 0xFF, 0xFF)) + data[24:]
    assert strip(wrong).data == strip(data).data
