"""Channels: who can see what is posted there, which consent it needs, and what fits into it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import cache
from importlib.resources import files
from typing import Any


class Audience(IntEnum):
    """Who can see a channel.

    Ordered, so that `max()` is the gravest.
    """

    INTERNAL = 0
    CLOSED = 1
    PROTECTED = 2
    WEBSITE = 3
    PUBLIC = 4
    PRESS = 5

    @property
    def column(self) -> int:
        """The column of a rule's verdict table: 0 public (also website, press), 1 protected, 2 closed (also
        internal)."""
        if self >= Audience.WEBSITE:
            return 0
        return 1 if self is Audience.PROTECTED else 2

    @property
    def word(self) -> str:
        """One of public, protected and closed: the audiences that the rules tell apart."""
        return ("public", "protected", "closed")[self.column]


@dataclass(frozen=True, slots=True)
class Channel:
    """Where a draft may go.

    `purpose` is the consent purpose that it needs. Limits are None where the channel has none: `text_limit` in the unit
    `text_unit`, `image_limit` pictures a post, `image_bytes` a picture, `alt_limit` code points. `checked` is the day
    on which somebody last checked those figures.
    """

    name: str
    title: str
    audience: Audience
    purpose: str
    text_limit: int | None = None
    text_unit: str = "code points"
    image_limit: int | None = None
    image_bytes: int | None = None
    alt_limit: int | None = None
    checked: date | None = None


def channel_from(name: str, entry: Mapping[str, Any]) -> Channel:
    """The channel of one table of a TOML file.

    Raises ValueError or TypeError where an entry can't be used.
    """
    fields = dict(entry)
    word = str(fields.pop("audience", "public")).upper()
    if word not in Audience.__members__:
        raise ValueError(f"audience is one of {', '.join(a.name.lower() for a in Audience)}")
    return Channel(name=name, audience=Audience[word], **fields)


@cache
def known_channels() -> Mapping[str, Channel]:
    """The channels that postguard knows, by name, from data/channels.toml."""
    table = tomllib.loads(files("postguard").joinpath("data/channels.toml").read_text("utf-8"))
    return {name: channel_from(name, entry) for name, entry in table.items()}
