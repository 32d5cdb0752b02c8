"""Strips the files of a folder with one tool, inside the Python that has it. Not imported by anything here.

    python metadata_worker.py postguard|exiftool|mat2|piexif|exif-stripper|pillow IN OUT

Writes the stripped files to OUT and prints {"file": seconds or null}: the shortest of nine times, null = it failed.
"""

import contextlib
import io
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

REPEAT = 9


def postguard():
    from postguard.images.strip import strip

    def work(path, out):
        out.write_bytes(strip(path.read_bytes()).data)

    return work


def exiftool():
    def work(path, out):
        out.unlink(missing_ok=True)
        keep = ["-tagsfromfile", "@", "-orientation", "-icc_profile"]
        subprocess.run(["exiftool", "-q", "-q", "-all=", *keep, "-o", out, path], check=True, capture_output=True)

    return work


def mat2():
    from libmat2 import parser_factory

    def work(path, out):
        parser, _ = parser_factory.get_parser(str(path))
        if parser is None:
            raise ValueError("unsupported")
        if not parser.remove_all():
            raise ValueError("failed")
        Path(parser.output_filename).replace(out)

    return work


def piexif():
    import piexif

    def work(path, out):
        stripped = io.BytesIO()
        piexif.remove(path.read_bytes(), stripped)
        out.write_bytes(stripped.getvalue())

    return work


def exif_stripper():
    from exif_stripper import FieldGroup, process_image

    def work(path, out):
        shutil.copyfile(path, out)
        process_image(str(out), fields=[FieldGroup.ALL, FieldGroup.COPYRIGHT])

    return work


def pillow():
    from PIL import Image, ImageOps

    def work(path, out):
        with Image.open(path) as picture:
            kind, profile = picture.format, picture.info.get("icc_profile")
            options = {"icc_profile": profile} if profile else {}
            if kind == "JPEG":
                options |= {"quality": 95, "subsampling": -1}
            ImageOps.exif_transpose(picture).save(out, kind if kind != "MPO" else "JPEG", **options)

    return work


TOOLS = {
    "postguard": postguard,
    "exiftool": exiftool,
    "mat2": mat2,
    "piexif": piexif,
    "exif-stripper": exif_stripper,
    "pillow": pillow,
}


def main():
    tool, source, target = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    work = TOOLS[tool]()
    repeat = 1 if tool == "exiftool" else REPEAT
    told = {}
    for path in sorted(source.iterdir()):
        out = target / path.name
        best = None
        for _ in range(repeat):
            began = time.perf_counter()
            try:
                with contextlib.redirect_stdout(sys.stderr):
                    work(path, out)
            except Exception:  # noqa: BLE001 - each tool has its own
                out.unlink(missing_ok=True)
                best = None
                break
            took = time.perf_counter() - began
            best = took if best is None else min(best, took)
        told[path.name] = best
    print(json.dumps(told))


if __name__ == "__main__":
    main()
