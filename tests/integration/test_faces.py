"""Faces the whole way: a picture goes in, a covered copy comes out that passes when it is checked again."""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from portraits import encoded, group, portrait, stored_turned

from postguard import Consent, ConsentRegister, Decision, Draft, Guard, Image, Pupil, Roster

ROSTER = Roster([Pupil("P1", "Ngozi"), Pupil("P2", "Kai")])
REGISTER = ConsentRegister(
    [Consent("P1", "social_media_public", "granted"), Consent("P2", "social_media_public", "refused")]
)
SMALL = portrait(160)


def make_guard(policy: str = "strict") -> Guard:
    return Guard(policy=policy, roster=ROSTER, consent=REGISTER)


@pytest.fixture(scope="module")
def guard() -> Guard:
    return make_guard()


def draft(data: bytes, name: str = "lamps.jpg", **said: object) -> Draft:
    return Draft("Lava lamps.", (Image(name, data, alt="A lava lamp", **said),))  # type: ignore[arg-type]


def faces_of(report: object) -> list[str]:
    return sorted({f.rule for f in report.findings if f.rule.startswith("FAC")})  # type: ignore[attr-defined]


def transparent() -> bytes:
    picture = SMALL.convert("RGBA")
    picture.putalpha(120)
    return encoded(picture, "PNG")


PICTURES = {
    "jpeg": lambda: encoded(SMALL),
    "turned": lambda: stored_turned(SMALL, 6),
    "lying": lambda: encoded(SMALL.rotate(90)),
    "cmyk": lambda: encoded(SMALL.convert("CMYK")),
    "grey": lambda: encoded(SMALL.convert("L")),
    "png": lambda: encoded(SMALL, "PNG"),
    "transparent": transparent,
    "webp": lambda: encoded(SMALL, "WEBP"),
    "gif": lambda: encoded(SMALL, "GIF", save_all=True, append_images=[SMALL.rotate(3), SMALL], duration=80),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_an_undeclared_face_blocks_and_its_covered_copy_passes(guard: Guard, kind: str) -> None:
    report = guard.check(draft(PICTURES[kind]()))
    assert report.decision is Decision.BLOCK
    assert faces_of(report) == ["FAC202"]
    assert report.clean is not None
    assert report.clean.images[0].covered
    again = guard.check(report.clean)
    assert again.decision is Decision.SEND
    assert again.clean == report.clean


def test_a_refusal_and_a_missing_face_drop_the_picture(guard: Guard) -> None:
    report = guard.check(draft(encoded(SMALL), subjects=("P1", "P2")))
    assert report.decision is Decision.BLOCK
    assert report.clean is not None
    assert report.clean.images == ()


def test_a_consenting_child_passes_and_a_school_without_faces_covers_it(guard: Guard) -> None:
    said = draft(encoded(SMALL), subjects=("P1",))
    assert guard.check(said).decision is Decision.SEND
    strict = make_guard("no-faces").check(said)
    assert faces_of(strict) == ["FAC204"]
    assert strict.clean is not None
    assert len(strict.clean.images[0].covered) == 1


def test_only_the_tied_face_without_consent_is_covered_the_whole_way(guard: Guard) -> None:
    scene, boxes = group(2, columns=2, face=40)
    report = guard.check(draft(encoded(scene), subjects=("P1", "P2"), faces=((boxes[0], "P1"), (boxes[1], "P2"))))
    assert faces_of(report) == ["FAC201"]
    assert report.clean is not None
    assert len(report.clean.images[0].covered) == 1
    assert guard.check(report.clean).decision is Decision.SEND


def test_a_broken_picture_blocks_and_gives_no_copy(guard: Guard) -> None:
    report = guard.check(draft(encoded(SMALL)[:900]))
    assert report.decision is Decision.BLOCK
    assert "PG004" in report.objections
    assert report.clean is None


def test_threads_share_one_guard_with_equal_reports(guard: Guard) -> None:
    drafts = [draft(make()) for make in (PICTURES["jpeg"], PICTURES["png"], PICTURES["grey"])]
    alone = [guard.check(one).findings for one in drafts]
    with ThreadPoolExecutor(3) as pool:
        assert [report.findings for report in pool.map(make_guard().check, drafts)] == alone


def decide_in_worker(data: bytes) -> int:
    return int(make_guard().check(draft(data)).decision)


def test_a_spawned_worker_decides_the_same() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(decide_in_worker, encoded(SMALL)).result(timeout=120) == int(Decision.BLOCK)
