"""Stripping a JPEG takes everything but the picture, and changes nothing that one sees."""

import io
from contextlib import suppress

import canaries
import pytest
from PIL import Image, ImageCms, ImageOps

from postguard.images.strip import Damaged, Unsupported, container, strip
from postguard.images.strip.audit import audit

SECRET = b"Maja Lindqvist, 12 Orchard Road"


def shown(data: bytes) -> tuple[tuple[int, int], str, bytes]:
    with Image.open(io.BytesIO(data)) as picture:
        turned = ImageOps.exif_transpose(picture)
        return turned.size, turned.mode, turned.tobytes()


def with_tables(data: bytes, marker: int, extra: bytes) -> bytes:
    return canaries.after_soi(data, canaries.segment(marker, extra))


HIDING_PLACES = {
    "comment": canaries.after_soi(canaries.jpeg(), canaries.segment(0xFE, SECRET)),
    "exif": canaries.after_soi(
        canaries.jpeg(), canaries.segment(0xE1, b"Exif\0\0" + canaries.exif(artist=SECRET.decode()))
    ),
    "second exif": canaries.after_soi(
        canaries.jpeg(),
        canaries.segment(0xE1, b"Exif\0\0" + canaries.exif()),
        canaries.segment(0xE1, b"Exif\0\0" + canaries.exif(artist=SECRET.decode())),
    ),
    "xmp": canaries.after_soi(
        canaries.jpeg(),
        canaries.segment(0xE1, canaries.XMP_HEAD + canaries.xmp(f"<dc:creator>{SECRET.decode()}</dc:creator>")),
    ),
    "iptc": canaries.after_soi(
        canaries.jpeg(),
        canaries.segment(0xED, b"Photoshop 3.0\0" + canaries.photoshop(0x0404, canaries.iptc(2, 80, SECRET))),
    ),
    "behind the end": canaries.jpeg() + SECRET,
    "a second picture behind the end": canaries.jpeg() + canaries.jpeg(comment=SECRET),
    "between segments": canaries.after_soi(canaries.jpeg(), SECRET),
    "before the end": canaries.jpeg()[:-2] + canaries.segment(0xFE, SECRET) + b"\xff\xd9",
    "a reserved marker": canaries.after_soi(canaries.jpeg(), canaries.segment(0xF3, SECRET)),
    "a table that nothing uses": with_tables(canaries.jpeg(), 0xDB, b"\x03" + SECRET.ljust(64, b".")),
    "a table that is defined again": with_tables(canaries.jpeg(), 0xDB, b"\0" + SECRET.ljust(64, b".")),
    "a coding table that nothing uses": with_tables(
        canaries.jpeg(), 0xC4, b"\x13" + bytes((0, 0, 0, len(SECRET), *bytes(12))) + SECRET
    ),
    "a jfif header with a tail": canaries.after_soi(
        canaries.jpeg(), canaries.segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0" + SECRET)
    ),
    "jfxx": canaries.after_soi(canaries.jpeg(), canaries.segment(0xE0, b"JFXX\0\x10" + canaries.jpeg(comment=SECRET))),
    "unknown application blocks": canaries.after_soi(
        canaries.jpeg(), *(canaries.segment(marker, SECRET) for marker in range(0xE0, 0xF0))
    ),
    "between scans": canaries.jpeg(progressive=True).replace(b"\xff\xda", canaries.segment(0xFE, SECRET) + b"\xff\xda"),
    "the colour profile": canaries.jpeg(icc_profile=canaries.srgb_profile() + SECRET),
}


@pytest.mark.parametrize("place", HIDING_PLACES)
def test_a_planted_string_does_not_survive(place):
    data = HIDING_PLACES[place]
    assert SECRET in data
    stripped = strip(data)
    assert SECRET not in stripped.data
    audit(stripped.data)
    assert shown(stripped.data) == shown(canaries.jpeg())
    assert strip(stripped.data).data == stripped.data


def test_words_behind_the_last_block_of_a_scan_do_not_pass():
    data = canaries.jpeg()[:-2] + SECRET + b"\xff\xd9"
    with suppress(Unsupported):
        assert SECRET not in strip(data).data


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_picture_stays_turned_as_it_was(orientation):
    block = canaries.exif(orientation=orientation)
    data = canaries.jpeg(exif=b"Exif\0\0" + block)
    stripped = strip(data)
    assert stripped.orientation == orientation
    assert shown(stripped.data) == shown(data)
    assert b"Testphone" not in stripped.data
    audit(stripped.data)


def test_an_orientation_that_only_xmp_tells_is_kept():
    packet = canaries.xmp("<tiff:Orientation>6</tiff:Orientation>")
    data = canaries.after_soi(canaries.jpeg(), canaries.segment(0xE1, canaries.XMP_HEAD + packet))
    assert strip(data).orientation == 6
    assert shown(strip(data).data) == shown(data)


@pytest.mark.parametrize(
    "options",
    [{}, {"progressive": True}, {"subsampling": 0}, {"optimize": True}, {"restart_marker_blocks": 2}],
    ids=str,
)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_every_way_of_coding_keeps_its_pixels(options, mode):
    data = canaries.jpeg(canaries.scene(mode=mode), **options)
    stripped = strip(data)
    assert shown(stripped.data) == shown(data)
    audit(stripped.data)


def test_colours_are_moved_as_before_and_the_profile_says_nothing_of_its_maker():
    profile = canaries.srgb_profile()
    data = canaries.jpeg(icc_profile=profile)
    with Image.open(io.BytesIO(strip(data).data)) as picture:
        kept = picture.info["icc_profile"]
    lab = ImageCms.createProfile("LAB")

    def moved(icc: bytes) -> bytes:
        return ImageCms.profileToProfile(
            canaries.scene(), ImageCms.ImageCmsProfile(io.BytesIO(icc)), lab, outputMode="LAB"
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
    stripped = strip(canaries.jpeg(exif=b"Exif\0\0" + block)).data
    assert b"R03\0" in stripped
    audit(stripped)


@pytest.mark.parametrize("cut", [2, 20, 200, -300, -2])
def test_a_file_that_is_cut_off_is_refused(cut):
    with pytest.raises((Damaged, Unsupported)):
        strip(canaries.jpeg()[:cut])


def test_the_container_is_known_by_its_bytes():
    assert container(canaries.jpeg()) == "jpeg"
    assert container(canaries.png()) == "png"
    assert container(canaries.webp()) == "webp"
    assert container(b"%PDF-1.7\n") == "pdf"
    assert container(b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>') == "svg"
    assert container(b"") == "unknown"


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"<svg/>", b"", b"hello", b"II*\0\x10\0\0\0CR\2\0"])
def test_what_is_no_picture_is_refused_with_a_word_on_what_to_send(data):
    with pytest.raises(Unsupported, match="send"):
        strip(data)
