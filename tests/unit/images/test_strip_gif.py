"""Stripping a GIF keeps its frames, their timing and the number of rounds."""

import io

import pictures
import pytest
from PIL import Image

from postguard.images.strip import Damaged, strip
from postguard.images.strip.audit import Refused, audit
from postguard.images.strip.lzw import end_of_codes

FRAMES = [pictures.scene().rotate(angle) for angle in (0, 10, 20)]
WORDS = b"Maja Lindqvist, 12 Orchard Road"


def animation(**options):
    return pictures.gif(
        FRAMES[0], save_all=True, append_images=FRAMES[1:], duration=[100, 250, 40], loop=3, comment=WORDS, **options
    )


def shown(data):
    frames = []
    with Image.open(io.BytesIO(data)) as picture:
        for number in range(picture.n_frames):
            picture.seek(number)
            frames.append((picture.convert("RGBA").tobytes(), picture.info.get("duration"), picture.info.get("loop")))
    return frames


@pytest.mark.parametrize("options", [{}, {"transparency": 0, "disposal": 2}, {"interlace": 0}], ids=str)
def test_an_animation_keeps_its_frames_and_its_timing(options):
    data = animation(**options)
    stripped = strip(data).data
    assert WORDS in data
    assert WORDS not in stripped
    assert shown(stripped) == shown(data)
    assert len(shown(stripped)) == 3
    assert strip(stripped).data == stripped
    audit(stripped)


def test_words_behind_the_codes_of_a_frame_are_cut_off_to_the_byte():
    whole = pictures.gif()
    start = len(whole) - 1
    words = bytes((len(WORDS),)) + WORDS
    assert whole[start - 1 :] == b"\0\x3b"
    planted = whole[: start - 1] + words + b"\0\x3b"
    assert WORDS not in strip(planted).data
    assert shown(strip(planted).data) == shown(whole)


def test_codes_of_an_impossible_width_are_left_alone():
    assert end_of_codes(b"\0\1\2\3", 12, 10) == 4


def test_a_missing_end_is_added_and_a_block_cut_off_is_refused():
    data = pictures.gif()
    assert shown(strip(data[:-1]).data) == shown(data)
    with pytest.raises(Damaged):
        strip(data[:-10])


def test_the_auditor_refuses_what_the_stripper_never_writes():
    clean = strip(animation()).data
    for wrong in (clean + b"x", clean[:-1] + b"\x21\xfe\x01x\0\x3b", clean.replace(b"NETSCAPE2.0", b"NETSCAPE3.0")):
        with pytest.raises(Refused):
            audit(wrong)
