"""Finds the people of a list (pupils, staff) in the words of a text, in every form that a name takes."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING

from postguard.text.name_words import HYPHENS, NameWord, Region, joint
from postguard.text.tokens import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

_SHORTEST_MISSPELT = 5
_SHORTEST_INSIDE = 4
_STRETCHED = re.compile(r"(.)\1{2,}")
_RUN = re.compile(r"(.)\1+")
_INITIAL_GAPS = {"", ".", ". ", " ", ".\u00a0", "_", "-"}
_SURNAME_GAPS = {"", " ", "\u00a0", "  ", "_", "-", ".", "\u2010", "\u2011"}
_SPLIT = re.compile(rf"[\s_.{HYPHENS}]+")
_LETTERS = re.compile(r"[^\W\d_]")


class Form(Enum):
    """In which form a person was named."""

    FULL = "first name and surname"
    FIRST_INITIAL = "first name and initial"
    INITIAL_SURNAME = "initial and surname"
    FIRST = "first name"
    KNOWN_AS = "known-as name"
    NICKNAME = "short form of a first name"
    SURNAME = "surname"
    MISSPELT = "misspelt first name"


@dataclass(frozen=True, slots=True, repr=False)
class PersonName:
    """One person of a list."""

    id: str
    first: str
    last: str = ""
    known_as: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Hit:
    """`text[start:end]` may name the people `ids`. `words` are the positions (first, past the last) among the words.

    `key` is the folded given name (or surname) that was matched; `initial_differs` says that another initial
    follows than that
    of anybody with this name.
    """

    start: int
    end: int
    ids: tuple[str, ...]
    form: Form
    words: tuple[int, int]
    key: str
    initial_differs: bool = False

    def __repr__(self) -> str:
        return f"Hit({self.start}, {self.end}, {self.form.name})"


def name_keys(name: str) -> tuple[str, ...]:
    """The keys under which a name of one or several words is looked up: "Mei-Ling" is "mei ling" and "meiling"."""
    parts = [key for part in _SPLIT.split(name.strip()) if (key := "".join(_LETTERS.findall(fold(part))))]
    if not parts:
        return ()
    return tuple(dict.fromkeys((" ".join(parts), "".join(parts))))


class NameIndex:
    """People by every form of their names. `nicknames` maps a folded first name to its short forms."""

    def __init__(self, people: Iterable[PersonName], nicknames: Mapping[str, Iterable[str]] | None = None) -> None:
        self._given: dict[str, dict[str, Form]] = defaultdict(dict)
        self._surnames: dict[str, set[str]] = defaultdict(set)
        self._initials: dict[str, set[str]] = defaultdict(set)
        self._last_initials: dict[str, set[str]] = defaultdict(set)
        for person in people:
            self._add(person, nicknames or {})
        self._longest = max((key.count(" ") + 2 for key in (*self._given, *self._surnames)), default=1)
        self._squeezed: dict[str, list[str]] = defaultdict(list)
        self._near: dict[str, list[str]] = defaultdict(list)
        for key, forms in self._given.items():
            self._squeezed[_RUN.sub(r"\1", key)].append(key)
            if len(key) >= _SHORTEST_MISSPELT and " " not in key and Form.NICKNAME not in forms.values():
                for shorter in {key, *_deletions(key)}:
                    self._near[shorter].append(key)

    def __len__(self) -> int:
        return len(self._given)

    def _add(self, person: PersonName, nicknames: Mapping[str, Iterable[str]]) -> None:
        def add(key: str, form: Form) -> None:
            forms = self._given[key]
            if person.id not in forms or form is not Form.NICKNAME:
                forms[person.id] = form

        for name, form in ((person.first, Form.FIRST), (person.known_as, Form.KNOWN_AS)):
            keys = name_keys(name)
            for key in keys:
                add(key, form)
                self._initials[person.id].add(key[0])
                for short in nicknames.get(key, ()):
                    add(short, Form.NICKNAME)
            if keys and " " in keys[0]:
                first_part = keys[0].split(" ")[0]
                if len(first_part) > 2:
                    add(first_part, Form.NICKNAME)
        keys = name_keys(person.last)
        for key in keys:
            self._surnames[key].add(person.id)
            self._last_initials[person.id].add(key[0])
        if keys and " " in keys[0]:
            parts = keys[0].split(" ")
            for part in parts:
                if len(part) > 3:
                    self._surnames[part].add(person.id)
            self._last_initials[person.id].update(part[0] for part in parts)

    def has_given(self, key: str) -> bool:
        """True if somebody bears this folded first name."""
        return key in self._given

    def has_surname(self, key: str) -> bool:
        """True if somebody bears this folded surname."""
        return key in self._surnames

    def hits(
        self, words: Sequence[NameWord], word_step: Callable[[str], int], name_step: Callable[[str], int]
    ) -> list[Hit]:
        """Where these people may be named, left to right, no two overlapping.

        `word_step` and `name_step` tell how common a folded word is as a word and as a first name (0 to 4): a word
        of its own
        is no misspelling.
        """
        if not self._given:
            return []
        found: list[Hit] = []
        at = 0
        while at < len(words):
            hit = self._at(words, at) or self._misspelt(words, at, word_step, name_step)
            if hit is None:
                at += 1
            else:
                found.append(hit)
                at = hit.words[1]
        found += self._inside_tags(words, found, word_step)
        return sorted(found, key=lambda hit: hit.start)

    def _at(self, words: Sequence[NameWord], at: int) -> Hit | None:
        return self._initial_surname(words, at) or self._by_given(words, at) or self._by_surname(words, at)

    def _chunks(self, words: Sequence[NameWord], at: int) -> Iterator[tuple[str, int]]:
        """Keys of one name that begins at word `at`, with the position past its end, longest first."""
        chunks = [(words[at].key, at + 1)]
        key = words[at].key
        for end in range(at + 1, min(len(words), at + self._longest + 2)):
            if words[end].inside is not words[at].inside:
                break
            between = joint(words[end].gap)
            if between is None:
                break
            key += between + words[end].key
            chunks.append((key, end + 1))
        return iter(reversed(chunks))

    def _by_given(self, words: Sequence[NameWord], at: int) -> Hit | None:
        for key, end in self._chunks(words, at):
            forms = self._given.get(key) or (self._stretched(words[at]) if end == at + 1 else None)
            if not forms:
                continue
            full = self._with_surname(words, at, end, forms)
            if full is not None:
                return full
            ids = tuple(forms)
            form = min(forms.values(), key=_RANK.__getitem__)
            initial, past = _initial_after(words, end)
            if initial:
                same = tuple(i for i in ids if initial in self._last_initials[i])
                if same:
                    return Hit(words[at].start, words[past - 1].end, same, Form.FIRST_INITIAL, (at, past), key)
            return Hit(words[at].start, words[end - 1].end, ids, form, (at, end), key, initial_differs=bool(initial))
        return None

    def _with_surname(self, words: Sequence[NameWord], at: int, end: int, forms: Mapping[str, Form]) -> Hit | None:
        for skip in (0, 1):  # a middle name may stand between
            start = end + skip
            if start >= len(words) or any(words[i].gap not in _SURNAME_GAPS for i in range(end, start + 1)):
                return None
            if words[start].inside is not words[at].inside:
                return None
            if words[at].capital and not words[start].capital and words[at].region is Region.PROSE:
                return None  # "Grace under pressure"
            for key, past in self._chunks(words, start):
                ids = self._surnames.get(key)
                both = tuple(i for i in forms if ids and i in ids)
                if both:
                    return Hit(words[at].start, words[past - 1].end, both, Form.FULL, (at, past), key)
        return None

    def _initial_surname(self, words: Sequence[NameWord], at: int) -> Hit | None:
        word = words[at]
        if len(word.key) != 1 or at + 1 >= len(words) or words[at + 1].gap not in _INITIAL_GAPS:
            return None
        dotted = words[at + 1].gap.startswith(".")
        if not dotted and not word.capital and word.region is Region.PROSE:
            return None
        for key, end in self._chunks(words, at + 1):
            ids = tuple(i for i in self._surnames.get(key, ()) if word.key in self._initials[i])
            if ids:
                return Hit(word.start, words[end - 1].end, tuple(sorted(ids)), Form.INITIAL_SURNAME, (at, end), key)
        return None

    def _by_surname(self, words: Sequence[NameWord], at: int) -> Hit | None:
        for key, end in self._chunks(words, at):
            ids = self._surnames.get(key)
            if not ids:
                continue
            if end < len(words) and words[end].gap in {", ", " ", ","}:  # "Okafor, Chidi"
                for given, past in self._chunks(words, end):
                    both = tuple(i for i in self._given.get(given, ()) if i in ids)
                    if both:
                        return Hit(words[at].start, words[past - 1].end, both, Form.FULL, (at, past), given)
            return Hit(words[at].start, words[end - 1].end, tuple(sorted(ids)), Form.SURNAME, (at, end), key)
        return None

    def _stretched(self, word: NameWord) -> Mapping[str, Form] | None:
        """Those whose name was drawn out: "Mayaaa"."""
        if not _STRETCHED.search(word.key):
            return None
        for key in self._squeezed.get(_RUN.sub(r"\1", word.key), ()):
            if all(a <= b for a, b in zip(_runs(key), _runs(word.key), strict=True)):
                return self._given[key]
        return None

    def _misspelt(
        self, words: Sequence[NameWord], at: int, word_step: Callable[[str], int], name_step: Callable[[str], int]
    ) -> Hit | None:
        from rapidfuzz.distance import OSA

        word = words[at]
        key = word.key
        if len(key) < _SHORTEST_MISSPELT or word_step(key) > 0 or name_step(key) > 2:
            return None
        near = {name for part in (key, *_deletions(key)) for name in self._near.get(part, ())}
        near = {name for name in near if name[0] == key[0] and OSA.distance(name, key, score_cutoff=1) <= 1}
        if not near:
            return None
        forms = {i: form for name in sorted(near) for i, form in self._given[name].items()}
        full = self._with_surname(words, at, at + 1, forms)
        return full or Hit(word.start, word.end, tuple(forms), Form.MISSPELT, (at, at + 1), key)

    def _inside_tags(
        self, words: Sequence[NameWord], found: Sequence[Hit], word_step: Callable[[str], int]
    ) -> Iterator[Hit]:
        """Names inside a tag, handle, link or file name whose borders nothing shows: "#welldonezephyrine"."""
        taken = [hit.words for hit in found]
        at = 0
        while at < len(words):
            end = at + 1
            while (
                end < len(words) and words[at].inside and words[end].inside is words[at].inside and words[end].gap == ""
            ):
                end += 1
            run = words[at:end]
            whole = "".join(word.key for word in run)
            exact = sum(len(word.text) for word in run) == len(whole)
            free = words[at].inside is not None and not any(a < end and at < b for a, b in taken)
            if free and exact and len(whole) > _SHORTEST_INSIDE:
                hit = self._longest_inside(whole, run, at, word_step)
                if hit is not None:
                    yield hit
            at = end

    def _longest_inside(
        self, whole: str, run: Sequence[NameWord], at: int, word_step: Callable[[str], int]
    ) -> Hit | None:
        best: tuple[int, int, str] | None = None
        for start in range(len(whole)):
            for end in range(start + _SHORTEST_INSIDE, len(whole) + 1):
                key = whole[start:end]
                if key not in self._given or (best and end - start <= best[1] - best[0]):
                    continue
                if _well_cut(whole[:start], word_step) and _well_cut(whole[end:], word_step):
                    best = (start, end, key)
        if best is None:
            return None
        start, end, key = best
        forms = self._given[key]
        form = min(forms.values(), key=_RANK.__getitem__)
        borders, letters = [], 0
        for number, word in enumerate(run):
            borders.append((letters, letters + len(word.key), number))
            letters += len(word.key)
        touched = [number for left, right, number in borders if left < end and start < right]
        first = run[0].start
        return Hit(first + start, first + end, tuple(forms), form, (at + touched[0], at + touched[-1] + 1), key)


_RANK = {form: rank for rank, form in enumerate(Form)}


def _well_cut(rest: str, word_step: Callable[[str], int]) -> bool:
    """True if what stands beside a name in a tag is empty or a row of ordinary words."""
    reachable = {0}
    for end in range(1, len(rest) + 1):
        if any(end - start > 1 and word_step(rest[start:end]) > 1 for start in reachable):
            reachable.add(end)
    return len(rest) in reachable


def _initial_after(words: Sequence[NameWord], end: int) -> tuple[str, int]:
    """The initial that stands after a first name ("Alex G", "Alex G.", "alex_g") and the position past it; "" if
    none."""
    if end >= len(words):
        return "", end
    word = words[end]
    if len(word.key) != 1 or word.gap not in {" ", "\u00a0", "_", "-", ""} or word.inside is not words[end - 1].inside:
        return "", end
    if word.region is Region.PROSE and not word.capital and words[end - 1].capital:
        return "", end
    if word.key in "ai" and word.region is Region.PROSE and not (word.capital and word.key == "a"):
        return "", end
    after = words[end + 1] if end + 1 < len(words) else None
    if word.key == "a" and after is not None and after.gap == " " and not after.capital:
        return "", end  # "Well done Kai A great effort": an article
    return word.key, end + 1


def _runs(key: str) -> list[int]:
    lengths = [1]
    for before, letter in pairwise(key):
        if before == letter:
            lengths[-1] += 1
        else:
            lengths.append(1)
    return lengths


def _deletions(key: str) -> Iterator[str]:
    return (key[:i] + key[i + 1 :] for i in range(len(key)))
