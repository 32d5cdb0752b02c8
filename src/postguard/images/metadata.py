"""What the file of a picture tells: where, when, who, with what, and which pictures or data it hides."""

from importlib import import_module

from postguard.images.containers import Unsupported, container
from postguard.images.read.facts import Fact, Gathering, HiddenPicture, Kind, PhotoFacts, Position
from postguard.images.strip import INSTEAD, SUPPORTED

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
    return found.finished(name, orientation)
