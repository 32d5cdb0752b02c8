"""Person mentions of a text and what kind of person each is.

The text model gives each word probabilities of being a pupil, one of the staff, a figure and so on. The school's
lists, the words
around, and the other mentions move a mention up or down; each move has a reason that can be told without repeating
the name.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from postguard.text import lists
from postguard.text.name_words import NameWord, Region, Tagged, joint, name_words, tagged
from postguard.text.roster_match import Form, Hit, NameIndex, PersonName, name_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from spacy.tokens import Doc


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

    maybe: float = 0.3
    sure: float = 0.6


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
            NameIndex(pupils, lists.nicknames()),
            NameIndex(staff),
            frozenset(key for name in allow for key in name_keys(name)),
            frozenset(key for name in groups for key in name_keys(name) if len(key) > 2),
            frozenset(key for name in figures for key in name_keys(name)),
        )


NOBODY = KnownNames()

_KINDS = (Kind.CHILD, Kind.STAFF, Kind.RELATIVE, Kind.FIGURE, Kind.PLACE, Kind.GROUP, Kind.OTHER)
"""The model's kinds, in the order of its columns after the first (none)."""
_JOINED, _CANDIDATE = 0.1, 0.03
_BONUS = {
    Form.FULL: 4.0,
    Form.FIRST_INITIAL: 3.0,
    Form.INITIAL_SURNAME: 3.0,
    Form.FIRST: 2.0,
    Form.KNOWN_AS: 2.0,
    Form.NICKNAME: 0.5,
    Form.SURNAME: 0.0,
    Form.MISSPELT: 0.5,
}
_UNREAD = {Form.NICKNAME: 0.3, Form.SURNAME: 0.05, Form.MISSPELT: 0.5}
"""How far a roster name counts where the model saw no name at all; others .9 with a capital, .75 without."""
_LIST_GAP = re.compile(
    r"\s*(?:\([^()\n]{0,14}\)|\d{1,3}\*?)?\s*(?:,|;|&|\+|/|\||•|·|\band\b|\bn\b|\bwith\b|\n|-|–|—|\bv\b|\s)+\s*"
    r"(?:and\b|&)?\s*(?:\d{1,3}(?:st|nd|rd|th)?[.):]?|[-•*–]|[^\w\s]{1,3})?\s*",
)
_KIN_AFTER = re.compile(
    r"['\u2019]s?\s+(?:(?:lovely|amazing|proud|wonderful|own|very|big|little|older|younger|baby|great|step)[\s-]+){0,2}([a-z]+)",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\s+([^\W\d_]+)")


@dataclass(slots=True, repr=False)
class _Candidate:
    """A stretch of words that may name a child, while it is being weighed."""

    first: int
    past: int
    hit: Hit | None
    p: list[float]
    score: float = 0.0
    reasons: list[str] = field(default_factory=list)
    settled: Kind | None = None

    def move(self, by: float, reason: str) -> None:
        self.score += by
        self.reasons.append(reason)


def find_mentions(
    doc: Doc, known: KnownNames = NOBODY, thresholds: Thresholds | None = None, *, file_name: bool = False
) -> list[Mention]:
    """Every mention in `doc` (as `language.read` gives it), in order, none overlapping another.

    `file_name` says that the text is the name of a file, whose words run together.
    """
    return _Reading(doc, known, thresholds or Thresholds(), file_name=file_name).mentions()


class _Reading:
    def __init__(self, doc: Doc, known: KnownNames, thresholds: Thresholds, *, file_name: bool) -> None:
        from postguard.text.language import MODEL
        from postguard.text.lexicon import lexicon

        words = lexicon(MODEL / "tokenizer")
        self.text: str = doc.text
        self.known = known
        self.thresholds = thresholds
        self.word_step, self.name_step = words.word_step, words.name_step
        inside = [Tagged(0, len(self.text), Region.FILE)] if file_name else tagged(self.text)
        tokens = [(token.idx, token.idx + len(token)) for token in doc if not token.is_space]
        self.words = name_words(self.text, tokens, inside)
        at_start = {token.idx: token.i for token in doc}
        rows = doc._.kinds
        self.rows: list[list[float]] = [rows[at_start[word.start]].tolist() for word in self.words]
        self.sentence_starts = {token.idx for token in doc if token.is_sent_start}
        self.lower_post = sum(w.capital for w in self.words) <= 1 and len(self.words) > 3

    # --- what may be a child's name ---

    def mentions(self) -> list[Mention]:
        candidates = self._candidates()
        for candidate in candidates:
            self._weigh(candidate)
        self._weigh_repeats(candidates)
        self._weigh_lists(candidates)
        found = [mention for candidate in candidates if (mention := self._judge(candidate)) is not None]
        found += self._others(found)
        return sorted(found, key=lambda m: m.start)

    def _candidates(self) -> list[_Candidate]:
        hits = self.known.pupils.hits(self.words, self.word_step, self.name_step)
        hit_at: dict[int, Hit] = {i: hit for hit in hits for i in range(*hit.words)}
        candidates: list[_Candidate] = []
        at = 0
        while at < len(self.words):
            hit = hit_at.get(at)
            if hit is None and self.rows[at][1] < _CANDIDATE:
                at += 1
                continue
            end = hit.words[1] if hit else at + 1
            started = hit is not None or self.rows[at][1] >= _JOINED
            while started and end < len(self.words) and self._goes_on(end, hit_at, hit):
                hit = hit or hit_at.get(end)
                end = hit_at[end].words[1] if end in hit_at else end + 1
            candidates.append(_Candidate(at, end, hit, self._strongest(at, end)))
            at = end
        return candidates

    def _goes_on(self, at: int, hit_at: Mapping[int, Hit], hit: Hit | None) -> bool:
        """True if the word at `at` belongs to the name before it."""
        word, before = self.words[at], self.words[at - 1]
        if word.inside is not before.inside:
            return False
        if joint(word.gap) is None and not (len(before.key) == 1 and word.gap in {". ", "."}):
            return False
        if at in hit_at and (hit is not None or hit_at[at].form is not Form.SURNAME):
            return False  # two names side by side
        if hit is not None and hit.form is Form.FULL:
            return False
        return self.rows[at][1] >= (_JOINED if hit is None else 0.4)

    def _strongest(self, first: int, past: int) -> list[float]:
        """The kinds' probabilities of a stretch: those of the word most likely to name a child."""
        return max(self.rows[first:past], key=lambda row: row[1])

    # --- weighing ---

    def _weigh(self, c: _Candidate) -> None:
        word = self.words[c.first]
        none, child = c.p[0], c.p[1]
        hit = c.hit
        if hit is None:
            c.score = _logit(child)
            c.reasons.append(
                "the text reads as if a child were named" if child >= 0.5 else "the text may name a child here"
            )
        else:
            extra = c.past - c.first > hit.words[1] - hit.words[0]
            unread = (
                0.0
                if self._word_like(hit, word)
                else _UNREAD.get(hit.form, 0.9 if word.capital or self.lower_post else 0.75)
            )
            if hit.form is Form.FULL:
                unread = 0.9 if word.capital or self.lower_post else 0.5
            c.score = _logit(child + none * unread) + _BONUS[hit.form]
            c.reasons.append(f"{hit.form.value} of a pupil on the roster")
            if unread == 0.0:
                c.reasons.append("also an ordinary word")
            if hit.initial_differs:
                c.move(-2.5, "another initial follows than the pupil's")
            if (extra or self._surname_follows(c)) and hit.form is not Form.FULL:
                c.move(-2.5, "another surname follows than the pupil's")
        self._weigh_title(c)
        self._weigh_lists_of_school(c)
        self._weigh_figures(c)
        self._weigh_after(c)

    def _word_like(self, hit: Hit, word: NameWord) -> bool:
        key = hit.key
        if hit.form in {Form.FULL, Form.FIRST_INITIAL, Form.INITIAL_SURNAME}:
            return False
        if key in lists.WORD_NAMES or key in self.known.groups or len(key) < 3:
            return True
        step = self.word_step(key)
        if step > 1 or (step and self.name_step(key) < 3):
            return True
        return word.region is not Region.PROSE and len(key) < 4 and not word.capital

    def _surname_follows(self, c: _Candidate) -> bool:
        """True if a capitalised word that is no ordinary word stands right after the name."""
        if c.past >= len(self.words):
            return False
        word, last = self.words[c.past], self.words[c.past - 1]
        if word.gap not in {" ", "-", "\u00a0"} or word.inside is not last.inside or word.region is not Region.PROSE:
            return False
        if len(word.key) < 3 or not word.capital or last.text.isupper() or self.word_step(word.key) > 0:
            return False
        if word.start in self.sentence_starts or self.known.pupils.has_given(word.key):
            return False
        person = sum(self.rows[c.past][k] for k in (1, 2, 3, 4))
        return person >= 0.3

    def _title_before(self, first: int) -> str | None:
        at = first - 1
        word = self.words[first]
        while at >= 0 and len(self.words[at].key) == 1 and word.gap in {" ", ". ", "."}:
            word, at = self.words[at], at - 1  # "Mrs J. Patel"
        if at < 0 or word.gap not in {" ", ". ", ".", "\u00a0", ""} or self.words[at].inside is not word.inside:
            return None
        title = self.words[at]
        if not title.capital and not (
            self.lower_post and title.key not in {"miss", "cook", "nurse", "coach", "teacher"}
        ):
            return None
        return title.key

    def _weigh_title(self, c: _Candidate) -> None:
        title = self._title_before(c.first)
        if title is None:
            return
        for titles, kind, reason in (
            (lists.STAFF_TITLES, Kind.STAFF, "after an adult's title"),
            (lists.FIGURE_TITLES, Kind.FIGURE, "after a title of kings or saints"),
            (lists.KIN_TITLES, Kind.RELATIVE, "after a word for a relative"),
        ):
            if title in titles:
                c.move(-6.0, reason)
                c.settled = kind

    def _weigh_lists_of_school(self, c: _Candidate) -> None:
        keys = self._keys(c.first, c.past)
        if any(key in self.known.allow for key in keys) or self._within_allowed(c):
            c.settled = Kind.ALLOWED
            c.move(-20.0, "on the school's allow list")
        if any(key in self.known.groups for key in keys):
            c.move(-1.5, "also a class or house of the school")
        if self.known.staff.has_given(keys[0]) or (
            c.past - c.first > 1 and self.known.staff.has_surname(self.words[c.past - 1].key)
        ):
            staff = self.known.staff.hits(self.words[c.first : c.past], self.word_step, self.name_step)
            if any(hit.form in {Form.FULL, Form.INITIAL_SURNAME} for hit in staff):
                c.move(-6.0, "on the staff list")
                c.settled = Kind.STAFF
            elif staff:
                c.move(-1.5, "also a name on the staff list")

    def _within_allowed(self, c: _Candidate) -> bool:
        longest = max((key.count(" ") + 1 for key in self.known.allow), default=0)
        for first in range(max(0, c.first - longest + 1), c.first + 1):
            for past in range(c.past, min(len(self.words), first + longest) + 1):
                if any(key in self.known.allow for key in self._keys(first, past)):
                    return True
        return False

    def _weigh_figures(self, c: _Candidate) -> None:
        figure = self._figure(c.first, c.past)
        if not figure or (c.hit is not None and c.hit.form is Form.FULL):
            return
        if figure > 1:
            c.move(-3.0, "also the name of a public figure or a title")
        else:
            c.move(-1.0, "also the name of a character or figure")
        if c.score < 0:
            c.settled = c.settled or Kind.FIGURE

    def _figure(self, first: int, past: int) -> int:
        """Number of words of the longest known figure or title that covers these words and begins at or before
        them; 0 if none."""
        best = 0
        known = lists.figures()
        for start in range(max(0, first - lists.FIGURE_LONGEST + 1), first + 1):
            key = self.words[start].key
            for end in range(start + 1, min(len(self.words), start + lists.FIGURE_LONGEST) + 1):
                if end > start + 1:
                    if self.words[end - 1].gap not in {" ", "-", "'", "\u2019", ". ", ".", ""}:
                        break
                    key += ("" if self.words[end - 1].gap in {"'", "\u2019", ""} else " ") + self.words[end - 1].key
                if (
                    end < past
                    or (key not in known and key not in self.known.figures)
                    or (start < first and end - start < 3 and end == past)
                ):
                    continue
                if (
                    end - start > 1
                    and not self.lower_post
                    and not (self.words[start].capital and self.words[end - 1].capital)
                ):
                    continue
                best = max(best, end - start)
        return best

    def _weigh_after(self, c: _Candidate) -> None:
        last = self.words[c.past - 1]
        kin = _KIN_AFTER.match(self.text, last.end)
        if kin and kin.group(1).lower() in lists.KIN:
            c.move(1.0, "a relative is named by this name")
            return
        after = _AFTER.match(self.text, last.end)
        if after is None or last.region is not Region.PROSE:
            return
        noun = after.group(1).lower()
        if noun in lists.GROUP_NOUNS and last.capital and noun not in {"form"}:
            c.move(-3.0, "before the word for a class, house or team")
            c.settled = c.settled or Kind.GROUP
        elif noun in lists.PLACE_NOUNS and after.group(1)[0].isupper() and last.capital:
            c.move(-3.0, "part of the name of a place, prize or school")
            c.settled = c.settled or Kind.PLACE

    def _weigh_repeats(self, candidates: Sequence[_Candidate]) -> None:
        """The same name elsewhere in the post, read with more certainty, lifts a mention."""
        best: dict[str, float] = {}
        for c in candidates:
            key = self.words[c.first].key
            best[key] = max(best.get(key, -9.0), c.score)
        for c in candidates:
            word = self.words[c.first]
            lift = best[word.key] - 1.0
            written = word.capital or self.lower_post or word.region is not Region.PROSE
            if not written or len(word.key) < 3 or c.settled is not None or lift <= max(c.score, 0.0):
                continue
            if self.word_step(word.key) == 0 or c.p[1] > 0.2:
                c.score = lift
                c.reasons.append("named elsewhere in the post")

    def _weigh_lists(self, candidates: Sequence[_Candidate]) -> None:
        row: list[_Candidate] = []
        for c in [*candidates, None]:
            if c is not None and row and self._in_row(row[-1], c):
                row.append(c)
                continue
            if len(row) > 1:
                children = [_probability(r.score) >= 0.5 for r in row]
                for r, child in zip(row, children, strict=True):
                    others = sum(children) - child
                    if others and r.settled is None:
                        r.move(
                            1.2 if others > 1 else 0.6,
                            "in a list with two pupils" if others > 1 else "beside another pupil",
                        )
            row = [c] if c is not None else []

    def _in_row(self, before: _Candidate, after: _Candidate) -> bool:
        start, end = self.words[before.past - 1].end, self.words[after.first].start
        return 0 < end - start <= 30 and _LIST_GAP.fullmatch(self.text, start, end) is not None

    # --- judging ---

    def _judge(self, c: _Candidate) -> Mention | None:
        probability = _probability(c.score)
        first, last = self.words[c.first], self.words[c.past - 1]
        kind: Kind | None = Kind.CHILD
        confidence = probability
        ids: tuple[str, ...] = ()
        sure = probability >= self.thresholds.sure
        if probability < self.thresholds.maybe:
            kind = self._other_kind(c)
            confidence, sure = 1 - probability, probability < 0.1
        elif c.hit is not None:
            ids = c.hit.ids
            if sure:
                kind = Kind.PUPIL
        if kind is None:
            return None
        return Mention(
            first.start,
            self._with_dot(last),
            kind,
            round(confidence, 4),
            sure,
            ids,
            self._is_full(c),
            tuple(dict.fromkeys(c.reasons)),
            first.inside,
        )

    def _other_kind(self, c: _Candidate) -> Kind | None:
        if c.settled is not None:
            return c.settled
        likely = max(range(1, 8), key=lambda k: c.p[k] if k > 1 else 0.0)
        if c.p[likely] >= 0.3:
            return _KINDS[likely - 1]
        return Kind.WORD if c.hit is not None or c.p[1] >= _JOINED else None

    def _with_dot(self, last: NameWord) -> int:
        """Past the dot of an initial ("Tomasz W."), unless it ends the sentence."""
        if len(last.key) == 1 and self.text[last.end : last.end + 1] == ".":
            after = self.text[last.end + 1 : last.end + 3].strip()
            if not after[:1].isupper() and self.text[last.end + 1 : last.end + 2] not in {"", "\n"}:
                return last.end + 1
        return last.end

    def _is_full(self, c: _Candidate) -> bool:
        if c.hit is not None and c.hit.form is Form.FULL:
            return True
        if c.hit is not None and (
            c.hit.form in {Form.INITIAL_SURNAME, Form.FIRST_INITIAL} or (c.first, c.past) == c.hit.words
        ):
            return False
        parts = [
            w
            for i, w in enumerate(self.words[c.first : c.past])
            if i == 0 or w.gap not in {"-", "'", "\u2019", "\u2010", "\u2011"}
        ]
        return len(parts) > 1 and len(parts[0].key) > 1 and len(parts[-1].key) > 1

    def _others(self, children: Sequence[Mention]) -> list[Mention]:
        """What the model reads as another kind, outside the mentions that were weighed."""
        found: list[Mention] = []
        taken = [(m.start, m.end) for m in children]
        at = 0
        while at < len(self.words):
            kind = self._likeliest(at)
            end = at + 1
            while kind and end < len(self.words) and self._likeliest(end) == kind and self._adjoins(end):
                end += 1
            start, stop = self.words[at].start, self.words[end - 1].end
            if kind and not any(a < stop and start < b for a, b in taken):
                p = max(row[kind] for row in self.rows[at:end])
                full = self._full_adult(at, end)
                found.append(
                    Mention(
                        start,
                        stop,
                        _KINDS[kind - 1],
                        round(p, 4),
                        p >= 0.5,
                        (),
                        full,
                        ("the text reads so",),
                        self.words[at].inside,
                    )
                )
            at = end
        return found

    def _likeliest(self, at: int) -> int:
        row = self.rows[at]
        kind = max(range(2, 8), key=row.__getitem__)
        return kind if row[kind] >= 0.5 else 0

    def _adjoins(self, at: int) -> bool:
        return joint(self.words[at].gap) is not None or self.words[at].gap in {". ", "."}

    def _full_adult(self, first: int, past: int) -> bool:
        names = [
            w
            for w in self.words[first:past]
            if w.key not in lists.STAFF_TITLES and w.key not in lists.KIN and len(w.key) > 1
        ]
        return len(names) > 1

    def _keys(self, first: int, past: int) -> tuple[str, ...]:
        key = self.words[first].key
        for word in self.words[first + 1 : past]:
            between = joint(word.gap)
            key += (" " if between is None else between) + word.key
        return (key, key.replace(" ", ""), self.words[first].key)


def _logit(p: float) -> float:
    p = min(max(p, 0.002), 0.998)
    return math.log(p / (1 - p))


def _probability(score: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


__all__ = [
    "NOBODY",
    "Kind",
    "KnownNames",
    "Mention",
    "PersonName",
    "Thresholds",
    "find_mentions",
]
