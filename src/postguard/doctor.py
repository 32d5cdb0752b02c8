"""Looks whether this machine has what the checks need.

Each probe runs in a process of its own: a bad library can crash.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

_DEBIAN = {
    "libGL.so.1": "libgl1",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb.so.1": "libxcb1",
    "libX11.so.6": "libx11-6",
    "libXext.so.6": "libxext6",
    "libEGL.so.1": "libegl1",
    "libGLESv2.so.2": "libgles2",
}


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing that was looked at. `needed` is False for what only an extra needs."""

    what: str
    fine: bool
    remedy: str = ""
    needed: bool = True


def examine() -> Iterator[Examined]:
    """Looks at the Python version, the packages and the built-in plugins."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield Examined(f"Python {version}", sys.version_info >= (3, 11), "postguard needs Python 3.11 or newer")
    for module in ("spacy", "cv2", "PIL", "onnxruntime", "tokenizers", "exifread"):
        yield _module(module)
    yield _opencv_version()
    yield _module("mediapipe", needed=False)
    from postguard.plugins import BUILTIN, load

    broken = {fault.plugin: fault.reason for fault in load().broken}
    for name in BUILTIN:
        yield Examined(f"the checker {name}", name not in broken, broken.get(name, ""))


def _module(name: str, *, needed: bool = True) -> Examined:
    what = f"the module {name}" if needed else f"the module {name} (only for postguard[{name}])"
    error = _run(f"import {name}")
    return Examined(what, error is None, remedy(error or "", name), needed)


def _opencv_version() -> Examined:
    error = _run("import cv2; v = cv2.__version__; assert int(v.split('.')[0]) >= 5, v")
    return Examined(
        "OpenCV 5 or newer (older ones give wrong faces at changing sizes)",
        error is None,
        "pip install 'opencv-python>=5'",
    )


def remedy(error: str, module: str) -> str:
    """What to do about an import error, from its last line."""
    if missing := re.search(r"(lib[\w.+-]+\.so[.\d]*)", error):
        library = missing.group(1)
        package = _DEBIAN.get(library)
        return f"{library} is missing" + (f": apt-get install {package}" if package else "")
    if "ModuleNotFoundError" in error:
        package = {"cv2": "opencv-python>=5", "PIL": "pillow", "mediapipe": "postguard[mediapipe]"}.get(module, module)
        return f"pip install '{package}'"
    return error or "unknown"


def _run(code: str) -> str | None:
    """None if the code runs in a new interpreter, else the last line of its error."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)  # noqa: S603
    if done.returncode == 0:
        return None
    lines = done.stderr.strip().splitlines()
    return lines[-1] if lines else f"ended with code {done.returncode}"
