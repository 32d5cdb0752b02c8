"""Face detectors of plugins: used where they are named, and whatever goes wrong with one blocks the draft."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest

from postguard import ConfigError, Decision, Detector, Report, hookimpl
from postguard.checkers.faces import FaceOptions
from postguard.config import load_config
from postguard.images.cover import COLOUR
from postguard.plugins import load
from postguard.testing import draft, guard, photo

BOX = [40.0, 30.0, 90.0, 100.0, 0.9]
EMPTY = draft(images=photo(size=(320, 240)))


def offering(*detectors: object) -> types.ModuleType:
    """A plugin that offers the detectors."""
    plugin = types.ModuleType("made_up_detectors")
    plugin.postguard_detectors = hookimpl(lambda: list(detectors))  # type: ignore[attr-defined]
    return plugin


def telling(*boxes: Iterable[float], name: str = "made-up") -> Detector:
    """A detector that tells these boxes of every picture."""
    return Detector(name, lambda: lambda _pixels: np.array(boxes, np.float32).reshape(-1, 5))


def checked(detector: Detector, *, named: tuple[str, ...] = ("made-up",), said: Any = EMPTY) -> Report:
    made = guard("faces", offering(detector), options={"faces": FaceOptions(detectors=named)})
    report: Report = made.check(said)
    return report


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings if finding.verdict > Decision.SEND}


def test_the_built_in_detectors_are_offered_through_the_same_hook() -> None:
    assert [detector.name for detector in load().detectors] == ["blazeface", "centerface"]


def test_what_a_plugin_s_detector_finds_is_objected_to_and_covered() -> None:
    report = checked(telling(BOX))
    assert rules(report) == {"FAC202"}
    assert report.clean is not None
    (cover,) = report.clean.images[0].covered
    assert cover[0] <= 40
    assert cover[3] >= 100


def test_from_two_tenths_on_a_person_is_asked_to_look() -> None:
    assert rules(checked(telling([*BOX[:4], 0.25]))) == {"FAC207"}
    assert rules(checked(telling([*BOX[:4], 0.1]))) == set()


def test_detectors_are_joined_and_one_that_is_not_named_is_not_used() -> None:
    with_face = draft(images=photo(faces=1))
    assert rules(checked(telling(), named=("made-up", "centerface"), said=with_face)) == {"FAC202"}
    assert rules(checked(telling(BOX), named=("centerface",))) == set()


def test_a_detector_sees_upright_pixels_that_it_can_not_change() -> None:
    seen = []

    def detect(pixels: np.ndarray) -> np.ndarray:
        seen.append((pixels.shape, pixels.dtype, pixels.flags.writeable))
        return np.empty((0, 5), np.float32)

    checked(Detector("made-up", lambda: detect))
    assert ((240, 320, 3), np.dtype(np.uint8), False) in seen


def test_a_face_that_is_seen_only_once_another_is_covered_leaves_no_clean_copy() -> None:
    """The built-in covering looks again by its own detector; whatever any named one still finds is decisive."""

    def detect(pixels: np.ndarray) -> np.ndarray:
        covered = np.abs(pixels[40:90, 50:80].astype(int) - COLOUR).max() < 9
        return np.array([[200, 120, 260, 200, 0.9] if covered else BOX], np.float32)

    report = checked(Detector("made-up", lambda: detect))
    assert rules(report) == {"FAC202", "PG005"}
    assert report.clean is None


def raising(error: type[BaseException]) -> Callable[[], Any]:
    def fail(*_: object) -> Any:
        raise error("Robin Sample")

    return fail


@pytest.mark.parametrize("error", [ValueError, SystemExit, MemoryError])
def test_a_detector_that_breaks_off_or_can_not_start_blocks(error: type[BaseException]) -> None:
    for bad in (Detector("made-up", lambda: raising(error)), Detector("made-up", raising(error))):
        report = checked(bad)
        assert rules(report) == {"PG001"}
        assert report.decision is Decision.BLOCK
        assert report.clean is None
        assert "Robin" not in report.to_json()


@pytest.mark.parametrize("told", [None, [[1, 1, 9, 9, float("nan")]], [[50, 50, 20, 20, 0.9]], "none"])
def test_what_is_no_list_of_boxes_blocks(told: object) -> None:
    report = checked(Detector("made-up", lambda: lambda _pixels: told))  # type: ignore[arg-type, return-value]
    assert rules(report) == {"PG001"}
    assert report.decision is Decision.BLOCK


@pytest.mark.parametrize("said", [EMPTY, draft("Our new reading corner is finished.")])
def test_a_detector_that_nobody_offers_blocks_a_draft_without_pictures_too(said: object) -> None:
    report = checked(telling(), named=("centerface", "gone"), said=said)
    assert rules(report) == {"PG001"}
    assert report.decision is Decision.BLOCK


def test_a_detector_that_nobody_offers_is_an_error_of_the_config(tmp_path: Any) -> None:
    (tmp_path / "postguard.toml").write_text('[checkers.faces]\ndetectors = ["yolo"]\n', "utf-8")
    with pytest.raises(
        ConfigError, match=r"checkers\.faces\.detectors: no detector 'yolo'; there are blazeface, center"
    ):
        load_config(tmp_path / "postguard.toml")


@pytest.mark.parametrize(
    ("detectors", "reason"),
    [
        ((telling(name="centerface"),), "has the name of another"),
        ((telling(), telling()), "has the name of another"),
        ((), "offers nothing through postguard_detectors"),
        (("centerface",), "offers something that is no Detector"),
    ],
)
def test_a_plugin_whose_detectors_are_not_right_is_broken(detectors: tuple[object, ...], reason: str) -> None:
    offered = load(objects={"mine": offering(*detectors)})
    assert [fault.plugin for fault in offered.broken] == ["mine"]
    assert reason in offered.broken[0].reason
    assert [detector.name for detector in offered.detectors] == ["blazeface", "centerface"]


def test_of_two_plugins_with_one_detector_s_name_the_later_is_broken() -> None:
    offered = load(objects={"a-first": offering(telling()), "b-second": offering(telling(BOX))})
    assert [fault.plugin for fault in offered.broken] == ["b-second"]
