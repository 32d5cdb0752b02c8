"""Faces and consent: who is said to be in a picture, who agreed to it, how many faces there are, and where.

Faces are found, not recognised. What is decided rests on the declared subjects, on the number of faces and on the boxes
that a person tied to subjects.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Literal

from postguard.checkers.consent import Standing, restricted, standings
from postguard.errors import PluginError, UnreadablePicture
from postguard.hookspecs import Check, Checker, Detector, Sanitiser, View, hookimpl
from postguard.model import Applicability, Box, Edit, Finding, Image, ImageBox, ImageFile
from postguard.rules import builtin

if TYPE_CHECKING:
    from postguard.context import Context, ViewMaker
    from postguard.hookspecs import Apply, Detect
    from postguard.images.cover import Shape
    from postguard.images.faces import Face, FaceFinder, FacesInPicture
    from postguard.images.pixels import Limits

LIMITS = (
    "Faces are found, not recognised: their number is no proof of who is who, and a child can also be known by hair, "
    "kit, a badge or from behind."
)
_SHAPES: dict[str, Shape] = {"rectangle": "rectangle", "ellipse": "ellipse", "smiley": "smiley"}
_SAME_PLACE = 0.3
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class FaceOptions:
    """`[checkers.faces]` of postguard.toml.

    `detectors`: "centerface", "blazeface" (needs postguard[mediapipe]), what a plugin offers, or several, joined.
    `thorough`: look at every picture turned as well. `max_megapixels` and `max_frames`: what is more can't be checked.
    `cover`: the shape of covers, "rectangle", "ellipse" or "smiley"; `cover_colour`: "#rrggbb", such as the school's.
    """

    detectors: tuple[str, ...] = ("centerface",)
    thorough: bool = False
    max_megapixels: int = 50
    max_frames: int = 120
    cover: Literal["rectangle", "ellipse", "smiley"] = "rectangle"
    cover_colour: str = "#3d4045"

    def __post_init__(self) -> None:
        object.__setattr__(self, "detectors", tuple(self.detectors))
        if not self.detectors:
            raise ValueError("detectors: name at least one")
        if self.cover not in _SHAPES:
            raise ValueError("cover: rectangle, ellipse or smiley")
        if not re.fullmatch(r"#[0-9a-f]{6}", self.cover_colour):
            raise ValueError("cover_colour: a colour such as #3d4045")
        if self.max_megapixels < 1 or self.max_frames < 1:
            raise ValueError("max_megapixels and max_frames: 1 or more")

    @property
    def limits(self) -> Limits:
        """How much of a file is decoded."""
        from postguard.images.pixels import Limits

        pixels = self.max_megapixels * 1_000_000
        return Limits(pixels=pixels, frames=self.max_frames, all_pixels=10 * pixels)

    @property
    def replacement(self) -> str:
        """What an edit says: "cover", or "cover ellipse #2f4f4f" where it is not the usual one."""
        usual = FaceOptions()
        if (self.cover, self.cover_colour) == (usual.cover, usual.cover_colour):
            return "cover"
        return f"cover {self.cover} {self.cover_colour}"


def make_check(options: FaceOptions) -> Check:
    """The check of faces and consent."""

    def check(context: Context) -> Iterator[Finding]:
        _chosen(options, context.detectors)  # a detector that is missing blocks a draft without a picture as well
        unreadable: UnreadablePicture | None = None
        for index, image in enumerate(context.draft.images):
            if restricted(context, image):
                drop = Edit(ImageFile(index), "drop", Applicability.SAFE)
                yield Finding("FAC203", evidence=ImageFile(index), edits=(drop,))
            try:
                faces = context.view("faces", index)
            except UnreadablePicture as error:
                unreadable = unreadable or error
                continue
            stand = standings(context, image)
            picture = _Picture(index, image, faces, stand, options.replacement)
            yield from picture.findings()
        if unreadable is not None:
            raise unreadable

    return check


class _Picture:
    """One picture: its faces against who is said to be in it."""

    def __init__(
        self, index: int, image: Image, faces: FacesInPicture, standings: dict[str, Standing], replacement: str
    ) -> None:
        self.index, self.image, self.found, self.standings = index, image, faces, standings
        self._replacement = replacement
        self._explained = False
        self._ties = image.faces

    def findings(self) -> Iterator[Finding]:
        found = list(self.found.faces)
        for face in found:
            yield self._about("FAC204", face, "")
        open_faces = found
        if self._ties:
            yield from self._tied()
            open_faces = [face for face in found if not any(_same_place(face.box, box) for box, _ in self._ties)]
        tied = {subject for _, subject in self._ties if subject is not None}
        open_subjects = [subject for subject in self.image.subjects or () if subject not in tied]
        lacking = [self.standings[subject] for subject in open_subjects if self.standings[subject].rule]
        covers = self._covers_of_faces()
        undeclared = bool(open_faces) and len(open_faces) + covers > len(open_subjects)
        if undeclared:
            for face in open_faces:
                yield self._about("FAC202", face, self._count_advice(len(open_faces), len(open_subjects)))
        missing = len(open_faces) + covers < len(open_subjects)
        if lacking and (missing or open_faces):
            yield from self._without_consent(lacking, open_faces, missing=missing)
        covering = undeclared or (bool(lacking) and bool(open_faces))
        for face in self.found.possible:
            if not any(_same_place(face.box, box) for box, _ in self._ties):
                edit = self._cover(face.box, Applicability.SAFE if covering else Applicability.OFFERED)
                yield Finding("FAC207", evidence=edit.evidence, edits=(edit,), confidence=face.score)

    def _tied(self) -> Iterator[Finding]:
        """Face by face: only those that a person tied to nobody, or to somebody without consent, are objected to."""
        for box, subject in self._ties:
            if any(_inside(box, cover) for cover in self.found.covers):
                continue
            match = next((face for face in self.found.faces if _same_place(face.box, box)), None)
            whole = _around(box, match.box) if match else box
            if subject is None:
                yield self._at(whole, "FAC202", "This face is tied to nobody.", match)
            elif rule := self.standings[subject].rule:
                yield self._at(whole, rule, self.standings[subject].advice, match)

    def _without_consent(
        self, lacking: Sequence[Standing], faces: Sequence[Face], *, missing: bool
    ) -> Iterator[Finding]:
        """It is not known which face is whose: all are covered, or the picture goes where a face was not found."""
        edits = [self._cover(face.box) for face in faces]
        only = len(faces) == 1 and len(self.standings) == 1
        where = edits[0].evidence if only else ImageFile(self.index)
        note = "It is not known whose face is whose, so the clean copy covers all of them."
        if missing:
            edits, where = [Edit(ImageFile(self.index), "drop", Applicability.SAFE)], ImageFile(self.index)
            note = "Fewer faces were found than people declared, so the clean copy leaves the picture out."
        elif only:
            note = "The clean copy covers the face."
        for standing in lacking:
            advice = self._explain(f"{standing.advice} {note}")
            yield Finding(standing.rule or "", evidence=where, advice=advice, edits=tuple(edits))

    def _covers_of_faces(self) -> int:
        """How many covers stand for somebody's face: not those that a person drew besides, nor those of ties."""
        apart = {_clipped(box, self.found) for box in self.image.extra_boxes}
        tied = [box for box, _ in self._ties]
        return sum(cover not in apart and not any(_inside(box, cover) for box in tied) for cover in self.found.covers)

    def _count_advice(self, faces: int, declared: int) -> str:
        if self.image.subjects is None and not self._ties:
            return self._explain("Nobody said who is in this picture.")
        return self._explain(f"Faces found: {faces}; people declared: {declared}.")

    def _about(self, rule: str, face: Face, advice: str) -> Finding:
        edit = self._cover(face.box)
        return Finding(rule, evidence=edit.evidence, advice=advice, edits=(edit,), confidence=face.score)

    def _at(self, box: Box, rule: str, advice: str, face: Face | None) -> Finding:
        edit = self._cover(box)
        confidence = face.score if face else 1.0
        return Finding(rule, edit.evidence, advice=self._explain(advice), edits=(edit,), confidence=confidence)

    def _cover(self, box: Box, applicability: Applicability = Applicability.SAFE) -> Edit:
        return Edit(ImageBox(self.index, *box), self._replacement, applicability)

    def _explain(self, advice: str) -> str:
        """The advice, and once for each picture what all this can't know."""
        if self._explained:
            return advice
        self._explained = True
        return f"{advice} {LIMITS}"


