"""Finding faces in scenes made by code: sizes, groups, turns, hidden pixels, animations, threads."""

from __future__ import annotations

import io
import threading
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter
from portraits import FACE, empty_room, encoded, group, overlap, portrait, stored_turned

from postguard.errors import UnreadablePicture
from postguard.images.cover import cover, grown
from postguard.images.faces import (
    FACE as FACE_SCORE,
)
from postguard.images.faces import (
    CenterFace,
    FaceFinder,
    FacesInPicture,
    _strongest,
    _tiles,
    joined,
    outside,
)


@pytest.fixture(scope="session")
def find() -> FaceFinder:
    return FaceFinder([CenterFace()])


def matched(found: FacesInPicture, boxes: list[tuple[int, int, int, int]]) -> int:
    return sum(any(overlap(face.box, box) >= 0.4 for face in found.faces) for box in boxes)


def lying(picture: Image.Image, quarters: int) -> Image.Image:
    return picture.rotate(90 * quarters, expand=True)


def test_the_portrait_has_one_face_where_it_is(find: FaceFinder) -> None:
    found = find(encoded(portrait()))
    assert (found.width, found.height) == (512, 512)
    assert len(found.faces) == 1
    assert overlap(found.faces[0].box, FACE) > 0.6
    assert found.faces[0].score > 0.6


def test_an_empty_room_has_none(find: FaceFinder) -> None:
    found = find(encoded(empty_room((320, 240))))
    assert found.faces == found.possible == ()


def test_plain_shapes_and_noise_are_no_faces(find: FaceFinder) -> None:
    board = Image.new("RGB", (300, 180), "white")
    draw = ImageDraw.Draw(board)
    for x in range(20, 300, 60):
        draw.ellipse((x, 40, x + 40, 80), fill=(200, 60, 40))
        draw.rectangle((x, 120, x + 40, 160), fill=(40, 60, 200))
    assert find(encoded(board)).faces == ()
    assert find(encoded(Image.effect_noise((160, 160), 60).convert("RGB"))).faces == ()


def stick_people() -> Image.Image:
    paper = Image.new("RGB", (400, 300), "white")
    draw = ImageDraw.Draw(paper)
    for x in (80, 200, 320):
        draw.ellipse((x - 25, 50, x + 25, 100), outline="black", width=4)
        draw.arc((x - 10, 75, x + 10, 90), 0, 180, fill="black", width=2)
        draw.line((x, 100, x, 200, x - 30, 260), fill="black", width=4)
        draw.line((x - 40, 140, x + 40, 140), fill="black", width=4)
    return paper


def snowman() -> Image.Image:
    garden = empty_room((400, 400))
    draw = ImageDraw.Draw(garden)
    for ball in ((120, 180, 280, 340), (150, 70, 250, 190)):
        draw.ellipse(ball, fill="white")
    for coal in ((180, 105, 190, 115), (210, 105, 220, 115)):
        draw.ellipse(coal, fill="black")
    draw.polygon([(200, 125), (240, 132), (200, 139)], fill=(240, 120, 20))
    draw.arc((175, 130, 225, 165), 20, 160, fill="black", width=4)
    return garden


def statue() -> Image.Image:
    """Head and shoulders of stone, worn smooth."""
    hall = empty_room((400, 400))
    draw = ImageDraw.Draw(hall)
    draw.ellipse((150, 60, 250, 190), fill=(170, 168, 160))
    draw.rectangle((180, 180, 220, 230), fill=(165, 163, 155))
    draw.pieslice((90, 210, 310, 420), 180, 360, fill=(168, 165, 158))
    return hall.filter(ImageFilter.GaussianBlur(2))


def smileys() -> Image.Image:
    paper = Image.new("RGB", (600, 200), "white")
    draw = ImageDraw.Draw(paper)
    for x in (40, 230, 420):
        draw.ellipse((x, 30, x + 140, 170), fill=(255, 204, 51), outline="black", width=3)
        for eye in (x + 40, x + 85):
            draw.ellipse((eye, 70, eye + 15, 95), fill="black")
        draw.arc((x + 35, 70, x + 105, 145), 20, 160, fill="black", width=5)
    return paper


@pytest.mark.parametrize("drawn", [stick_people, snowman, statue, smileys])
def test_drawings_and_a_worn_statue_are_no_faces(find: FaceFinder, drawn: Callable[[], Image.Image]) -> None:
    assert find(encoded(drawn())).faces == ()


