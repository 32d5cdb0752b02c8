"""A face in a picture that hides in a file is found by the real detector; what can't be opened counts as one."""

from __future__ import annotations

import pictures
import pytest
from portraits import empty_room, encoded, portrait

from postguard import Draft, Guard, Image

ROOM = encoded(empty_room((320, 240)))
FACE, NO_FACE = encoded(portrait(160)), encoded(empty_room((160, 120)))


def with_exif(block: bytes) -> bytes:
    return pictures.after_soi(ROOM, pictures.segment(0xE1, b"Exif\0\0" + block))


def in_thumbnail(hidden: bytes) -> bytes:
    return with_exif(pictures.exif(thumbnail=hidden))


def in_maker_note(hidden: bytes) -> bytes:
    return with_exif(pictures.tiff([], [(0x8769, [(0x927C, 7, b"Camera\0" + hidden)])], b""))


def behind(hidden: bytes) -> bytes:
    return ROOM + hidden


def in_the_thumbnail_of_a_second_picture(hidden: bytes) -> bytes:
    return ROOM + in_thumbnail(hidden)


def in_a_png(hidden: bytes) -> bytes:
    return pictures.png(empty_room((320, 240)), exif=pictures.exif(thumbnail=hidden))


PLACES = [in_thumbnail, in_maker_note, behind, in_the_thumbnail_of_a_second_picture, in_a_png]


@pytest.fixture(scope="module")
def guard() -> Guard:
    return Guard()


def hidden_picture(guard: Guard, data: bytes) -> str:
    report = guard.check(Draft("Our room.", images=(Image("photo-1.jpg", data, subjects=()),)))
    [finding] = [finding for finding in report.findings if finding.rule == "MET305"]
    assert not any(finding.rule.startswith("FAC") for finding in report.findings)
    return finding.variant


@pytest.mark.parametrize("hide", PLACES, ids=lambda hide: hide.__name__)
def test_a_hidden_face_blocks_and_a_hidden_room_asks_for_a_look(guard: Guard, hide) -> None:
    assert hidden_picture(guard, hide(FACE)) == "default"
    assert hidden_picture(guard, hide(NO_FACE)) == "without-face"


@pytest.mark.parametrize(
    "hidden",
    [b"\0\0\0\x18ftypmp42" + bytes(40), NO_FACE[: len(NO_FACE) // 2], NO_FACE[:200]],
    ids=["film", "half", "head"],
)
def test_what_cannot_be_looked_at_counts_as_a_face(guard: Guard, hidden: bytes) -> None:
    assert hidden_picture(guard, behind(hidden)) == "default"
