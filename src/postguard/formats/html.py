"""The report as one HTML page: numbered boxes on the pictures, marked words, what to do, the clean copy beside it.

It needs no network and no second file. Words that were found and faces that are to be covered are hidden unless asked
for.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from postguard.errors import UnreadablePicture
from postguard.formats.text import LIMITS, place_of
from postguard.formats.whereabouts import taken_at
from postguard.model import Decision, Draft, Finding, Image, ImageBox, ImageFile, Report, TextSpan

if TYPE_CHECKING:
    import jinja2
    from PIL import Image as Pillow

LONG_SIDE = 1000
"""Pixels of a picture's long side on the page."""
_POSSIBLE = "FAC207"
_CROP, _ROOM, _CROP_FROM = 120, 0.6, 4000
"""Pixels of a crop's long side, what it shows around the box as a share of its sides, and pixels of the long side of
the picture that it is cut from."""
_SAYS = {
    Decision.SEND: "Nothing here objects.",
    Decision.REVIEW: "A person should look before this is sent.",
    Decision.BLOCK: "Do not send this as it is.",
}


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of text on the page.

    `numbers` are those of the findings that it belongs to; hidden pieces show bars.
    """

    text: str
    numbers: tuple[int, ...] = ()
    verdict: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class _Mark:
    """A numbered box on a picture, in percent of its sides."""

    number: int
    left: float
    top: float
    width: float
    height: float
    verdict: str


@dataclass(frozen=True, slots=True)
class _Shown:
    """A picture on the page: a data URL, or "" where it can't be opened; how many places in it may be faces, and where
    they may be shown the number and a data URL of each."""

    title: str
    url: str
    marks: tuple[_Mark, ...] = ()
    possible: int = 0
    crops: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Group:
    """Findings that are told in one line: their numbers and places in words, and each different advice once."""

    numbers: str
    first: Finding
    place: str
    advice: tuple[str, ...]


def write_html(report: Report, *, excerpts: bool = False, private: bool = False) -> str:
    """The page. `excerpts` shows the words that were found, `private` the faces that are to be covered."""
    numbered = list(enumerate(report.findings, 1))
    draft = report.draft
    return _template().render(
        decision=report.decision.name,
        says=_SAYS[report.decision] if report.checked else "This could not be checked, so it does not pass.",
        objections=_grouped(draft, ((n, f) for n, f in numbered if f.verdict > Decision.SEND), excerpts=excerpts),
        advice=_grouped(draft, ((n, f) for n, f in numbered if f.verdict is Decision.SEND), excerpts=excerpts),
        texts=[(field, list(_pieces(text, field, numbered, excerpts=excerpts))) for field, text in _texts(draft)],
        pictures=[_shown(i, image, numbered, private=private) for i, image in enumerate(draft.images)],
        clean=None if report.clean is None else _clean(report.clean, () if excerpts else _words(report)),
        changed=report.clean is not None and report.clean != draft,
        limits=LIMITS,
        runs=report.runs,
        rules=report.rules,
    )


def _grouped(draft: Draft, numbered: Iterable[tuple[int, Finding]], *, excerpts: bool) -> list[_Group]:
    """What is told in one line: all boxes of one rule in one picture, and anything else by itself. `excerpts`: also
    where a photo was taken."""
    alike: dict[tuple[object, ...], list[tuple[int, Finding]]] = {}
    for number, finding in numbered:
        boxed = isinstance(finding.evidence, ImageBox) and (finding.rule, finding.verdict, finding.evidence.image)
        alike.setdefault(boxed or (number,), []).append((number, finding))
    return [
        _Group(
            numbers=_ranges([number for number, _ in group]),
            first=group[0][1],
            place=_place([finding for _, finding in group]),
            advice=tuple(
                dict.fromkeys(
                    said
                    for _, finding in group
                    for said in (finding.advice, _taken(draft, finding) if excerpts else "")
                    if said
                )
            ),
        )
        for group in alike.values()
    ]


def _taken(draft: Draft, finding: Finding) -> str:
    place = taken_at(draft, finding)
    return f"Taken {place}." if place else ""


def _place(findings: Sequence[Finding]) -> str:
    where = findings[0].evidence
    if len(findings) > 1 and isinstance(where, ImageBox):
        return f"images[{where.image}], {len(findings)} places"
    return place_of(where)


def _ranges(numbers: Sequence[int]) -> str:
    """Rising numbers in few words: 1–3, 7."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)


def _texts(draft: Draft) -> list[tuple[str, str]]:
    return [(field, text) for field, text in draft.fields() if not field.endswith(".name")]


def _pieces(text: str, field: str, numbered: Sequence[tuple[int, Finding]], *, excerpts: bool) -> Iterator[_Piece]:
    """The text cut at the borders of what was found in it."""
    spans = [
        (where.start, where.end, number, finding.verdict)
        for number, finding in numbered
        if isinstance(where := finding.evidence, TextSpan) and where.field == field and where.start < where.end
    ]
    borders = sorted({0, len(text), *(edge for start, end, _, _ in spans for edge in (start, end))})
    for start, end in pairwise(borders):
        over = [(number, verdict) for left, right, number, verdict in spans if left <= start and end <= right]
        if not over:
            yield _Piece(text[start:end])
            continue
        yield _Piece(
            text=text[start:end] if excerpts else "█" * min(end - start, 12),
            numbers=tuple(number for number, _ in over),
            verdict=max(verdict for _, verdict in over).name,
            hidden=not excerpts,
        )


