"""BlazeFace through MediaPipe. Runs where `postguard[mediapipe]` is installed: in a venv of its own."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

pytest.importorskip("mediapipe", reason="needs postguard[mediapipe]")
sys.path.insert(0, str(Path(__file__).parents[1]))

from portraits import FACE, empty_room, encoded, group, overlap, portrait

from postguard.checkers.faces import FaceOptions, finder
from postguard.images.faces import FaceFinder, FacesInPicture


def face_finder(names: list[str]) -> FaceFinder:
    return finder(FaceOptions(detectors=tuple(names)))


@pytest.fixture(scope="session")
def blazeface():
    return face_finder(["blazeface"])


def test_blazeface_finds_the_portrait(blazeface) -> None:
    found = blazeface(encoded(portrait(400)))
    assert len(found.faces) == 1
    assert overlap(found.faces[0].box, tuple(value * 400 // 512 for value in FACE)) > 0.4


def test_blazeface_finds_a_group_in_its_tiles(blazeface) -> None:
    scene, boxes = group(6, columns=3)
    found = blazeface(encoded(scene))
    assert sum(any(overlap(face.box, box) > 0.4 for face in found.faces) for box in boxes) >= 5


def test_blazeface_sees_nobody_in_an_empty_room(blazeface) -> None:
    assert blazeface(encoded(empty_room()), expected=0).faces == ()


def test_both_joined_find_each_face_once() -> None:
    both = face_finder(["centerface", "blazeface"])
    scene, boxes = group(4, columns=2)
    assert len(both(encoded(scene)).faces) == len(boxes)


def test_the_checker_takes_both() -> None:
    find = face_finder(["centerface", "blazeface"])
    assert isinstance(find(encoded(portrait(200))), FacesInPicture)


def find_in_child(data: bytes) -> int:
    return len(face_finder(["centerface", "blazeface"])(data).faces)


def test_a_spawned_worker_finds_the_same() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(find_in_child, encoded(portrait(200))).result(timeout=120) == 1


def test_the_default_detector_never_imports_mediapipe() -> None:
    code = """
import sys
from postguard.checkers.faces import FaceOptions, finder
finder(FaceOptions())
print("mediapipe" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
