"""Turns posts into what the network is taught: other names put in, other ways of writing, word pieces, labels."""

from __future__ import annotations

import itertools
import math
import random
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from postguard.text import encoder
from postguard.text.language import KINDS, TRIP_SPANS
from postguard.text.tokens import fold, words
from postguard.text.verdict import context
from training.text.corpus import VERDICTS
from training.text.network import TAGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from postguard.text.lexicon import Lexicon
    from training.text.corpus import Post, Span

IGNORED = -100
UNSURE = "?"
"""Label of a span of which nobody knows what it is."""
SOME_PERSON = 99
"""Label of a word of which we know only that it names a person."""
KIND_OF = {
    "PUPIL": "PUPIL", "FORMER": "PUPIL", "STAFF": "STAFF", "PARENT": "RELATIVE", "PUBLIC": "FIGURE",
    "FICTION": "FIGURE", "PLACE": "PLACE", "GROUP": "GROUP", "PET": "OTHER",
}  # fmt: skip
EASY_VERDICT = 0.5
"""Weight of the trip verdict of a post of names: nearly all of these pass, and they outnumber the posts of trips."""
UNTOLD = 0.15
"""Share of the posts whose audience and hour the encoder is not told, so that it reads without them, too."""
LABELS = ("", "PUPIL", "STAFF", "PARENT", "PUBLIC", "PLACE", "GROUP", "PET")
"""A label of each kind that the network tells, in its order."""
RENAMED = {"PUPIL": 0.75, "FORMER": 0.75, "PARENT": 0.45, "STAFF": 0.4, "PET": 0.3}
"""How likely somebody gets another name: its origin tells nothing of who bears it. Figures keep theirs."""
LAST_NAMES_TOO = 0.7
SHARES = {"english": 7.0, "african": 2.0, "celtic": 1.5}
"""How much oftener than any other origin (1) these are drawn. English names are those of most children and of nearly
all figures: were they rarer among the children, the model would take them for figures' names; African ones are found
least well at the same share."""
ENGLISH_OTHERWISE, ONE_ORIGIN = 0.5, 0.75
"""How often a first name from no origin gets an English surname, and how often both names are of one origin: else a
whole name of one origin would look like a famous one."""
ONE_HOME = 0.4
"""Share of posts in which all names put in are of one origin: if every list of children mixed origins, one of English
names would look like a list of characters."""
INVENTED, NAMESAKES, ALSO_WORDS, LISTED = 0.05, 0.06, 0.1, 0.29
"""Shares of the first names put in that nobody bears, that a figure of some post bears, that are words as well, and
that are listed; the others are of an origin."""
_LONGEST = 300
_STRETCHED = re.compile(r"(.)\1\1", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][\w'’\- .]*")


@dataclass(slots=True)
class Example:
    """One post as the network takes it. Labels are one a word; `tags` holds sets of the tags that may be right."""

    ids: list[int]
    features: list[tuple[int, int, int]]
    first: list[int]
    kinds: list[int]
    trip: list[int]
    tags: list[int]
    context: list[float]
    verdict: int
    weight: float
    offsets: list[tuple[int, int]]


def pools() -> dict[str, dict[str, list[str]]]:
    """First names and surnames by origin, from `names.toml`."""
    return {origin: pool for origin, pool in _told().items() if origin != "also_words"}


def also_words() -> list[str]:
    """First names that are words or places as well, from `names.toml`."""
    return _told()["also_words"]["first"]


def _told() -> dict[str, dict[str, list[str]]]:
    with (Path(__file__).parent / "names.toml").open("rb") as file:
        return tomllib.load(file)


class Invented:
    """Names that sound like those given and are none of them: the model must know an unheard name by its place."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = {name.lower() for name in names}
        self._next: dict[str, list[str]] = {}
        for name in sorted(self._names):
            if name.isalpha():
                letters = f"^^{name}$"
                for i in range(2, len(letters)):
                    self._next.setdefault(letters[i - 2 : i], []).append(letters[i])

    def draw(self, draw: random.Random) -> str:
        """One such name, of four to eleven letters."""
        while True:
            letters = "^^"
            while letters[-1] != "$" and len(letters) < 14:
                letters += draw.choice(self._next[letters[-2:]])
            name = letters[2:-1]
            if letters[-1] == "$" and len(name) > 3 and name not in self._names:
                return name.capitalize()


class Names:
    """Draws first names and surnames to put in the place of others."""

    def __init__(
        self,
        lists: Lexicon,
        pools: Mapping[str, Mapping[str, Sequence[str]]],
        random_: random.Random,
        *,
        met: Sequence[str] = (),
        namesakes: Sequence[str] = (),
        often: float = 0.0,
        slips: float = 0.09,
    ) -> None:
        self.slips = slips
        self._namesakes = [name for name in namesakes if lists.name_step(name) > 1]
        self._met, self._often = met, often
        self._random = random_
        self._lists = lists
        self._invented = Invented([name for pool in pools.values() for name in pool["first"]])
        self._pools = pools
        self._origins = list(pools)
        self._shares = [SHARES.get(origin, 1.0) for origin in pools]
        listed = sorted(
            name for name, step in lists.names.items() if step > 1 and len(name) > 2 and name not in lists.words
        )
        self._listed = listed
        self._weights = list(itertools.accumulate(math.exp(1.4 * lists.names[name]) for name in listed))
        highest = max(lists.names.values())
        self._commonest = [name for name in listed if lists.names[name] == highest]
        self._also_words = also_words()

    def known(self, name: str) -> bool:
        """Do people bear `name`, and is it no ordinary word?"""
        return self._lists.name_step(name) > 2 and not self._lists.word_step(name)

    def home(self) -> str:
        """The one origin of all names of a post; mostly none ("")."""
        return self._origin() if self._random.random() < ONE_HOME else ""

    def _origin(self) -> str:
        return self._random.choices(self._origins, self._shares)[0]

    def whole(self, home: str = "") -> tuple[str, str]:
        """A first name and a surname: both of the origin `home`; without it mostly of one origin."""
        origin = home or self._origin()
        first, of_origin = self._first(origin, free=not home)
        if not home and not of_origin and self._random.random() < ENGLISH_OTHERWISE:
            origin = "english"
        if not home and self._random.random() > ONE_ORIGIN:
            origin = self._random.choice(self._origins)
        return first, self._random.choice(self._pools[origin]["last"])

    def _first(self, origin: str, *, free: bool) -> tuple[str, bool]:
        """A first name, and whether it belongs to the origin. Listed names and words pass for English ones; `free`: for
        those of any origin."""
        if free and self._random.random() < self._often and self._met:
            return self._random.choice(self._met), False
        draw = self._random.random()
        if draw < INVENTED:
            return self._invented.draw(self._random), True
        if free or origin == "english":
            if draw < INVENTED + NAMESAKES and self._namesakes:
                return self._random.choice(self._namesakes), False
            if draw < INVENTED + NAMESAKES + ALSO_WORDS:
                return self._random.choice(self._also_words), False
            if draw < INVENTED + NAMESAKES + ALSO_WORDS + LISTED:
                if free:
                    return self._random.choices(self._listed, cum_weights=self._weights)[0].capitalize(), False
                return self._random.choice(self._commonest).capitalize(), True
        return self._random.choice(self._pools[origin]["first"]), True


def _cased_like(name: str, model: str) -> str:
    if model.isupper() and len(model) > 1:
        return name.upper()
    return name.lower() if model.islower() else name


def met(posts: Sequence[Post]) -> list[str]:
    """The first names of children in the posts, as often as they occur there, but for what is written in odd ways."""
    return [name for name in _firsts(posts, {"PUPIL"}) if not _STRETCHED.search(name)]


def namesakes(posts: Sequence[Post]) -> list[str]:
    """The first names of figures in the posts."""
    return sorted({name for name in _firsts(posts, {"PUBLIC", "FICTION"}) if len(name) > 2})


def _firsts(posts: Sequence[Post], labels: set[str]) -> Iterator[str]:
    """The first words of names of these labels, each time they stand there, written as names are."""
    for post in posts:
        for start, end, label in post.kinds or ():
            name = post.text[start:end].split()[0]
            if label in labels and name.istitle() and name.isalpha():
                yield name


def _roughened(name: str, draw: random.Random, share: float) -> str:
    """Now and then a slip of the pen, a zero-width character, or a stretched end."""
    chance = draw.random() * 0.09 / share
    if len(name) < 4 or not name.isalpha() or chance > 0.09:
        return name
    at = draw.randrange(1, len(name) - 1)
    if chance < 0.02:
        return name[:at] + "\u200b" + name[at:]
    if chance < 0.035:
        return name + name[-1] * draw.randint(1, 4)
    if chance < 0.05:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    if chance < 0.07:
        return name[:at] + name[at + 1 :]
    return name[:at] + name[at] + name[at:]


def renamed(post: Post, names: Names, draw: random.Random) -> tuple[str, tuple[Span, ...], tuple[Span, ...]]:
    """The text with other children's names (now and then other adults', too), and its spans moved along.

    The same name is replaced by the same other one; case and form stay.
    """
    kinds, trips = post.kinds or (), post.trip or ()
    chosen: dict[str, str] = {}
    edits: list[tuple[int, int, str]] = []
    home = names.home()
    small = draw.random() < 0.05  # children's names in small letters amid other text
    last_end = 0
    for start, end, label in sorted(kinds, key=lambda s: (s[0], -s[1])):
        old = post.text[start:end]
        parts = old.split(" ")
        if start < last_end or not _NAME.fullmatch(old) or draw.random() > RENAMED.get(label, 0.0):
            continue
        if label == "PET" and not names.known(parts[0]):  # "Biscuit"
            continue
        last_end = end
        first, last = names.whole(home)
        for i, part in enumerate(parts):
            key = fold(part)
            titled = label == "STAFF" and (len(parts) == 1 or i == 0)
            if titled or len(part.strip(".")) < 2:
                continue
            if key not in chosen:
                chosen[key] = first if i == 0 else last if draw.random() < LAST_NAMES_TOO else part
            name = chosen[key].lower() if small and label == "PUPIL" else _cased_like(chosen[key], part)
            parts[i] = _roughened(name, draw, names.slips)
        edits.append((start, end, " ".join(parts)))
    return apply(post.text, edits, kinds, trips)


def apply(
    text: str, edits: Sequence[tuple[int, int, str]], *groups: tuple[Span, ...]
) -> tuple[str, tuple[Span, ...], tuple[Span, ...]]:
    """`text` with `edits` made, and the spans of both groups at their new offsets."""

    def moved(at: int, *, end: bool) -> int:
        shift = 0
        for a, b, new in edits:
            if b <= at and (b < at or end or a < b):
                shift += len(new) - (b - a)
        return at + shift

    out, last = [], 0
    for a, b, new in sorted(edits):
        out += [text[last:a], new]
        last = b
    out.append(text[last:])
    shifted = [tuple((moved(a, end=False), moved(b, end=True), label) for a, b, label in group) for group in groups]
    return "".join(out), shifted[0], shifted[1]


def rewritten(text: str, draw: random.Random) -> str:
    """Now and then the whole post in lower case, rarely in capitals; offsets stay."""
    chance = draw.random()
    if chance < 0.12:
        other = text.lower()
    elif chance < 0.16:
        other = text.upper()
    elif chance < 0.19:
        other = text.replace("'", "’")
    elif chance < 0.22:
        other = text.replace("’", "'")
    else:
        return text
    return other if len(other) == len(text) else text


_TAG_INDEX = {tag: i for i, tag in enumerate(TAGS)}
TAG_SETS: list[tuple[int, ...]] = []
_SET_INDEX: dict[str, int] = {}


def tag_set(tag: str) -> int:
    """Index in `TAG_SETS` of the tags that a treebank's `tag` allows: one, or all of its class if no form is told."""
    if tag not in _SET_INDEX:
        coarse, _, fine = tag.partition("|")
        exact = _TAG_INDEX.get(tag)
        if exact is None and fine and coarse not in {"VERB", "AUX"}:
            exact = _TAG_INDEX.get(coarse)
        allowed = (
            (exact,) if exact is not None else tuple(i for t, i in _TAG_INDEX.items() if t.partition("|")[0] == coarse)
        )
        TAG_SETS.append(allowed)
        _SET_INDEX[tag] = len(TAG_SETS) - 1 if allowed else IGNORED
    return _SET_INDEX[tag]


