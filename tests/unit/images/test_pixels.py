"""Decoding: bounded, oriented, and nothing hidden from who looks."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from portraits import empty_room, encoded, stored_turned

from postguard.errors import UnreadablePicture
from postguard.images import pixels
from postguard.images.pixels import Limits, displayed_size, frames, kind_of

ROOM = empty_room((120, 80))
STILL_KINDS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF")


def only(data: bytes, **how: object) -> pixels.Frame:
    (frame,) = frames(data, **how)  # type: ignore[arg-type]
    return frame


def reason(data: bytes, **how: object) -> str:
    with pytest.raises(UnreadablePicture) as caught:
        list(frames(data, **how))  # type: ignore[arg-type]
    return caught.value.reason


def png_header(width: int, height: int) -> bytes:
    """A PNG that declares a size and holds next to nothing."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", STILL_KINDS)
def test_every_kind_is_told_by_its_first_bytes_and_decoded(kind: str) -> None:
    data = encoded(ROOM, kind)
    frame = only(data)
    assert kind_of(data) == kind
    assert (frame.width, frame.height) == (120, 80)
    assert frame.views[0].shape == (80, 120, 3)
    assert frame.views[0].dtype == np.uint8
    assert np.abs(frame.views[0].astype(int) - np.asarray(ROOM)).mean() < 12


def test_an_empty_file_is_empty() -> None:
    assert reason(b"") == pixels.EMPTY


