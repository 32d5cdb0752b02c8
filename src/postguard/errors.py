"""Everything that postguard raises on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postguard.model import Report


class PostguardError(Exception):
    """The root of the tree.

    Its text is one line for a person and never quotes a post, a name or a file's content.
    """


class ConfigError(PostguardError):
    """A config, roster, consent, calendar or draft file says something that can't be used: what, and where."""


class PluginError(PostguardError):
    """A plugin can't be used: it is missing, fails to import, clashes with another or offers an unknown hook."""


class UnreadablePicture(PostguardError):
    """A picture can't be judged: broken, too large, or of a kind that nobody checks.

    `reason` is a short phrase from the code, never from the file. `image` is the picture's index in the draft, None
    where the reader does not know it.
    """

    def __init__(self, image: int | None, reason: str) -> None:
        super().__init__(reason)
        self.image = image
        self.reason = reason


class PostNotSent(PostguardError):
    """`Guard.gate` holds the draft back; `.report` says why."""

    def __init__(self, report: Report) -> None:
        super().__init__(f"{report.decision.name}: {', '.join(report.objections) or 'not checked'}")
        self.report = report


class PostBlocked(PostNotSent):
    """The decision is BLOCK."""


class PostNeedsReview(PostNotSent):
    """The decision is REVIEW, or a person has to look at the clean copy."""
