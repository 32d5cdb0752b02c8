"""Covers: can a covered face be linked back to its original? Ours against blur, mosaic and `deface`'s.

    POSTGUARD_CORPUS=../shared/corpus python bench/covers.py [--faces 300]

The attack: of so many faces, each is covered in its picture. The attacker holds the pictures in which the faces can be
seen, a little changed (other crop, light and compression), covers each the same way, and looks for the nearest,
comparing what lies where the face is and nothing of its surroundings. Rank-1 is how often the nearest is the right
one; chance is one in so many. Writes bench/results/covers.json.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image, ImageOps

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "src"))

if TYPE_CHECKING:
    from collections.abc import Callable

    from postguard.images.cover import Shape

    Redact = Callable[[np.ndarray, tuple[int, int, int, int]], np.ndarray]

SIDE = 96
MARGIN = 1.2
"""Room around a face, as a share of its size on every side: more than any cover grows."""


def faces(photos: Path, count: int) -> list[np.ndarray]:
    """So many faces with their surroundings, each SIDE pixels wide and in the middle of its square."""
    truth = json.loads((photos / "boxes.json").read_text())
    cut: list[np.ndarray] = []
    for photo, marked in truth.items():
        picture = (
            np.asarray(ImageOps.exif_transpose(Image.open(photos / photo)).convert("RGB")) if marked["boxes"] else None
        )
        for left, top, right, bottom in marked["boxes"]:
            size = max(right - left, bottom - top)
            if size < 24 or picture is None:
                continue
            x, y, half = (left + right) / 2, (top + bottom) / 2, size * (0.5 + MARGIN)
            whole = cv2.copyMakeBorder(picture, *[int(2 * half)] * 4, cv2.BORDER_REFLECT_101)
            shift = int(2 * half)
            square = whole[
                round(y - half) + shift : round(y + half) + shift, round(x - half) + shift : round(x + half) + shift
            ]
            full = round(SIDE * (1 + 2 * MARGIN))
            cut.append(cv2.resize(square, (full, full), interpolation=cv2.INTER_AREA))
    return cut[:count]


def changed(face: np.ndarray, seed: np.random.Generator) -> np.ndarray:
    """The same face as in another copy of the picture: shifted, scaled, lighter or darker, compressed."""
    side = len(face)
    scale, (dx, dy) = 1 + seed.uniform(-0.04, 0.04), seed.uniform(-2, 2, 2)
    matrix = np.array([[scale, 0, dx + side * (1 - scale) / 2], [0, scale, dy + side * (1 - scale) / 2]])
    moved = cv2.warpAffine(face, matrix, (side, side), borderMode=cv2.BORDER_REFLECT_101).astype(float)
    lit = np.clip(moved * seed.uniform(0.92, 1.08) + seed.uniform(-6, 6) + seed.normal(0, 2, moved.shape), 0, 255)
    buffer = io.BytesIO()
    Image.fromarray(lit.astype(np.uint8)).save(buffer, "JPEG", quality=75)
    return np.asarray(Image.open(buffer).convert("RGB"))


def postguard(shape: Shape) -> Redact:
    from postguard.images.cover import cover, grown

    def redact(picture: np.ndarray, box: tuple[int, int, int, int]) -> np.ndarray:
        buffer = io.BytesIO()
        Image.fromarray(picture).save(buffer, "JPEG", quality=90)
        done = cover(buffer.getvalue(), [grown(box, shape)], shape=shape)
        return np.asarray(Image.open(io.BytesIO(done.data)).convert("RGB"))

    return redact


def over(work: Callable[[np.ndarray], np.ndarray], growth: float = 0.3) -> Redact:
    """A redaction of the grown box, written as JPEG like ours."""

    def redact(picture: np.ndarray, box: tuple[int, int, int, int]) -> np.ndarray:
        left, top, right, bottom = box
        x, y = round((right - left) * growth), round((bottom - top) * growth)
        rows, columns = slice(top - y, bottom + y), slice(left - x, right + x)
        done = picture.copy()
        done[rows, columns] = work(picture[rows, columns])
        buffer = io.BytesIO()
        Image.fromarray(done).save(buffer, "JPEG", quality=90)
        return np.asarray(Image.open(buffer).convert("RGB"))

    return redact


def gaussian(part: np.ndarray) -> np.ndarray:
    return cv2.GaussianBlur(part, (0, 0), len(part) / 8)


def mosaic(cells: int) -> Callable[[np.ndarray], np.ndarray]:
    def work(part: np.ndarray) -> np.ndarray:
        small = cv2.resize(part, (cells, cells), interpolation=cv2.INTER_AREA)
        return cv2.resize(small, part.shape[1::-1], interpolation=cv2.INTER_NEAREST)

    return work


def deface_blur(part: np.ndarray) -> np.ndarray:
    """What deface 1.5.0 does by default: a box blur of half the box's size inside an ellipse."""
    height, width = part.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    cv2.ellipse(mask, (width // 2, height // 2), (width // 2, height // 2), 0, 0, 360, 1, -1)
    return np.where(mask[:, :, None] == 1, cv2.blur(part, (width // 2, height // 2)), part)


def mean_colour(part: np.ndarray) -> np.ndarray:
    return np.broadcast_to(part.mean(axis=(0, 1)).astype(np.uint8), part.shape).copy()


WAYS: dict[str, Redact] = {
    "postguard rectangle": postguard("rectangle"),
    "postguard ellipse": postguard("ellipse"),
    "postguard smiley": postguard("smiley"),
    "Gaussian blur": over(gaussian),
    "mosaic 12 x 12": over(mosaic(12)),
    "mosaic 4 x 4": over(mosaic(4)),
    "deface's blur": over(deface_blur),
    "mean colour": over(mean_colour),
}


def rank_one(originals: list[np.ndarray], probes: list[np.ndarray], redact: Redact) -> float:
    """How often the nearest redacted original of a redacted probe is the right one."""
    low = round(SIDE * MARGIN)
    box = (low, low, low + SIDE, low + SIDE)
    inside = (slice(low, low + SIDE), slice(low, low + SIDE))

    def described(pictures: list[np.ndarray]) -> np.ndarray:
        parts = np.stack([redact(picture, box)[inside].astype(np.float32).reshape(-1) for picture in pictures])
        # Light changes from copy to copy: an attacker takes the mean out, and the contrast where there is one.
        centred = parts - parts.mean(axis=1, keepdims=True)
        spread = centred.std(axis=1, keepdims=True)
        return np.where(spread > 1, centred / np.maximum(spread, 1), parts / 255)

    known, asked = described(originals), described(probes)
    near = np.stack([((known - one) ** 2).sum(axis=1) for one in asked])
    # Where several are equally near the attacker can only guess among them.
    best = near.min(axis=1, keepdims=True)
    ties = np.isclose(near, best, rtol=1e-6, atol=1e-6)
    right = ties[np.arange(len(near)), np.arange(len(near))]
    return float((right / ties.sum(axis=1)).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--faces", type=int, default=300)
    chosen = parser.parse_args()
    if "POSTGUARD_CORPUS" not in os.environ:
        sys.exit("POSTGUARD_CORPUS: set it to the folder that holds photos/boxes.json")
    originals = faces(Path(os.environ["POSTGUARD_CORPUS"]) / "photos", chosen.faces)
    seed = np.random.default_rng(7)
    probes = [changed(face, seed) for face in originals]
    told = {"faces": len(originals), "chance": 1 / len(originals), "rank_1": {}}
    print(f"{len(originals)} faces, chance {1 / len(originals):.3f}")
    for name, redact in WAYS.items():
        told["rank_1"][name] = rank_one(originals, probes, redact)
        print(f"{name:22s} rank-1 {told['rank_1'][name]:.3f}", flush=True)
    results = HERE / "results" / "covers.json"
    results.parent.mkdir(exist_ok=True)
    results.write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
