"""Person mentions of a text and what kind of person each is.

The text model gives each word probabilities of being a pupil, one of the staff, a figure and so on. The school's
lists, the words
around, and the other mentions move a mention up or down; each move has a reason that can be told without repeating
the name.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING

from postguard.text.lists import KIN, STAFF_TITLES, nicknames
from postguard.text.name_candidates import WordsOfPost
from postguard.text.name_evidence import probability, settled, weigh, weights
from postguard.text.name_words import APOSTROPHES, HYPHENS, NameWord, Tagged, joint
from postguard.text.roster_match import Form, NameIndex, PersonName, name_keys
from postguard.text.unstretch import Unstretched, unstretched

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from spacy.tokens import Doc

    from postguard.text.name_candidates import Candidate


class Kind(Enum):
    """Who or what a name names."""

    PUPIL = "pupil on the roster"
    CHILD = "probably a child"
    STAFF = "staff or another adult at work"
    RELATIVE = "relative"
    FIGURE = "public figure or character"
    PLACE = "place"
    GROUP = "class, house or team"
    OTHER = "pet or other name"
    WORD = "ordinary word"
    ALLOWED = "on the allow list"

    @property
    def is_child(self) -> bool:
        """True for pupils and for those who probably are children."""
        return self in {Kind.PUPIL, Kind.CHILD}


@dataclass(frozen=True, slots=True, repr=False)
class Mention:
    """`text[start:end]` names somebody or something.

    `confidence` (0 to 1) is that of the kind. `sure` marks the upper tier. `ids` are the pupils that it may name.
    `full` says that
    first name and surname are told. `reasons` never quote the text. `inside` is the hashtag, handle, link or file
    name around it.
    """

    start: int
    end: int
    kind: Kind
    confidence: float
    sure: bool
    ids: tuple[str, ...] = ()
    full: bool = False
    reasons: tuple[str, ...] = ()
    inside: Tagged | None = None

    def __repr__(self) -> str:
        return f"Mention({self.start}, {self.end}, {self.kind.name}, {self.confidence:.2f})"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where the two tiers begin, as probabilities: *maybe* and *sure*.

    Chosen on posts that the model was not trained on (docs/explanation/names.md).
    """

    maybe: float = 0.35
    sure: float = 0.85


@dataclass(frozen=True, slots=True, repr=False)
class KnownNames:
    """What the school tells of names: its pupils, its staff, names never to be taken for a child, its classes and
    houses, and
    figures beyond the shipped list.

    `allow`, `groups` and `figures` hold folded keys (`name_keys`).
    """

    pupils: NameIndex = field(default_factory=lambda: NameIndex(()))
    staff: NameIndex = field(default_factory=lambda: NameIndex(()))
    allow: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    figures: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        pupils: Iterable[PersonName] = (),
        staff: Iterable[PersonName] = (),
        allow: Iterable[str] = (),
        groups: Iterable[str] = (),
        figures: Iterable[str] = (),
    ) -> KnownNames:
        """The same from names as they are written."""
        return cls(
            NameIndex(pupils, nicknames()),
            NameIndex(staff),
            frozenset(key for name in allow for key in name_keys(name)),
            frozenset(key for name in groups for key in name_keys(name) if len(key) > 2),
            frozenset(key for name in figures for key in name_keys(name)),
        )


NOBODY = KnownNames()

_KINDS = (Kind.CHILD, Kind.STAFF, Kind.RELATIVE, Kind.FIGURE, Kind.PLACE, Kind.GROUP, Kind.OTHER)
"""The model's kinds, in the order of its columns after the first (none)."""


def find_mentions(
    doc: Doc, known: KnownNames = NOBODY, thresholds: Thresholds | None = None, *, file_name: bool = False
) -> list[Mention]:
    """Every mention in `doc` (as `language.read` gives it), in order, none overlapping another.

    `file_name` says that the text is the name of a file, whose words run together.
    """
    put_back = unstretched(doc.text, _is_name)
    if put_back.cuts:
        from postguard.text.language import read

        found = _mentions(read(put_back.text), known, thresholds, file_name=file_name)
        return [_moved(m, put_back) for m in found]
    return _mentions(doc, known, thresholds, file_name=file_name)


