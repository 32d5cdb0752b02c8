"""Find faces: where they are, never whose. No embedding, no template, nothing of a face is kept but its box.

The recipe (three passes of CenterFace, joined) and its thresholds were measured on 59 group photos; `bench/faces.py`
measures them again.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from postguard.images.any_size import any_size
from postguard.images.pixels import Frame, Limits, displayed_size, frames, kind_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from postguard.images.pixels import Pixels

    Boxes: TypeAlias = NDArray[np.float32]
    """(n, 5): left, top, right, bottom in pixels, score"""

Box: TypeAlias = tuple[int, int, int, int]

FACE = 0.3
POSSIBLE = 0.2
LONG_SIDE = 1600
"""Pixels of the longer side that the first pass looks at; a picture is decoded no smaller than that."""

_CLOSER = ((640, 0.4), (320, 0.7))
"""Further passes (longer side, least score) for faces too close for the first: of a face wider than a third of the
picture it sees parts only."""
_MOST_ENLARGED = 3
"""Larger brings nothing: a face of 7 pixels is found at three times its size."""
_PART, _WHOLE_SCORE = (0.05, 0.7), 0.6
"""A box inside a closer pass's sure box, of that share of its area, is a part of that face."""
_TURNED_BEST, _TURNED_LEAST = 0.75, 0.4
_DOUBT = 0.8
"""Mean score of a picture's faces: 26 of 30 upright group photos have more, most of those lying on their side less."""
_SAME_IOU, _SAME_OVERLAP = 0.35, 0.7
_FAR = 32
"""Where a face is smaller, in pixels of a picture of LONG_SIDE, others may stand further off still."""
_CLOSE_UP, _LAP, _FAR_LEAST = 3200, 200, 0.5
"""They are looked for in tiles that lap over so many pixels, of the picture reduced to no fewer than that."""
_TILE = (LONG_SIDE, 1200)
"""A tile takes no more memory than a whole picture of the usual shape."""
_REMEMBERED = 512
_LARGE = 16_000_000


@dataclass(frozen=True, slots=True)
class Face:
    """A box in pixels of the displayed picture (right and bottom exclusive) and the detector's score, 0–1."""

    box: Box
    score: float


@dataclass(frozen=True, slots=True)
class FacesInPicture:
    """What was found in a picture of `width` × `height` pixels as displayed.

    `faces` are those to count on, `possible` those that a person should look at; each from left to right. `covers` are
    the boxes that were said to be covered and are: whatever was found inside one is not told.
    """

    width: int
    height: int
    faces: tuple[Face, ...] = ()
    possible: tuple[Face, ...] = ()
    covers: tuple[Box, ...] = ()


class Detect(Protocol):
    """Finds faces in upright RGB pixels, which it must not change. Scores are on CenterFace's scale: from .3 a face,
    from .2 a possible one.

    One serves many threads.
    """

    def __call__(self, pixels: Pixels, /) -> Boxes:
        """Boxes in pixels of the array that was given."""


