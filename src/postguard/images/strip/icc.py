"""Rebuilds an ICC profile (ICC.1:2022) of its colour data alone: no maker, no device, no date, no name, no slack."""

from collections.abc import Callable
from typing import Final

from postguard.images.containers import Damaged

_HEADER: Final = 128
_MOST_TAGS: Final = 100
_D50: Final = bytes.fromhex("0000f6d6000100000000d32d")
_CLASSES: Final = frozenset({b"scnr", b"mntr", b"prtr", b"spac", b"abst"})
_SPACES: Final = frozenset({b"RGB ", b"GRAY", b"CMYK", b"Lab ", b"XYZ ", b"YCbr"})
_DATE: Final = bytes.fromhex("07d000010001000000000000")
"""1 January 2000: a profile must carry a date, and one for all tells nothing."""

_COLOUR_TAGS: Final = frozenset(
    {b"wtpt", b"bkpt", b"chad", b"cicp", b"gamt"}
    | {b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC"}
    | {b"A2B0", b"A2B1", b"A2B2", b"B2A0", b"B2A1", b"B2A2", b"pre0", b"pre1", b"pre2"}
)


def rebuilt(profile: bytes) -> bytes | None:
    """The profile with its colour data and nothing else; None where it is too broken for a reader to use.

    Header kept: version, class, colour spaces, rendering intent. Tags kept: those that move a colour, each cut to
    the length that its type gives it. Description and copyright, which must be there, are the same for all.
    """
    try:
        return _rebuilt(profile)
    except Damaged:
        return None


def _rebuilt(profile: bytes) -> bytes:
    if len(profile) < _HEADER + 4 or profile[36:40] != b"acsp":
        raise Damaged("an ICC profile without its header")
    if profile[12:16] not in _CLASSES or profile[16:20] not in _SPACES or profile[20:24] not in (b"XYZ ", b"Lab "):
        raise Damaged("an ICC profile of an unknown class")
    if not 1 <= profile[8] <= 5:
        raise Damaged("an ICC profile of an unknown version")
    count = _u32(profile, _HEADER)
    if count > _MOST_TAGS:
        raise Damaged("an ICC profile of too many tags")
    is_v4 = profile[8] >= 4
    tags = {b"desc": _text(b"Colour", is_v4=is_v4), b"cprt": _copyright(is_v4=is_v4)}
    for at in range(_HEADER + 4, _HEADER + 4 + 12 * count, 12):
        name, start, size = profile[at : at + 4], _u32(profile, at + 4), _u32(profile, at + 8)
        if name in _COLOUR_TAGS and name not in tags:
            if start + size > len(profile):
                raise Damaged("an ICC tag that lies outside its profile")
            tags[name] = _element(profile[start : start + size])
    return _assembled(_header(profile), tags)


def _header(profile: bytes) -> bytes:
    version = bytes((profile[8], profile[9] & 0xF0, 0, 0))
    intent = _u32(profile, 64)
    return b"".join(
        (
            bytes(8),  # size, set when all is known, and the preferred engine
            version,
            profile[12:24],  # class, colour space, connection space
            _DATE,
            b"acsp",
            bytes(24),  # platform, flags, maker, model, attributes
            (intent if intent < 4 else 0).to_bytes(4, "big"),
            _D50,
            bytes(48),  # creator, id, reserved
        )
    )


def _assembled(header: bytes, tags: dict[bytes, bytes]) -> bytes:
    start = len(header) + 4 + 12 * len(tags)
    places: dict[bytes, int] = {}
    table, body = [], b""
    pieces: list[bytes] = []
    size = start
    for name, element in tags.items():
        if element not in places:
            places[element] = size
            body = element + bytes(-len(element) % 4)
            pieces.append(body)
            size += len(body)
        table.append(name + places[element].to_bytes(4, "big") + len(element).to_bytes(4, "big"))
    whole = b"".join((header, len(tags).to_bytes(4, "big"), *table, *pieces))
    return len(whole).to_bytes(4, "big") + whole[4:]


def _text(words: bytes, *, is_v4: bool) -> bytes:
    if is_v4:
        wide = words.decode("ascii").encode("utf-16-be")
        record = b"enUS" + len(wide).to_bytes(4, "big") + (28).to_bytes(4, "big")
        return b"mluc" + bytes(4) + (1).to_bytes(4, "big") + (12).to_bytes(4, "big") + record + wide
    return b"desc" + bytes(4) + (len(words) + 1).to_bytes(4, "big") + words + b"\0" + bytes(78)


def _copyright(*, is_v4: bool) -> bytes:
    return _text(b"None", is_v4=True) if is_v4 else b"text" + bytes(4) + b"None\0"


def _element(element: bytes) -> bytes:
    """One tag's data, cut to its real length, its reserved bytes zero, the gaps between its parts blank."""
    kind = element[:4]
    length = _FIXED_LENGTHS.get(kind, 0)
    if not length:
        if kind not in _LENGTHS:
            raise Damaged("an ICC tag of an unknown type")
        shortest, length_of = _LENGTHS[kind]
        length = length_of(element) if len(element) >= shortest else shortest
    if length > len(element):
        raise Damaged("an ICC tag that is cut off")
    kept = kind + bytes(4) + element[8:length]
    return _blanked_between_parts(kept) if kind in _PIPELINES else kept


def _u32(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")


def _u16(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "big")


def _cells(grid: int, inputs: int) -> int:
    """Cells of a colour table. No real one has more than 16 inputs; the bound keeps the power small."""
    cells: int = grid ** min(inputs, 16)
    return cells


def _lut8(element: bytes) -> int:
    inputs, outputs, grid = element[8], element[9], element[10]
    return 48 + 256 * inputs + _cells(grid, inputs) * outputs + 256 * outputs


def _lut16(element: bytes) -> int:
    inputs, outputs, grid = element[8], element[9], element[10]
    entries = _u16(element, 48) * inputs + _cells(grid, inputs) * outputs + _u16(element, 50) * outputs
    return 52 + 2 * entries


def _parametric(element: bytes) -> int:
    kind = _u16(element, 8)
    if kind > 4:
        raise Damaged("an ICC curve of an unknown kind")
    return 12 + 4 * (1, 3, 4, 5, 7)[kind]


def _curve(element: bytes) -> int:
    return 12 + 2 * _u32(element, 8)


def _pipeline_length(element: bytes) -> int:
    return max((end for _, end in _pipeline_parts(element)), default=32)


_FIXED_LENGTHS: Final = {b"XYZ ": 20, b"sf32": 44, b"cicp": 12}
_LENGTHS: Final[dict[bytes, tuple[int, Callable[[bytes], int]]]] = {
    b"curv": (12, _curve),
    b"para": (12, _parametric),
    b"mft1": (48, _lut8),
    b"mft2": (52, _lut16),
    b"mAB ": (32, _pipeline_length),
    b"mBA ": (32, _pipeline_length),
}
"""The shortest head of a tag of that type, and what reads the whole length from it."""
_PIPELINES: Final = frozenset({b"mAB ", b"mBA "})


def _pipeline_parts(element: bytes) -> list[tuple[int, int]]:
    """Where the curves, matrix and table of a `mAB`/`mBA` pipeline lie in it."""
    inputs, outputs = element[8], element[9]
    b_curves, matrix, m_curves, table, a_curves = (_u32(element, at) for at in range(12, 32, 4))
    b_count, a_count = (outputs, inputs) if element.startswith(b"mAB ") else (inputs, outputs)
    parts = [(0, 32)]
    for start, count in ((b_curves, b_count), (m_curves, b_count), (a_curves, a_count)):
        at = start
        for _ in range(count if start else 0):
            head = element[at : at + 12]
            if head[:4] not in (b"curv", b"para") or len(head) < 12:
                raise Damaged("an ICC pipeline without its curves")
            end = at + (_curve(head) if head.startswith(b"curv") else _parametric(head))
            parts.append((at, end))
            at = end + -end % 4
    if matrix:
        parts.append((matrix, matrix + 48))
    if table:
        grid = element[table : table + inputs]
        entries = outputs
        for points in grid:
            entries *= points
        precision = element[table + 16 : table + 17]
        if precision not in (b"\1", b"\2"):
            raise Damaged("an ICC table of an unknown precision")
        parts.append((table, table + 20 + entries * precision[0]))
    return parts


def _blanked_between_parts(element: bytes) -> bytes:
    blank = bytearray(len(element))
    for start, end in _pipeline_parts(element):
        blank[start:end] = element[start:end]
    blank[10:12] = bytes(2)
    return bytes(blank)
