"""The code in README, tutorial and how-to pages runs, and says what the pages say it does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs/tutorial").glob("*.md")),
    # The page on plugins builds a package of its own and is tried as one elsewhere.
    *(page for page in sorted((ROOT / "docs/how-to").glob("*.md")) if page.name != "write-a-plugin.md"),
]
FILE = re.compile(r"^`([\w.-]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(python|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands(block: str) -> list[tuple[str, list[str]]]:
    """(command, lines that it must print) of a console block."""
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def matches(said: str, expected: list[str]) -> bool:
    """Line for line; "..." stands for any lines, and at the end of a line for the rest of it."""

    def pattern(line: str) -> str:
        if line == "...":
            return r"(?:.*\n)*"
        return re.escape(line.rstrip().removesuffix("...")) + (r".+\n" if line.endswith("...") else r"[ ]*\n")

    return re.fullmatch("".join(map(pattern, expected)), said) is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_code_block_of_the_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = page.read_text("utf-8")
    files = {found.start(): found for found in FILE.finditer(text)}
    blocks = {found.start(): found for found in BLOCK.finditer(text)}
    python: dict[str, object] = {"__name__": page.stem}
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    environment |= {"PYTHONIOENCODING": "utf-8"}
    # Python blocks may use a file that the page shows only after them; commands see what stands above.
    for found in files.values():
        if "```console" not in text[found.start() :]:
            Path(found[1]).write_text(found[2], "utf-8")
    for start, found in sorted((files | blocks).items()):
        if start in files:
            Path(found[1]).write_text(found[2], "utf-8")
        elif found[1] == "python":
            exec(compile(found[2], page.name, "exec"), python)  # noqa: S102 - our own page
        else:
            for command, expected in commands(found[2]):
                done = subprocess.run(  # noqa: S602 - our own page
                    command, shell=True, env=environment, capture_output=True, text=True, check=False, encoding="utf-8"
                )
                assert done.returncode in {0, 1}, done.stderr
                assert matches(done.stdout, expected), f"{command}\n{done.stdout}"
    assert blocks


def test_output_that_differs_is_told() -> None:
    assert matches("one\ntwo\n", ["one", "..."])
    assert matches("one more\ntwo\n", ["one...", "two"])
    assert not matches("one more\ntwo\n", ["other...", "two"])
    assert not matches("one\ntwo\n", ["one"])
    assert not matches("two\n", ["one", "..."])
