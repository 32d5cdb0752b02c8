"""The boxes of the ISO base media format (ISO 14496-12): HEIC, AVIF, MP4, QuickTime."""

from collections.abc import Iterator
from dataclasses import dataclass

from postguard.images.containers import Damaged

_MOST_BOXES = 10_000


@dataclass(frozen=True, slots=True)
class Box:
    """One box, bytes `start` to `end`, its payload from `body` on. `kind` is its four letters."""

    kind: bytes
    start: int
    body: int
    end: int


def walk(data: bytes, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """The boxes between two places, in order; raises `Damaged` where they do not fill them."""
    at, end = start, len(data) if end is None else end
    for _ in range(_MOST_BOXES):
        if at == end:
            return
        if at + 8 > end:
            break
        size, body = int.from_bytes(data[at : at + 4], "big"), at + 8
        if size == 1:
            size, body = int.from_bytes(data[at + 8 : at + 16], "big"), at + 16
        elif size == 0:
            size = end - at
        if size < body - at or at + size > end:
            break
        yield Box(data[at + 4 : at + 8], at, body, at + size)
        at += size
    # QuickTime ends some lists with four zeros.
    if data[at:end] != bytes(4):
        raise Damaged("a box that reaches outside its place")


@dataclass(slots=True)
class Fields:
    """Reads the fields of a box one by one; raises `Damaged` past its end."""

    data: bytes
    at: int
    end: int

    @classmethod
    def of(cls, data: bytes, box: Box) -> "Fields":
        return cls(data, box.body, box.end)

    def take(self, size: int) -> bytes:
        if size < 0 or self.at + size > self.end:
            raise Damaged("a box that is too short for its fields")
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big") if size else 0

    def word(self) -> bytes:
        """Bytes up to a zero, which is passed over; up to the end where there is none."""
        found = self.data.find(b"\0", self.at, self.end)
        end = self.end if found < 0 else found
        word = self.data[self.at : end]
        self.at = min(end + 1, self.end)
        return word

    @property
    def left(self) -> int:
        return self.end - self.at


def box(kind: bytes, *payload: bytes | memoryview) -> bytes:
    """A whole box."""
    body = b"".join(payload)
    return (len(body) + 8).to_bytes(4, "big") + kind + body


def full_box(kind: bytes, version: int, flags: int, *payload: bytes) -> bytes:
    """A whole box that starts with a version and flags."""
    return box(kind, bytes((version,)) + flags.to_bytes(3, "big"), *payload)
