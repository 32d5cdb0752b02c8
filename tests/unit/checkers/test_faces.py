"""Faces and consent: who is declared, who agreed, how many faces there are, and what the clean copy does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portraits import FACE, empty_room, encoded, group, overlap, portrait

from postguard.channels import known_channels
from postguard.checkers.faces import (
    LIMITS,
    FaceOptions,
    make_check,
    make_cover,
    make_faces_in_view,
    make_faces_view,
    postguard_checkers,
    postguard_sanitisers,
)
from postguard.context import Context, School
from postguard.errors import UnreadablePicture
from postguard.images.faces import Face, FacesInPicture
from postguard.model import Applicability, Decision, Draft, Edit, Finding, Image, ImageBox, ImageFile
from postguard.people import Consent, ConsentRegister, Pupil, Roster, Staff
from postguard.policy import Policy
from postguard.rules import builtin

MOMENT = datetime(2026, 6, 10, 15, 30, tzinfo=UTC)
ROSTER = Roster(
    [Pupil("P1", "Ngozi"), Pupil("P2", "Kai"), Pupil("P3", "Siobhan"), Pupil("P4", "Ada")],
    staff=[Staff("S1", "Mrs Bose"), Staff("S2", "Tom Reed")],
)
PUBLIC, PROTECTED = "social_media_public", "social_media_protected"
REGISTER = ConsentRegister(
    [
        Consent("P1", PUBLIC, "granted"),
        Consent("P1", PROTECTED, "granted"),
        Consent("P2", PUBLIC, "refused"),
        Consent("P3", PROTECTED, "granted"),
        Consent("P4", PUBLIC, "granted", expires_on=date(2026, 8, 31)),
        Consent("staff:S1", PUBLIC, "granted"),
        Consent("visitor:1", PUBLIC, "withdrawn"),
    ]
)
BOXES = [(100 * i + 10, 20, 100 * i + 60, 80) for i in range(8)]


def faces_in(count: int, possible: int = 0, covers: Iterable[tuple[int, int, int, int]] = ()) -> FacesInPicture:
    return FacesInPicture(
        800,
        300,
        faces=tuple(Face(box, 0.9) for box in BOXES[:count]),
        possible=tuple(Face((box[0], 200, box[2], 260), 0.25) for box in BOXES[:possible]),
        covers=tuple(covers),
    )


def context_of(
    image: Image,
    found: Callable[[int], FacesInPicture],
    *,
    channels: tuple[str, ...] = ("x",),
    consent: ConsentRegister | None = REGISTER,
    roster: Roster | None = ROSTER,
    at: datetime = MOMENT,
) -> Context:
    draft = Draft("We made lava lamps.", (image,), channel=channels[0], also=channels[1:])
    return Context(
        draft,
        publish_at=at,
        now=MOMENT,
        channels=tuple(known_channels()[name] for name in channels),
        school=School("Europe/London", roster, consent, None),
        makers={"faces": lambda _context, index: found(index)},
    )


def judged(
    subjects: tuple[str, ...] | None, found: FacesInPicture, *, faces: Any = (), extra: Any = (), **how: Any
) -> list[Finding]:
    """What the checker says of one picture, but for FAC204, which is off unless a preset switches it on."""
    image = Image("a.jpg", b"x", subjects=subjects, faces=faces, extra_boxes=extra)
    context = context_of(image, lambda _index: found, **how)
    return [finding for finding in make_check(FaceOptions())(context) if finding.rule != "FAC204"]


def codes(findings: list[Finding]) -> list[str]:
    return sorted({finding.rule for finding in findings})


def safe(findings: list[Finding]) -> set[Edit]:
    return {edit for f in findings for edit in f.edits if edit.applicability is Applicability.SAFE}


def covers(count: int) -> set[Edit]:
    return {Edit(ImageBox(0, *box), "cover", Applicability.SAFE) for box in BOXES[:count]}


DROP = Edit(ImageFile(0), "drop", Applicability.SAFE)


def test_the_rules_are_those_of_the_table() -> None:
    b, r, s = Decision.BLOCK, Decision.REVIEW, Decision.SEND
    table = {rule.code: rule.verdicts["default"] for rule in builtin("faces")}
    assert table == {
        "FAC201": (b, b, b),
        "FAC202": (b, b, r),
        "FAC203": (b, b, b),
        "FAC204": (None, None, None),
        "FAC205": (b, b, b),
        "FAC206": (b, r, r),
        "FAC207": (r, r, s),
    }


@pytest.mark.parametrize("subjects", [None, ()])
def test_a_picture_without_faces_and_people_says_nothing(subjects: tuple[str, ...] | None) -> None:
    assert judged(subjects, faces_in(0)) == []


def test_people_who_agreed_say_nothing_whether_their_faces_show_or_not() -> None:
    for count in (0, 1, 2):
        assert judged(("P1", "P4"), faces_in(count)) == []


@pytest.mark.parametrize("subjects", [None, (), ("P1",)])
def test_a_face_that_nobody_declared_is_objected_to_and_all_are_covered(subjects: tuple[str, ...] | None) -> None:
    findings = judged(subjects, faces_in(2))
    assert [finding.rule for finding in findings] == ["FAC202", "FAC202"]
    assert [finding.evidence for finding in findings] == [ImageBox(0, *box) for box in BOXES[:2]]
    assert safe(findings) == covers(2)


@pytest.mark.parametrize(
    ("subject", "rule"),
    [
        ("P2", "FAC201"),
        ("P3", "FAC205"),
        ("P9", "FAC201"),
        ("Emma", "FAC201"),
        ("staff:S2", "FAC206"),
        ("S2", "FAC206"),
    ],
)
def test_somebody_without_consent_is_objected_to_by_the_rule_that_fits(subject: str, rule: str) -> None:
    findings = judged(("P1", subject), faces_in(2))
    assert codes(findings) == [rule]
    assert safe(findings) == covers(2)
    assert "2" in findings[0].advice


def test_advice_never_tells_a_name_or_an_id() -> None:
    for finding in judged(("Emma Stone", "P2", "visitor:1"), faces_in(5, possible=1)):
        assert not any(word in finding.advice for word in ("Emma", "Stone", "P2", "Kai", "visitor:"))


def test_an_adult_who_agreed_is_fine_and_one_who_withdrew_is_not() -> None:
    assert judged(("staff:S1", "P1"), faces_in(2)) == []
    assert judged(("S1",), faces_in(1)) == []
    assert codes(judged(("visitor:1",), faces_in(1))) == ["FAC206"]


def test_every_channel_needs_its_own_purpose() -> None:
    assert judged(("P3",), faces_in(1), channels=("x-protected",)) == []
    assert codes(judged(("P3",), faces_in(1), channels=("x-protected", "x"))) == ["FAC205"]
    assert codes(judged(("P1",), faces_in(1), channels=("x", "website"))) == ["FAC205"]


def test_consent_is_judged_on_the_day_of_publishing_its_last_day_included() -> None:
    assert judged(("P4",), faces_in(1), at=datetime(2026, 8, 31, 20, tzinfo=UTC)) == []
    assert codes(judged(("P4",), faces_in(1), at=datetime(2026, 9, 1, 8, tzinfo=UTC))) == ["FAC201"]


def test_without_a_register_nobody_counts_as_asked() -> None:
    assert codes(judged(("P1",), faces_in(1), consent=None)) == ["FAC201"]
    assert codes(judged(("staff:S1",), faces_in(1), consent=None)) == ["FAC206"]
    assert judged((), faces_in(0), consent=None) == []


def test_without_a_roster_the_register_decides_alone() -> None:
    assert judged(("P1",), faces_in(1), roster=None) == []
    assert codes(judged(("P2",), faces_in(1), roster=None)) == ["FAC201"]


def test_somebody_who_left_the_roster_counts_as_not_asked_in_spite_of_an_old_grant() -> None:
    register = ConsentRegister([Consent("P99", PUBLIC, "granted")])
    assert codes(judged(("P99",), faces_in(1), consent=register)) == ["FAC201"]


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_faces_than_people_is_unknown_so_the_picture_is_dropped(count: int) -> None:
    findings = judged(("P1", "P2"), faces_in(count))
    assert codes(findings) == ["FAC201"]
    assert findings[0].evidence == ImageFile(0)
    assert safe(findings) == {DROP}


def test_the_one_face_of_the_one_person_is_shown_as_evidence() -> None:
    (finding,) = judged(("P2",), faces_in(1))
    assert finding.evidence == ImageBox(0, *BOXES[0])


def test_more_faces_and_a_missing_consent_are_both_told() -> None:
    findings = judged(("P1", "P2"), faces_in(3))
    assert codes(findings) == ["FAC201", "FAC202"]
    assert safe(findings) == covers(3)


def test_what_can_not_be_known_is_said_once_for_each_picture() -> None:
    for findings in (judged(None, faces_in(3)), judged(("P1", "P2"), faces_in(2)), judged(("P1", "P2"), faces_in(4))):
        assert sum(LIMITS in finding.advice for finding in findings) == 1
    assert "no proof" in LIMITS


RESTRICTED = ConsentRegister([*REGISTER.records, Consent("P1", "website", "granted", restricted=True)])


@pytest.mark.parametrize("count", [0, 1, 3])
@pytest.mark.parametrize("how", ["declared", "tied"])
def test_a_restriction_blocks_whether_or_not_a_face_shows_and_says_neither_who_nor_why(count: int, how: str) -> None:
    declared = ("P4", "P1") if how == "declared" else None
    faces = ((BOXES[0], "P1"),) if how == "tied" else ()
    findings = judged(declared, faces_in(count), faces=faces, consent=RESTRICTED)
    (finding,) = (finding for finding in findings if finding.rule == "FAC203")
    assert finding.evidence == ImageFile(0)
    assert finding.edits == (DROP,)
    assert finding.advice == ""


def test_a_restriction_holds_for_a_picture_that_is_covered_or_can_not_be_read() -> None:
    covered = faces_in(0, covers=[BOXES[0], BOXES[1]])
    assert codes(judged(("P1", "P4"), covered, consent=RESTRICTED)) == ["FAC203"]

    def unreadable(_index: int) -> FacesInPicture:
        raise UnreadablePicture(0, "empty")

    check = iter(
        make_check(FaceOptions())(context_of(Image("a", b"x", subjects=("P1",)), unreadable, consent=RESTRICTED))
    )
    assert next(check).rule == "FAC203"
    with pytest.raises(UnreadablePicture):
        next(check)


def test_a_picture_that_can_not_be_read_does_not_hide_what_the_others_show() -> None:
    def found(index: int) -> FacesInPicture:
        if index == 0:
            raise UnreadablePicture(0, "empty")
        return faces_in(1)

    image = Image("a", b"x")
    context = context_of(image, found)
    context.draft = Draft("Hello", (image, image))
    check = iter(make_check(FaceOptions())(context))
    assert {next(check).rule for _ in range(2)} == {"FAC204", "FAC202"}
    with pytest.raises(UnreadablePicture):
        next(check)


def test_every_face_is_told_to_a_school_that_posts_none() -> None:
    image = Image("a.jpg", b"x", subjects=("P1", "P4"))
    findings = list(make_check(FaceOptions())(context_of(image, lambda _index: faces_in(2))))
    assert [finding.rule for finding in findings] == ["FAC204", "FAC204"]
    rules = {rule.code: rule for rule in builtin("faces")}
    audience = known_channels()["x"].audience
    assert Policy.preset("strict").judge(findings, rules, audience) == []
    told = Policy.preset("no-faces").judge(findings, rules, audience)
    assert [finding.verdict for finding in told] == [Decision.BLOCK, Decision.BLOCK]


def test_a_possible_face_is_shown_and_its_cover_offered() -> None:
    findings = judged((), faces_in(0, possible=2))
    assert [finding.rule for finding in findings] == ["FAC207", "FAC207"]
    assert safe(findings) == set()
    assert all(finding.edits[0].applicability is Applicability.OFFERED for finding in findings)
    assert findings[0].confidence == 0.25


def test_where_all_faces_are_covered_the_possible_ones_are_too() -> None:
    findings = judged(None, faces_in(1, possible=1))
    assert codes(findings) == ["FAC202", "FAC207"]
    assert len(safe(findings)) == 2


def test_tied_faces_are_decided_one_by_one() -> None:
    ties = ((BOXES[0], "P1"), (BOXES[1], "P2"), (BOXES[2], "staff:S2"), (BOXES[3], None), (BOXES[4], "P3"))
    findings = judged(("P1", "P2", "staff:S2", "P3"), faces_in(5), faces=ties)
    assert [(finding.rule, finding.evidence) for finding in findings] == [
        ("FAC201", ImageBox(0, *BOXES[1])),
        ("FAC206", ImageBox(0, *BOXES[2])),
        ("FAC202", ImageBox(0, *BOXES[3])),
        ("FAC205", ImageBox(0, *BOXES[4])),
    ]
    assert safe(findings) == covers(5) - covers(1)


def test_a_tied_box_drawn_loosely_covers_the_whole_face() -> None:
    loose = (BOXES[0][0] - 8, BOXES[0][1] + 9, BOXES[0][2] - 6, BOXES[0][3] + 20)
    (finding,) = judged(None, faces_in(1), faces=((loose, "P2"),))
    assert finding.evidence == ImageBox(0, loose[0], BOXES[0][1], BOXES[0][2], loose[3])


def test_a_tied_box_where_no_face_was_found_is_covered_as_drawn() -> None:
    (finding,) = judged(None, faces_in(0), faces=((BOXES[2], "P2"),))
    assert (finding.rule, finding.evidence) == ("FAC201", ImageBox(0, *BOXES[2]))


def test_a_face_beside_the_tied_ones_is_undeclared() -> None:
    findings = judged(("P1",), faces_in(2), faces=((BOXES[0], "P1"),))
    assert [(finding.rule, finding.evidence) for finding in findings] == [("FAC202", ImageBox(0, *BOXES[1]))]


def test_a_declared_person_who_is_tied_to_no_face_is_judged_by_the_faces_left() -> None:
    ties = ((BOXES[0], "P1"),)
    assert judged(("P1", "P4"), faces_in(2), faces=ties) == []
    covered = judged(("P1", "P2"), faces_in(2), faces=ties)
    assert codes(covered) == ["FAC201"]
    assert safe(covered) == covers(2) - covers(1)
    assert safe(judged(("P1", "P2"), faces_in(1), faces=ties)) == {DROP}


def test_covers_count_as_the_faces_of_those_declared() -> None:
    grown = [(0, 0, 75, 98), (90, 0, 175, 98)]
    assert judged(("P1", "P2"), faces_in(0, covers=grown)) == []
    assert judged(None, faces_in(0, covers=grown)) == []
    assert safe(judged(("P1", "P2", "P4"), faces_in(0, covers=grown))) == {DROP}


def test_a_tied_face_under_a_cover_needs_no_consent_and_the_others_stay() -> None:
    ties = ((BOXES[0], "P1"), (BOXES[1], "P2"))
    found = FacesInPicture(800, 300, faces=(Face(BOXES[0], 0.9),), covers=((90, 0, 175, 98),))
    assert judged(("P1", "P2"), found, faces=ties) == []


def test_a_cover_over_a_badge_stands_for_nobody() -> None:
    badge = (300, 200, 380, 280)
    assert judged(("P1",), faces_in(1, covers=[badge]), extra=[badge]) == []
    assert codes(judged(("P1",), faces_in(1, covers=[badge]))) == ["FAC202"]


@given(
    subjects=st.one_of(
        st.none(), st.lists(st.sampled_from(["P1", "P2", "P3", "P4", "P9", "staff:S1", "visitor:1"]), max_size=5)
    ),
    count=st.integers(0, 5),
    possible=st.integers(0, 2),
)
def test_whoever_lacks_consent_is_never_left_uncovered_in_the_clean_copy(
    subjects: list[str] | None, count: int, possible: int
) -> None:
    declared = None if subjects is None else tuple(dict.fromkeys(subjects))
    findings = judged(declared, faces_in(count, possible))
    edits = safe(findings)
    agreed = set(declared or ()) <= {"P1", "P4", "staff:S1"}
    if count and (declared is None or not agreed or count > len(declared)):
        assert DROP in edits or edits >= covers(count)
    elif not count and not agreed:
        assert DROP in edits
    else:
        assert not edits


def test_options_say_what_is_wrong_with_them() -> None:
    for wrong in (
        {"detectors": ()},
        {"cover": "blur"},
        {"cover_colour": "red"},
        {"max_megapixels": 0},
        {"max_frames": 0},
    ):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            FaceOptions(**wrong)
    assert FaceOptions().replacement == "cover"
    assert FaceOptions(cover="ellipse", cover_colour="#2f4f4f").replacement == "cover ellipse #2f4f4f"


# From here on with real pictures and the real detector.


@pytest.fixture(scope="module")
def apply() -> Any:
    return make_cover()


def seen(image: Image, **how: Any) -> FacesInPicture:
    view = make_faces_view(FaceOptions(**how))
    context = context_of(image, lambda _index: faces_in(0))
    found = view(context, 0)
    assert isinstance(found, FacesInPicture)
    return found


def real_findings(image: Image) -> list[Finding]:
    context = context_of(image, lambda _index: seen(image))
    return [finding for finding in make_check(FaceOptions())(context) if finding.rule != "FAC204"]


def cover_edits(findings: list[Finding]) -> list[Edit]:
    return [edit for edit in safe(findings) if isinstance(edit.evidence, ImageBox)]


def test_a_group_is_covered_and_passes_when_it_is_checked_again(apply: Any) -> None:
    scene, boxes = group(3, columns=3, face=44)
    image = Image("a.jpg", encoded(scene), subjects=("P1", "P2", "P4"))
    edits = cover_edits(real_findings(image))
    assert len(edits) == 3
    clean = apply(image, edits, 0)
    assert len(clean.covered) == 3
    assert real_findings(clean) == []
    assert seen(clean).faces == ()
    for box in boxes:
        assert any(c[0] <= box[0] and c[1] <= box[1] and c[2] >= box[2] and c[3] >= box[3] for c in clean.covered)


def test_covers_are_larger_than_the_face_by_three_tenths(apply: Any) -> None:
    image = Image("a.jpg", encoded(portrait(320)))
    (edit,) = cover_edits(real_findings(image))
    assert isinstance(edit.evidence, ImageBox)
    left, top, right, bottom = edit.evidence.box
    (cover,) = apply(image, [edit], 0).covered
    assert cover[0] <= left - 0.3 * (right - left) + 1
    assert cover[3] >= bottom + 0.3 * (bottom - top) - 1


def test_only_the_tied_face_without_consent_is_covered(apply: Any) -> None:
    scene, boxes = group(2, columns=2, face=50)
    image = Image("a.jpg", encoded(scene), subjects=("P1", "P2"), faces=((boxes[0], "P1"), (boxes[1], "P2")))
    clean = apply(image, cover_edits(real_findings(image)), 0)
    left = seen(clean)
    assert len(left.faces) == 1
    assert overlap(left.faces[0].box, boxes[0]) > 0.5
    assert real_findings(clean) == []


def test_covering_twice_changes_nothing_more(apply: Any) -> None:
    image = Image(
        "a.jpg", encoded(empty_room((320, 240))), subjects=(), extra_boxes=((20, 20, 90, 90), (300, 200, 900, 900))
    )
    clean = apply(image, [], 0)
    assert clean.covered == {(20, 20, 90, 90), (300, 200, 320, 240)}
    assert apply(clean, [], 0) is clean


def test_the_edit_says_how_the_cover_looks(apply: Any) -> None:
    image = Image("a.png", encoded(portrait(200), "PNG"))
    options = FaceOptions(cover="ellipse", cover_colour="#ff8800")
    context = context_of(image, lambda _index: seen(image))
    edits = cover_edits(list(make_check(options)(context)))
    from postguard.images.pixels import frames

    (frame,) = frames(apply(image, edits, 0).data)
    middle = (FACE[0] + FACE[2]) * 200 // 1024, (FACE[1] + FACE[3]) * 200 // 1024
    assert tuple(frame.views[0][middle[1], middle[0]]) == (0xFF, 0x88, 0)


def test_a_smiley_hides_the_face_and_passes_when_it_is_checked_again(apply: Any) -> None:
    image = Image("a.jpg", encoded(portrait(400)), subjects=("P2",))
    context = context_of(image, lambda _index: seen(image))
    edits = cover_edits(list(make_check(FaceOptions(cover="smiley", cover_colour="#ffcc33"))(context)))
    clean = apply(image, edits, 0)
    assert real_findings(clean) == []
    assert seen(replace(clean, covered=frozenset())).faces == ()


def test_a_broken_picture_is_told_by_its_index() -> None:
    with pytest.raises(UnreadablePicture) as caught:
        seen(Image("a.jpg", encoded(portrait(64))[:300]))
    assert caught.value.image == 0


def test_faces_in_a_hidden_picture_are_found_too() -> None:
    view = make_faces_in_view(FaceOptions())
    context = context_of(Image("a", b"x"), lambda _index: faces_in(0))
    assert len(view(context, encoded(portrait(96))).faces) == 1


def test_the_checker_offers_its_rules_views_and_the_cover() -> None:
    (checker,) = postguard_checkers()
    assert [rule.code for rule in checker.rules] == [f"FAC{n}" for n in range(201, 208)]
    assert [view.name for view in checker.views] == ["faces", "faces_in"]
    (sanitiser,) = postguard_sanitisers()
    assert sanitiser.applies_to is ImageBox
