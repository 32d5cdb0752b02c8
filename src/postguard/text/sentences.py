"""Sentence borders of a post: after a full stop, a question or exclamation mark, dots, or a line's end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacy.language import Language

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_STOPS = frozenset(".!?…")
_CLOSERS = frozenset("\"'”’)]»")


def sentences(doc: Doc) -> Doc:
    """Set `token.is_sent_start`. "2.30" and "Mrs. Patel" do not end a sentence; a line's end does."""
    starts = False
    stopped = False
    for token in doc:
        if token.is_space:
            starts = starts or "\n" in token.text or (stopped and token.i > 0)
            token.is_sent_start = token.i == 0
            continue
        token.is_sent_start = token.i == 0 or starts or (stopped and _parted(doc, token))
        starts = False
        if token.text in _STOPS:
            stopped = not (token.text == "." and token.i > 0 and _is_title(doc[token.i - 1].text))
        elif not (stopped and token.text in _CLOSERS):
            stopped = False
    return doc


def _parted(doc: Doc, token: Token) -> bool:
    before = doc[token.i - 1]
    return bool(token.idx > before.idx + len(before))


def _is_title(word: str) -> bool:
    return word.lower() in {"mr", "mrs", "ms", "dr", "st", "rev", "prof", "vs", "v", "no", "approx"} or (
        len(word) == 1 and word.isalpha()
    )


Language.component("postguard_sentences", func=sentences)
