"""Reads an ICC profile's own words: a profile can be named after a school's screen or a person's computer."""

import re
from typing import Final

from postguard.images.read.facts import Gathering, Kind

_COMMON: Final = re.compile(
    r"(?:sRGB|Display P3|DCI.P3|P3|Adobe RGB|ProPhoto|ROMM|Rec\.? ?\d+|BT\.?\d+|ITU|Camera RGB|Generic|Apple RGB|"
    r"ColorMatch|Dot Gain|Gray Gamma|Gr[ae]y|U\.S\. Web|Coated|Uncoated|SWOP|FOGRA|ISO Coated|Japan Color|CIE|Linear|"
    r"c2ci|c2|Colour|Color LCD|RGB|CMYK|Artifex|GIMP built-in|uRGB|GBR|scRGB|wide gamut|unknown)",
    re.IGNORECASE,
)


def read(profile: bytes, into: Gathering) -> None:
    """Adds a device fact where the profile is not one of the common colour spaces by its name."""
    if len(profile) < 132:
        return
    count = min(int.from_bytes(profile[128:132], "big"), 100)
    for at in range(132, 132 + 12 * count, 12):
        name, start, size = profile[at : at + 4], _u32(profile, at + 4), _u32(profile, at + 8)
        if name == b"desc":
            words = _words(profile[start : start + min(size, 4096)])
            if words and not _COMMON.match(words):
                into.add(Kind.DEVICE, "icc.description")


def _u32(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")


def _words(element: bytes) -> str:
    if element.startswith(b"mluc"):
        size, start = _u32(element, 20), _u32(element, 24)
        return element[start : start + size].decode("utf-16-be", "replace").strip("\0 ")
    return element[12 : 12 + _u32(element, 8)].decode("latin-1").strip("\0 ")
