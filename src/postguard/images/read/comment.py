"""Reads a free comment: an encoder's signature tells the software, anything else may name a person."""

import re
from typing import Final

from postguard.images.read.facts import Gathering, Kind

_ENCODER: Final = re.compile(
    rb"CREATOR: |Created with |Lavc|LEAD Technologies|File (?:written|source)|AppleMark|JPEG Encoder|Optimized by|"
    rb"Intel\(R\)|Processed By|Handmade Software|ACD Systems|libjpeg|Compressed by|xpacket|Made with |Edited with ",
    re.IGNORECASE,
)


def read_comment(key: str, body: bytes, into: Gathering) -> None:
    """Adds a comment under `key`; a blank one tells nothing."""
    if not body.strip(b"\0 \t\r\n"):
        return
    if _ENCODER.match(body):
        into.add(Kind.DEVICE, key)
    else:
        into.person(key, body.decode("utf-8", "replace"))
