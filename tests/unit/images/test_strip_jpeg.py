"""Stripping a JPEG takes everything but the picture, and changes nothing that one sees."""

import io

import pictures
import pytest
from PIL import Image, ImageCms, ImageOps

from postguard.images.strip import HDR, Damaged, Unsupported, container, strip
from postguard.images.strip.audit import audit

SECRET = b"Maja Lindqvist, 12 Orchard Road"


def shown(data: bytes) -> tuple[tuple[int, int], str, bytes]:
    with Image.open(io.BytesIO(data)) as picture:
        turned = ImageOps.exif_transpose(picture)
        return turned.size, turned.mode, turned.tobytes()


def with_tables(data: bytes, marker: int, extra: bytes) -> bytes:
    return pictures.after_soi(data, pictures.segment(marker, extra))


HIDING_PLACES = {
    "comment": pictures.after_soi(pictures.jpeg(), pictures.segment(0xFE, SECRET)),
    "exif": pictures.after_soi(
        pictures.jpeg(), pictures.segment(0xE1, b"Exif\0\0" + pictures.exif(artist=SECRET.decode()))
    ),
    "second exif": pictures.after_soi(
        pictures.jpeg(),
        pictures.segment(0xE1, b"Exif\0\0" + pictures.exif()),
        pictures.segment(0xE1, b"Exif\0\0" + pictures.exif(artist=SECRET.decode())),
    ),
    "xmp": pictures.after_soi(
        pictures.jpeg(),
        pictures.segment(0xE1, pictures.XMP_HEAD + pictures.xmp(f"<dc:creator>{SECRET.decode()}</dc:creator>")),
    ),
    "iptc": pictures.after_soi(
        pictures.jpeg(),
        pictures.segment(0xED, b"Photoshop 3.0\0" + pictures.photoshop(0x0404, pictures.iptc(2, 80, SECRET))),
    ),
    "behind the end": pictures.jpeg() + SECRET,
    "a second picture behind the end": pictures.jpeg() + pictures.jpeg(comment=SECRET),
    "between segments": pictures.after_soi(pictures.jpeg(), SECRET),
    "before the end": pictures.jpeg()[:-2] + pictures.segment(0xFE, SECRET) + b"\xff\xd9",
    "a reserved marker": pictures.after_soi(pictures.jpeg(), pictures.segment(0xF3, SECRET)),
    "a table that nothing uses": with_tables(pictures.jpeg(), 0xDB, b"\x03" + SECRET.ljust(64, b".")),
    "a table that is defined again": with_tables(pictures.jpeg(), 0xDB, b"\0" + SECRET.ljust(64, b".")),
    "a coding table that nothing uses": with_tables(
        pictures.jpeg(), 0xC4, b"\x13" + bytes((0, 0, 0, len(SECRET), *bytes(12))) + SECRET
    ),
    "a jfif header with a tail": pictures.after_soi(
        pictures.jpeg(), pictures.segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0" + SECRET)
    ),
    "jfxx": pictures.after_soi(pictures.jpeg(), pictures.segment(0xE0, b"JFXX\0\x10" + pictures.jpeg(comment=SECRET))),
    "unknown application blocks": pictures.after_soi(
        pictures.jpeg(), *(pictures.segment(marker, SECRET) for marker in range(0xE0, 0xF0))
    ),
    "between scans": pictures.jpeg(progressive=True).replace(b"\xff\xda", pictures.segment(0xFE, SECRET) + b"\xff\xda"),
    "the colour profile": pictures.jpeg(icc_profile=pictures.srgb_profile() + SECRET),
}


@pytest.mark.parametrize("place", HIDING_PLACES)
def test_a_planted_string_does_not_survive(place):
    data = HIDING_PLACES[place]
    assert SECRET in data
    stripped = strip(data)
    assert SECRET not in stripped.data
    audit(stripped.data)
    assert shown(stripped.data) == shown(pictures.jpeg())
    assert strip(stripped.data).data == stripped.data


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_blocks": 2}], ids=str)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_words_behind_the_last_block_of_a_scan_are_cut_off_to_the_byte(mode, options):
    clean = strip(pictures.jpeg(pictures.scene(mode=mode), **options)).data
    assert strip(clean[:-2] + SECRET + b"\xff\xd9").data == clean


def test_words_before_a_restart_marker_are_cut_off_to_the_byte():
    clean = strip(pictures.jpeg(restart_marker_blocks=8)).data
    at = clean.index(b"\xff\xd1", clean.index(b"\xff\xda"))
    assert strip(clean[:at] + SECRET + clean[at:]).data == clean


def test_words_in_arithmetic_coding_are_refused():
    data = pictures.jpeg().replace(b"\xff\xc0", b"\xff\xc9")[:-2] + SECRET + b"\xff\xd9"
    with pytest.raises(Unsupported, match="text hidden"):
        strip(data)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_picture_stays_turned_as_it_was(orientation):
    block = pictures.exif(orientation=orientation)
    data = pictures.jpeg(exif=b"Exif\0\0" + block)
    stripped = strip(data)
    assert stripped.orientation == orientation
    assert shown(stripped.data) == shown(data)
    assert b"Testphone" not in stripped.data
    audit(stripped.data)


