"""What the shell offers when somebody presses Tab: codes, formats, presets and channels."""

from __future__ import annotations

from collections.abc import Iterable


def codes(incomplete: str) -> list[str]:
    """Rules, those of installed plugins too."""
    from postguard.plugins import installed, load

    return _beginning(load(installed()).rules, incomplete)


def formats(incomplete: str) -> list[str]:
    """Ways to write a report, those of installed plugins too."""
    from postguard.plugins import installed, load

    return _beginning((format_.name for format_ in load(installed()).formats), incomplete)


def presets(incomplete: str) -> list[str]:
    """Ready policies."""
    from postguard.policy import presets

    return _beginning(presets(), incomplete)


def channels(incomplete: str) -> list[str]:
    """The channels that postguard knows; a school's own are not read, as that would read its roster."""
    from postguard.channels import known_channels

    return _beginning(known_channels(), incomplete)


def _beginning(words: Iterable[str], incomplete: str) -> list[str]:
    return sorted(word for word in words if word.startswith(incomplete))
