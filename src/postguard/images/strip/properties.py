"""The boxes that say how a coded picture is to be decoded and shown, each written anew to its exact length."""

from typing import Final

from postguard.images.containers.boxes import Box, Fields, box
from postguard.images.strip import coded, icc

_ALPHA: Final = (
    b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
    b"urn:mpeg:hevc:2015:auxid:1",
    b"urn:mpeg:avc:2015:auxid:1",
)
_FIXED: Final = {
    b"irot": 1,
    b"imir": 1,
    b"clap": 32,
    b"pasp": 8,
    b"clli": 4,
    b"mdcv": 24,
    b"a1op": 1,
    b"lsel": 2,
    b"btrt": 12,
    b"ccst": 8,
    b"vpcC": 12,
}
"""Properties kept as they are, and their lengths."""
_PARAMETER_SETS: Final = frozenset({32, 33, 34})
_SEQUENCE_HEADER: Final = 1


def rebuilt(data: bytes, part: Box) -> bytes | None:
    """The property with what a decoder needs; None for one that may not stay."""
    fields = Fields.of(data, part)
    if part.kind in _FIXED:
        length = _FIXED[part.kind]
        return box(part.kind, fields.take(length))
    if part.kind == b"pixi":
        fields.take(4)
        count = fields.take(1)
        return box(b"pixi", bytes(4), count, fields.take(count[0]))
    if part.kind == b"ispe":
        fields.take(4)
        return box(b"ispe", bytes(4), fields.take(8))
    if part.kind == b"colr":
        return _colours(fields)
    if part.kind == b"auxC":
        return box(b"auxC", bytes(4), fields.data[fields.at + 4 : fields.end].partition(b"\0")[0], b"\0")
    if part.kind == b"a1lx":
        flag = fields.take(1)
        return box(b"a1lx", flag, fields.take(12 if flag[0] & 1 else 6))
    if part.kind == b"hvcC":
        return _hevc(fields)
    if part.kind == b"av1C":
        head, units = fields.take(4), coded.units(fields.take(fields.left))
        return box(b"av1C", head, *(unit for kind, unit in units if kind == _SEQUENCE_HEADER))
    if part.kind == b"avcC":
        return _avc(fields)
    return None


def is_alpha(data: bytes, part: Box) -> bool:
    """Whether an `auxC` property makes its item the transparency of another."""
    return part.kind == b"auxC" and data[part.body + 4 : part.end].partition(b"\0")[0] in _ALPHA


def _colours(fields: Fields) -> bytes | None:
    kind = fields.take(4)
    if kind == b"nclx":
        return box(b"colr", kind, fields.take(7))
    if kind == b"nclc":
        return box(b"colr", kind, fields.take(6))
    if kind in (b"prof", b"rICC"):
        profile = icc.rebuilt(fields.take(fields.left))
        return box(b"colr", b"prof", profile) if profile else None
    return None


def _hevc(fields: Fields) -> bytes:
    """Decoder configuration with its parameter sets; the words of encoders (SEI) go."""
    head = fields.take(22)
    kept = []
    for _ in range(fields.number(1)):
        kind, count = fields.take(1), fields.number(2)
        sets = []
        for _ in range(count):
            size = fields.take(2)
            sets.append(size + fields.take(int.from_bytes(size, "big")))
        if kind[0] & 0x3F in _PARAMETER_SETS:
            kept.append(kind + count.to_bytes(2, "big") + b"".join(sets))
    return box(b"hvcC", head, bytes((len(kept),)), *kept)


def _avc(fields: Fields) -> bytes:
    """Decoder configuration with its parameter sets, and the few bytes behind them that high profiles have."""
    parts = [fields.take(5)]
    for mask in (0x1F, 0xFF):
        count = fields.take(1)
        parts.append(count)
        for _ in range(count[0] & mask):
            size = fields.take(2)
            parts += (size, fields.take(int.from_bytes(size, "big")))
    if parts[0][1] in (100, 110, 122, 144) and fields.left >= 4:
        parts += (fields.take(3), b"\0")
    return box(b"avcC", *parts)
