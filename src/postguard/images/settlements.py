"""The place of a position in words: the nearest settlement of Britain and Ireland, and rounded coordinates.

It is personal data, for a reader who asked for excerpts: never for advice, logs or errors.
"""

import gzip
import math
from functools import cache
from importlib.resources import files
from typing import Final

FARTHEST: Final = 15.0
"""Kilometres: what lies farther from the next settlement of the list is at sea or abroad."""
_KILOMETRES_PER_DEGREE: Final = 111.32


def in_words(latitude: float, longitude: float) -> str:
    """Such as "near Hathersage (53.3° N, 1.7° W)": degrees (WGS 84) to one decimal, about 10 km."""
    rounded = (
        f"{abs(latitude):.1f}° {'S' if latitude < 0 else 'N'}, {abs(longitude):.1f}° {'W' if longitude < 0 else 'E'}"
    )
    name = nearest(latitude, longitude)
    return f"near {name} ({rounded})" if name else f"at about {rounded}"


def nearest(latitude: float, longitude: float) -> str | None:
    """The name of the nearest settlement, None where none lies within `FARTHEST`."""
    shrink = math.cos(math.radians(latitude))

    def kilometres(place: tuple[float, float, str]) -> float:
        return _KILOMETRES_PER_DEGREE * math.hypot(place[0] - latitude, (place[1] - longitude) * shrink)

    closest = min(_settlements(), key=kilometres)
    return closest[2] if kilometres(closest) <= FARTHEST else None


@cache
def _settlements() -> tuple[tuple[float, float, str], ...]:
    """Degrees north, degrees east, name; the source is told in the data's README."""
    packed = files("postguard").joinpath("data/settlements/settlements.tsv.gz").read_bytes()
    rows = (line.split("\t") for line in gzip.decompress(packed).decode("utf-8").splitlines())
    return tuple((float(north), float(east), name) for north, east, name in rows)
