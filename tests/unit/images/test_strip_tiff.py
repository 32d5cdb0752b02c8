"""Stripping a TIFF writes its directories anew; the pixels of every page stay the same."""

import io
import struct

import pictures
import pytest
from PIL import Image, ImageOps

from postguard.images.strip import Damaged, Unsupported, strip
from postguard.images.strip.audit import Refused, audit

WORDS = "Maja Lindqvist, 12 Orchard Road"


def shown(data):
    pages = []
    with Image.open(io.BytesIO(data)) as picture:
        for number in range(picture.n_frames):
            picture.seek(number)
            turned = ImageOps.exif_transpose(picture)
            pages.append((turned.size, turned.mode, turned.tobytes()))
    return pages


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits", "zstd", "group4"])
@pytest.mark.parametrize("big", [False, True])
def test_every_way_of_packing_keeps_its_pixels(compression, big):
    picture = pictures.scene(mode="1") if compression == "group4" else pictures.scene()
    data = pictures.tiff_file(picture, compression=compression, big_tiff=big, tiffinfo={270: WORDS, 315: WORDS})
    stripped = strip(data).data
    assert WORDS.encode() in data
    assert WORDS.encode() not in stripped
    assert shown(stripped) == shown(data)
    assert strip(stripped).data == stripped
    audit(stripped)


@pytest.mark.parametrize("across", [1, 2, 5])
def test_tiles_are_kept(across):
    data = pictures.tiled_tiff(across=across) + WORDS.encode()
    stripped = strip(data).data
    assert WORDS.encode() not in stripped
    assert shown(stripped) == shown(data)
    audit(stripped)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK", "I;16", "F", "LAB"])
def test_every_kind_of_pixel_is_kept(mode):
    picture = Image.new(mode, (40, 30), 0 if mode in ("I;16", "F", "1", "L", "P") else (10, 20, 30, 40)[: len(mode)])
    if mode == "P":
        picture = pictures.scene(mode="P")
    data = pictures.tiff_file(picture)
    assert shown(strip(data).data) == shown(data)


@pytest.mark.parametrize("compression", ["raw", "packbits", "tiff_adobe_deflate"])
def test_words_behind_the_pixels_of_a_strip_are_cut_off(compression):
    data = pictures.tiff_file(compression=compression)
    at, size = (Image.open(io.BytesIO(data)).tag_v2[tag][0] for tag in (273, 279))
    head = data[8:] if compression == "raw" else data[at + size :]
    places = {tag: data.index(struct.pack("<HHI", tag, 4, 1), len(data) - len(head)) + 8 for tag in (273, 279)}
    planted = bytearray(data + data[at : at + size] + WORDS.encode())
    struct.pack_into("<I", planted, places[273], len(data))
    struct.pack_into("<I", planted, places[279], size + len(WORDS))
    assert strip(bytes(planted)).data == strip(data).data


def test_all_pages_are_kept():
    pages = [pictures.scene().rotate(angle) for angle in (0, 10, 20)]
    data = pictures.tiff_file(pages[0], save_all=True, append_images=pages[1:], compression="tiff_lzw")
    stripped = strip(data).data
    assert len(shown(stripped)) == 3
    assert shown(stripped) == shown(data)
    audit(stripped)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_picture_stays_turned_as_it_was(orientation):
    data = pictures.tiff_file(tiffinfo={274: orientation})
    stripped = strip(data)
    assert stripped.orientation == orientation
    assert shown(stripped.data) == shown(data)


def test_a_camera_raw_file_is_refused_with_a_word_on_what_to_send():
    with pytest.raises(Unsupported, match="send the JPEG"):
        strip(pictures.tiff_file(tiffinfo={50706: b"\1\4\0\0"}))


@pytest.mark.parametrize("cut", [8, 100, -1, -200])
def test_a_file_that_is_cut_off_is_refused(cut):
    with pytest.raises(Damaged):
        strip(pictures.tiff_file()[:cut] if cut > 0 else pictures.tiff_file(compression="tiff_lzw")[:cut])


def test_the_auditor_refuses_what_the_stripper_never_writes():
    clean = strip(pictures.tiff_file(compression="tiff_lzw")).data
    tagged = pictures.tiff_file(tiffinfo={270: WORDS})
    for wrong in (clean + b"xx", clean[:8] + b"\1" + clean[9:], tagged):
        with pytest.raises(Refused):
            audit(wrong)
