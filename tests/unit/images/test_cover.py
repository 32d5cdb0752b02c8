"""Covers: opaque, larger than what they hide, and nothing of the old file stays."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, JpegImagePlugin
from portraits import FACE, encoded, portrait, stored_turned

from postguard.errors import UnreadablePicture
from postguard.images.cover import COLOUR, Shape, cover, grown, is_covered
from postguard.images.pixels import frames

BOX = (60, 40, 120, 100)
PORTRAIT = portrait(256)


def pixels_of(data: bytes, index: int = 0) -> np.ndarray:
    return list(frames(data))[index].views[0].astype(int)


def covered_everywhere(data: bytes, box: tuple[int, int, int, int]) -> bool:
    return all(is_covered(frame, box) for frame in frames(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "AVIF", "GIF"])
def test_a_cover_is_one_flat_colour_and_the_rest_stays(kind: str) -> None:
    before = encoded(PORTRAIT, kind)
    result = cover(before, [BOX])
    assert result.boxes == (BOX,)
    after = pixels_of(result.data)
    left, top, right, bottom = BOX
    assert np.abs(after[top + 8 : bottom - 8, left + 8 : right - 8] - COLOUR).max() <= 6
    untouched = np.abs(after - pixels_of(before))
    untouched[top - 16 : bottom + 16, left - 16 : right + 16] = 0
    assert untouched.mean() < 2.5
    assert Image.open(io.BytesIO(result.data)).format == kind


@pytest.mark.parametrize("shape", ["rectangle", "ellipse"])
def test_two_pictures_that_differ_only_under_the_cover_become_the_same_file(shape: str) -> None:
    other = PORTRAIT.copy()
    other.paste(Image.effect_noise((40, 40), 90).convert("RGB"), (70, 50))
    for kind, how in (("PNG", {}), ("WEBP", {"lossless": True})):
        one, two = encoded(PORTRAIT, kind, **how), encoded(other, kind, **how)
        assert one != two
        assert cover(one, [grown(BOX)], shape=shape).data == cover(two, [grown(BOX)], shape=shape).data  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", ["ellipse", "smiley"])
@pytest.mark.parametrize("colour", [COLOUR, (255, 204, 51)])
def test_a_friendly_cover_leaves_no_pixel_of_the_face_s_box_as_it_was(
    shape: Shape, colour: tuple[int, int, int]
) -> None:
    noise = Image.effect_noise((256, 256), 90).convert("RGB")
    first, second = (
        pixels_of(cover(encoded(picture, "PNG"), [grown(BOX, shape)], shape=shape, colour=colour).data)
        for picture in (PORTRAIT, noise)
    )
    left, top, right, bottom = BOX
    assert (first == second)[top:bottom, left:right].all()
    drawn = {tuple(pixel) for pixel in first[top:bottom, left:right].reshape(-1, 3).tolist()}
    assert drawn <= {colour, (0, 0, 0), (255, 255, 255)}


def test_a_smiley_overwrites_every_pixel_that_the_plain_cover_does() -> None:
    plain = grown(BOX)
    noise = Image.effect_noise((256, 256), 90).convert("RGB")
    first, second = (
        pixels_of(cover(encoded(picture, "PNG"), [grown(BOX, "smiley")], shape="smiley").data)
        for picture in (PORTRAIT, noise)
    )
    assert (first == second)[plain[1] : plain[3], plain[0] : plain[2]].all()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
@pytest.mark.parametrize("side", [24, 60, 110])
@pytest.mark.parametrize("colour", [COLOUR, (255, 204, 51)])
def test_a_smiley_is_known_for_a_cover_again(kind: str, side: int, colour: tuple[int, int, int]) -> None:
    box = (70, 60, 70 + side, 60 + side * 5 // 4)
    result = cover(encoded(PORTRAIT, kind), [box], shape="smiley", colour=colour)
    assert covered_everywhere(result.data, box)
    assert not covered_everywhere(encoded(PORTRAIT, kind), box)


def test_a_smiley_smiles() -> None:
    (frame,) = frames(cover(encoded(PORTRAIT, "PNG"), [(60, 40, 140, 140)], shape="smiley").data)
    inked = (frame.views[0][40:140, 60:140] == 255).all(axis=2)
    assert 0.05 < inked.mean() < 0.3
    assert inked[:50].any()
    assert inked[50:].any()


def test_smileys_that_touch_stay_plain_and_both_are_known_again() -> None:
    boxes = [(40, 40, 120, 140), (100, 60, 180, 160)]
    result = cover(encoded(PORTRAIT, "PNG"), boxes, shape="smiley")
    assert all(covered_everywhere(result.data, box) for box in boxes)
    assert not (pixels_of(result.data)[60:140, 60:160] == 255).all(axis=2).any()


@pytest.mark.parametrize("shape", ["ellipse", "smiley"])
def test_at_the_edge_of_the_picture_the_whole_box_is_filled(shape: Shape) -> None:
    face = (0, 100, 40, 150)
    result = cover(encoded(PORTRAIT, "PNG"), [grown(face, shape)], shape=shape)
    assert (pixels_of(result.data)[100:150, 0:40] == COLOUR).all()


def test_a_box_drawn_by_hand_is_filled_to_its_corners_whatever_the_shape() -> None:
    label = (150, 20, 240, 50)
    result = cover(encoded(PORTRAIT, "PNG"), [grown(BOX, "smiley")], drawn=[label], shape="smiley")
    assert (pixels_of(result.data)[20:50, 150:240] == COLOUR).all()
    assert label in result.boxes


def test_an_ellipse_in_a_grown_box_hides_the_whole_face_box() -> None:
    result = cover(encoded(PORTRAIT, "PNG"), [grown(BOX, "ellipse")], shape="ellipse")
    left, top, right, bottom = BOX
    assert np.abs(pixels_of(result.data)[top:bottom, left:right] - COLOUR).max() == 0
    assert covered_everywhere(result.data, result.boxes[0])


@given(
    left=st.integers(0, 3000),
    top=st.integers(0, 3000),
    width=st.integers(1, 900),
    height=st.integers(1, 900),
    shape=st.sampled_from(["rectangle", "ellipse", "smiley"]),
)
def test_a_grown_box_is_larger_by_three_tenths_on_every_side(
    left: int, top: int, width: int, height: int, shape: Shape
) -> None:
    box = grown((left, top, left + width, top + height), shape)
    assert box[0] <= max(0, left - 0.3 * width)
    assert box[1] <= max(0, top - 0.3 * height)
    assert box[2] >= left + width * 1.3
    assert box[3] >= top + height * 1.3


def test_boxes_are_pixels_as_displayed_whatever_way_the_file_is_stored() -> None:
    for orientation in (3, 6, 8):
        result = cover(stored_turned(PORTRAIT, orientation), [BOX])
        assert covered_everywhere(result.data, BOX)
        assert Image.open(io.BytesIO(result.data)).size == PORTRAIT.size
        assert 274 not in Image.open(io.BytesIO(result.data)).getexif()


def test_a_jpeg_keeps_its_tables_and_subsampling() -> None:
    for quality, subsampling in ((70, 2), (95, 0)):
        before = encoded(PORTRAIT, quality=quality, subsampling=subsampling)
        old, new = (Image.open(io.BytesIO(data)) for data in (before, cover(before, [BOX]).data))
        assert isinstance(old, JpegImagePlugin.JpegImageFile)
        assert isinstance(new, JpegImagePlugin.JpegImageFile)
        assert new.quantization == old.quantization
        assert JpegImagePlugin.get_sampling(new) == JpegImagePlugin.get_sampling(old)


def test_nothing_of_the_old_file_stays_but_its_colour_profile() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[270] = "SECRETNAME"
    exif[306] = "2026:06:10 14:02:11"
    for kind in ("JPEG", "PNG", "WEBP", "TIFF"):
        how = {"comment": b"SECRETNAME"} if kind == "JPEG" else {}
        before = encoded(PORTRAIT, kind, exif=exif, icc_profile=profile, **how) + b"SECRETNAME trailer"
        after = cover(before, [BOX]).data
        assert b"SECRETNAME" in before
        assert b"SECRETNAME" not in after
        assert b"2026:06" not in after
        assert Image.open(io.BytesIO(after)).info["icc_profile"] == profile


def test_a_thumbnail_with_the_uncovered_face_does_not_stay() -> None:
    thumbnail = encoded(PORTRAIT.resize((64, 64)))
    before = encoded(PORTRAIT, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0" + thumbnail)
    assert thumbnail in before
    assert cover(before, [BOX]).data.count(b"\xff\xd8\xff") == 1


def test_transparency_is_laid_on_white_and_nothing_stays_under_it() -> None:
    hidden = PORTRAIT.convert("RGBA")
    hidden.putalpha(0)
    for kind in ("PNG", "WEBP"):
        how = {"lossless": True, "exact": True} if kind == "WEBP" else {}
        (frame,) = frames(cover(encoded(hidden, kind, **how), [BOX]).data)
        assert len(frame.views) == 1
        assert (frame.views[0][150:, 150:] == 255).all()


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_every_frame_is_covered(kind: str) -> None:
    shades = [PORTRAIT.point(lambda v, k=k: int(v * k)) for k in (1.0, 0.8, 0.6)]
    how = {} if kind == "TIFF" else {"duration": [50, 70, 90]}
    before = encoded(shades[0], kind, save_all=True, append_images=shades[1:], **how)
    result = cover(before, [BOX])
    assert len(list(frames(result.data))) == 3
    assert covered_everywhere(result.data, BOX)
    assert not covered_everywhere(before, BOX)


@pytest.mark.parametrize("mode", ["L", "CMYK", "P", "LA", "RGBA", "1"])
def test_every_mode_can_be_covered(mode: str) -> None:
    kind = {"CMYK": "JPEG", "L": "JPEG"}.get(mode, "PNG")
    result = cover(encoded(PORTRAIT.convert(mode), kind), [BOX])
    assert covered_everywhere(result.data, BOX)


def test_sixteen_bit_pictures_can_be_covered() -> None:
    deep = Image.fromarray(np.asarray(PORTRAIT.convert("L")).astype(np.uint16) * 257)
    result = cover(encoded(deep, "PNG"), [BOX])
    assert covered_everywhere(result.data, BOX)
    assert np.abs(pixels_of(result.data)[150:, :, 0] - np.asarray(PORTRAIT.convert("L"))[150:]).max() <= 1


def test_a_box_is_cut_at_the_edge_and_one_outside_is_an_error() -> None:
    data = encoded(PORTRAIT)
    assert cover(data, [(200, 200, 900, 900)]).boxes == ((200, 200, 256, 256),)
    with pytest.raises(ValueError, match="no box"):
        cover(data, [(300, 300, 400, 400)])


def test_a_face_a_wall_pattern_and_a_blur_are_no_covers() -> None:
    face = tuple(value // 2 for value in FACE)
    (frame,) = frames(encoded(PORTRAIT))
    assert not is_covered(frame, face)  # type: ignore[arg-type]
    blurred = PORTRAIT.copy()
    blurred.paste(PORTRAIT.crop(face).resize((4, 4)).resize((47, 63)), face[:2])
    (frame,) = frames(encoded(blurred))
    assert not is_covered(frame, face)  # type: ignore[arg-type]


def test_a_broken_file_is_unreadable() -> None:
    with pytest.raises(UnreadablePicture):
        cover(encoded(PORTRAIT)[:2000], [BOX])


def test_the_repr_shows_sizes_only() -> None:
    assert repr(cover(encoded(PORTRAIT), [BOX])).startswith("Covered(<")


def test_the_cover_of_a_tiny_face_is_filled_whole() -> None:
    result = cover(encoded(PORTRAIT), [(20, 133, 32, 147)], shape="ellipse")
    assert all(covered_everywhere(result.data, box) for box in result.boxes)


@settings(max_examples=25, deadline=None)
@given(
    boxes=st.lists(st.tuples(*[st.integers(0, 200)] * 2, *[st.integers(12, 90)] * 2), min_size=1, max_size=6),
    kind=st.sampled_from(["JPEG", "PNG", "WEBP"]),
    shape=st.sampled_from(["rectangle", "ellipse", "smiley"]),
)
def test_whatever_boxes_are_asked_for_all_are_covered(
    boxes: list[tuple[int, int, int, int]], kind: str, shape: str
) -> None:
    asked = [(left, top, left + width, top + height) for left, top, width, height in boxes]
    result = cover(encoded(PORTRAIT, kind), asked, shape=shape)  # type: ignore[arg-type]
    assert len(result.boxes) == len({(b[0], b[1], min(b[2], 256), min(b[3], 256)) for b in asked})
    assert all(covered_everywhere(result.data, box) for box in result.boxes)
