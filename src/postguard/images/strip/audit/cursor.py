"""A place in a file that only moves forward, and the refusal that ends an audit."""

from dataclasses import dataclass
from typing import Literal

from postguard.images.containers import PictureError


class Refused(PictureError):
    """The stripped file holds something that the grammar does not know; `reason` quotes nothing of it."""


def demand(holds: bool, what: str) -> None:  # noqa: FBT001 - reads as a sentence: demand(x == y, "…")
    if not holds:
        raise Refused(f"the stripped copy holds {what}")


@dataclass(slots=True)
class Cursor:
    """Reads `data` from `at` on; running out of bytes is a refusal."""

    data: bytes
    at: int = 0
    order: Literal["big", "little"] = "big"

    def take(self, size: int) -> bytes:
        demand(0 <= size <= len(self.data) - self.at, "a part that is cut off")
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), self.order)

    def sub(self, size: int) -> "Cursor":
        """A cursor over the next `size` bytes, which this one steps over."""
        return Cursor(self.take(size), order=self.order)

    @property
    def done(self) -> bool:
        return self.at == len(self.data)
