"""Metadata: what each stripping tool leaves, breaks and costs, over real files and over planted strings.

    POSTGUARD_CORPUS=../shared/corpus POSTGUARD_PEERS=.peers python bench/metadata.py

exiftool (Debian `libimage-exiftool-perl`) is the judge of what is left in real files, Pillow of pixels, orientation and
timing, LittleCMS of colours. Peers: exiftool, mat2 (Debian `mat2`), piexif, exif-stripper, Pillow (`.peers/metadata`,
made by `--install`). A peer that is missing is said to be missing.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE.parent / "tests")]

import canaries  # noqa: E402
from PIL import Image, ImageCms, ImageOps  # noqa: E402

WORKER = HERE / "peers" / "metadata_worker.py"
PACKAGES = ("piexif==1.1.3", "exif-stripper==1.3.1", "pillow")
TOOLS = ("postguard", "exiftool", "mat2", "piexif", "exif-stripper", "pillow")
SYSTEM_PYTHON = "/usr/bin/python3"

SENSITIVE_GROUPS = re.compile(
    r"IFD|ExifIFD|GPS|SubIFD|InteropIFD|MakerNotes|XMP|IPTC|Photoshop|JUMBF|CBOR|MPF|MPImage|Canon|Nikon|Sony|Apple|"
    r"Samsung|Panasonic|Olympus|FujiFilm|Pentax|Ducky|FlashPix|AFCP|FotoStation|PhotoMechanic|Trailer|UserData|Keys|ItemList"
)
SENSITIVE_TAGS = re.compile(
    r"Comment|Author|Artist|Title|Description|Copyright|Software|Creat(e|ion).?(Date|Time)|ModifyDate|DateTime|Creator|"
    r"ThumbnailImage|PreviewImage|Serial|Owner|Keywords|Subject|Caption|Make$|Model$|ProfileDateTime|ProfileCreator|"
    r"DeviceManufacturer|DeviceModel|Warning.*trailer|Handler.?Description|CompressorName|Encoder"
)
STRUCTURAL = re.compile(
    r"Orientation|[XY]Resolution|ResolutionUnit|YCbCr|ColorSpace|Interop|ExifByteOrder|ImageWidth|ImageHeight|BitsPerSample|"
    r"Compression|Photometric|Strip|Tile|RowsPer|SamplesPer|PlanarConfig|SubfileType|FillOrder|Predictor|ExtraSamples|"
    r"SampleFormat|WhitePoint|PrimaryChrom|JPEGTables|ReferenceBlackWhite|T[46]Options|PageNumber|Min|Max|InkSet|ColorMap"
)
BLANK = re.compile(r"Colour|None|0000:00:00.*|2000:01:01.*|\s*|0")


@dataclass
class Row:
    """What one tool did. Counts of files but for `canaries_left` (strings) and the times."""

    tool: str
    real_supported: int = 0
    real_failed: int = 0
    real_sensitive: int = 0
    pixels_changed: int = 0
    orientation_broken: int = 0
    colours_changed: int = 0
    timing_changed: int = 0
    canary_files: int = 0
    canary_strings: int = 0
    canaries_left: int = 0
    milliseconds: dict[str, float] = field(default_factory=dict, repr=False)
    left: dict[str, list[str]] = field(default_factory=dict, repr=False)


def python_of(tool: str) -> str | None:
    """The Python that has the tool; None where it is missing."""
    if tool == "postguard":
        return sys.executable
    if tool == "exiftool":
        return sys.executable if shutil.which("exiftool") else None
    if tool == "mat2":
        probe = [SYSTEM_PYTHON, "-c", "import libmat2"]
        return (
            SYSTEM_PYTHON
            if Path(SYSTEM_PYTHON).exists() and not subprocess.run(probe, check=False).returncode
            else None
        )
    python = Path(os.environ.get("POSTGUARD_PEERS", HERE.parent / ".peers")) / "metadata" / "bin" / "python"
    return str(python) if python.exists() else None


def install() -> None:
    """Makes the virtual environment of the Python peers."""
    place = Path(os.environ.get("POSTGUARD_PEERS", HERE.parent / ".peers")) / "metadata"
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    subprocess.run([place / "bin" / "pip", "install", "--quiet", *PACKAGES], check=True)


def stripped(tool: str, source: Path, target: Path) -> dict[str, float | None] | None:
    """Strips a folder with a tool; the seconds for each file, None for one that failed."""
    python = python_of(tool)
    if python is None:
        return None
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent / "src") if tool == "postguard" else ""}
    done = subprocess.run([python, WORKER, tool, source, target], capture_output=True, check=True, env=environment)
    told: dict[str, float | None] = json.loads(done.stdout.splitlines()[-1])
    return told


def sensitive(folder: Path) -> dict[str, list[str]]:
    """The sensitive tags that exiftool finds in each file of a folder."""
    command = ["exiftool", "-json", "-G1", "-a", "-u", "-ee", "-api", "largefilesupport=1", folder]
    done = subprocess.run(command, capture_output=True, check=False)
    found = {}
    for entry in json.loads(done.stdout or b"[]"):
        tags = [tag for tag, value in entry.items() if ":" in tag and is_sensitive(tag, str(value))]
        if tags:
            found[Path(entry["SourceFile"]).name] = tags
    return found


def is_sensitive(tag: str, value: str) -> bool:
    """Whether a tag that exiftool names as group:tag tells more than how to show the picture."""
    group, _, name = tag.partition(":")
    if group in ("System", "ExifTool", "Composite") or BLANK.fullmatch(value) or STRUCTURAL.match(name):
        return False
    return bool(SENSITIVE_GROUPS.match(group) or SENSITIVE_TAGS.search(name))


def shown(data: bytes) -> dict[str, Any] | None:
    """Pixels as stored and as turned, timing and profile of every frame; None where Pillow can't decode it."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            frames = getattr(picture, "n_frames", 1) if picture.format != "MPO" else 1
            told: dict[str, Any] = {
                "pixels": [],
                "turned": [],
                "timing": [],
                "profile": picture.info.get("icc_profile"),
            }
            told["mode"] = picture.mode
            for number in range(frames):
                picture.seek(number)
                picture.load()
                whole = picture.convert("RGBA") if picture.mode == "P" else picture.copy()
                told["pixels"].append(whole.tobytes())
                told["turned"].append(ImageOps.exif_transpose(whole).size)
                told["timing"].append((picture.info.get("duration"), picture.info.get("loop")))
                told["orientation"] = picture.getexif().get(0x0112, 1)
    except Exception:  # noqa: BLE001 - Pillow raises many kinds
        return None
    return told


