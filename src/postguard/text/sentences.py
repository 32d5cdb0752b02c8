"""Sentence borders of a post: after a full stop, a question or exclamation mark, dots, or a line's end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from spacy.attrs import SENT_START
from spacy.language import Language

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_STOPS = frozenset(".!?…")
_CLOSERS = frozenset("\"'”’)]»")


def sentences(doc: Doc) -> Doc:
    """Set `token.is_sent_start`. "2.30" and "Mrs. Patel" do not end a sentence; a line's end does."""
    starts = False
    stopped = False
    borders = np.full(len(doc), -1, np.int64)  # told at once: token.is_sent_start = … looks through the doc each time
    for token in doc:
        if token.is_space:
            starts = starts or "\n" in token.text or (stopped and token.i > 0)
            continue
        if starts or (stopped and _parted(doc, token)):
            borders[token.i] = 1
        starts = False
        if token.text in _STOPS:
            stopped = not (token.text == "." and token.i > 0 and _is_title(doc[token.i - 1].text))
        elif not (stopped and token.text in _CLOSERS):
            stopped = False
    borders[:1] = 1
    return doc.from_array([SENT_START], borders.astype(np.uint64))


def _parted(doc: Doc, token: Token) -> bool:
    before = doc[token.i - 1]
    return bool(token.idx > before.idx + len(before))


def _is_title(word: str) -> bool:
    return word.lower() in {"mr", "mrs", "ms", "dr", "st", "rev", "prof", "vs", "v", "no", "approx"} or (
        len(word) == 1 and word.isalpha()
    )


Language.component("postguard_sentences", func=sentences)
