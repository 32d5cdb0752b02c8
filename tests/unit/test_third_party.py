"""Every model and data file that is shipped is named with its SHA-256 beside it."""

from __future__ import annotations

import hashlib
import importlib.metadata
from importlib.resources import files
from pathlib import Path

import pytest

PACKAGE = Path(str(files("postguard")))
CODE = {".py", ".typed", ".toml", ".md", ".j2", ".csv", ".tsv", ".txt", ".cfg", ".LICENSE", ".pyc"}
SHIPPED = [
    path
    for folder in ("models", "data")
    for path in sorted((PACKAGE / folder).rglob("*"))
    if path.is_file() and path.suffix not in CODE and path.name not in {"SHA256SUMS", "report.schema.json"}
]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_sum_beside_a_shipped_file_is_its_own(path: Path) -> None:
    sums = "".join(
        note.read_text("utf-8")
        for folder in (path.parent, *path.parents)
        if folder.is_relative_to(PACKAGE)
        for note in folder.iterdir()
        if note.name in {"README.md", "SHA256SUMS"}
    )
    assert path.name in sums
    assert hashlib.sha256(path.read_bytes()).hexdigest() in sums


def test_the_notices_come_with_the_package() -> None:
    notices = importlib.metadata.files("postguard") or []
    assert any(str(path).endswith("licenses/THIRD_PARTY.md") for path in notices)