class CenterFace:
    """CenterFace through ONNX Runtime: a pass at 1600 pixels, then two smaller ones for faces too close for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._net: Any = self._read()

    @staticmethod
    def _read() -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        # Memory planned ahead for each size of picture is never quite the next one's: it grew past 1 GB.
        options.enable_mem_pattern = False
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # waiting threads take no time
        options.log_severity_level = 3  # it warns of weights that the net does not use
        model = any_size(files("postguard").joinpath("models/centerface.onnx").read_bytes())
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def rest(self) -> None:
        """Gives back the 400 MB that the net keeps from its last picture; it is read again when it is needed."""
        with self._lock:
            self._net = None

    def __call__(self, pixels: Pixels) -> Boxes:
        most = max(32, _MOST_ENLARGED * max(pixels.shape[:2]))
        boxes = self._pass(pixels, min(LONG_SIDE, most), POSSIBLE)
        for long_side, least in _CLOSER:
            if long_side < most:
                boxes = _with_closer(boxes, self._pass(pixels, long_side, least))
        return boxes

    def _pass(self, pixels: Pixels, long_side: int, least: float) -> Boxes:
        import cv2
        import numpy as np

        height, width = pixels.shape[:2]
        scale = long_side / max(width, height)
        columns, rows = (-(-round(side * scale) // 32) * 32 for side in (width, height))
        resized = cv2.resize(pixels, (columns, rows), interpolation=cv2.INTER_AREA)
        blob = np.ascontiguousarray(resized.transpose(2, 0, 1)[None], dtype=np.float32)
        with self._lock:
            if self._net is None:
                self._net = self._read()
            heat, size, offset = self._net.run(["537", "538", "539"], {"input.1": blob})
        y, x = np.nonzero(heat[0, 0] >= least)
        tall, wide = np.exp(size[0][:, y, x]) * 4
        middle_y, middle_x = (np.stack([y, x]) + offset[0][:, y, x] + 0.5) * 4
        boxes = np.stack([middle_x - wide / 2, middle_y - tall / 2, middle_x + wide / 2, middle_y + tall / 2], axis=1)
        boxes[:, 0::2] = np.clip(boxes[:, 0::2], 0, columns) * (width / columns)
        boxes[:, 1::2] = np.clip(boxes[:, 1::2], 0, rows) * (height / rows)
        return _strongest(np.column_stack([boxes, heat[0, 0, y, x]]).astype(np.float32))


class BlazeFace:
    """BlazeFace (full range) through MediaPipe, over the picture and overlapping square tiles of it.

    Needs `postguard[mediapipe]`. MediaPipe hangs in a forked child: start workers with spawn.
    """

    _SHOWN, _WEAK = 0.6, 0.5
    _TILES, _SMALLEST = (1, 2, 4), 256  # smaller tiles bring mostly false boxes: 1.2 a photo without a face, not 0.1

    def __init__(self) -> None:
        import mediapipe
        from mediapipe.tasks.python import BaseOptions, vision

        weights = files("postguard").joinpath("models/blazeface_full_range.tflite").read_bytes()
        options = vision.FaceDetectorOptions(
            base_options=BaseOptions(model_asset_buffer=weights), min_detection_confidence=self._WEAK
        )
        self._detector = vision.FaceDetector.create_from_options(options)
        self._image: Callable[..., Any] = mediapipe.Image
        self._format = mediapipe.ImageFormat.SRGB
        self._lock = threading.Lock()

    def __call__(self, pixels: Pixels) -> Boxes:
        import numpy as np

        found = [self._pass(pixels[t:b, left:right], left, t) for left, t, right, b in self._tiles(pixels)]
        boxes = _strongest(np.concatenate(found))
        boxes[:, 4] = np.interp(boxes[:, 4], (self._WEAK, self._SHOWN, 1), (POSSIBLE, FACE, 1))
        return boxes

    def _tiles(self, pixels: Pixels) -> Iterator[Box]:
        height, width = pixels.shape[:2]
        for count in self._TILES:
            side = -(-max(width, height) // count)
            if count > 1 and side < self._SMALLEST:
                return
            step = max(1, side * 3 // 4)
            for top in range(0, max(1, height - side // 4), step):
                for left in range(0, max(1, width - side // 4), step):
                    yield left, top, min(left + side, width), min(top + side, height)

    def _pass(self, pixels: Pixels, left: int, top: int) -> Boxes:
        import numpy as np

        with self._lock:
            found = self._detector.detect(self._image(self._format, np.ascontiguousarray(pixels)))
        boxes = np.empty((len(found.detections), 5), np.float32)
        for row, detection in zip(boxes, found.detections, strict=True):
            box = detection.bounding_box
            row[:] = box.origin_x, box.origin_y, box.origin_x + box.width, box.origin_y + box.height, 0
            row[4] = detection.categories[0].score
        height, width = pixels.shape[:2]
        boxes[:, 0:4:2] = np.clip(boxes[:, 0:4:2], 0, width) + left
        boxes[:, 1:4:2] = np.clip(boxes[:, 1:4:2], 0, height) + top
        return boxes


class FaceFinder:
    """Finds the faces of picture files with one detector or several joined. One serves many threads.

    What a detector said of pixels that it has seen is remembered (a digest and boxes, never pixels), so that a copy
    without its metadata, or a still in an animation, costs nothing again.
    """

    def __init__(self, detectors: Sequence[Detect], *, thorough: bool = False) -> None:
        if not detectors:
            raise ValueError("at least one detector is needed")
        self._detectors = tuple(detectors)
        self._thorough = thorough
        self._seen: OrderedDict[tuple[bytes, int], Boxes] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(
        self, data: bytes, *, expected: int = 1, covered: Iterable[Box] = (), limits: Limits | None = None
    ) -> FacesInPicture:
        """The faces of the picture in `data`, over all of its frames.

        Where fewer than `expected` are found, or those found are doubtful, the picture is also looked at turned by 90,
        180 and 270 degrees. `covered` are boxes said to be covered: they count as found where one flat colour fills
        them in every frame.
        Raises `UnreadablePicture`, and ValueError where a detector gives no boxes as `Detect` has them.
        """
        from postguard.images.cover import is_covered

        self.make_room(data, limits=limits)
        ways: dict[int, list[Boxes]] = {0: [], 1: [], 2: [], 3: []}
        ends: list[Frame] = []
        covers = sorted(set(covered))
        first: Frame | None = None
        for frame in frames(data, limits=limits, long_side=LONG_SIDE):
            first = first or frame
            covers = [box for box in covers if is_covered(frame, box)]
            for quarters in ways if self._thorough else (0,):
                ways[quarters].append(self._looked_at(frame, quarters))
            ends = [*ends[:1], frame]
        if first is None:
            raise ValueError("a picture without a frame")
        boxes = outside(joined(ways[0]), covers)
        if not self._thorough and _in_doubt(boxes, len(covers), expected):
            # A whole animation is not turned for want of a face: its first and last frame are.
            for quarters in (1, 2, 3):
                ways[quarters] = [self._looked_at(frame, quarters) for frame in ends]
        seen = {0: boxes} | {quarters: _sure(outside(joined(ways[quarters]), covers)) for quarters in (1, 2, 3)}
        # The way up in which most is seen leads: a face that lies on its side gets a poor box.
        order = sorted(seen, key=lambda quarters: float(seen[quarters][:, 4].sum()), reverse=True)
        boxes = joined([seen[quarters] for quarters in order])
        if len(ends) == 1 and (self._thorough or _someone_is_far(boxes, first, expected - len(covers))):
            boxes = joined([boxes, outside(self._close_up(data, order[0], limits), covers)])
        told = _faces(boxes, first.width, first.height)
        return FacesInPicture(
            first.width,
            first.height,
            faces=tuple(face for face in told if face.score >= FACE),
            possible=tuple(face for face in told if face.score < FACE),
            covers=tuple(covers),
        )

    def make_room(self, data: bytes, *, limits: Limits | None = None, whole: bool = False) -> None:
        """Lets the detectors give back memory where decoding the picture takes much of it: a large picture that is
        no JPEG, or (`whole`) one that is decoded in full. Raises `UnreadablePicture`."""
        width, height = displayed_size(data, limits=limits)
        if width * height > _LARGE and (whole or kind_of(data) != "JPEG"):
            for detector in self._detectors:
                if rest := getattr(detector, "rest", None):
                    rest()

    def _looked_at(self, frame: Frame, quarters: int) -> Boxes:
        """The faces of one frame, turned anticlockwise by so many quarters, in pixels of the upright full picture."""
        found = []
        for view in frame.views:
            height, width = view.shape[:2]
            boxes = _turned_back(self._detect(view, quarters), quarters, width, height)
            found.append(boxes * _row(frame.width / width, frame.height / height))
        return joined(found)

    def _close_up(self, data: bytes, quarters: int, limits: Limits | None) -> Boxes:
        """The sure faces in the tiles of a still that was reduced before it was looked at; none of a smaller one."""
        import numpy as np

        width, height = displayed_size(data, limits=limits)
        if max(width, height) < LONG_SIDE + 2 * _LAP:
            return np.empty((0, 5), np.float32)
        self.make_room(data, limits=limits, whole=True)
        found = []
        for frame in frames(data, limits=limits, long_side=_CLOSE_UP):
            for view in frame.views:
                scale = _row(frame.width / view.shape[1], frame.height / view.shape[0])
                for left, top, right, bottom in _tiles(view.shape[1], view.shape[0]):
                    tile = np.ascontiguousarray(view[top:bottom, left:right])
                    boxes = _turned_back(self._detect(tile, quarters), quarters, right - left, bottom - top)
                    found.append((boxes + np.array([left, top, left, top, 0], np.float32)) * scale)
        boxes = joined(found)
        return boxes[boxes[:, 4] >= _FAR_LEAST]

    def _detect(self, view: Pixels, quarters: int) -> Boxes:
        import numpy as np

        digest = hashlib.blake2b(repr(view.shape).encode(), digest_size=16)
        digest.update(np.ascontiguousarray(view).data)
        key = (digest.digest(), quarters)
        with self._lock:
            if key in self._seen:
                self._seen.move_to_end(key)
                return self._seen[key]
        turned = np.ascontiguousarray(np.rot90(view, quarters)) if quarters else view
        turned.setflags(write=False)
        boxes = joined([_vetted(detect(turned)) for detect in self._detectors])
        with self._lock:
            self._seen[key] = boxes
            while len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
        return boxes


def overlaps(boxes: Boxes, others: Boxes) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """For every pair of boxes the intersection over the union, and over the smaller one; shape (n, m) each."""
    import numpy as np

    corner = np.maximum(boxes[:, None, :2], others[None, :, :2])
    other_corner = np.minimum(boxes[:, None, 2:4], others[None, :, 2:4])
    shared = np.prod(np.clip(other_corner - corner, 0, None), axis=2)
    area, other_area = _areas(boxes)[:, None], _areas(others)[None]
    tiny = np.float32(1e-9)
    union = np.maximum(area + other_area - shared, tiny)
    return shared / union, shared / np.maximum(np.minimum(area, other_area), tiny)


def joined(passes: Sequence[Boxes]) -> Boxes:
    """One list from several passes over one picture: a box that an earlier pass has is not told again, but the better
    score of the two counts."""
    import numpy as np

    known = np.empty((0, 5), np.float32)
    for boxes in passes:
        if not len(boxes):
            continue
        if not len(known):
            known = boxes.copy()
            continue
        union, smaller = overlaps(boxes, known)
        same = (union >= _SAME_IOU) | (smaller >= _SAME_OVERLAP)
        again = same.any(axis=1)
        np.maximum.at(known[:, 4], (union * same).argmax(axis=1)[again], boxes[again, 4])
        known = np.concatenate([known, boxes[~again]])
    return known


def _with_closer(boxes: Boxes, closer: Boxes) -> Boxes:
    """The boxes of a pass joined with those of a pass at a smaller scale, which sees large faces whole."""
    import numpy as np

    for face in closer[:, None]:
        union, smaller = (values[0] for values in overlaps(face, boxes))
        same = (union >= _SAME_IOU) | (smaller >= _SAME_OVERLAP)
        if not same.any():
            boxes = np.concatenate([boxes, face])
            continue
        share = _areas(boxes) / _areas(face)
        parts = same & (share >= _PART[0]) & (share < _PART[1])
        if face[0, 4] >= _WHOLE_SCORE and parts.any() and not (same & (share >= _PART[1])).any():
            face[0, 4] = max(face[0, 4], boxes[parts, 4].max())
            boxes = np.concatenate([boxes[~parts], face])
        else:
            nearest = np.where(same, union, -1).argmax()
            boxes[nearest, 4] = max(boxes[nearest, 4], face[0, 4])
    return boxes


def outside(boxes: Boxes, covers: Sequence[Box]) -> Boxes:
    """The boxes whose middle lies in no cover."""
    import numpy as np

    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    hidden = np.zeros(len(boxes), bool)
    for left, top, right, bottom in covers:
        hidden |= (x >= left) & (x < right) & (y >= top) & (y < bottom)
    return boxes[~hidden]


def _strongest(boxes: Boxes, overlap: float = 0.3) -> Boxes:
    """Non-maximum suppression: of boxes that overlap, the one with the best score."""
    import numpy as np

    left = boxes[np.argsort(-boxes[:, 4], kind="stable")]
    kept = [left[:0]]
    while len(left):
        # One at a time: a large face has thousands of boxes, and all their pairs take 150 MB.
        kept.append(left[:1])
        left = left[1:][overlaps(left[:1], left[1:])[0][0] < overlap]
    return np.concatenate(kept)


def _vetted(told: Boxes) -> Boxes:
    """What a detector told of faces and possible ones, copied. Whatever is not surely a list of boxes raises: a score
    that is no number would pass for no face."""
    import numpy as np

    boxes = np.array(told, np.float32)
    if boxes.shape == (0,):
        return boxes.reshape(0, 5)
    if boxes.ndim != 2 or boxes.shape[1] != 5 or not np.isfinite(boxes).all():
        raise ValueError("a detector gave something else than boxes")
    if (boxes[:, 2:4] < boxes[:, :2]).any() or (boxes[:, 4] < 0).any() or (boxes[:, 4] > 1).any():
        raise ValueError("a detector gave a box or a score that can't be")
    return boxes[boxes[:, 4] >= POSSIBLE]


def _areas(boxes: Boxes) -> NDArray[np.float32]:
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def _in_doubt(boxes: Boxes, covers: int, expected: int) -> bool:
    """True if there should be more faces than were found, or those found look as if they lay on their side."""
    scores = boxes[boxes[:, 4] >= FACE, 4]
    return len(scores) + covers < max(expected, 1) or bool(len(scores) and scores.mean() < _DOUBT)


def _sure(boxes: Boxes) -> Boxes:
    """What may be added by looking at the picture turned: nothing, unless one face of it is beyond doubt."""
    if not len(boxes) or boxes[:, 4].max() < _TURNED_BEST:
        return boxes[:0]
    return boxes[boxes[:, 4] >= _TURNED_LEAST]


def _someone_is_far(boxes: Boxes, frame: Frame, expected: int) -> bool:
    """True if a sure face is small, or some of several people were not found."""
    import numpy as np

    sure = boxes[boxes[:, 4] >= _FAR_LEAST]
    sides = np.minimum(sure[:, 2] - sure[:, 0], sure[:, 3] - sure[:, 1])
    small = bool((sides * LONG_SIDE < _FAR * max(frame.width, frame.height)).any())
    return small or (expected > 1 and int((boxes[:, 4] >= FACE).sum()) < expected)


def _tiles(width: int, height: int) -> Iterator[Box]:
    """Tiles that lap over one another and together are the picture."""
    wide, tall = _TILE
    for top in _starts(height, tall):
        for left in _starts(width, wide):
            yield left, top, min(left + wide, width), min(top + tall, height)


def _starts(length: int, tile: int) -> list[int]:
    if length <= tile:
        return [0]
    count = -(-(length - _LAP) // (tile - _LAP))
    return [round(index * (length - tile) / (count - 1)) for index in range(count)]


def _row(x: float, y: float) -> NDArray[np.float32]:
    import numpy as np

    return np.array([x, y, x, y, 1], np.float32)


def _turned_back(boxes: Boxes, quarters: int, width: int, height: int) -> Boxes:
    """Boxes found in the picture turned anticlockwise by so many quarters, in pixels of the unturned picture."""
    import numpy as np

    left, top, right, bottom, score = boxes.T
    corners = {
        0: (left, top, right, bottom),
        1: (width - bottom, left, width - top, right),
        2: (width - right, height - bottom, width - left, height - top),
        3: (top, height - right, bottom, height - left),
    }[quarters]
    return np.stack([*corners, score], axis=1)


def _faces(boxes: Boxes, width: int, height: int) -> list[Face]:
    import numpy as np

    faces = []
    for left, top, right, bottom, score in boxes[np.lexsort((boxes[:, 1], boxes[:, 0]))].tolist():
        x, y = min(max(int(left), 0), width - 1), min(max(int(top), 0), height - 1)
        box = (x, y, min(max(-int(-right // 1), x + 1), width), min(max(-int(-bottom // 1), y + 1), height))
        faces.append(Face(box, min(1.0, round(score, 3))))
    return faces
