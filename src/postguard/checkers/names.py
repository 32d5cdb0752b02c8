"""Names of children, and what points to one child: NAM101–NAM106. Offers the views "doc" and "mentions"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postguard import hookimpl
from postguard.hookspecs import Checker, View
from postguard.model import Edit, Finding, Note, TextSpan
from postguard.rules import builtin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from spacy.tokens import Doc

    from postguard.context import Context
    from postguard.people import Roster
    from postguard.text.names import KnownNames, Mention
    from postguard.text.relatives import Relative
    from postguard.text.rewrite import Rewrite


@dataclass(frozen=True, slots=True)
class NamesOptions:
    """`[checkers.names]` of postguard.toml.

    `maybe` and `sure` are probabilities (0 to 1): from `maybe` on a name is told at all, from `sure` on it is
    taken for certain.
    `blocked` are names that are always told, `allow` names that never are (beside the roster's), `figures` public
    figures and
    characters beyond the shipped list, `groups` classes, houses and teams beyond the roster's.
    """

    maybe: float | None = None
    sure: float | None = None
    blocked: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for threshold in (self.maybe, self.sure):
            if threshold is not None and not 0.0 < threshold < 1.0:
                raise ValueError("maybe and sure are probabilities between 0 and 1")
        if self.maybe is not None and self.sure is not None and self.maybe > self.sure:
            raise ValueError("maybe must not be above sure")


def _make_doc(_options: NamesOptions) -> Callable[[Context, str], Doc]:
    from postguard.text.language import load, read

    load()

    def doc(context: Context, field: str) -> Doc:
        at = context.publish_at
        return read(context.text_of(field), context.audience.word, at.hour + at.minute / 60)

    return doc


def _make_mentions(options: NamesOptions) -> Callable[[Context, str], list[Mention]]:
    from postguard.text.lists import figures, nicknames
    from postguard.text.names import Thresholds, find_mentions

    figures()
    nicknames()
    usual = Thresholds()
    thresholds = Thresholds(options.maybe or usual.maybe, options.sure or usual.sure)
    # The roster stays the same from draft to draft; its index is made once. One tuple, so that threads never see
    # half of it.
    made: list[tuple[Roster | None, KnownNames]] = []

    def mentions(context: Context, field: str) -> list[Mention]:
        if not made or made[-1][0] is not context.roster:
            made[:] = [(context.roster, _known(context.roster, options))]
        known = made[-1][1]
        return find_mentions(context.view("doc", field), known, thresholds, file_name=field.endswith(".name"))

    return mentions


def _known(roster: Roster | None, options: NamesOptions) -> KnownNames:
    from postguard.text.names import KnownNames, PersonName

    pupils = [PersonName(p.id, p.first_name, p.last_name, p.known_as) for p in roster.pupils] if roster else []
    for number, name in enumerate(options.blocked):
        first, _, last = name.strip().partition(" ")
        pupils.append(PersonName(f"blocked-{number}", first, last.strip()))
    groups = {pupil.class_name for pupil in roster.pupils if pupil.class_name} if roster else set()
    return KnownNames.of(
        pupils,
        [PersonName(s.id, *_adult(s.name)) for s in roster.staff] if roster else [],
        [*(roster.allow if roster else ()), *options.allow],
        [*groups, *options.groups],
        options.figures,
    )


def _adult(name: str) -> tuple[str, str]:
    """First name and surname of one of the staff: "Mrs Bose" has no first name to tell."""
    from postguard.text.lists import STAFF_TITLES

    words = name.split()
    titled = bool(words) and words[0].strip(".").lower() in STAFF_TITLES
    words = words[1:] if titled else words
    if not words:
        return "", ""
    if len(words) == 1:
        return ("", words[0]) if titled else (words[0], "")
    return words[0], " ".join(words[1:])


def _make_check(_options: NamesOptions) -> Callable[[Context], Iterable[Finding]]:
    from postguard.text.names import Kind
    from postguard.text.relatives import relatives

    def check(context: Context) -> Iterator[Finding]:
        fields = [(field, text, context.view("mentions", field)) for field, text in context.fields()]
        named: list[tuple[str, Mention, Edit]] = []
        for field, text, found in fields:
            children = [m for m in found if m.kind.is_child]
            edits = _edits(field, text, children, context.roster)
            related = relatives(
                text, [(m.start, m.end) for m in children], [(m.start, m.end) for m in found if m.kind is Kind.RELATIVE]
            )
            named += [(field, m, edits[m.start]) for m in children]
            yield from _of_children(field, children, edits)
            yield from _of_adults(field, text, found, pictured=bool(context.draft.images))
            yield from _comments(field, text, children, edits)
            yield from _relatives(field, text, related, edits)
            yield from _language(field, text)
        # Last: where a picture can't be read, this breaks off, and the names are told all the same.
        if any(m.sure for _, m, _ in named) and _face_visible(context):
            for field, m, edit in named:
                if m.sure:
                    yield _of_child("NAM103", field, m, edit)

    return check


def _language(field: str, text: str) -> Iterator[Finding]:
    from postguard.text.english import is_english

    if not field.endswith(".name") and field != "place" and not is_english(text):
        yield Finding("PG011", TextSpan(field, 0, len(text)))


def _face_visible(context: Context) -> bool:
    """True if a face can be seen in any picture of the draft. What was covered does not count. Without a detector:
    any picture."""
    pictures = range(len(context.draft.images))
    if not context.has_view("faces"):
        return len(pictures) > 0
    return any(context.view("faces", i).faces for i in pictures)


def _edits(field: str, text: str, children: Sequence[Mention], roster: Roster | None) -> dict[int, Edit]:
    """The safe edit for each child's mention, by its start."""
    from postguard.text.rewrite import Named, rewrites

    named = [Named(m.start, m.end, _year(m, roster), m.inside) for m in children]
    return {
        children[i].start: Edit(TextSpan(field, change.start, change.end), change.replacement)
        for change in rewrites(text, named)
        for i in change.which
    }


def _year(mention: Mention, roster: Roster | None) -> str:
    from postguard.text.rewrite import year_group

    if roster is None or not mention.ids or not mention.sure:
        return ""
    years = {year_group(pupil.year) if (pupil := roster.pupil(i)) else "" for i in mention.ids}
    return years.pop() if len(years) == 1 else ""


def _of_children(field: str, children: Sequence[Mention], edits: Mapping[int, Edit]) -> Iterator[Finding]:
    from postguard.text.names import Kind

    for m in children:
        yield _of_child("NAM101" if m.kind is Kind.PUPIL else "NAM102", field, m, edits[m.start])
        if m.full and m.sure:
            yield _of_child("NAM104", field, m, edits[m.start])


def _of_child(code: str, field: str, m: Mention, edit: Edit) -> Finding:
    return Finding(code, TextSpan(field, m.start, m.end), advice=_because(m), edits=(edit,), confidence=m.confidence)


def _of_adults(field: str, text: str, found: Sequence[Mention], *, pictured: bool) -> Iterator[Finding]:
    from postguard.text.names import Kind
    from postguard.text.rewrite import adult

    for m in found:
        if pictured and m.full and m.sure and m.kind in {Kind.STAFF, Kind.RELATIVE} and m.inside is None:
            change = adult(text, m.start, m.end)
            yield Finding(
                "NAM104",
                TextSpan(field, m.start, m.end),
                advice="The full name of an adult beside a picture: the surname with a title, or the role, is enough.",
                edits=(Edit(TextSpan(field, change.start, change.end), change.replacement),),
                confidence=m.confidence,
            )


def _comments(field: str, text: str, children: Sequence[Mention], edits: Mapping[int, Edit]) -> Iterator[Finding]:
    from postguard.text.comments import comments

    told: set[int] = set()
    for comment in comments(text, [(m.start, m.end) for m in children]):
        if comment.which is None:
            yield Finding(
                "NAM105",
                TextSpan(field, comment.start, comment.end),
                advice=f"It tells something of one child's {comment.topic}; others may know which child it is.",
            )
            continue
        m = children[comment.which]
        if m.start in told:
            continue
        told.add(m.start)
        yield Finding(
            "NAM105",
            TextSpan(field, m.start, m.end),
            advice=f"It tells something of the child's {comment.topic}.",
            edits=() if comment.grave else (edits[m.start],),
            confidence=m.confidence,
        )


def _relatives(field: str, text: str, related: Iterable[Relative], edits: Mapping[int, Edit]) -> Iterator[Finding]:
    from postguard.text.rewrite import relative

    for one in related:
        changes: list[Edit] = [edits[start] for start in one.children if start in edits]
        if one.name is not None:
            change: Rewrite = relative(text, *one.name)
            changes.append(Edit(TextSpan(field, change.start, change.end), change.replacement))
        yield Finding(
            "NAM106",
            TextSpan(field, one.start, one.end),
            advice="A relative is told together with the child.",
            edits=tuple(changes),
        )


def _explain(context: Context) -> Iterator[Note]:
    """Every mention of a person or of something with a name, whoever it is."""
    for field, _ in context.fields():
        for m in context.view("mentions", field):
            tier = "" if m.sure or not m.kind.is_child else ", not surely"
            yield Note(TextSpan(field, m.start, m.end), f"{m.kind.value}{tier}: {'; '.join(m.reasons)}", m.confidence)


def _because(mention: Mention) -> str:
    """The reasons as one sentence."""
    reasons = "; ".join(mention.reasons)
    return f"{reasons[:1].upper()}{reasons[1:]}." if reasons else ""


@hookimpl
def postguard_checkers() -> list[Checker]:
    """The built-in checker of names."""
    return [
        Checker(
            name="names",
            rules=builtin("names"),
            options=NamesOptions,
            make=_make_check,
            views=(View("doc", _make_doc, "text"), View("mentions", _make_mentions, "text")),
            explain=_explain,
        )
    ]