def _is_name(word: str) -> bool:
    from postguard.text.language import is_common_word, names_frequency

    return len(word) > 2 and names_frequency(word) > 2 and not is_common_word(word)


def _moved(mention: Mention, put_back: Unstretched) -> Mention:
    start, end = put_back.original(mention.start, mention.end)
    inside = mention.inside
    if inside is not None:
        inside = Tagged(*put_back.original(inside.start, inside.end), inside.region)
    return replace(mention, start=start, end=end, inside=inside)


def _mentions(doc: Doc, known: KnownNames, thresholds: Thresholds | None, *, file_name: bool) -> list[Mention]:
    post = WordsOfPost(doc, file_name=file_name)
    candidates = post.candidates(known.pupils)
    weigh(post, candidates, known)
    limits = thresholds or Thresholds()
    judged = [mention for c in candidates if (mention := _judged(post, c, limits)) is not None]
    children = [m for m in judged if m.kind.is_child]
    read = _others(post, children)
    settled_otherwise = [_widened(m, read) for m in judged if not m.kind.is_child]
    apart = [m for m in read if not any(_overlap(m, other) for other in settled_otherwise)]
    others = _joined(post, sorted([*settled_otherwise, *apart], key=lambda m: (m.start, -m.end)))
    return sorted([*children, *others], key=lambda m: m.start)


def _joined(post: WordsOfPost, mentions: Sequence[Mention]) -> list[Mention]:
    """Mentions of one adult or figure that overlap or stand side by side as one: "Mrs", "Anita" and "Bose"."""
    found: list[Mention] = []
    for m in mentions:
        last = found[-1] if found else None
        if last is None or m.kind is not last.kind or not (_overlap(last, m) or _side_by_side(post, last, m)):
            found.append(m)
            continue
        start, end = last.start, max(last.end, m.end)
        names = [w for w in post.words if start <= w.start < end and w.key not in STAFF_TITLES | KIN and len(w.key) > 1]
        found[-1] = replace(
            last,
            end=end,
            confidence=max(last.confidence, m.confidence),
            sure=last.sure or m.sure,
            full=last.full or m.full or len(names) > 1,
            reasons=tuple(dict.fromkeys((*last.reasons, *m.reasons))),
        )
    return found


def _side_by_side(post: WordsOfPost, first: Mention, second: Mention) -> bool:
    gap = post.text[first.end : second.start]
    if gap.startswith("."):  # "Mr. Bell", "T. Bell"; else it ends a sentence
        before = next(w.key for w in reversed(post.words) if w.end <= first.end)
        gap = gap[1:] if before in STAFF_TITLES or len(before) == 1 else "."
    return first.kind in {Kind.STAFF, Kind.FIGURE} and joint(gap) is not None


def _overlap(a: Mention, b: Mention) -> bool:
    return a.start < b.end and b.start < a.end


def _widened(mention: Mention, read: list[Mention]) -> Mention:
    """A mention that is no child's, as wide as the model reads it ("Mrs Anita Bose"); takes that out of `read`."""
    for other in read:
        if _overlap(mention, other):
            read.remove(other)
            start, end = min(mention.start, other.start), max(mention.end, other.end)
            return replace(mention, start=start, end=end, full=mention.full or other.full)
    return mention


def _judged(post: WordsOfPost, c: Candidate, limits: Thresholds) -> Mention | None:
    chance = probability(c.score)
    first, last = post.words[c.first], post.words[c.past - 1]
    kind: Kind | None = Kind.CHILD
    confidence, sure = chance, chance >= limits.sure
    ids: tuple[str, ...] = ()
    if chance < limits.maybe:
        kind = _other_kind(c)
        confidence, sure = 1 - chance, chance < limits.maybe / 2
    elif c.hit is not None:
        ids = c.hit.ids
        kind = Kind.PUPIL if sure else Kind.CHILD
    if kind is None:
        return None
    return Mention(
        first.start,
        _with_dot(post.text, last),
        kind,
        round(confidence, 4),
        sure,
        ids,
        _is_full(post, c),
        _reasons(c),
        first.inside,
    )


