"""The one reading of a text: loads the spaCy pipeline made by `training/text` and reads a post with it, once.

What a `Doc` tells after `read`:

- tokens: words split at camelCase and inside hashtags and handles; `token.idx` is exact in code points; `token.pos_`
  (Universal Dependencies), `token.tag_` (Penn Treebank; verb forms are told apart, other words mostly get the plain tag
  of their class), `token.is_sent_start`
- `doc._.kinds`: float32 (tokens, 8), the probabilities of none and of each of `KINDS`
- `doc._.spans_of_trip`: float32 (tokens, 3), the probabilities of none, WHERE, WHEN
- `doc.spans["kinds"]`: words of one kind that belong together, `label_` = kind, `span._.p` = probability. A word gets
  its likeliest kind: kinds of persons from .1 on (below .5 means *maybe*), the others from .5
- `doc.spans["trip"]`: the same for WHERE and WHEN, from .25 on: made to miss little, for rules to confirm
"""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from postguard.text.lexicon import Lexicon, lexicon

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

KINDS = ("PUPIL", "STAFF", "RELATIVE", "FIGURE", "PLACE", "GROUP", "OTHER")
PERSON_KINDS = ("PUPIL", "STAFF", "RELATIVE", "FIGURE", "OTHER")
TRIP_SPANS = ("WHERE", "WHEN")
AUDIENCES = ("public", "protected", "closed")
MODEL = Path(__file__).parent.parent / "models" / "text"
COMPONENT = "postguard_encoder"
_loading = Lock()


def load(path: Path | None = None) -> Language:
    """The pipeline in `path` (default: the shipped one), read from disk once; safe to share between threads.

    Raises OSError or ValueError if the model is missing, broken or of another version.
    """
    with _loading:
        return _load(path or MODEL)


@lru_cache(maxsize=4)
def _load(path: Path) -> Language:
    import spacy

    from postguard.text import encoder, sentences  # noqa: F401  (they register the pipeline's parts)

    return spacy.load(path)


def read(text: str, audience: str = "", hour: float | None = None) -> Doc:
    """`text` as a Doc with everything that the model tells (see the head of this module). Any text, also the empty one.

    Whereabouts are read better if it is told who can see the post (`audience`: public, protected or closed) and the
    local `hour` of publishing (0 to 24). Raises ValueError for anything else, or more than a million characters.
    """
    from postguard.text.encoder import setting

    nlp = load()
    if len(text) > nlp.max_length:
        raise ValueError("the text is too long to be read")
    if audience:
        _vet(audience, hour or 0.0)
    doc = nlp.make_doc(text)
    doc._.setting = setting(audience, hour)
    return nlp(doc)


def trip_verdict(doc: Doc, audience: str, hour: float) -> tuple[float, float, float]:
    """P(pass), P(review), P(block) of a post for whereabouts, given who can see it and the local hour of publishing.

    `audience`: public, protected or closed; `hour`: 0 to 24, with fractions. Raises ValueError for anything else.
    """
    from postguard.text.verdict import probabilities

    _vet(audience, hour)
    return probabilities(doc._.pooled, audience, hour, load().get_pipe(COMPONENT).verdict)


def _vet(audience: str, hour: float) -> None:
    if audience not in AUDIENCES:
        raise ValueError(f"audience must be one of {', '.join(AUDIENCES)}")
    if not 0 <= hour <= 24 or math.isnan(hour):
        raise ValueError("hour must be from 0 to 24")


def names_frequency(word: str) -> int:
    """How many people bear `word` as a first name: 0 none known, 1 tens, 2 hundreds, 3 thousands, 4 more.

    Any case, with or without accents.
    """
    return lists().name_step(word)


def is_common_word(word: str) -> bool:
    """Is `word` an ordinary English word (also: will, rose, hope)?"""
    return lists().word_step(word) > 0


def lists() -> Lexicon:
    """The names and words that ship with the model."""
    return _lists(MODEL)


@lru_cache(maxsize=4)
def _lists(path: Path) -> Lexicon:
    return lexicon(path / "tokenizer")