@pytest.mark.parametrize("side", [64, 160, 1000])
def test_a_face_is_found_at_any_size(find: FaceFinder, side: int) -> None:
    found = find(encoded(portrait(side)))
    assert matched(found, [tuple(value * side // 512 for value in FACE)]) == 1  # type: ignore[list-item]
    assert len(found.faces) == 1


@pytest.mark.parametrize("share", [0.35, 0.5, 0.7, 0.9])
def test_a_close_face_is_found_whole_and_once(find: FaceFinder, share: float) -> None:
    side = round((FACE[2] - FACE[0]) / share)
    left, top = (FACE[0] + FACE[2] - side) // 2, (FACE[1] + FACE[3] - side) // 2
    close = portrait().crop((left, top, left + side, top + side)).resize((1200, 1200))
    face = [min(1200, max(0, (value - (left, top)[i % 2]) * 1200 // side)) for i, value in enumerate(FACE)]
    found = find(encoded(close))
    assert len(found.faces) == 1
    assert overlap(found.faces[0].box, tuple(face)) > 0.6  # type: ignore[arg-type]
    hidden = grown(found.faces[0].box)
    assert hidden[0] <= face[0]
    assert hidden[2] >= face[2]


@pytest.mark.parametrize(("count", "face"), [(5, 60), (40, 36)])
def test_everybody_in_a_group_is_found_once(find: FaceFinder, count: int, face: int) -> None:
    scene, boxes = group(count, columns=8, face=face)
    found = find(encoded(scene))
    assert matched(found, boxes) == count
    assert len(found.faces) == count


def test_faces_are_told_from_left_to_right(find: FaceFinder) -> None:
    scene, _ = group(3, columns=3)
    lefts = [face.box[0] for face in find(encoded(scene)).faces]
    assert lefts == sorted(lefts)


def test_a_half_hidden_face_is_not_lost(find: FaceFinder) -> None:
    masked = portrait()
    ImageDraw.Draw(masked).rectangle((FACE[0] - 10, 130, FACE[2] + 10, FACE[3] + 10), fill=(90, 140, 190))
    found = find(encoded(masked.resize((256, 256))))
    assert len(found.faces) + len(found.possible) == 1


def far_away(face: int) -> tuple[bytes, list[tuple[int, int, int, int]]]:
    """A large photo: one person near by, and four further off whose faces are so many pixels wide."""
    scene, boxes = empty_room((4000, 900)), []
    for width, left, top in ((60, 100, 300), (face, 700, 200), (face, 1300, 250), (face, 2900, 300), (face, 3600, 200)):
        person, (box,) = group(1, 1, width)
        scene.paste(person, (left, top))
        boxes.append((box[0] + left, box[1] + top, box[2] + left, box[3] + top))
    return encoded(scene), boxes


def test_people_far_off_in_a_large_photo_are_looked_for_at_full_size(find: FaceFinder) -> None:
    data, boxes = far_away(22)
    found = find(data, expected=5)
    assert matched(found, boxes) == 5
    assert len(found.faces) == 5


@pytest.mark.parametrize(
    ("face", "score", "declared", "closer"),
    [(400, 0.9, 1, False), (20, 0.9, 1, True), (20, 0.25, 1, False), (400, 0.9, 9, True)],
)
def test_a_large_photo_is_looked_at_closely_where_a_sure_face_is_small_or_somebody_is_missing(
    face: int, score: float, declared: int, *, closer: bool
) -> None:
    looks = []

    def detect(pixels: np.ndarray) -> np.ndarray:
        looks.append(pixels.shape)
        return np.array([[300, 300, 300 + face, 300 + face, score]], np.float32)

    FaceFinder([detect])(encoded(empty_room((2800, 1500))), expected=declared)
    assert ((1200, 1600, 3) in looks) is closer


def test_they_are_found_however_the_photo_is_stored(find: FaceFinder) -> None:
    data, boxes = far_away(22)
    assert matched(find(stored_turned(Image.open(io.BytesIO(data)), 6)), boxes) == 5


@pytest.mark.parametrize("size", [(1600, 1600), (1601, 900), (4000, 3000), (6399, 4799), (2000, 20)])
def test_tiles_together_are_the_picture(size: tuple[int, int]) -> None:
    seen = np.zeros(size[::-1], bool)
    for left, top, right, bottom in _tiles(*size):
        assert right - left <= 1600
        assert bottom - top <= 1600
        seen[top:bottom, left:right] = True
    assert seen.all()


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_exif_orientation_is_honoured(find: FaceFinder, orientation: int) -> None:
    scene, boxes = group(4, columns=2)
    assert matched(find(stored_turned(scene, orientation)), boxes) == 4


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_picture_that_lies_on_its_side_is_looked_at_turned(find: FaceFinder, quarters: int) -> None:
    scene, _ = group(4, columns=2)
    on_its_side = encoded(lying(scene, quarters))
    found = find(on_its_side, expected=4)
    assert len(found.faces) == 4
    again = find(encoded(lying(Image.fromarray(first_view(on_its_side)), 4 - quarters)), expected=4)
    assert matched(again, [turned(face.box, found, quarters) for face in found.faces]) == 4


def first_view(data: bytes) -> np.ndarray:
    from postguard.images.pixels import frames

    return next(frames(data)).views[0]


def turned(box: tuple[int, int, int, int], found: FacesInPicture, quarters: int) -> tuple[int, int, int, int]:
    """The box after the picture was turned clockwise by so many quarters."""
    left, top, right, bottom = box
    width, height = found.width, found.height
    return {
        1: (height - bottom, left, height - top, right),
        2: (width - right, height - bottom, width - left, height - top),
        3: (top, width - right, bottom, width - left),
    }[quarters]


def test_one_upright_face_does_not_keep_a_lying_one_hidden_where_two_are_expected(find: FaceFinder) -> None:
    both = Image.new("RGB", (400, 200))
    both.paste(portrait(200), (0, 0))
    both.paste(portrait(200).rotate(180), (200, 0))
    assert len(find(encoded(both), expected=2).faces) == 2


def test_thorough_looks_at_everything_turned(find: FaceFinder) -> None:
    both = Image.new("RGB", (400, 200))
    both.paste(portrait(200), (0, 0))
    both.paste(portrait(200).rotate(180), (200, 0))
    thorough = FaceFinder([CenterFace()], thorough=True)
    assert len(thorough(encoded(both), expected=0).faces) == 2


def test_a_face_under_transparency_counts(find: FaceFinder) -> None:
    hidden = portrait(256).convert("RGBA")
    hidden.putalpha(0)
    assert len(find(encoded(hidden, "PNG")).faces) == 1


def test_a_face_in_any_frame_counts(find: FaceFinder) -> None:
    room = empty_room((200, 200))
    data = encoded(room, "GIF", save_all=True, append_images=[portrait(200), room], duration=100)
    assert len(find(data).faces) == 1


def test_what_lies_under_a_cover_is_not_told_but_the_cover_must_be_one(find: FaceFinder) -> None:
    data = encoded(portrait())
    face = find(data).faces[0].box
    done = cover(data, [grown(face)])
    after = find(done.data, expected=1, covered=done.boxes)
    assert after.faces == after.possible == ()
    assert after.covers == done.boxes
    claimed = find(data, covered=done.boxes)
    assert claimed.covers == ()
    assert len(claimed.faces) == 1


def test_a_blurred_face_is_still_a_face_or_at_least_no_cover(find: FaceFinder) -> None:
    blurred = portrait()
    box = grown(FACE)
    blurred.paste(portrait().crop(box).filter(ImageFilter.GaussianBlur(6)), box[:2])
    assert find(encoded(blurred), covered=[box]).covers == ()


def test_a_file_that_can_not_be_read_says_so(find: FaceFinder) -> None:
    with pytest.raises(UnreadablePicture):
        find(encoded(portrait())[:900])


def test_threads_share_one_finder_and_find_the_same() -> None:
    shared = FaceFinder([CenterFace()])
    scenes = [encoded(group(count, columns=2, face=44)[0]) for count in (1, 2, 3)]
    alone = [FaceFinder([CenterFace()])(data) for data in scenes]
    start = threading.Barrier(3)

    def work(data: bytes) -> FacesInPicture:
        start.wait()
        return shared(data)

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(work, scenes)) == alone


def test_pixels_seen_before_are_not_looked_at_again() -> None:
    looks = []
    detector = CenterFace()

    def counting(pixels: np.ndarray) -> np.ndarray:
        looks.append(pixels.shape)
        return detector(pixels)

    find = FaceFinder([counting])
    data = encoded(portrait(128), "PNG")
    assert find(data) == find(encoded(portrait(128), "PNG", pnginfo=None, compress_level=1))
    assert len(looks) == 1


def test_two_detectors_are_joined_and_the_better_score_counts() -> None:
    def weak(_pixels: np.ndarray) -> np.ndarray:
        return np.array([[10, 10, 30, 30, 0.25], [60, 60, 80, 80, 0.9]], np.float32)

    def strong(_pixels: np.ndarray) -> np.ndarray:
        return np.array([[11, 10, 31, 30, 0.8]], np.float32)

    found = FaceFinder([weak, strong])(encoded(empty_room((100, 100)), "PNG"), expected=0)
    assert [face.score for face in found.faces] == pytest.approx([0.8, 0.9])


def test_scores_part_faces_from_possible_ones() -> None:
    def detector(_pixels: np.ndarray) -> np.ndarray:
        return np.array([[10, 10, 30, 30, FACE_SCORE], [60, 60, 80, 80, 0.22]], np.float32)

    found = FaceFinder([detector])(encoded(empty_room((100, 100)), "PNG"))
    assert (len(found.faces), len(found.possible)) == (1, 1)


def test_boxes_in_pixels_of_a_reduced_view_are_told_in_pixels_of_the_full_picture(find: FaceFinder) -> None:
    found = find(encoded(portrait(3300), quality=60))
    assert (found.width, found.height) == (3300, 3300)
    assert matched(found, [tuple(value * 3300 // 512 for value in FACE)]) == 1  # type: ignore[list-item]


def test_thousands_of_boxes_on_one_large_face_become_one_without_a_table_of_all_pairs() -> None:
    shift = np.random.default_rng(1).uniform(0, 9, (3000, 1)).astype(np.float32)
    boxes = np.concatenate([np.array([[100, 100, 900, 900]], np.float32) + shift, 0.9 - shift / 100], axis=1)
    tracemalloc.start()
    try:
        left = _strongest(boxes)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(left) == 1
    assert left[0, 4] == boxes[:, 4].max()
    assert peak < 4_000_000  # the pairs of 3,000 boxes take 72 MB at the least


def test_joining_and_leaving_out_keep_shapes_when_there_is_nothing() -> None:
    nothing = np.empty((0, 5), np.float32)
    assert joined([]).shape == joined([nothing, nothing]).shape == outside(nothing, [(0, 0, 1, 1)]).shape == (0, 5)


def test_a_finder_without_a_detector_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        FaceFinder([])


NO_BOXES = {
    "nothing": None,
    "a score that is no number": [[1, 1, 9, 9, float("nan")]],
    "no scores": [[1, 1, 9, 9]],
    "one box that is no list": [1, 1, 9, 9, 0.9],
    "widths in place of right sides": [[50, 50, 20, 20, 0.9]],
    "a score below nought": [[1, 1, 9, 9, -2]],
    "percent": [[1, 1, 9, 9, 90]],
    "words": [["a", "b", "c", "d", "e"]],
}


@pytest.mark.parametrize("told", NO_BOXES.values(), ids=NO_BOXES)
def test_a_detector_that_gives_no_boxes_never_passes_for_one_that_saw_no_face(told: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        FaceFinder([lambda _pixels: told])(encoded(empty_room((64, 64)), "PNG"))  # type: ignore[list-item]


def test_an_empty_list_of_boxes_is_one() -> None:
    assert FaceFinder([lambda _pixels: []])(encoded(empty_room((64, 64)), "PNG")).faces == ()  # type: ignore[list-item]


def test_a_detector_can_not_change_what_the_next_one_sees() -> None:
    def vandal(pixels: np.ndarray) -> np.ndarray:
        pixels[:] = 0
        return np.empty((0, 5), np.float32)

    with pytest.raises(ValueError, match="read-only"):
        FaceFinder([vandal])(encoded(empty_room((64, 64)), "PNG"))


def test_a_net_that_rested_finds_the_same_again() -> None:
    detector = CenterFace()
    pixels = np.asarray(portrait(160))
    before = detector(pixels)
    detector.rest()
    assert np.array_equal(detector(pixels), before)