class Maker:
    """Makes examples with the words, pieces and features of the shipped pipeline."""

    def __init__(self, lists: Lexicon, tokenizer: Any) -> None:
        self.lists = lists
        self.tokenizer = tokenizer

    def example(
        self, post: Post, *, names: Names | None = None, draw: random.Random | None = None, longest: int = _LONGEST
    ) -> Example:
        """`post` as an example; with `names` and `draw` in another writing, with other names."""
        text, kinds, trips = post.text, post.kinds or (), post.trip or ()
        if names is not None and draw is not None:
            if post.kinds is not None and not post.persons_only:
                text, kinds, trips = renamed(post, names, draw)
            if post.tags is None or draw.random() < 0.5:
                text = rewritten(text, draw)
        cut = [(a, b) for a, b, is_space in words(text, self.lists.cuts) if not is_space]
        texts = [text[a:b] for a, b in cut]
        ids = encoder.pieces(texts, self.tokenizer)
        told = encoder.features(texts, [a for a, _ in cut], self.lists)
        size, keep = 2, 0
        while keep < len(ids) and size + len(ids[keep]) <= longest:
            size += len(ids[keep])
            keep += 1
        if draw is not None:
            told = [(s, h, 0 if b != 11 and draw.random() < 0.12 else b) for s, h, b in told]
        told_who = post.verdict is not None and (draw is None or draw.random() > UNTOLD)
        setting = encoder.setting(post.audience, post.hour) if told_who else encoder.setting("", None)
        flat, marks, first = encoder.feed(ids[:keep], told[:keep], setting)
        cut = cut[:keep]
        return Example(
            flat[0].tolist(),
            [tuple(mark) for mark in marks[0].tolist()],
            first.tolist(),
            _kind_labels(cut, kinds, post),
            _labels(cut, trips, ("", *TRIP_SPANS)) if post.trip is not None else [IGNORED] * keep,
            _tag_labels(cut, post),
            context(post.audience, post.hour),
            VERDICTS.index(post.verdict) if post.verdict else IGNORED,
            1.0 if post.of_trips else EASY_VERDICT,
            cut,
        )


