"""The demo: a made-up school and five drafts, shipped with the package."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postguard.guard import Guard
    from postguard.model import Draft


def demo_guard() -> Guard:
    """The Guard of the demo's school."""
    from postguard.guard import Guard

    with as_file(files("postguard").joinpath("data/demo")) as folder:
        return Guard.from_config(folder / "postguard.toml")


def demo_drafts() -> Iterator[tuple[str, str, Draft]]:
    """(name, what it shows, draft) of each draft of the demo; what it shows is the file's first line."""
    from postguard.drafts import load_draft

    with as_file(files("postguard").joinpath("data/demo")) as folder:
        for path in sorted(folder.glob("[0-9]-*.toml")):
            first = path.read_text("utf-8").splitlines()[0]
            yield path.stem, first.removeprefix("# "), load_draft(path)
