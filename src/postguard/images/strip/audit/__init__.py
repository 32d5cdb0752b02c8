"""Looks over a stripped file before it may go: a strict grammar of what may be there, written apart from the strippers.

No code of the strippers or of the readers is used here: a slip there is not repeated here.
"""

from importlib import import_module
from typing import Final

from postguard.images.containers import container
from postguard.images.strip.audit.cursor import Refused

__all__ = ["AUDITED", "Refused", "audit"]

AUDITED: Final = frozenset({"jpeg", "png", "webp", "gif", "tiff", "heif", "mp4"})


def audit(data: bytes) -> None:
    """Returns where every byte of the file is accounted for; else raises `Refused`, which says what was found."""
    name = container(data)
    if name not in AUDITED:
        raise Refused("a file of a kind that is not audited")
    import_module(f"{__name__}.{name}").audit(data)
