"""What the name of a picture's file tells: dates and coordinates. Camera counters tell nothing. And a name instead."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from postguard.images.containers import container

_MONTHS: Final = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_SEPARATOR: Final = r"[\s._\-]*"
_YEAR_FIRST: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)[._\- ]?(\d\d)[._\- ]?(\d\d)(?=\D|[0-2]\d[0-5]\d|$)")
_DAY_FIRST: Final = re.compile(r"(?<!\d)(\d{1,2})[._\- ](\d{1,2})[._\- ]((?:19|20)?\d\d)(?!\d)")
_DAY_FIRST_SOLID: Final = re.compile(r"(?<!\d)(\d\d)(\d\d)((?:19|20)\d\d)(?!\d)")
_NAMED_MONTH: Final = re.compile(
    rf"(?<![a-z\d])(\d{{1,2}})(?:st|nd|rd|th)?{_SEPARATOR}({_MONTH})(?![a-z])"
    rf"|(?<![a-z])({_MONTH}){_SEPARATOR}(\d{{1,2}})(?:st|nd|rd|th)?(?!\d)",
    re.IGNORECASE,
)
_MILLISECONDS: Final = re.compile(r"(?<!\d)(1[0-9]{12})(?!\d)")
_COORDINATES: Final = re.compile(
    r"(?<![\d.])[+-]?\d{1,2}[._]\d{3,}\s?°?[ns]?[\s,_;]+[+-]?\d{1,3}[._]\d{3,}\s?°?[we]?(?!\d)", re.IGNORECASE
)
_FIRST_YEAR, _LAST_YEAR = 1990, 2099
_EXTENSIONS: Final = {
    "jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "tiff": ("tif", "tiff"),
    "avif": ("avif",),
    "heif": ("heic", "heif"),
    "mp4": ("mp4", "m4v", "mov"),
    "qt": ("mov", "qt"),
}
_BRANDS: Final = {b"avif": "avif", b"avis": "avif", b"qt  ": "qt"}
Span = tuple[int, int]


def neutral_name(data: bytes, index: int) -> str:
    """Such as "photo-1.jpg" for picture 0: its place in the draft and the extension of what its file holds."""
    return f"photo-{index + 1}.{_extensions(data)[0]}"


def fits(name: str, data: bytes) -> bool:
    """Whether the extension of a file's name is one of what the file holds."""
    return name.rpartition(".")[2].lower() in _extensions(data)


def _extensions(data: bytes) -> tuple[str, ...]:
    name = container(data)
    if name in ("heif", "mp4") and data[4:8] == b"ftyp":
        name = _BRANDS.get(data[8:12], name)
    return _EXTENSIONS.get(name, (name,))


def telling_spans(name: str) -> list[tuple[Span, str]]:
    """Start and end (code points) of each telling part of a file's name, and what it tells: "date" or "place"."""
    spans = [((found.start(), found.end()), "place") for found in _COORDINATES.finditer(name)]
    spans += [(span, "date") for span in _dates(name)]
    return sorted(spans)


def _dates(name: str) -> Iterator[Span]:
    for found in _YEAR_FIRST.finditer(name):
        if _is_date(found[1], found[2], found[3]):
            yield found.span()
    for pattern in (_DAY_FIRST, _DAY_FIRST_SOLID):
        for found in pattern.finditer(name):
            year = found[3] if len(found[3]) == 4 else "20" + found[3]
            if _is_date(year, found[2], found[1]) or _is_date(year, found[1], found[2]):
                yield found.span()
    for found in _NAMED_MONTH.finditer(name):
        day, month = (found[1], found[2]) if found[1] else (found[4], found[3])
        if _is_date("2024", str(_MONTHS.index(month[:3].lower()) + 1), day):
            yield found.span()
    for found in _MILLISECONDS.finditer(name):
        yield found.span()


def _is_date(year: str, month: str, day: str) -> bool:
    try:
        return _FIRST_YEAR <= date(int(year), int(month), int(day)).year <= _LAST_YEAR
    except ValueError:
        return False