def test_an_orientation_that_only_xmp_tells_is_kept():
    packet = pictures.xmp("<tiff:Orientation>6</tiff:Orientation>")
    data = pictures.after_soi(pictures.jpeg(), pictures.segment(0xE1, pictures.XMP_HEAD + packet))
    assert strip(data).orientation == 6
    assert shown(strip(data).data) == shown(data)


@pytest.mark.parametrize(
    "options",
    [{}, {"progressive": True}, {"subsampling": 0}, {"optimize": True}, {"restart_marker_blocks": 2}],
    ids=str,
)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_every_way_of_coding_keeps_its_pixels(options, mode):
    data = pictures.jpeg(pictures.scene(mode=mode), **options)
    stripped = strip(data)
    assert shown(stripped.data) == shown(data)
    audit(stripped.data)


def test_colours_are_moved_as_before_and_the_profile_says_nothing_of_its_maker():
    profile = pictures.srgb_profile()
    data = pictures.jpeg(icc_profile=profile)
    with Image.open(io.BytesIO(strip(data).data)) as picture:
        kept = picture.info["icc_profile"]
    lab = ImageCms.createProfile("LAB")

    def moved(icc: bytes) -> bytes:
        return ImageCms.profileToProfile(
            pictures.scene(), ImageCms.ImageCmsProfile(io.BytesIO(icc)), lab, outputMode="LAB"
        ).tobytes()

    assert moved(kept) == moved(profile)
    assert b"lcms" in profile
    assert b"lcms" not in kept


def test_adobe_rgb_by_its_interoperability_index_stays_adobe_rgb():
    block = (
        b"II*\0\x08\0\0\0"
        b"\x01\0\x69\x87\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0"
        b"\x02\0\x01\xa0\x03\0\x01\0\0\0\xff\xff\0\0\x05\xa0\x04\0\x01\0\0\0\x38\0\0\0\0\0\0\0"
        b"\x01\0\x01\0\x02\0\x04\0\0\0R03\0\0\0\0\0"
    )
    stripped = strip(pictures.jpeg(exif=b"Exif\0\0" + block)).data
    assert b"R03\0" in stripped
    audit(stripped)


@pytest.mark.parametrize("cut", [2, 20, 200, -300, -2])
def test_a_file_that_is_cut_off_is_refused(cut):
    with pytest.raises((Damaged, Unsupported)):
        strip(pictures.jpeg()[:cut])


def test_the_container_is_known_by_its_bytes():
    assert container(pictures.jpeg()) == "jpeg"
    assert container(pictures.png()) == "png"
    assert container(pictures.webp()) == "webp"
    assert container(b"%PDF-1.7\n") == "pdf"
    assert container(b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>') == "svg"
    assert container(b"") == "unknown"


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"<svg/>", b"", b"hello", b"II*\0\x10\0\0\0CR\2\0"])
def test_what_is_no_picture_is_refused_with_a_word_on_what_to_send(data):
    with pytest.raises(Unsupported, match="send"):
        strip(data)


def test_a_scan_without_data_is_refused():
    data = pictures.jpeg()
    start = data.index(b"\xff\xda")
    scan = start + 2 + int.from_bytes(data[start + 2 : start + 4], "big")
    with pytest.raises(Damaged, match="without data"):
        strip(data[:scan] + b"\xff\xd9")


def test_a_photo_with_a_gain_map_keeps_its_pixels_and_says_that_hdr_is_lost():
    sign = pictures.segment(0xE1, pictures.XMP_HEAD + pictures.xmp("<dc:format>hdrgm:Version 1.0</dc:format>"))
    photo, gain_map = (
        pictures.after_soi(data, sign) for data in (pictures.jpeg(), pictures.jpeg(pictures.scene(mode="L")))
    )
    stripped = strip(photo + gain_map)
    assert stripped.lost == (HDR,)
    assert stripped.data == strip(pictures.jpeg()).data
    assert strip(pictures.jpeg()).lost == ()


def test_twelve_bits_a_channel_are_kept():
    quantisation = pictures.segment(0xDB, b"\x10" + b"\0\1" * 64)
    frame = pictures.segment(0xC1, b"\x0c\0\x08\0\x08\1\1\x11\0")
    codes = pictures.segment(0xC4, b"\0" + b"\1" + bytes(15) + b"\0" + b"\x10" + b"\1" + bytes(15) + b"\0")
    scan = pictures.segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x3f"
    picture = quantisation + frame + codes + scan + b"\xff\xd9"
    words = pictures.segment(0xFE, b"Maja Lindqvist")
    stripped = strip(b"\xff\xd8" + words + picture).data
    assert stripped == b"\xff\xd8" + picture
    audit(stripped)