@pytest.mark.parametrize("data", [b"%PDF-1.7 ...", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\0" * 64, b"hello"])
def test_what_is_no_known_picture_is_of_a_kind_that_nobody_checks(data: bytes) -> None:
    assert reason(data) == pixels.UNSUPPORTED


@pytest.mark.parametrize("kind", STILL_KINDS)
def test_a_file_cut_in_half_is_damaged(kind: str) -> None:
    data = encoded(ROOM, kind)
    assert reason(data[: len(data) // 2]) == pixels.DAMAGED


def test_a_png_of_fifty_thousand_squared_is_a_bomb_and_costs_nothing() -> None:
    assert reason(png_header(50_000, 50_000)) == pixels.BOMB


def test_a_size_over_the_limit_is_too_large_before_anything_is_decoded() -> None:
    noise = Image.effect_noise((300, 300), 90)
    assert reason(encoded(noise), limits=Limits(pixels=300 * 300 - 1)) == pixels.TOO_LARGE
    assert only(encoded(noise), limits=Limits(pixels=300 * 300)).width == 300


def test_every_frame_of_an_animation_is_given() -> None:
    shades = [Image.new("RGB", (40, 30), (value, value, value)) for value in (0, 90, 180, 250)]
    for kind in ("GIF", "WEBP", "PNG", "TIFF"):
        data = encoded(shades[0], kind, save_all=True, append_images=shades[1:])
        means = [float(frame.views[0].mean()) for frame in frames(data)]
        assert means == pytest.approx([0, 90, 180, 250], abs=4), kind


def test_more_frames_than_the_limit_can_not_be_checked() -> None:
    shades = [Image.new("L", (8, 8), value) for value in range(0, 250, 2)]
    data = encoded(shades[0], "GIF", save_all=True, append_images=shades[1:])
    assert reason(data) == pixels.TOO_MANY_FRAMES
    assert len(list(frames(data, limits=Limits(frames=125)))) == 125


def test_all_frames_together_have_a_limit_too() -> None:
    shades = [Image.new("L", (100, 100), value) for value in (0, 90, 180)]
    data = encoded(shades[0], "GIF", save_all=True, append_images=shades[1:])
    assert reason(data, limits=Limits(pixels=10_000, all_pixels=20_000)) == pixels.TOO_LARGE


def test_pages_of_a_tiff_keep_their_own_size() -> None:
    data = encoded(ROOM, "TIFF", save_all=True, append_images=[ROOM.resize((60, 90))])
    assert [(frame.width, frame.height) for frame in frames(data)] == [(120, 80), (60, 90)]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_orientation_is_honoured_in_every_format(kind: str, orientation: int) -> None:
    data = stored_turned(ROOM, orientation, kind)
    frame = only(data)
    assert displayed_size(data) == (frame.width, frame.height) == (120, 80)
    assert np.abs(frame.views[0].astype(int) - np.asarray(ROOM)).mean() < 8


def test_a_broken_exif_block_turns_nothing() -> None:
    assert only(encoded(ROOM, exif=b"Exif\0\0II*\0\xff\xff\xff\xff")).width == 120


def test_an_orientation_that_only_xmp_gives_turns_nothing_as_in_a_browser() -> None:
    packet = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><r tiff:Orientation="6"/></x:xmpmeta>'
    assert only(encoded(ROOM, xmp=packet)).width == 120


def test_a_large_jpeg_is_reduced_while_it_is_decoded_but_never_below_what_is_asked() -> None:
    data = encoded(ROOM.resize((1000, 600)))
    frame = only(data, long_side=240)
    assert (frame.width, frame.height) == (1000, 600)
    assert 240 <= frame.views[0].shape[1] <= 480
    assert np.abs(frame.views[0].mean() - np.asarray(ROOM).mean()) < 3
    assert only(encoded(ROOM.resize((1000, 600)), "PNG"), long_side=240).views[0].shape[:2] == (150, 250)
    assert only(data, long_side=5000).views[0].shape[:2] == (600, 1000)


def test_a_picture_of_many_megapixels_is_whole_after_its_memory_was_given_back() -> None:
    (frame,) = frames(encoded(Image.new("RGB", (4200, 4000), (10, 200, 30)), "PNG"), long_side=1600)
    assert (frame.width, frame.height) == (4200, 4000)
    assert frame.views[0].shape == (2000, 2100, 3)
    assert (frame.views[0] == (10, 200, 30)).all()


def test_cmyk_becomes_rgb() -> None:
    frame = only(encoded(ROOM.convert("CMYK")))
    assert np.abs(frame.views[0].astype(int) - np.asarray(ROOM)).mean() < 12


@pytest.mark.parametrize("depth", [4095, 65535])
def test_sixteen_bits_of_grey_keep_their_shades(depth: int) -> None:
    ramp = np.tile(np.linspace(0, depth, 64).astype(np.uint16), (8, 1))
    for kind in ("PNG", "TIFF"):
        shown = only(encoded(Image.fromarray(ramp), kind)).views[0][0, :, 0].astype(int)
        assert np.abs(shown - np.linspace(0, 255, 64)).max() <= 2


def test_float_pixels_are_stretched_to_what_can_be_seen() -> None:
    ramp = np.tile(np.linspace(-3, 7, 64, dtype=np.float32), (8, 1))
    shown = only(encoded(Image.fromarray(ramp), "TIFF")).views[0]
    assert shown.min() == 0
    assert shown.max() == 255


def test_a_palette_is_resolved() -> None:
    frame = only(encoded(ROOM.quantize(64), "PNG"))
    assert np.abs(frame.views[0].astype(int) - np.asarray(ROOM)).mean() < 8


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_what_transparency_hides_is_laid_bare(kind: str) -> None:
    hidden = ROOM.convert("RGBA")
    hidden.putalpha(0)
    on_white, on_black, bare = only(encoded(hidden, kind)).views
    assert on_white.min() == 255
    assert on_black.max() == 0
    assert np.array_equal(bare, np.asarray(ROOM))


def test_what_only_the_alpha_channel_draws_is_seen_on_one_ground_or_the_other() -> None:
    drawn = Image.new("RGBA", ROOM.size, "white")
    drawn.putalpha(ROOM.convert("L"))
    on_white, on_black, _ = only(encoded(drawn, "PNG")).views
    assert on_white.std() == 0
    assert on_black.std() > 10


def test_an_alpha_channel_that_hides_nothing_costs_no_further_looks() -> None:
    assert len(only(encoded(ROOM.convert("RGBA"), "PNG")).views) == 1


def test_a_colour_that_counts_as_transparent_is_laid_bare_too() -> None:
    data = encoded(ROOM.quantize(16), "PNG", transparency=3)
    assert len(only(data).views) == 3


@settings(max_examples=60, deadline=None)
@given(data=st.data(), kind=st.sampled_from(STILL_KINDS))
def test_a_hostile_file_gives_frames_or_one_of_the_reasons(data: st.DataObject, kind: str) -> None:
    good = bytearray(encoded(empty_room((24, 16)), kind))
    for _ in range(data.draw(st.integers(1, 8))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    try:
        for frame in frames(bytes(good), limits=Limits(pixels=1_000_000)):
            assert frame.views[0].shape[2] == 3
    except UnreadablePicture as error:
        assert error.reason in pixels.REASONS  # noqa: PT017 - both ways out are fine
