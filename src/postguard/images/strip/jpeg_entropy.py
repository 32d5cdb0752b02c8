"""Follows the Huffman codes of JPEG scans, without a pixel, to where their last block ends (ITU T.81, annexes F, G)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from postguard.images.containers import Damaged, Unsupported
from postguard.images.containers.jpeg import DHT, DRI, FRAMES, SCAN, SOS, Segment
from postguard.images.strip.words import LEAST_WORDS, has_words_at_end, is_words

_RESTART: Final = re.compile(rb"\xff[\xd0-\xd7]")
_HUFFMAN: Final = frozenset({0xC0, 0xC1, 0xC2})
_PROGRESSIVE: Final = 0xC2
_MOST_BYTES: Final = 1 << 20
_WORDS: Final = "a JPEG with text hidden in its image data; save it again as an ordinary JPEG"


def hidden_bytes(data: bytes, segments: list[Segment]) -> list[tuple[int, int]]:
    """Where bytes lie behind the last block of a scan, or of a part of one between restart markers: (start, end).

    Only parts that end in what looks like text are followed, as it takes two seconds for a megabyte; a progressive
    file with one is followed whole. Over 1 MiB, and arithmetic coding, raise `Unsupported`: there is no telling then.
    """
    scans = [segment for segment in segments if segment.marker == SCAN]
    suspects = {scan.end for scan in scans if has_words_at_end(data, scan.start, scan.end)}
    if any(segment.marker == DRI for segment in segments):
        suspects.update(stop for scan in scans for stop in _suspects(data, scan))
    if not suspects:
        return []
    reader = _Reader(data, suspects)
    for segment in segments:
        reader.read(segment)
    return reader.hidden


def _suspects(data: bytes, scan: Segment) -> Iterator[int]:
    """The ends of the parts before restart markers that end in what looks like text."""
    for found in _RESTART.finditer(data, scan.start, scan.end):
        if is_words(data[max(scan.start, found.start() - LEAST_WORDS) : found.start()]):
            yield found.start()


@dataclass(frozen=True, slots=True)
class _Component:
    across: int
    down: int
    columns: int
    rows: int


@dataclass(slots=True)
class _Reader:
    """Keeps what the headers said so far, and which coefficients are set, for the scans that refine them."""

    data: bytes
    suspects: set[int]
    hidden: list[tuple[int, int]] = field(default_factory=list)
    followed: int = 0
    marker: int = 0
    size: tuple[int, int] = (0, 0)
    components: dict[int, _Component] = field(default_factory=dict)
    codes: dict[int, list[int]] = field(default_factory=dict)
    interval: int = 0
    scan: bytes = b""
    nonzero: dict[int, list[int]] = field(default_factory=dict)

    def read(self, segment: Segment) -> None:
        """Reads a header, or follows a scan."""
        body = self.data[segment.body : segment.end]
        if segment.marker == DHT:
            self._tables(body)
        elif segment.marker == DRI:
            self.interval = int.from_bytes(body[:2], "big")
        elif segment.marker in FRAMES:
            self._frame(segment.marker, body)
        elif segment.marker == SOS:
            self.scan = body
        elif segment.marker == SCAN:
            self._follow(segment)

    def _tables(self, body: bytes) -> None:
        while len(body) > 17:
            count = sum(body[1:17])
            self.codes[body[0]] = _lookup(body[1:17], body[17 : 17 + count])
            body = body[17 + count :]

    def _frame(self, marker: int, body: bytes) -> None:
        if marker not in _HUFFMAN:
            raise Unsupported(_WORDS)
        height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
        parts = [body[at : at + 3] for at in range(6, len(body), 3)]
        across, down = max(part[1] >> 4 for part in parts), max(part[1] & 15 for part in parts)
        if not (across and down and width and height):
            raise Damaged("a JPEG frame without a size")
        self.marker = marker
        self.size = _rounded_up(width, 8 * across), _rounded_up(height, 8 * down)
        for number, sampling, _ in parts:
            columns = _rounded_up(_rounded_up(width * (sampling >> 4), across), 8)
            rows = _rounded_up(_rounded_up(height * (sampling & 15), down), 8)
            self.components[number] = _Component(sampling >> 4, sampling & 15, columns, rows)

    def _follow(self, segment: Segment) -> None:
        """Follows a progressive scan whole, a sequential one in its suspect parts."""
        if len(self.scan) < 6 or len(self.scan) != 4 + 2 * self.scan[0]:
            raise Damaged("a JPEG scan header of a wrong length")
        count = self.scan[0]
        chosen = [(self.scan[1 + 2 * n], self.scan[2 + 2 * n]) for n in range(count)]
        if any(number not in self.components for number, _ in chosen):
            raise Damaged("a JPEG scan of a component that is not there")
        if count == 1:
            only = self.components[chosen[0][0]]
            units, layout = only.columns * only.rows, [(*chosen[0], 1)]
        else:
            units = self.size[0] * self.size[1]
            layout = [(n, t, self.components[n].across * self.components[n].down) for n, t in chosen]
        starts = [segment.start, *(found.end() for found in _RESTART.finditer(self.data, segment.start, segment.end))]
        stops = [start - 2 for start in starts[1:]] + [segment.end]
        each = self.interval or units
        if len(starts) != _rounded_up(units, each):
            raise Damaged("a JPEG scan of a wrong number of parts")
        for part, (start, stop) in enumerate(zip(starts, stops, strict=True)):
            if self.marker == _PROGRESSIVE or stop in self.suspects:
                self.followed += stop - start
                if self.followed > _MOST_BYTES:
                    raise Unsupported(_WORDS)
                first, last = part * each, min((part + 1) * each, units)
                end = start + self._used(self.data[start:stop], layout, first, last)
                if end < stop:
                    self.hidden.append((end, stop))

    def _used(self, coded: bytes, layout: list[tuple[int, int, int]], first: int, last: int) -> int:
        bits = _Bits(coded.replace(b"\xff\x00", b"\xff"))
        if self.marker != _PROGRESSIVE:
            tables = [
                (self._codes(t >> 4), self._codes(0x10 | t & 15)) for _, t, blocks in layout for _ in range(blocks)
            ]
            for _ in range(first, last):
                for dc, ac in tables:
                    bits.skip(bits.code(dc) & 15)
                    _sequential(bits, ac)
        else:
            self._progressive(bits, layout, first, last)
        return _raw_length(coded, bits.used())

    def _progressive(self, bits: "_Bits", layout: list[tuple[int, int, int]], first: int, last: int) -> None:
        lowest, highest, successive = self.scan[-3], self.scan[-2], self.scan[-1] >> 4
        if lowest == 0:
            for _ in range(first, last):
                for _, tables, blocks in layout:
                    for _ in range(blocks):
                        bits.skip(1 if successive else bits.code(self._codes(tables >> 4)) & 15)
            return
        number, tables, _ = layout[0]
        component = self.components[number]
        masks = self.nonzero.setdefault(number, [0] * (component.columns * component.rows))
        follow = _refined if successive else _first
        follow(bits, self._codes(0x10 | tables & 15), masks, range(first, last), lowest, highest)

    def _codes(self, slot: int) -> list[int]:
        if slot not in self.codes:
            raise Damaged("a JPEG scan without its tables")
        return self.codes[slot]


def _rounded_up(whole: int, part: int) -> int:
    return -(-whole // part)


def _lookup(counts: bytes, symbols: bytes) -> list[int]:
    """For each 16 bits: the length of the code that they start with, times 256, plus its symbol; 0 for none."""
    table: list[int] = []
    at = 0
    for length, count in enumerate(counts, 1):
        for symbol in symbols[at : at + count]:
            table += [length << 8 | symbol] * (1 << 16 - length)
        at += count
    if len(table) > 1 << 16:
        raise Damaged("a JPEG Huffman table of too many codes")
    return table + [0] * ((1 << 16) - len(table))


class _Bits:
    """Bits of a coded stream, from the first."""

    __slots__ = ("_at", "_data", "_held", "_value")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = self._held = self._value = 0

    def _fill(self, count: int) -> None:
        while self._held < count:
            self._value = self._value << 64 | int.from_bytes(self._data[self._at : self._at + 8].ljust(8, b"\0"), "big")
            self._at += 8
            self._held += 64
        if self._at - self._held // 8 > len(self._data) + 8:
            raise Damaged("a JPEG scan that is cut off")

    def code(self, table: list[int]) -> int:
        """The next symbol."""
        if self._held < 16:
            self._fill(16)
        found = table[self._value >> self._held - 16]
        if not found:
            raise Damaged("a JPEG scan with an unknown code")
        self._held -= found >> 8
        self._value &= (1 << self._held) - 1
        return found & 255

    def skip(self, count: int) -> None:
        if self._held < count:
            self._fill(count)
        self._held -= count
        self._value &= (1 << self._held) - 1

    def take(self, count: int) -> int:
        if self._held < count:
            self._fill(count)
        self._held -= count
        taken = self._value >> self._held
        self._value &= (1 << self._held) - 1
        return taken

    def used(self) -> int:
        """Whole bytes that were read from."""
        used = self._at - self._held // 8
        if used > len(self._data):
            raise Damaged("a JPEG scan that is cut off")
        return used


def _sequential(bits: _Bits, table: list[int]) -> None:
    at = 1
    while at < 64:
        symbol = bits.code(table)
        size = symbol & 15
        if size:
            bits.skip(size)
        elif symbol != 0xF0:
            return
        at += (symbol >> 4) + 1


def _first(bits: _Bits, table: list[int], masks: list[int], blocks: range, lowest: int, highest: int) -> None:
    """A scan that sets coefficients for the first time."""
    ended = 0
    for block in blocks:
        if ended:
            ended -= 1
            continue
        at = lowest
        while at <= highest:
            symbol = bits.code(table)
            run, size = symbol >> 4, symbol & 15
            if size:
                at += run
                bits.skip(size)
                masks[block] |= 1 << at
                at += 1
            elif run == 15:
                at += 16
            else:
                ended = (1 << run) + bits.take(run) - 1
                break


def _refined(bits: _Bits, table: list[int], masks: list[int], blocks: range, lowest: int, highest: int) -> None:
    """A scan that adds a bit to the coefficients that are set, and sets new ones between them."""
    ended = 0
    for block in blocks:
        at, mask = lowest, masks[block]
        while not ended and at <= highest:
            symbol = bits.code(table)
            run, size = symbol >> 4, symbol & 15
            if size:
                bits.skip(1)
            elif run != 15:
                ended = (1 << run) + bits.take(run)
                break
            while at <= highest:
                if mask >> at & 1:
                    bits.skip(1)
                elif run == 0:
                    break
                else:
                    run -= 1
                at += 1
            if size:
                masks[block] |= 1 << at
            at += 1
        if ended:
            bits.skip((mask >> at & (1 << highest + 1 - at) - 1).bit_count() if at <= highest else 0)
            ended -= 1


def _raw_length(coded: bytes, used: int) -> int:
    """Bytes of the coded stream that hold its first `used` bytes once the zeros behind 0xFF are left out."""
    length = used
    while True:
        stuffed = coded.count(b"\xff\x00", 0, length + 1 if coded[length - 1 : length + 1] == b"\xff\x00" else length)
        if used + stuffed == length:
            return length
        length = used + stuffed
