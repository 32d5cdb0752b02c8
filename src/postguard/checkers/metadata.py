"""The rules on what a picture's file tells (MET301–MET307), and the sanitiser that strips it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from postguard import hookimpl, rules
from postguard.context import Context
from postguard.errors import UnreadablePicture
from postguard.hookspecs import Check, Checker, Sanitiser, View
from postguard.model import Edit, Finding, Image, MetadataField, TextSpan

if TYPE_CHECKING:
    from postguard.images.metadata import Fact, HiddenPicture, PhotoFacts

_RULES: Final = {
    "place": "MET301",
    "time": "MET302",
    "person": "MET303",
    "device": "MET304",
    "picture": "MET305",
    "data": "MET306",
}
_GRAVEST: Final = (
    "exif.GPSLatitude",
    "xmp.GPS",
    "exif.DateTimeOriginal",
    "xmp.PersonInImage",
    "xmp.Name",
    "xmp.PersonDisplayName",
    "exif.BodySerialNumber",
    "exif.Make",
)
_NOT_LOOKED_AT: Final = {
    "heif": "a HEIC photo, in which nobody here can look for faces; send it as JPEG instead",
    "mp4": "a film, and nobody here looks at its frames; send a JPEG of one of them instead",
    "tiff": "a BigTIFF, in which nobody here can look for faces; send it as JPEG or PNG instead",
}
"""Of what can be read and stripped but not decoded: completes "The picture is …"."""


@dataclass(frozen=True, slots=True)
class MetadataOptions:
    """`file_names`: whether the names of files are judged (MET307)."""

    file_names: bool = True


def _make_view(_options: MetadataOptions) -> Callable[[Context, int], "PhotoFacts"]:
    from postguard.images.containers import PictureError
    from postguard.images.metadata import read

    def view(context: Context, index: int) -> "PhotoFacts":
        try:
            return read(context.draft.images[index].data)
        except PictureError as error:
            raise UnreadablePicture(index, error.reason) from None

    return view


def _make_check(options: MetadataOptions) -> Check:
    from postguard.images.pixels import kind_of

    def check(context: Context) -> Iterator[Finding]:
        unreadable: UnreadablePicture | None = None
        for index, image in enumerate(context.draft.images):
            try:
                facts: PhotoFacts = context.view("metadata", index)
            except UnreadablePicture as error:
                unreadable = unreadable or error
                continue
            yield from _told_by(context, index, facts)
            if options.file_names:
                yield from _told_by_name(context, index, image)
            if kind_of(image.data) is None:
                unreadable = unreadable or UnreadablePicture(index, _NOT_LOOKED_AT[facts.container])
        if unreadable is not None:
            raise unreadable

    return check


def _told_by(context: Context, index: int, facts: "PhotoFacts") -> Iterator[Finding]:
    """One finding for each kind of thing that the file tells."""
    for kind, rule in _RULES.items():
        told = [fact for fact in facts.facts if fact.kind == kind]
        if not told:
            continue
        told.sort(key=lambda fact: _GRAVEST.index(fact.key) if fact.key in _GRAVEST else len(_GRAVEST))
        yield Finding(
            rule,
            MetadataField(index, told[0].key),
            variant=_variant(context, facts.hidden) if rule == "MET305" else "default",
            advice=_advice(rule, facts, told),
            edits=tuple(Edit(MetadataField(index, fact.key), "strip") for fact in told),
        )


def _variant(context: Context, hidden: Iterable["HiddenPicture"]) -> str:
    """A hidden picture that can't be looked at counts as one with a face."""
    return "default" if any(_may_show_face(context, picture) for picture in hidden) else "without-face"


def _may_show_face(context: Context, picture: "HiddenPicture") -> bool:
    if not picture.data or not context.has_view("faces_in"):
        return True
    try:
        found = context.view("faces_in", picture.data)
    except UnreadablePicture:
        return True
    return bool(found.faces or found.possible)


def _advice(rule: str, facts: "PhotoFacts", told: Sequence["Fact"]) -> str:
    if rule == "MET301" and facts.position is not None:
        return f"The file tells where it was taken, to about {_distance(facts.position.accuracy)}."
    if rule == "MET305" and any(fact.key == "gain-map" for fact in told):
        return "Without the second picture the photo shows at ordinary brightness on HDR screens."
    if rule in ("MET305", "MET306"):
        return f"{sum(fact.size for fact in told):,} bytes that are no part of the picture."
    return f"{len(told)} entries." if len(told) > 1 else ""


def _distance(metres: float) -> str:
    for step in (10, 100, 1000):
        if metres <= step:
            return f"{step} m" if step < 1000 else "1 km"
    return f"{round(metres / 1000)} km"


def _told_by_name(context: Context, index: int, image: Image) -> Iterator[Finding]:
    from postguard.images.file_names import neutral_name, telling_spans

    field = f"images[{index}].name"
    told = sorted([*telling_spans(image.name), *_names_in(context, field)])
    if not told:
        return
    (start, end), _ = told[0]
    kinds = " and ".join(sorted({f"a {kind}" for _, kind in told}))
    yield Finding(
        "MET307",
        TextSpan(field, start, end),
        advice=f"The name of the file tells {kinds}.",
        edits=(Edit(TextSpan(field, 0, len(image.name)), neutral_name(image.data, index)),),
    )


def _names_in(context: Context, field: str) -> Iterator[tuple[tuple[int, int], str]]:
    """The personal names that the names checker sees in a file's name, where it is enabled."""
    if not context.text_of(field) or not context.has_view("mentions"):
        return
    from postguard.text.names import Kind

    for mention in context.view("mentions", field):
        if mention.kind in (Kind.PUPIL, Kind.CHILD, Kind.STAFF, Kind.RELATIVE):
            yield (mention.start, mention.end), "name"


def _make_strip() -> Callable[[Image, Sequence[Edit], int], Image]:
    from postguard.images.containers import PictureError
    from postguard.images.file_names import fits, neutral_name
    from postguard.images.strip import strip
    from postguard.images.strip.audit import audit

    def apply(image: Image, _edits: Sequence[Edit], index: int) -> Image:
        """The picture with nothing in its file but the picture, whichever of its fields were asked for.

        A file that is written anew, or that has a name of another kind, gets a neutral name.
        """
        try:
            stripped = strip(image.data)
            audit(stripped.data)
        except PictureError as error:
            raise UnreadablePicture(index, error.reason) from None
        is_same = stripped.data == image.data and fits(image.name, image.data)
        return replace(image, data=stripped.data, name=image.name if is_same else neutral_name(stripped.data, index))

    return apply


@hookimpl
def postguard_checkers() -> list[Checker]:
    """The metadata checker."""
    return [
        Checker(
            name="metadata",
            rules=rules.builtin("metadata"),
            options=MetadataOptions,
            make=_make_check,
            views=(View("metadata", _make_view),),
        )
    ]


@hookimpl
def postguard_sanitisers() -> list[Sanitiser]:
    """The sanitiser that strips every picture of the clean copy."""
    return [Sanitiser("strip", MetadataField, _make_strip)]