def _same_place(box: Box, other: Box) -> bool:
    """True if two boxes, one of them drawn by hand, mean the same face."""
    width = min(box[2], other[2]) - max(box[0], other[0])
    height = min(box[3], other[3]) - max(box[1], other[1])
    if width <= 0 or height <= 0:
        return False
    area, other_area = _area(box), _area(other)
    shared = width * height
    return shared / (area + other_area - shared) >= _SAME_PLACE or shared / min(area, other_area) >= 2 * _SAME_PLACE


def _area(box: Box) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])


def _inside(box: Box, cover: Box) -> bool:
    """True if the middle nine tenths of the box lie under the cover."""
    x, y = (box[2] - box[0]) // 20, (box[3] - box[1]) // 20
    return box[0] + x >= cover[0] and box[1] + y >= cover[1] and box[2] - x <= cover[2] and box[3] - y <= cover[3]


def _around(box: Box, other: Box) -> Box:
    return min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3])


_making = threading.Lock()


@cache
def _ready(detector: Detector) -> Detect:
    return detector.make()


@cache
def _made(detectors: tuple[Detector, ...], *, thorough: bool) -> FaceFinder:
    from postguard.images.faces import FaceFinder

    return FaceFinder([_ready(detector) for detector in detectors], thorough=thorough)


def finder(options: FaceOptions, offered: Iterable[Detector] = ()) -> FaceFinder:
    """The finder for these options, one in a process: the views and the covering share it and what it remembers.

    `offered` are the detectors of plugins. Raises PluginError for one that is named and that nobody offers, and
    whatever the making of a detector raises, such as ImportError.
    """
    with _making:
        return _made(_chosen(options, offered), thorough=options.thorough)