def _shown(index: int, image: Image, numbered: Sequence[tuple[int, Finding]], *, private: bool) -> _Shown:
    boxes = [
        (number, finding, finding.evidence)
        for number, finding in numbered
        if isinstance(finding.evidence, ImageBox) and finding.evidence.image == index
    ]
    restricted = any(f.rule == "FAC203" and f.evidence == ImageFile(index) for _, f in numbered)
    hidden = [evidence for _, _, evidence in boxes]
    possible = [(number, box) for number, finding, box in boxes if finding.rule == _POSSIBLE]
    title = f"images[{index}]"
    if restricted and not private:
        return _Shown(f"{title} is not shown", "")
    try:
        url, width, height = _picture(image.data, () if private else hidden)
        crops = tuple(_crops(image.data, possible)) if private and possible else ()
    except UnreadablePicture:
        return _Shown(f"{title} can't be opened", "")
    marks = tuple(
        _Mark(
            number,
            100 * box.left / width,
            100 * box.top / height,
            100 * (box.right - box.left) / width,
            100 * (box.bottom - box.top) / height,
            finding.verdict.name,
        )
        for number, finding, box in boxes
    )
    return _Shown(title, url, marks, len(possible), crops)


def _picture(data: bytes, hidden: Sequence[ImageBox]) -> tuple[str, int, int]:
    """A data URL of the first frame with boxes filled, and the picture's displayed width and height in pixels."""
    from PIL import Image as Pillow
    from PIL import ImageDraw

    from postguard.images.cover import COLOUR, grown
    from postguard.images.pixels import displayed_size, frames

    width, height = displayed_size(data)
    frame = next(iter(frames(data, long_side=LONG_SIDE)))
    small = Pillow.fromarray(frame.views[0])
    small.thumbnail((LONG_SIDE, LONG_SIDE))
    scale_x, scale_y = small.width / width, small.height / height
    draw = ImageDraw.Draw(small)
    for box in hidden:
        left, top, right, bottom = grown(box.box)
        draw.rectangle((left * scale_x, top * scale_y, right * scale_x, bottom * scale_y), fill=COLOUR)
    return _url(small), width, height


def _crops(data: bytes, boxes: Sequence[tuple[int, ImageBox]]) -> Iterator[tuple[int, str]]:
    """The number of each box and a data URL of what it shows in the first frame, with some of its surroundings."""
    from PIL import Image as Pillow

    from postguard.images.pixels import frames

    frame = next(iter(frames(data, long_side=_CROP_FROM)))
    picture = Pillow.fromarray(frame.views[0])
    scale_x, scale_y = picture.width / frame.width, picture.height / frame.height
    for number, box in boxes:
        x, y = (box.right - box.left) * _ROOM, (box.bottom - box.top) * _ROOM
        left, top = max(0, round((box.left - x) * scale_x)), max(0, round((box.top - y) * scale_y))
        right, bottom = round((box.right + x) * scale_x), round((box.bottom + y) * scale_y)
        crop = picture.crop(
            (left, top, max(left + 1, min(right, picture.width)), max(top + 1, min(bottom, picture.height)))
        )
        enlarged = _CROP / max(crop.size)
        yield number, _url(crop.resize((max(1, round(crop.width * enlarged)), max(1, round(crop.height * enlarged)))))


def _url(picture: Pillow.Image) -> str:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode("ascii")


def _words(report: Report) -> tuple[str, ...]:
    """The words that were found, longest first: advice leaves them in the clean copy too."""
    texts = dict(report.draft.fields())
    spans = [f.evidence for f in report.findings if isinstance(f.evidence, TextSpan)]
    words = {texts.get(span.field, "")[span.start : span.end].strip() for span in spans}
    return tuple(sorted(words - {""}, key=len, reverse=True))


def _masked(text: str, words: Sequence[str]) -> str:
    for word in words:
        text = text.replace(word, "█" * min(len(word), 12))
    return text


def _clean(draft: Draft, hidden: Sequence[str]) -> Mapping[str, Any]:
    pictures = []
    for index, image in enumerate(draft.images):
        try:
            pictures.append((_picture(image.data, ())[0], _masked(image.alt, hidden)))
        except UnreadablePicture:
            pictures.append(("", f"images[{index}] can't be shown"))
    place = None if draft.place is None else _masked(draft.place, hidden)
    return {"text": _masked(draft.text, hidden), "place": place, "pictures": pictures}


@cache
def _template() -> jinja2.Template:
    import jinja2

    source = files("postguard").joinpath("data/report.html.j2").read_text("utf-8")
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    return environment.from_string(source)
