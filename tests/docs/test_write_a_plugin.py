"""The plugin of docs/how-to/write-a-plugin.md, taken out of the page, installed and run as the page says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs/how-to/write-a-plugin.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# ([\w./-]+)\n")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the page in a folder; the plugin is made known as pip would."""
    folder = tmp_path_factory.mktemp("postguard-plates")
    for _, block in BLOCK.findall(PAGE.read_text("utf-8")):
        if named := FILE.match(block):
            path = folder / named[1]
            path.parent.mkdir(exist_ok=True)
            path.write_text(block[named.end() :], "utf-8")
    metadata = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    info = folder / f"postguard_plates-{metadata['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {metadata['name']}\nVersion: {metadata['version']}\n")
    points = metadata["entry-points"]["postguard"].items()
    (info / "entry_points.txt").write_text("[postguard]\n" + "".join(f"{name} = {at}\n" for name, at in points))
    return folder


def run(project: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A Python module with its arguments, where the plugin is installed."""
    search = os.pathsep.join(filter(None, [os.fspath(project), os.environ.get("PYTHONPATH")]))
    return subprocess.run(
        [sys.executable, "-m", *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=project,
        env={**os.environ, "PYTHONPATH": search},
    )


def test_every_file_that_the_page_lists_is_on_it(project: Path) -> None:
    listed = re.findall(r"^      ([\w./]+)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert len(listed) == 4
    assert all((project / name).is_file() for name in listed)


def test_the_tests_of_the_page_pass(project: Path) -> None:
    done = run(project, "pytest", "-q", "-p", "no:cacheprovider", "tests")
    assert done.returncode == 0, done.stdout
    assert re.search(r"^6 passed", done.stdout, re.MULTILINE)


def test_the_plugin_is_found_and_explained(project: Path) -> None:
    assert "plates: enabled" in run(project, "postguard", "plugins").stdout
    explained = run(project, "postguard", "explain", "CAR101")
    assert "It belongs to a family" in explained.stdout, explained.stderr


def test_the_command_of_the_page_blocks(project: Path) -> None:
    (command,) = re.findall(
        r'^\$ postguard check --text "(.*)" --config postguard\.toml$', PAGE.read_text("utf-8"), re.MULTILINE
    )
    done = run(project, "postguard", "check", "--text", command, "--config", "postguard.toml")
    assert done.returncode == 1
    assert "CAR101" in done.stdout
    assert "AB12" not in done.stdout


def test_every_hook_is_on_the_page() -> None:
    from postguard import hookspecs

    hooks = [name for name in vars(hookspecs) if name.startswith("postguard_")]
    page = PAGE.read_text("utf-8")
    assert hooks
    assert [name for name in hooks if f"`{name}(" not in page] == []
