"""The grammar of a rebuilt ICC profile: a blank header, colour tags of known types and lengths, no byte between."""

import re
from typing import Final

from postguard.images.strip.audit.cursor import Cursor, demand

_HEADER: Final = re.compile(
    rb".{4}\0{4}[\x01-\x05][\0\x10\x20\x30\x40\x50\x60\x70\x80\x90\xa0\xb0\xc0\xd0\xe0\xf0]\0\0"
    rb"(?:scnr|mntr|prtr|spac|abst)(?:RGB |GRAY|CMYK|Lab |XYZ |YCbr)(?:XYZ |Lab )"
    rb"\x07\xd0\0\x01\0\x01\0{6}acsp\0{24}\0\0\0[\0-\x03]\0\0\xf6\xd6\0\x01\0\0\0\0\xd3\x2d\0{48}",
    re.DOTALL,
)
_TAG: Final = re.compile(rb"wtpt|bkpt|[rgb]XYZ|[rgbk]TRC|chad|cicp|gamt|A2B[012]|B2A[012]|pre[012]|desc|cprt")
_WORDS: Final = {
    b"desc": (
        b"desc\0\0\0\0\0\0\0\x07Colour\0" + bytes(78),
        b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenUS\0\0\0\x0c\0\0\0\x1c\0C\0o\0l\0o\0u\0r",
    ),
    b"cprt": (
        b"text\0\0\0\0None\0",
        b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenUS\0\0\0\x08\0\0\0\x1c\0N\0o\0n\0e",
    ),
}
_CURVE_NUMBERS: Final = (1, 3, 4, 5, 7)


def audit(profile: bytes) -> None:
    """Every byte of the profile is header, table, colour data or up to three zeros between."""
    demand(_HEADER.fullmatch(profile[:128]) is not None, "a colour profile with more than colours in its header")
    cursor = Cursor(profile, 128)
    demand(int.from_bytes(profile[:4], "big") == len(profile), "a colour profile of a wrong length")
    tags = [(cursor.take(4), cursor.number(4), cursor.number(4)) for _ in range(cursor.number(4))]
    demand(len({name for name, _, _ in tags}) == len(tags), "a colour profile that repeats a tag")
    for place, size in sorted({(place, size) for _, place, size in tags}):
        demand(place == cursor.at, "bytes between the tags of a colour profile")
        cursor.take(size)
        demand(not any(cursor.take(-cursor.at % 4)), "bytes between the tags of a colour profile")
    demand(cursor.done, "bytes behind a colour profile")
    for name, place, size in tags:
        _audit_tag(name, profile[place : place + size])


def _audit_tag(name: bytes, element: bytes) -> None:
    demand(_TAG.fullmatch(name) is not None, "a colour profile with a tag of no colour")
    if name in _WORDS:
        demand(element in _WORDS[name], "a colour profile with words of its own")
        return
    demand(len(element) >= 12 and element[4:8] == bytes(4), "a colour tag with a broken head")
    demand(_length(Cursor(element)) == len(element), "a colour tag of a wrong type or length")


def _length(element: Cursor) -> int:
    """The length that a tag's type and counts give it."""
    kind = element.take(4)
    element.take(4)
    if kind in (b"XYZ ", b"sf32", b"cicp"):
        return {b"XYZ ": 20, b"sf32": 44, b"cicp": 12}[kind]
    if kind in (b"curv", b"para"):
        element.at = 0
        return _curve(element)
    inputs, outputs, grid = element.take(3)
    cells: int = grid ** min(inputs, 16)
    if kind == b"mft1":
        return 48 + 256 * (inputs + outputs) + outputs * cells
    if kind == b"mft2":
        element.take(37)
        before, behind = element.number(2), element.number(2)
        return 52 + 2 * (before * inputs + behind * outputs + outputs * cells)
    demand(kind in (b"mAB ", b"mBA "), "a colour tag of an unknown type")
    return _pipeline(element, inputs, outputs)


def _pipeline(element: Cursor, inputs: int, outputs: int) -> int:
    """The length of a pipeline whose parts may lie in any order, with zeros between them only."""
    element.at = 12
    b_curves, matrix, m_curves, table, a_curves = (element.number(4) for _ in range(5))
    is_forward = element.data.startswith(b"mAB ")
    b_count, a_count = (outputs, inputs) if is_forward else (inputs, outputs)
    parts = [(0, 10), (12, 32)]
    for start, count in ((b_curves, b_count), (m_curves, b_count), (a_curves, a_count)):
        element.at = start
        for _ in range(count if start else 0):
            begin = element.at
            parts.append((begin, begin + _curve(element)))
            element.at = parts[-1][1] + -parts[-1][1] % 4
    if matrix:
        parts.append((matrix, matrix + 48))
    if table:
        element.at = table
        entries = outputs
        for points in element.take(16)[:inputs]:
            entries *= points
        parts.append((table, table + 20 + entries * element.number(1)))
    at = 0
    for start, end in sorted(parts):
        demand(not any(element.data[at:start]), "bytes between the parts of a colour table")
        at = max(at, end)
    return at


def _curve(element: Cursor) -> int:
    kind = element.take(4)
    element.take(4)
    if kind == b"curv":
        return 12 + 2 * element.number(4)
    number = element.number(2)
    demand(kind == b"para" and number < len(_CURVE_NUMBERS), "a curve of an unknown kind")
    return 12 + 4 * _CURVE_NUMBERS[number]