def _chosen(options: FaceOptions, offered: Iterable[Detector]) -> tuple[Detector, ...]:
    known = {detector.name: detector for detector in (*offered, *postguard_detectors())}
    if missing := [name for name in options.detectors if name not in known]:
        raise PluginError(f"no enabled plugin offers the face detector {missing[0]!r}")
    return tuple(known[name] for name in dict.fromkeys(options.detectors))


def make_faces_view(options: FaceOptions) -> ViewMaker:
    """`context.view("faces", i)`: the faces of picture `i` of the draft. Raises UnreadablePicture."""
    limits = options.limits

    def faces(context: Context, index: int) -> FacesInPicture:
        find = finder(options, context.detectors)
        image = context.draft.images[index]
        expected = max(len(image.subjects or ()), len(image.faces), 1)
        try:
            return find(image.data, expected=expected, covered=image.covered, limits=limits)
        except UnreadablePicture as error:
            raise UnreadablePicture(index, error.reason) from None

    return faces


def make_faces_in_view(options: FaceOptions) -> ViewMaker:
    """`context.view("faces_in", data)`: the faces of a picture that lies in a file. Raises UnreadablePicture."""
    limits = options.limits

    def faces_in(context: Context, data: bytes) -> FacesInPicture:
        return finder(options, context.detectors)(data, limits=limits)

    return faces_in


class FaceLeft(Exception):
    """A face was found in a picture after covering."""


def make_cover() -> Apply:
    """Covers the boxes of the edits, grown, and the picture's extra boxes as drawn; then looks again.

    What looks like a face only once its neighbour is covered is covered too. A picture in which all that is covered
    already comes back as it is. Raises FaceLeft where a face is left that should be covered, and UnreadablePicture.
    """
    from postguard.images.cover import cover, grown
    from postguard.images.pixels import Limits

    options = FaceOptions()
    find = finder(options)
    # The check has let the picture pass, by limits that the school may have raised.
    limits = Limits(pixels=options.limits.pixels * 10, frames=10_000, all_pixels=options.limits.all_pixels * 10)

    def apply(image: Image, edits: Sequence[Edit], _index: int) -> Image:
        asked = [edit for edit in edits if isinstance(edit.evidence, ImageBox)]
        to_cover = [edit.evidence.box for edit in asked if isinstance(edit.evidence, ImageBox)]
        before = find(image.data, expected=0, covered=image.covered, limits=limits)
        extra = [box for drawn in image.extra_boxes if (box := _clipped(drawn, before)) not in before.covers]
        if not to_cover and not extra:
            return image
        shape, colour = _look(asked, options)
        boxes = [grown(box, shape) for box in to_cover]
        known = [face.box for face in (*before.faces, *before.possible)]
        for _ in range(_ROUNDS):
            find.make_room(image.data, limits=limits, whole=True)
            result = cover(image.data, boxes, drawn=extra, shape=shape, colour=colour, limits=limits)
            after = find(result.data, expected=0, covered=result.boxes, limits=limits)
            if any(_same_place(face.box, box) for face in after.faces for box in to_cover):
                raise FaceLeft
            # Beside a cover something can look like a face that did not before.
            seen = [face.box for face in (*after.faces, *after.possible)]
            new = [box for box in seen if not any(_same_place(box, other) for other in known)]
            if not new:
                return replace(image, data=result.data, covered=frozenset(result.boxes) | image.covered)
            boxes += [grown(box, shape) for box in new]
        raise FaceLeft

    return apply


def _clipped(box: Box, found: FacesInPicture) -> Box:
    """The part of the box that lies in the picture."""
    return box[0], box[1], min(box[2], found.width), min(box[3], found.height)


def _look(edits: Iterable[Edit], options: FaceOptions) -> tuple[Shape, tuple[int, int, int]]:
    """Shape and colour of the covers, as the edits say."""
    shape: Shape = options.cover
    colour = options.cover_colour
    for edit in edits:
        if match := re.fullmatch(r"cover ([a-z]+) (#[0-9a-f]{6})", edit.replacement):
            shape, colour = _SHAPES[match[1]], match[2]
    return shape, (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))


@hookimpl
def postguard_checkers() -> list[Checker]:
    """The check of faces and consent, and the views of a picture's faces."""
    views = (View("faces", make_faces_view, "pixels"), View("faces_in", make_faces_in_view))
    return [Checker("faces", builtin("faces"), FaceOptions, make_check, views)]


@hookimpl
def postguard_detectors() -> list[Detector]:
    """The detectors that are built in."""
    return [Detector("centerface", _centerface), Detector("blazeface", _blazeface)]


def _centerface() -> Detect:
    from postguard.images.faces import CenterFace

    return CenterFace()


def _blazeface() -> Detect:
    from postguard.images.faces import BlazeFace

    return BlazeFace()


@hookimpl
def postguard_sanitisers() -> list[Sanitiser]:
    """The covering of faces."""
    return [Sanitiser("cover", ImageBox, make_cover)]
