"""Faces: recall and precision by size, false boxes, turned pictures, time and memory, against what else could be used.

    POSTGUARD_CORPUS=../shared/corpus POSTGUARD_PEERS=.peers python bench/faces.py [--install] [--only PART]

Peers, each in a venv of its own under POSTGUARD_PEERS: `deface` (CenterFace) and `mediapipe` (BlazeFace, and OpenCV's
Haar cascades, which OpenCV 5 keeps in its contrib wheel). A peer that is missing is said to be missing. Boxes match at
an intersection over union of .4; a box on a face marked "ignore" counts for nothing. Writes bench/results/faces.json.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "src"))

PEERS = {"deface": ("deface==1.5.0",), "mediapipe": ("mediapipe>=1.2", "pillow")}
TOOLS = {
    "deface": "deface",
    "deface-0.2": "deface",
    "blazeface-short": "mediapipe",
    "blazeface-full": "mediapipe",
    "blazeface-tiles": "mediapipe",
    "haar": "mediapipe",
}
SIZES = ((0, 24), (24, 48), (48, 96), (96, 10_000))
GROWTH_PHOTOS = 500


@dataclass
class Row:
    """One way of finding faces. Recall and precision over the group photos, boxes a photo over those without a face."""

    name: str
    recall: float = 0.0
    precision: float = 0.0
    false_boxes: float = 0.0
    recall_by_size: dict[str, float] = field(default_factory=dict)
    seconds: float | None = None
    peak_mb: float | None = None


def overlaps(boxes: np.ndarray, others: np.ndarray, *, smaller: bool = False) -> np.ndarray:
    """Intersection over union (or over the smaller box) of every pair."""
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:4], others[None, :, 2:4])
    shared = np.prod(np.clip(high - low, 0, None), 2)
    area = np.prod(boxes[:, 2:4] - boxes[:, :2], 1)[:, None]
    other = np.prod(others[:, 2:4] - others[:, :2], 1)[None]
    return shared / np.maximum(np.minimum(area, other) if smaller else area + other - shared, 1e-9)


def score(
    name: str, truth: dict[str, Any], found: dict[str, np.ndarray], sizes: tuple[tuple[int, int], ...] = SIZES
) -> Row:
    """The row of a tool that found these boxes."""
    hits = misses = wrong = strays = empty = 0
    by_size: dict[str, list[bool]] = {f"{low}-{high}": [] for low, high in sizes}
    for photo, marked in truth.items():
        boxes = found[photo]
        if not marked["boxes"]:
            empty += 1
            strays += len(boxes)
            continue
        faces, ignored = np.array(marked["boxes"], float), np.array(marked["ignore"], float).reshape(-1, 4)
        taken = np.zeros(len(faces), bool)
        for box in boxes[np.argsort(-boxes[:, 4])] if len(boxes) else ():
            union = np.where(taken, -1, overlaps(box[None], faces)[0])
            if union.max() >= 0.4:
                taken[union.argmax()] = True
            elif not (len(ignored) and overlaps(box[None], ignored, smaller=True).max() >= 0.4):
                wrong += 1
        hits, misses = hits + int(taken.sum()), misses + int((~taken).sum())
        for face, hit in zip(faces, taken, strict=True):
            label = next(f"{a}-{b}" for a, b in sizes if a <= min(face[2] - face[0], face[3] - face[1]) < b)
            by_size[label].append(bool(hit))
    return Row(
        name,
        recall=hits / (hits + misses),
        precision=hits / max(hits + wrong, 1),
        false_boxes=strays / max(empty, 1),
        recall_by_size={label: float(np.mean(hit)) for label, hit in by_size.items() if hit},
    )


def turned(truth: dict[str, Any], quarters: int) -> dict[str, Any]:
    """The marked boxes in the pictures turned anticlockwise by so many quarters."""
    result = {}
    for photo, marked in truth.items():
        if not marked["boxes"]:
            continue
        height, width = marked["size"]
        lists = {}
        for key in ("boxes", "ignore"):
            boxes, w, h = np.array(marked[key], float).reshape(-1, 4), width, height
            for _ in range(quarters):
                left, top, right, bottom = boxes.T
                boxes, w, h = np.stack([top, w - right, bottom, w - left], 1), h, w
            lists[key] = boxes.tolist()
        result[photo] = lists
    return result


def encoded(pixels: Image.Image) -> bytes:
    buffer = io.BytesIO()
    pixels.save(buffer, "JPEG", quality=95, subsampling=0)
    return buffer.getvalue()


def postguard_rows(photos: Path, truth: dict[str, Any]) -> list[Row]:
    """Upright with nobody declared, with everybody declared, and turned by each quarter both ways."""
    from postguard.images.faces import CenterFace, FaceFinder

    find = FaceFinder([CenterFace()])
    rows = []

    def run(name: str, marked: dict[str, Any], quarters: int, *, declared: bool) -> Row:
        found, seconds = {}, []
        for photo, entry in marked.items():
            data = (photos / photo).read_bytes()
            if quarters:
                upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
                data = encoded(upright.rotate(90 * quarters, expand=True))
            start = time.perf_counter()
            faces = find(data, expected=len(entry["boxes"]) if declared else 1).faces
            seconds.append(time.perf_counter() - start)
            found[photo] = np.array([[*face.box, face.score] for face in faces], float).reshape(-1, 5)
        row = score(name, marked, found)
        row.seconds = float(np.mean(seconds))
        print_row(row)
        return row

    rows.append(run("postguard, nobody declared", truth, 0, declared=False))
    rows.append(run("postguard, all declared", truth, 0, declared=True))
    for quarters in (1, 2, 3):
        marked = turned(truth, quarters)
        rows.append(run(f"postguard, turned {90 * quarters}, nobody declared", marked, quarters, declared=False))
        rows.append(run(f"postguard, turned {90 * quarters}, all declared", marked, quarters, declared=True))
    rows[0].peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return rows


def peer_row(tool: str, photos: Path, truth: dict[str, Any], weights: dict[str, str]) -> Row | None:
    told = worker(tool, photos, weights.get(tool))
    if told is None:
        return None
    found = {name: np.array(entry["boxes"], float).reshape(-1, 5) for name, entry in told["photos"].items()}
    row = score(tool, truth, found)
    row.seconds = float(np.mean([entry["seconds"] for entry in told["photos"].values()]))
    row.peak_mb = told["peak_mb"]
    print_row(row)
    return row


def worker(tool: str, folder: Path, weights: str | None = None) -> dict[str, Any] | None:
    python = peers() / TOOLS.get(tool, "deface") / "bin" / "python"
    if not python.exists():
        print(f"{tool}: missing ({python}); --install makes it")
        return None
    command = [str(python), str(HERE / "peers" / "faces_worker.py"), tool, str(folder), *([weights] if weights else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout[done.stdout.index("{") :])
    return result


def peers() -> Path:
    return Path(os.environ.get("POSTGUARD_PEERS", HERE.parent / ".peers"))


def install() -> None:
    for name, packages in PEERS.items():
        subprocess.run([sys.executable, "-m", "venv", str(peers() / name)], check=True)
        subprocess.run([str(peers() / name / "bin" / "pip"), "install", "--quiet", *packages], check=True)


def large_photos(photos: Path, truth: dict[str, Any], count: int) -> list[bytes]:
    """Group photos with few faces enlarged to 12 megapixels, as phones make them."""
    few = [photo for photo, marked in truth.items() if 2 <= len(marked["boxes"]) <= 7][:count]
    large = []
    for photo in few:
        upright = ImageOps.exif_transpose(Image.open(photos / photo)).convert("RGB")
        scale = (12_000_000 / (upright.width * upright.height)) ** 0.5
        large.append(encoded(upright.resize((round(upright.width * scale), round(upright.height * scale)))))
    return large


def times(photos: Path, truth: dict[str, Any]) -> dict[str, Any]:
    """Detection against one forward pass at 1600 pixels, and a whole check against deface, on the same 12 MP photos."""
    from postguard import ConsentRegister, Draft, Guard
    from postguard import Image as Picture
    from postguard.images.faces import LONG_SIDE, POSSIBLE, CenterFace, FaceFinder
    from postguard.images.pixels import frames
    from postguard.people import Consent

    large = large_photos(photos, truth, 6)
    net = CenterFace()
    one, passes, decoding = [], [], []
    for data in large:
        (frame,) = frames(data, long_side=LONG_SIDE)
        decoding.append(best(lambda data=data: list(frames(data, long_side=LONG_SIDE))))
        one.append(best(lambda view=frame.views[0]: net._pass(view, LONG_SIDE, POSSIBLE)))
        passes.append(best(lambda view=frame.views[0]: net(view)))
    told: dict[str, Any] = {
        "detection_to_one_pass": sum(passes) / sum(one),
        "one_pass_ms": 1000 * float(np.mean(one)),
        "decoding_ms": 1000 * float(np.mean(decoding)),
    }
    found = [len(FaceFinder([net])(data).faces) for data in large]
    ids = [f"P{n}" for n in range(max(found))]
    register = ConsentRegister([Consent(subject, "social_media_public", "granted") for subject in ids])
    guard = Guard(consent=register)
    guard.check(Draft("Our science fair.", (Picture("a.jpg", large[0], subjects=()),)))
    agreed, undeclared = [], []
    for data, count in zip(large, found, strict=True):
        forget()
        draft = Draft("Our science fair.", (Picture("a.jpg", data, subjects=tuple(ids[:count])),))
        agreed.append(timed(lambda draft=draft: guard.check(draft)))
        forget()
        draft = Draft("Our science fair.", (Picture("a.jpg", data),))
        undeclared.append(timed(lambda draft=draft: guard.check(draft)))
    with tempfile.TemporaryDirectory() as folder:
        for index, data in enumerate(large):
            Path(folder, f"{index}.jpg").write_bytes(data)
        peer = worker("deface-whole", Path(folder))
    told |= {"check_ms": 1000 * float(np.mean(agreed)), "check_and_clean_copy_ms": 1000 * float(np.mean(undeclared))}
    if peer:
        deface = sum(entry["seconds"] for entry in peer["photos"].values())
        told |= {"deface_ms": 1000 * deface / len(large), "check_to_deface": sum(agreed) / deface}
        told |= {"check_and_clean_copy_to_deface": sum(undeclared) / deface}
    return told


def far(photos: Path, truth: dict[str, Any]) -> list[dict[str, Any]]:
    """Recall by size in pixels of faces far off in photos of 12 megapixels, looked at once and with tiles.

    Each photo is a sheet of the marked ones made small, as nobody marked real ones of that size; those of photos
    without a face tell of false boxes. On both kinds the closest faces are as small as the furthest are.
    """
    from postguard.images import faces as finding

    shuffled = random.Random(5)  # noqa: S311 - the same sheets each time
    sheets: dict[str, bytes] = {}
    marked: dict[str, Any] = {}
    for kind in (True, False):
        names = [name for name, entry in truth.items() if bool(entry["boxes"]) is kind]
        for columns, count in ((4, 3), (8, 2)):
            shuffled.shuffle(names)
            for index in range(count):
                name = f"{columns}-{kind}-{index}"
                sheets[name], marked[name] = sheet(photos, truth, names[index * columns :] + names, columns)
    rows = []
    usual = finding._FAR
    for label, smallest in (("one look", 0), ("tiles where somebody is far", usual)):
        finding._FAR = smallest
        find = finding.FaceFinder([finding.CenterFace()])
        found = {}
        start = time.perf_counter()
        for name, data in sheets.items():
            faces = find(data).faces
            found[name] = np.array([[*face.box, face.score] for face in faces], float).reshape(-1, 5)
        row = score(label, marked, found, sizes=((0, 8), (8, 12), (12, 16), (16, 24), (24, 48), (48, 10_000)))
        row.seconds = (time.perf_counter() - start) / len(sheets)
        print_row(row)
        rows.append(asdict(row))
    finding._FAR = usual
    return rows


def sheet(photos: Path, truth: dict[str, Any], names: list[str], columns: int) -> tuple[bytes, dict[str, Any]]:
    """A picture of 4000 x 3000 pixels made of photos in so many columns, and where their faces are in it."""
    side = 4000 // columns
    page = Image.new("RGB", (4000, 3000), (120, 120, 120))
    boxes: dict[str, list[list[float]]] = {"boxes": [], "ignore": []}
    for place in range(columns * (3000 // side)):
        name, left, top = names[place % len(names)], place % columns * side, place // columns * side
        photo = ImageOps.exif_transpose(Image.open(photos / name)).convert("RGB")
        scale = side / max(photo.size)
        page.paste(photo.resize((int(photo.width * scale), int(photo.height * scale))), (left, top))
        for key, kept in boxes.items():
            for box in truth[name].get(key) or []:
                kept.append([value * scale + (left, top)[index % 2] for index, value in enumerate(box)])
    return encoded(page), boxes


def forget() -> None:
    """Lets the shared finder forget what it has seen, so that every check is a first one."""
    from postguard.checkers.faces import FaceOptions, finder

    finder(FaceOptions())._seen.clear()


def best(work: Any, repeat: int = 3) -> float:
    return min(timed(work) for _ in range(repeat))


def timed(work: Any) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def memory(photos: Path, truth: dict[str, Any], count: int) -> dict[str, float]:
    """Memory in MB over many checks of pictures of changing sizes, one of 50 megapixels among the first."""
    from postguard import Draft, Guard
    from postguard import Image as Picture

    guard = Guard()
    small = [(photos / photo).read_bytes() for photo in truth]
    wide = encoded(Image.open(photos / next(iter(truth))).convert("RGB").resize((8160, 6120)))
    trim()
    start = resident_mb()
    marks = {}
    for index in range(count):
        data = wide if index == 2 else small[index % len(small)]
        guard.check(Draft("Our science fair.", (Picture("a.jpg", data, subjects=()),)))
        forget()
        if index + 1 in {5, 10, count} or (index + 1) % 50 == 0:
            marks[f"after_{index + 1}"] = resident_mb()
    return {"before": start, **marks, "peak": peak_mb()}


def trim() -> None:
    """Gives freed memory back to the system, and forgets the peak so far: making the photos is not part of a check."""
    import ctypes

    ctypes.CDLL("libc.so.6").malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")


def peak_mb() -> float:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def print_row(row: Row) -> None:
    sizes = " ".join(f"{label}:{value:.3f}" for label, value in row.recall_by_size.items())
    print(f"{row.name:42s} R {row.recall:.4f} P {row.precision:.4f} false {row.false_boxes:.3f} "
          f"{row.seconds or 0:.2f} s  {sizes}", flush=True)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--install", action="store_true", help="make the peers' venvs first")
    parser.add_argument("--only", choices=("rows", "peers", "times", "memory", "far"), action="append")
    parser.add_argument("--memory-photos", type=int, default=GROWTH_PHOTOS)
    chosen = parser.parse_args()
    if "POSTGUARD_CORPUS" not in os.environ:
        sys.exit("POSTGUARD_CORPUS: set it to the folder that holds photos/boxes.json")
    photos = Path(os.environ["POSTGUARD_CORPUS"]) / "photos"
    truth = json.loads((photos / "boxes.json").read_text())
    if chosen.install:
        install()
    results = HERE / "results" / "faces.json"
    told = json.loads(results.read_text()) if results.exists() else {}
    parts = chosen.only or ["rows", "peers", "times", "far", "memory"]
    if "times" in parts:
        told["times"] = times(photos, truth)
        print(json.dumps(told["times"], indent=1))
    if "rows" in parts:
        told["rows"] = [asdict(row) for row in postguard_rows(photos, truth)]
    if "peers" in parts:
        full = str(HERE.parent / "src" / "postguard" / "models" / "blazeface_full_range.tflite")
        short = str(HERE / "peers" / "blazeface_short_range.tflite")
        weights = {"blazeface-short": short, "blazeface-full": full, "blazeface-tiles": full}
        told["peers"] = [asdict(row) for tool in TOOLS if (row := peer_row(tool, photos, truth, weights))]
    if "far" in parts:
        told["far"] = far(photos, truth)
    if "memory" in parts:
        # In a process of its own, so that its peak is that of checks alone.
        code = """
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import faces
photos = Path(sys.argv[2])
print(json.dumps(faces.memory(photos, json.loads((photos / "boxes.json").read_text()), int(sys.argv[3]))))
"""
        done = subprocess.run(
            [sys.executable, "-c", code, str(HERE), str(photos), str(chosen.memory_photos)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        told["memory_mb"] = json.loads(done.stdout.splitlines()[-1])
        print(json.dumps(told["memory_mb"]))
    results.parent.mkdir(exist_ok=True)
    results.write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
