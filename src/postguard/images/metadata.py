"""What the file of a picture tells: where, when, who, with what, and which pictures or data it hides."""

from importlib import import_module
from typing import Final

from postguard.images.containers import PictureError, Unsupported, container
from postguard.images.read.facts import Fact, Gathering, HiddenPicture, Kind, PhotoFacts, Position
from postguard.images.strip import INSTEAD, SUPPORTED

_DEEPEST: Final = 2
"""A second picture's thumbnail lies two deep."""

__all__ = ["Fact", "HiddenPicture", "Kind", "PhotoFacts", "Position", "read"]


def read(data: bytes) -> PhotoFacts:
    """Reads the metadata of a picture's file, recognised by its bytes. Decodes no pixel.

    Raises `Unsupported` for a container that is not handled and `Damaged` for a file that breaks its container's
    grammar. Metadata that can't be read inside a sound container is a fact of its own (`….unreadable`).
    """
    name = container(data)
    if name not in SUPPORTED:
        raise Unsupported(INSTEAD.get(name, INSTEAD["unknown"]))
    found = Gathering()
    orientation = import_module(f"postguard.images.read.{name}").read(data, found)
    _read_hidden(found)
    return found.finished(name, orientation)


def _read_hidden(found: Gathering) -> None:
    """Adds what the hidden pictures tell: a second picture has a place, a time and a thumbnail of its own.

    What breaks its container's grammar, or lies deeper than in any real file, counts as one that can't be looked at.
    """
    level = list(found.hidden)
    for depth in range(_DEEPEST + 1):
        inside = Gathering()
        for picture in level:
            name = container(picture.data)
            if name not in SUPPORTED:
                continue
            try:
                import_module(f"postguard.images.read.{name}").read(picture.data, inside)
            except PictureError:
                inside.picture(picture.key, b"")
        level = inside.hidden
        if depth == _DEEPEST:
            level = [HiddenPicture(picture.key, b"") for picture in level]
        found.join(inside, level)
