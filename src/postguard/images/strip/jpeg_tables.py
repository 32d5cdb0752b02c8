"""Which of a JPEG's tables its scans use: the others could hold anything, so they go."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from postguard.images.containers import Damaged
from postguard.images.containers.jpeg import DAC, DHT, DQT, DRI, Segment

_PROGRESSIVE: Final = frozenset({0xC2, 0xCA})
_ARITHMETIC: Final = frozenset({0xC9, 0xCA})


@dataclass(slots=True)
class Table:
    """One definition inside a table segment: bytes `start` to `end`, and whether a scan uses it."""

    start: int
    end: int
    used: bool = False


@dataclass(frozen=True, slots=True)
class Component:
    number: int
    quantisation: int


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame header: its marker and its components' numbers and quantisation tables."""

    marker: int
    height: int
    components: tuple[Component, ...]


def frame(data: bytes, segment: Segment) -> Frame:
    """Reads a frame header; raises `Damaged` where its length does not fit."""
    body = data[segment.body : segment.end]
    if len(body) < 6 or len(body) != 6 + 3 * body[5]:
        raise Damaged("a JPEG frame of a wrong length")
    components = tuple(Component(body[at], body[at + 2]) for at in range(6, len(body), 3))
    return Frame(segment.marker, int.from_bytes(body[1:3], "big"), components)


@dataclass(slots=True)
class Tables:
    """Follows the definitions through the file as a decoder would, and marks those that a scan reads."""

    current: dict[tuple[int, int], Table] = field(default_factory=dict)
    latched: set[int] = field(default_factory=set)

    def define(self, data: bytes, segment: Segment) -> list[Table]:
        """The definitions of a table segment, from now on those that hold in their slots."""
        tables = []
        for slot, start, end in _DEFINITIONS[segment.marker](data, segment.body, segment.end):
            table = Table(start, end)
            tables.append(table)
            self.current[segment.marker, slot] = table
        return tables

    def scan(self, data: bytes, segment: Segment, of: Frame) -> None:
        """Marks what the scan behind this header uses. A component keeps the quantisation of its first scan."""
        body = data[segment.body : segment.end]
        if not body or len(body) != 4 + 2 * body[0]:
            raise Damaged("a JPEG scan header of a wrong length")
        first_coefficient, successive = body[-3], body[-1] >> 4
        quantisation = {component.number: component.quantisation for component in of.components}
        self._use((DRI, 0))
        for at in range(1, len(body) - 3, 2):
            number, dc, ac = body[at], body[at + 1] >> 4, body[at + 1] & 15
            if number in quantisation and number not in self.latched:
                self.latched.add(number)
                self._use((DQT, quantisation[number]))
            needs_dc, needs_ac = True, True
            if of.marker in _PROGRESSIVE:
                needs_dc, needs_ac = first_coefficient == 0 and not successive, first_coefficient > 0
            kind = DAC if of.marker in _ARITHMETIC else DHT
            if needs_dc:
                self._use((kind, dc))
            if needs_ac:
                self._use((kind, 0x10 | ac))

    def _use(self, slot: tuple[int, int]) -> None:
        if slot in self.current:
            self.current[slot].used = True


Definitions = Iterator[tuple[int, int, int]]


def _quantisation(data: bytes, at: int, end: int) -> Definitions:
    while at < end:
        size = 129 if data[at] >> 4 else 65
        if at + size > end:
            raise Damaged("a JPEG quantisation table that is cut off")
        yield data[at] & 15, at, at + size
        at += size


def _huffman(data: bytes, at: int, end: int) -> Definitions:
    while at < end:
        size = 17 + sum(data[at + 1 : at + 17])
        if at + size > end:
            raise Damaged("a JPEG Huffman table that is cut off")
        yield data[at], at, at + size
        at += size


def _arithmetic(data: bytes, at: int, end: int) -> Definitions:
    for place in range(at, end - 1, 2):
        yield data[place], place, place + 2


def _restart(_data: bytes, at: int, end: int) -> Definitions:
    if end - at != 2:
        raise Damaged("a JPEG restart interval of a wrong length")
    yield 0, at, end


_DEFINITIONS: Final = {DQT: _quantisation, DHT: _huffman, DAC: _arithmetic, DRI: _restart}
TABLES: Final = frozenset(_DEFINITIONS)


def pieces(data: bytes, segment: Segment, tables: Iterable[Table]) -> list[bytes | memoryview]:
    """The table segment again, with the used definitions only; empty where none is used."""
    used = [table for table in tables if table.used]
    if not used:
        return []
    size = 2 + sum(table.end - table.start for table in used)
    return [bytes((0xFF, segment.marker)), size.to_bytes(2, "big"), *(data[t.start : t.end] for t in used)]
