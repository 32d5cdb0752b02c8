"""The samples of a film track: where its chunks lie, how large each sample is, and what of it is picture or sound."""

from dataclasses import dataclass
from typing import Final

from postguard.images.containers import Damaged
from postguard.images.containers.boxes import Box, Fields, walk
from postguard.images.strip import coded

_MOST_SAMPLES: Final = 1 << 22
_LENGTH_AT: Final = {b"avcC": 4, b"hvcC": 21}
"""Where a decoder configuration has the size of the lengths before its units."""
_CONFIGURATION_AT: Final = 78


@dataclass(frozen=True, slots=True)
class Chunk:
    """Samples that lie together: where they lay, and what is kept of them."""

    start: int
    kept: list[memoryview]

    @property
    def size(self) -> int:
        return sum(map(len, self.kept))


@dataclass(frozen=True, slots=True)
class Samples:
    """The chunks of a track in their order, and the new size of every sample."""

    chunks: list[Chunk]
    sizes: list[int]


def read_samples(data: bytes, parts: list[Box]) -> Samples:
    """Reads the tables of a track; raises `Damaged` where they do not fit each other or the file."""
    places, sizes = _places(data, parts), _sample_sizes(data, only(parts, b"stsz"))
    if sum(sizes) > len(data):
        raise Damaged("a film whose samples are larger than the file")
    codec, length_size = _coding(data, only(parts, b"stsd"))
    fields, view = Fields.of(data, only(parts, b"stsc")), memoryview(data)
    fields.take(4)
    runs = [(fields.number(4), fields.number(4), fields.number(4)) for _ in range(_count(fields, 12))]
    chunks: list[Chunk] = []
    new_sizes: list[int] = []
    for index, (first, each, _) in enumerate(runs):
        last = runs[index + 1][0] if index + 1 < len(runs) else len(places) + 1
        for number in range(first, min(last, len(places) + 1)):
            if number != len(chunks) + 1:
                raise Damaged("a film whose chunks and samples do not match")
            at, kept = places[number - 1], []
            for size in sizes[len(new_sizes) : len(new_sizes) + each]:
                if at + size > len(data):
                    raise Damaged("a film whose chunks lie outside the file")
                units = coded.picture_units(codec, view[at : at + size], length_size)
                new_sizes.append(sum(map(len, units)))
                kept += units
                at += size
            chunks.append(Chunk(places[number - 1], kept))
    if len(chunks) != len(places) or len(new_sizes) != len(sizes):
        raise Damaged("a film whose chunks and samples do not match")
    return Samples(chunks, new_sizes)


def _coding(data: bytes, part: Box) -> tuple[bytes, int]:
    """The codec of a track and the size of the lengths before its units; no codec where it has several."""
    entries = list(walk(data, part.body + 8, part.end))
    if len(entries) != 1 or entries[0].kind not in (*coded.WITH_LENGTHS, b"av01"):
        return b"", 0
    for inner in walk(data, entries[0].body + _CONFIGURATION_AT, entries[0].end):
        if inner.kind in _LENGTH_AT and inner.end > inner.body + _LENGTH_AT[inner.kind]:
            return entries[0].kind, (data[inner.body + _LENGTH_AT[inner.kind]] & 3) + 1
    return (entries[0].kind, 0) if entries[0].kind == b"av01" else (b"", 0)


def only(parts: list[Box], kind: bytes) -> Box:
    """The box of that kind; raises `Damaged` where there is none."""
    found = next((part for part in parts if part.kind == kind), None)
    if found is None:
        raise Damaged("a film without a part that it needs")
    return found


def _count(fields: Fields, size: int) -> int:
    count = fields.number(4)
    if count > min(_MOST_SAMPLES, fields.left // size if size else _MOST_SAMPLES):
        raise Damaged("a film table that is cut off")
    return count


def _places(data: bytes, parts: list[Box]) -> list[int]:
    for part in parts:
        if part.kind in (b"stco", b"co64"):
            fields, size = Fields.of(data, part), 4 if part.kind == b"stco" else 8
            fields.take(4)
            return [fields.number(size) for _ in range(_count(fields, size))]
    raise Damaged("a film without a part that it needs")


def _sample_sizes(data: bytes, part: Box) -> list[int]:
    fields = Fields.of(data, part)
    fields.take(4)
    same = fields.number(4)
    count = _count(fields, 0 if same else 4)
    return [same] * count if same else [fields.number(4) for _ in range(count)]
