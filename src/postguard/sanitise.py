"""The safe copy: merges the safe edits of all findings and applies them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from postguard.hookspecs import Apply
from postguard.model import (
    Applicability,
    Decision,
    Draft,
    Edit,
    Finding,
    Image,
    ImageBox,
    ImageFile,
    MetadataField,
    TextSpan,
)


class SanitiserFailed(Exception):
    """A sanitiser could not vouch for its result.

    Only the kind of its error is kept.
    """


Sanitisers = Mapping[type[ImageBox | MetadataField], Sequence[Apply]]


def safe_edits(findings: Iterable[Finding]) -> list[Edit]:
    """The edits that may be applied without asking, each once.

    They are those of objections. Mere advice changes nothing, but where a picture is covered anyway, the covers that
    advice proposes for it are applied as well.
    """
    findings = list(findings)
    asked = dict.fromkeys(e for f in findings if f.verdict > Decision.SEND for e in f.edits if _is_safe(e))
    covered = {edit.evidence.image for edit in asked if isinstance(edit.evidence, ImageBox)}
    besides = dict.fromkeys(e for f in findings for e in f.edits if _is_safe(e) and _covers(e, covered))
    return list(asked | besides)


def _covers(edit: Edit, images: set[int]) -> bool:
    return isinstance(edit.evidence, ImageBox) and edit.evidence.image in images


def _is_safe(edit: Edit) -> bool:
    return edit.applicability is Applicability.SAFE


def sanitise(draft: Draft, edits: Sequence[Edit], sanitisers: Sanitisers) -> Draft:
    """The draft with the edits applied: text from the right, pictures dropped, covered and stripped.

    Every picture that stays is stripped, whether an edit asks for it or not. Raises SanitiserFailed.
    """
    spans: dict[str, list[Edit]] = defaultdict(list)
    for edit in edits:
        if isinstance(edit.evidence, TextSpan):
            spans[edit.evidence.field].append(edit)
    images = []
    for index, image in enumerate(draft.images):
        renamed = replace(
            image,
            alt=edited(image.alt, spans.get(f"images[{index}].alt", ())),
            name=edited(image.name, spans.get(f"images[{index}].name", ())),
        )
        if (kept := _picture(renamed, index, edits, sanitisers)) is not None:
            images.append(kept)
    return replace(
        draft,
        text=edited(draft.text, spans.get("text", ())),
        place=edited(draft.place, spans.get("place", ())) or None if draft.place else draft.place,
        images=tuple(images),
    )


def edited(text: str, edits: Sequence[Edit]) -> str:
    """The text with the spans of the edits replaced, from the right; of edits that overlap the one that reaches
    furthest wins, and the others only take away what it leaves."""
    for start, end, replacement in reversed(_merged(edits)):
        text = text[:start] + replacement + text[end:]
    return text


def _merged(edits: Sequence[Edit]) -> list[tuple[int, int, str]]:
    """Start, end and replacement of edits that no longer overlap, from the left."""
    spans = [
        (edit.evidence.start, edit.evidence.end, edit.replacement)
        for edit in edits
        if isinstance(edit.evidence, TextSpan)
    ]
    merged: list[tuple[int, int, str]] = []
    widest = 0
    for start, end, replacement in sorted(spans, key=lambda span: (span[0], -span[1])):
        if merged and start < merged[-1][1]:
            first, last, kept = merged[-1]
            if end - start > widest:
                kept, widest = replacement, end - start
            merged[-1] = (first, max(last, end), kept)
        else:
            merged.append((start, end, replacement))
            widest = end - start
    return merged


def _picture(image: Image, index: int, edits: Sequence[Edit], sanitisers: Sanitisers) -> Image | None:
    mine = [e for e in edits if not isinstance(e.evidence, TextSpan) and e.evidence.image == index]
    if any(isinstance(edit.evidence, ImageFile) for edit in mine):
        return None
    kept: Image | None = image
    for kind in (ImageBox, MetadataField):
        asked = [edit for edit in mine if isinstance(edit.evidence, kind)]
        if kind is ImageBox and not asked and not image.extra_boxes:
            continue
        for apply in sanitisers.get(kind, ()):
            if kept is not None:
                kept = _applied(apply, kept, asked, index)
    return kept


def _applied(apply: Apply, image: Image, edits: Sequence[Edit], index: int) -> Image | None:
    try:
        changed = apply(image, edits, index)
        if changed is not None and not isinstance(changed, Image):
            raise TypeError("no picture")
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever it is, also SystemExit, the copy can not be vouched for
        raise SanitiserFailed(type(error).__name__) from None
    return changed
