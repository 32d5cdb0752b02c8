"""A bar while drafts are checked: on standard error, and only at a terminal, so that what is printed stays whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postguard.guard import Guard
    from postguard.model import Draft, Report


def checked(guard: Guard, drafts: Sequence[Draft]) -> Iterator[Report]:
    """The report on each draft, in their order. The bar is gone while the caller has the word."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_interactive:
        yield from map(guard.check, drafts)
        return
    # A picture takes about as long as a text, so each counts as a step. One draft has no steps that can be seen.
    steps = sum(1 + len(draft.images) for draft in drafts) if len(drafts) > 1 else None
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=console, transient=True)
    task = bar.add_task("", total=steps)
    for number, draft in enumerate(drafts, 1):
        bar.update(task, description=_what(number, len(drafts), len(draft.images)))
        with bar:
            report = guard.check(draft)
        bar.advance(task, 1 + len(draft.images))
        yield report


def _what(number: int, drafts: int, pictures: int) -> str:
    """Numbers only: the name of a file can be a child's."""
    what = f"Draft {number} of {drafts}" if drafts > 1 else "Checking"
    return what + {0: "", 1: ", 1 picture"}.get(pictures, f", {pictures} pictures")
