"""The directories of a TIFF block (TIFF 6, BigTIFF, EXIF): their entries and where the values lie."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from postguard.images.containers import Damaged

SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
"""Bytes of one value, by the type number of an entry."""
_WHOLE: Final = frozenset({1, 3, 4, 6, 8, 9, 13, 16, 17, 18})
_SIGNED: Final = frozenset({6, 8, 9, 17})
_MOST_ENTRIES: Final = 4096
_MOST_DIRECTORIES: Final = 1024

ORIENTATION: Final = 0x0112
SUB_IFDS: Final = 0x014A
EXIF_IFD: Final = 0x8769
GPS_IFD: Final = 0x8825
INTEROP_IFD: Final = 0xA005

Order = Literal["little", "big"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `size` bytes of values from `at` on (which may point outside a damaged block)."""

    tag: int
    type: int
    count: int
    at: int
    size: int


@dataclass(frozen=True, slots=True)
class Directory:
    at: int
    entries: tuple[Entry, ...]
    following: int
    """Where the next directory of the chain starts; 0 = none."""

    def entry(self, tag: int) -> Entry | None:
        """The last entry of that tag: where a writer repeats one, common readers let the later win."""
        return next((entry for entry in reversed(self.entries) if entry.tag == tag), None)


@dataclass(frozen=True, slots=True, repr=False)
class Tiff:
    """A TIFF block: its bytes, byte order, whether it is BigTIFF, and where its first directory starts."""

    data: bytes
    order: Order
    big: bool
    first: int

    @classmethod
    def parse(cls, data: bytes) -> "Tiff":
        """Reads the header; raises `Damaged` where it is none."""
        order: Order = "big" if data.startswith(b"MM") else "little"
        if data[:2] not in (b"II", b"MM") or len(data) < 8:
            raise Damaged("a TIFF block without its header")
        version = int.from_bytes(data[2:4], order)
        if version == 42:
            return cls(data, order, big=False, first=int.from_bytes(data[4:8], order))
        if version == 43 and len(data) >= 16 and data[4:8] == (8).to_bytes(2, order) + b"\0\0":
            return cls(data, order, big=True, first=int.from_bytes(data[8:16], order))
        raise Damaged("a TIFF block of an unknown version")

    def number(self, at: int, size: int) -> int:
        if at < 0 or at + size > len(self.data):
            raise Damaged("a TIFF directory that reaches outside the file")
        return int.from_bytes(self.data[at : at + size], self.order)

    def directory(self, at: int) -> Directory:
        """The directory at `at`; entries of an unknown type are left out, as the standard asks."""
        count_size, entry_size, inline = (8, 20, 8) if self.big else (2, 12, 4)
        count = self.number(at, count_size)
        if count > _MOST_ENTRIES:
            raise Damaged("a TIFF directory of too many entries")
        start = at + count_size
        entries = []
        for place in range(start, start + count * entry_size, entry_size):
            kind, many = self.number(place + 2, 2), self.number(place + 4, inline)
            if kind not in SIZES:
                continue
            size = many * SIZES[kind]
            value = place + 4 + inline
            entries.append(
                Entry(self.number(place, 2), kind, many, value if size <= inline else self.number(value, inline), size)
            )
        end = start + count * entry_size
        # EXIF writers leave the pointer to a following directory out where the block ends.
        following = self.number(end, inline) if end + inline <= len(self.data) else 0
        return Directory(at, tuple(entries), following)

    def chain(self) -> Iterator[Directory]:
        """The main directories (pages) in order; a chain that bites its tail ends there."""
        at, seen = self.first, set[int]()
        while at and at not in seen:
            if len(seen) == _MOST_DIRECTORIES:
                raise Damaged("a TIFF file of too many directories")
            seen.add(at)
            directory = self.directory(at)
            yield directory
            at = directory.following

    def value(self, entry: Entry) -> bytes:
        """The raw bytes of an entry's values; raises `Damaged` where they lie outside."""
        if entry.at + entry.size > len(self.data):
            raise Damaged("a TIFF value that lies outside the file")
        return self.data[entry.at : entry.at + entry.size]

    def numbers(self, entry: Entry, most: int = 1 << 22) -> tuple[int, ...]:
        """The values of an entry of whole numbers; empty where it is of another type."""
        if entry.type not in _WHOLE:
            return ()
        if entry.count > most:
            raise Damaged("a TIFF entry of too many values")
        raw, size = self.value(entry), SIZES[entry.type]
        signed = entry.type in _SIGNED
        return tuple(int.from_bytes(raw[at : at + size], self.order, signed=signed) for at in range(0, len(raw), size))

    def linked(self, directory: Directory, tag: int) -> Iterator[Directory]:
        """The directories that the entry `tag` points to; those outside the file are passed over."""
        entry = directory.entry(tag)
        if entry is None or entry.count > _MOST_ENTRIES:
            return
        for at in self.numbers(entry):
            try:
                yield self.directory(at)
            except Damaged:
                continue