def same_colours(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether both profiles move a set of colours alike."""
    old, new = before["profile"], after["profile"]
    if not old or old == new:
        return True
    mode = before["mode"] if before["mode"] in ("RGB", "CMYK", "L") else "RGB"
    chart = Image.linear_gradient("L").convert(mode)
    if mode == "RGB":
        wheel = Image.linear_gradient("L")
        chart = Image.merge("RGB", (wheel, wheel.rotate(90), wheel.rotate(180)))
    moved = []
    for profile in (old, new):
        try:
            opened = ImageCms.ImageCmsProfile(io.BytesIO(profile or b""))
            moved.append(
                ImageCms.profileToProfile(chart, opened, ImageCms.createProfile("LAB"), outputMode="LAB").tobytes()
            )
        except (ImageCms.PyCMSError, OSError):
            moved.append(None)
    return moved[0] is None or moved[0] == moved[1]


def judge_real(row: Row, source: Path, target: Path, times: dict[str, float | None]) -> None:
    """Fills in what a tool did to the real files that Pillow can decode."""
    row.left = sensitive(target)
    row.real_sensitive = len(row.left)
    for path in sorted(source.iterdir()):
        before = shown(path.read_bytes())
        if before is None:
            continue
        if times.get(path.name) is None:
            row.real_failed += 1
            continue
        row.real_supported += 1
        after = shown((target / path.name).read_bytes())
        if after is None:
            row.pixels_changed += 1
            continue
        is_baked = before["orientation"] != 1 and after["orientation"] == 1 and before["turned"] == after["turned"]
        row.pixels_changed += after["pixels"] != before["pixels"] and not is_baked
        row.orientation_broken += after["orientation"] != before["orientation"] and not is_baked
        row.timing_changed += after["timing"] != before["timing"]
        row.colours_changed += not same_colours(before, after)
    row.milliseconds = {name: round(1000 * took, 3) for name, took in times.items() if took is not None}


def judge_canaries(row: Row, corpus: list[canaries.Planted], target: Path, names: list[str]) -> None:
    """Counts the planted strings that a tool left in the files that it took."""
    for planted, name in zip(corpus, names, strict=True):
        out = target / name
        if out.exists():
            row.canary_files += 1
            row.canary_strings += len(planted.strings)
            row.canaries_left += len(planted.left_in(out.read_bytes()))


EXTENSIONS = {"jpeg": "jpg", "tiff": "tif", "heic": "heic", "film": "mp4"}


def plant(folder: Path, corpus: list[canaries.Planted]) -> list[str]:
    """Writes the canary files; gives their names."""
    names = []
    for number, planted in enumerate(corpus):
        kind = re.split(r"[ :]", planted.name)[0]
        names.append(f"{number:03d}.{EXTENSIONS.get(kind, kind)}")
        (folder / names[-1]).write_bytes(planted.data)
    return names


def ratio(ours: Row, theirs: Row, suffix: str = "") -> float | None:
    """Their time by ours over the files that both stripped."""
    both = [name for name in ours.milliseconds if name in theirs.milliseconds and name.endswith(suffix)]
    if not both:
        return None
    return round(sum(theirs.milliseconds[n] for n in both) / sum(ours.milliseconds[n] for n in both), 2)


HEADS = (
    "tool",
    "failed",
    "still sensitive",
    "pixels changed",
    "orientation broken",
    "colours changed",
    "timing changed",
    "canary strings left",
    "time (postguard = 1)",
    "time on JPEG",
)


def cells(ours: Row, row: Row) -> str:
    """One line of the table."""
    values = (
        row.tool,
        f"{row.real_failed}/{row.real_failed + row.real_supported}",
        row.real_sensitive,
        row.pixels_changed,
        row.orientation_broken,
        row.colours_changed,
        row.timing_changed,
        f"{row.canaries_left}/{row.canary_strings} in {row.canary_files} files",
        ratio(ours, row),
        ratio(ours, row, ".jpg"),
    )
    return "| " + " | ".join(map(str, values)) + " |"


def table(rows: list[Row], missing: list[str]) -> str:
    """The figures as a Markdown table."""
    lines = ["| " + " | ".join(HEADS) + " |", "|---" * len(HEADS) + "|"]
    lines += [cells(rows[0], row) for row in rows]
    lines += [f"| {tool} | missing: not installed |||||||||" for tool in missing]
    return "\n".join(lines)


def main() -> None:
    """Run, print the table, write the results."""
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--corpus", type=Path, default=os.environ.get("POSTGUARD_CORPUS"))
    parser.add_argument("--install", action="store_true", help="make the virtual environment of the peers first")
    given = parser.parse_args()
    if given.corpus is None:
        raise SystemExit("say where the corpus is: --corpus or POSTGUARD_CORPUS")
    if given.install:
        install()
    corpus = canaries.corpus()
    rows, missing = [], []
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        real, planted = root / "real", root / "planted"
        shutil.copytree(Path(given.corpus, "metadata", "files"), real)
        real.chmod(0o755)
        planted.mkdir()
        names = plant(planted, corpus)
        before = sensitive(real)
        for tool in TOOLS:
            targets = root / f"{tool}-real", root / f"{tool}-planted"
            for target in targets:
                target.mkdir()
            times = stripped(tool, real, targets[0])
            if times is None:
                missing.append(tool)
                continue
            row = Row(tool)
            judge_real(row, real, targets[0], times)
            stripped(tool, planted, targets[1])
            judge_canaries(row, corpus, targets[1], names)
            rows.append(row)
            print(f"{tool}: done", file=sys.stderr)
    text = f"Before: {len(before)} files sensitive.\n\n{table(rows, missing)}"
    print(text)
    for name, tags in rows[0].left.items():
        print(f"left by postguard: {name}: {', '.join(tags)}")
    (HERE / "results" / "metadata.json").write_text(
        json.dumps(
            {"sensitive_before": len(before), "rows": [_summary(row) for row in rows], "missing": missing}, indent=2
        )
        + "\n"
    )
    (HERE / "results" / "metadata.md").write_text(text + "\n")


def _summary(row: Row) -> dict[str, Any]:
    told = asdict(row)
    told["left"] = len(row.left)
    told["milliseconds"] = round(sum(row.milliseconds.values()), 1)
    return told


if __name__ == "__main__":
    main()