def _other_kind(c: Candidate) -> Kind | None:
    if named := settled(c):
        return Kind[named]
    likely = max(range(2, len(c.p)), key=c.p.__getitem__)
    if c.p[likely] >= 0.3:
        return _KINDS[likely - 1]
    return Kind.WORD if c.hit is not None or c.p[1] >= 0.1 else None


def _reasons(c: Candidate) -> tuple[str, ...]:
    """The evidence that counts, the weightiest first."""
    table = weights()
    moves = [
        (abs(table[name].weight * value), table[name].reason)
        for name, value in c.evidence.items()
        if table[name].reason
    ]
    told = [(move, reason) for move, reason in moves if move >= 0.3]
    reasons = [reason for _, reason in sorted(told, key=lambda m: -m[0])]
    if c.p[1] < 0.5:
        reading = weights()["child"].reason
        reasons = ["the text may name a child here" if reason == reading else reason for reason in reasons]
        reasons = [reason for reason in reasons if c.p[1] >= 0.1 or reason != "the text may name a child here"]
    if sum(c.p[2:]) < 0.3:
        reasons = [reason for reason in reasons if reason != table["other"].reason]
    return tuple(dict.fromkeys(reasons))


def _with_dot(text: str, last: NameWord) -> int:
    """Past the dot of an initial ("Tomasz W."), unless it ends the sentence."""
    if len(last.key) == 1 and text[last.end : last.end + 1] == ".":
        after = text[last.end + 1 : last.end + 3].strip()
        if not after[:1].isupper() and text[last.end + 1 : last.end + 2] not in {"", "\n"}:
            return last.end + 1
    return last.end


def _is_full(post: WordsOfPost, c: Candidate) -> bool:
    if c.hit is not None and c.hit.form is Form.FULL:
        return True
    if c.hit is not None and (
        c.hit.form in {Form.INITIAL_SURNAME, Form.FIRST_INITIAL} or (c.first, c.past) == c.hit.words
    ):
        return False
    words = post.words[c.first : c.past]
    parts = [
        w for i, w in enumerate(words) if i == 0 or (w.gap not in HYPHENS and w.gap not in APOSTROPHES) or not w.gap
    ]
    return len(parts) > 1 and len(parts[0].key) > 1 and len(parts[-1].key) > 1


def _others(post: WordsOfPost, found: Sequence[Mention]) -> list[Mention]:
    """What the model reads as another kind, outside the mentions that were weighed."""
    others: list[Mention] = []
    at = 0
    while at < len(post.words):
        kind = _likeliest(post.rows[at])
        end = at + 1
        while kind and end < len(post.words) and _likeliest(post.rows[end]) == kind and _adjoins(post.words[end]):
            end += 1
        start, stop = post.words[at].start, post.words[end - 1].end
        if kind and not any(m.start < stop and start < m.end for m in found):
            p = max(row[kind] for row in post.rows[at:end])
            names = [w for w in post.words[at:end] if w.key not in STAFF_TITLES | KIN and len(w.key) > 1]
            reasons = ("the text reads so",)
            inside = post.words[at].inside
            full = len(names) > 1
            others.append(Mention(start, stop, _KINDS[kind - 1], round(p, 4), True, (), full, reasons, inside))
        at = end
    return others


def _likeliest(row: Sequence[float]) -> int:
    kind = max(range(2, len(row)), key=row.__getitem__)
    return kind if row[kind] >= 0.5 else 0


def _adjoins(word: NameWord) -> bool:
    return joint(word.gap) is not None or word.gap in {". ", "."}


__all__ = [
    "NOBODY",
    "Kind",
    "KnownNames",
    "Mention",
    "PersonName",
    "Thresholds",
    "find_mentions",
]