def _covering(cut: Sequence[tuple[int, int]], spans: Sequence[Span]) -> list[str]:
    found = [""] * len(cut)
    for start, end, label in sorted(spans, key=lambda s: s[0] - s[1]):
        for i, (a, b) in enumerate(cut):
            if a < end and start < b:
                found[i] = label
    return found


def _labels(cut: Sequence[tuple[int, int]], spans: Sequence[Span], order: Sequence[str]) -> list[int]:
    return [order.index(label) if label in order else 0 for label in _covering(cut, spans)]


def _kind_labels(cut: Sequence[tuple[int, int]], spans: Sequence[Span], post: Post) -> list[int]:
    if post.kinds is None:
        return [IGNORED] * len(cut)
    found = _covering(cut, spans)
    if post.persons_only:
        return [SOME_PERSON if label else 0 for label in found]
    order = ("", *KINDS)
    return [IGNORED if label == UNSURE else order.index(KIND_OF[label]) if label in KIND_OF else 0 for label in found]


def _tag_labels(cut: Sequence[tuple[int, int]], post: Post) -> list[int]:
    if post.tags is None:
        return [IGNORED] * len(cut)
    labels = []
    at = 0
    for a, _ in cut:
        while at < len(post.tags) and post.tags[at][1] <= a:
            at += 1
        inside = at < len(post.tags) and post.tags[at][0] <= a
        labels.append(tag_set(post.tags[at][2]) if inside else IGNORED)
    return labels
