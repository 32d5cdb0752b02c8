"""How to take out of a post what it tells about whereabouts, so that what is left still reads as a sentence.

Ways are tried from the mildest: the place alone, the times alone, both. The first that leaves a text nobody would
object to, and
whose cut falls where a sentence can bear it, is safe to apply; the others are offered and a person chooses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from postguard.model import Applicability, Edit, TextSpan
from postguard.text.whereabouts import Reading, Situation

_Cut = tuple[int, int, str]
_TIME_ONLY = frozenset({Situation.RETURN_TIME, Situation.DEPARTURE_TIME})
_PREPOSITION = re.compile(
    r"(?:\s|^)(?P<word>(?:(?:off|over|down|up|out|back|along)\s)?(?:to|at|in|on|from|by|near|outside|"
    r"inside|for|until|till?|around|"
    r"about|into|before|after))\s(?:(?:the|our|sunny|lovely|beautiful)\s)?$",
    re.IGNORECASE,
)
# After these the sentence needs what would be taken away: "we are ~at the zoo~", "visiting ~the castle~".
_NEEDS = re.compile(
    (
        r"\b(?:am|is|are|was|were|be|been|visit\w*|explor\w+|reach\w*|the|our|a|an|of|and|or|with|it['’]s|"
        r"we['’]re|they['’]re|that['’]s|is|than|as)$"
    ),
    re.IGNORECASE,
)
_CAN_FOLLOW = re.compile(
    r"\s*(?:$|[.,;:!?)\n—–-]|[^\w\s'’]|(?:and|but|so|with|on|at|from|to|for|this|next|tomorrow|today|"
    r"where|please)\b)"
)


def edits_for(field: str, text: str, reading: Reading, objects: Callable[[str], bool]) -> Iterator[Edit]:
    """The edits of a reading. `objects(text)` tells whether a text would still be objected to."""
    # Being back at school is no secret, the time is.
    shown = reading.place if reading.situation not in _TIME_ONLY else None
    places = [_of_place(text, shown.start, shown.end)] if shown is not None else []
    times = [_of_time(text, time.lead, time.end) for time in reading.times]
    for cuts in (places, times, [*places, *times]):
        if cuts and all(_bears(text, cut) for cut in cuts):
            left = _cut(text, cuts)
            if left.strip() and _reads(left) and not objects(left):
                yield from (Edit(TextSpan(field, start, end), new) for start, end, new in cuts)
                return
    for start, end, new in [*places, *times]:
        yield Edit(TextSpan(field, start, end), new, Applicability.OFFERED)


def _of_place(text: str, start: int, end: int) -> _Cut:
    """The place with the preposition before it."""
    match = _PREPOSITION.search(text, max(0, start - 24), start)
    begin = match.start() if match else start
    if match is None and begin > 0 and text[begin - 1] in " #📍":
        begin -= 1
    return begin, end, ""


def _of_time(text: str, start: int, end: int) -> _Cut:
    match = _PREPOSITION.search(text, max(0, start - 24), start)
    begin = match.start() if match else start - (start > 0 and text[start - 1] == " ")
    return begin, end, ""


def _bears(text: str, cut: _Cut) -> bool:
    """Can the sentence do without what is cut?"""
    start, end, _ = cut
    before = text[:start].rstrip()
    return (
        not _NEEDS.search(before) and bool(_CAN_FOLLOW.match(text, end)) and bool(before) and before[-1] not in ".!?\n:"
    )


def _cut(text: str, cuts: Sequence[_Cut]) -> str:
    for start, end, new in sorted(cuts, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _reads(text: str) -> bool:
    """No doubled marks, no lost preposition at an end."""
    return not re.search(
        (
            r"\s[,.;:]|,\s*[,.!]|\(\s*\)|\b(?:at|to|in|from|the|for|by)\s*[.,!?\n]|\b(?:at|to|in|from|the|for|"
            r"by)\s*$"
        ),
        text,
    )
