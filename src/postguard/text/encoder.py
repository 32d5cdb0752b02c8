"""The encoder of the text model as a spaCy component: one reading of a post, from which every head is told.

It writes `doc._.kinds`, `doc._.spans_of_trip`, `doc._.pooled`, `token.pos_`, `token.tag_` and the span groups "kinds"
and "trip". The network is one ONNX graph (int8) run by onnxruntime on one or two threads; a text longer than a window
is read in windows that overlap.
"""

from __future__ import annotations

import json
import os
import re
from bisect import bisect_right
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import numpy as np
from spacy.attrs import POS, TAG
from spacy.language import Language
from spacy.parts_of_speech import IDS
from spacy.tokens import Doc, Span, SpanGroup
from spacy.util import registry

from postguard.text.language import KINDS, PERSON_KINDS, TRIP_SPANS
from postguard.text.lexicon import Lexicon, lexicon
from postguard.text.tokens import plain, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray
    from spacy.tokens import Token
    from spacy.vocab import Vocab

WINDOW, OVERLAP = 300, 40
"""A window in word pieces, and how many words of it the next one reads again."""
PIECES_A_WORD = 8
LONGEST_WORD = 60
FEATURES = (11, 6, 20)
"""Sizes of the features of a word: shape; in a hashtag or handle x glued to the word before; how many bear it.
The first piece, which is no word, bears the setting there: from 9 the audience, from 12 the part of the day."""
PARTS_OF_DAY = (7, 9, 11, 13, 15.25, 16.5, 18.5)
"""Local hours that part a school's day."""
CLS, SEP, UNKNOWN = 2, 3, 1
THREADS = 2
"""How many read one post together, where there are cores for them: a third gains nothing on a text so short."""
_JOINS = re.compile(r"[ '’\-]{0,2}|\. ?")
_TAG_OF = {
    "ADJ": "JJ", "ADP": "IN", "ADV": "RB", "AUX": "VB", "CCONJ": "CC", "DET": "DT", "INTJ": "UH", "NOUN": "NN",
    "NUM": "CD", "PART": "RP",
    "PRON": "PRP", "PROPN": "NNP", "PUNCT": ".", "SCONJ": "IN", "SYM": "SYM", "VERB": "VB", "X": "FW",
}  # fmt: skip


def shape(word: str) -> int:
    """How a word is written: 1 lower, 2 one capital, 3 CAPS, 4 Capitalised, 5 mixed, 6 digits, 7 mark, 8 emoji etc."""
    first = word[0]
    if first.isalpha():
        if word.islower():
            return 1
        if word.isupper():
            return 2 if len(word) == 1 else 3
        return 4 if first.isupper() else 5
    if first.isdigit():
        return 6
    return 7 if ord(first) < 0x2000 else 8


def bearers(word: str, lists: Lexicon) -> int:
    """The names feature: 11 no letters, else 1 + twice the step among names + is it a common word (0 = not told)."""
    if not word[0].isalpha():
        return 11
    return 1 + 2 * lists.name_step(word) + (lists.word_step(word) > 0)


def features(texts: Sequence[str], starts: Sequence[int], lists: Lexicon) -> list[tuple[int, int, int]]:
    """The three features of each word of a text; `starts` are the words' offsets."""
    told = []
    tag, end = 0, -1
    for word, start in zip(texts, starts, strict=True):
        glued = start == end
        if not glued:
            tag = 0
        if word in {"#", "＃"}:
            tag = 1
        elif word in {"@", "＠"}:
            tag = 2
        elif tag and not word[0].isalnum() and word != "_":
            tag = 0
        bare = plain(word) or word
        told.append((shape(bare), 2 * tag + glued, bearers(bare, lists)))
        end = start + len(word)
    return told


def setting(audience: str, hour: float | None) -> tuple[int, int, int]:
    """The features of the first piece: who can see the post and the local hour of publishing. ("", None) = not told."""
    return (
        0 if not audience else 9 if audience == "public" else 10,
        0,
        0 if hour is None else 12 + bisect_right(PARTS_OF_DAY, hour),
    )


def pieces(texts: Sequence[str], tokenizer: Any) -> list[list[int]]:
    """The word pieces of each word, at most eight, at least the unknown one."""
    encoding = tokenizer.encode(
        [plain(word)[:LONGEST_WORD] for word in texts], is_pretokenized=True, add_special_tokens=False
    )
    found: list[list[int]] = [[] for _ in texts]
    for piece, word in zip(encoding.ids, encoding.word_ids, strict=True):
        if word is not None and len(found[word]) < PIECES_A_WORD:
            found[word].append(piece)
    return [ids or [UNKNOWN] for ids in found]


def windows(lengths: Sequence[int]) -> Iterator[tuple[int, int, int, int]]:
    """Cuts words with `lengths` pieces into windows: (first word, last word + 1, first to keep, last to keep + 1)."""
    start = kept = 0
    while kept < len(lengths):
        end, size = start, 0
        while end < len(lengths) and size + lengths[end] <= WINDOW:
            size += lengths[end]
            end += 1
        last = end == len(lengths)
        keep = end if last else end - OVERLAP // 2
        yield start, end, kept, keep
        start, kept = end - OVERLAP, keep


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Cutter:
    """The tokenizer of the pipeline: words of a post, spaces as spaCy wants them; `doc[i].idx` is exact in code points.

    Lone surrogates, which spaCy cannot hold, become U+FFFD; nothing else of the text changes.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        self.lexicon = Lexicon({}, {})

    def __call__(self, text: str) -> Doc:
        held = re.sub("[\ud800-\udfff]", "�", text)
        texts: list[str] = []
        spaces: list[bool] = []
        for start, end, is_space in words(held, self.lexicon.cuts):
            trails = is_space and bool(texts) and held[start] == " "
            if trails:
                spaces[-1] = True
            if start + trails < end:
                texts.append(held[start + trails : end])
                spaces.append(False)
        return Doc(self.vocab, words=texts, spaces=spaces)

    def to_disk(self, path: Path, **_: Any) -> None:
        """Write the lexicon."""
        self.lexicon.to_disk(path)

    def from_disk(self, path: Path, **_: Any) -> Cutter:
        """Read the lexicon."""
        self.lexicon = lexicon(path)
        return self


def make_cutter() -> Any:
    """The maker of the tokenizer that spaCy's config names."""
    return lambda nlp: Cutter(nlp.vocab)


registry.tokenizers.register("postguard.words.v1", func=make_cutter)


@Language.factory("postguard_encoder", default_config={"least_person": 0.1, "least_other": 0.5, "least_trip": 0.25})
class Encoder:
    """The component; `least_*`: the probability from which a word becomes a span of such a kind."""

    def __init__(self, nlp: Language, name: str, least_person: float, least_other: float, least_trip: float) -> None:
        self.name = name
        self._nlp = nlp
        self._least = np.array([least_person if kind in PERSON_KINDS else least_other for kind in KINDS], np.float32)
        self._least_trip = least_trip
        self._graph = Path()
        self._session: Any = None
        self._tokenizer: Any = None
        self._tags = np.zeros((0, 2), np.uint64)  # part of speech and tag, as spaCy numbers them
        self.verdict: dict[str, NDArray[np.float32]] = {}

    def from_disk(self, path: Path, **_: Any) -> Encoder:
        """Read graph, pieces, labels, verdict head; raises OSError or ValueError if one is missing or does not fit."""
        from tokenizers import Tokenizer

        labels = json.loads((path / "labels.json").read_text(encoding="utf-8"))
        if labels["kinds"] != ["", *KINDS] or labels["trip"] != ["", *TRIP_SPANS]:
            raise ValueError("the model's labels are not those of this version")
        parts = [tag.partition("|") for tag in labels["tags"]]
        strings = self._nlp.vocab.strings
        self._tags = np.array(
            [(IDS[coarse], strings.add(fine or _TAG_OF[coarse])) for coarse, _, fine in parts], np.uint64
        )
        self._tokenizer = Tokenizer.from_file(str(path / "pieces.json"))
        self._graph = path / "encoder.onnx"
        self._open()
        with np.load(path / "verdict.npz", allow_pickle=False) as stored:
            self.verdict = {key: stored[key] for key in stored.files}
        return self

    def _open(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = min(THREADS, _cores())
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # A thread that waits for its part of a reading stays awake, but not from one reading to the next.
        options.add_session_config_entry("session.force_spinning_stop", "1")
        self._session = session = onnxruntime.InferenceSession(
            self._graph.read_bytes(),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=["SkipLayerNormFusion"],  # its kernel is slower than the two nodes that it joins
        )
        _opened.add(self)
        return session

    def close(self) -> None:
        """Let go of the session and its threads; the next reading opens another."""
        self._session = None

    def __call__(self, doc: Doc) -> Doc:
        kinds = np.zeros((len(doc), 1 + len(KINDS)), np.float32)
        trip = np.zeros((len(doc), 1 + len(TRIP_SPANS)), np.float32)
        kinds[:, 0] = trip[:, 0] = 1.0
        pooled = self._read(doc, kinds, trip)
        doc._.kinds, doc._.spans_of_trip, doc._.pooled = kinds, trip, pooled
        doc.spans["kinds"] = SpanGroup(doc, name="kinds", spans=list(self._kind_spans(doc, kinds)))
        doc.spans["trip"] = SpanGroup(doc, name="trip", spans=list(self._trip_spans(doc, trip)))
        return doc

    def _read(self, doc: Doc, kinds: NDArray[np.float32], trip: NDArray[np.float32]) -> NDArray[np.float32]:
        tokens = [token for token in doc if not token.is_space]
        where, texts = [token.i for token in tokens], [token.text for token in tokens]
        told = features(texts, [token.idx for token in tokens], self._nlp.tokenizer.lexicon)
        ids = pieces(texts, self._tokenizer)
        tags = np.zeros((len(doc), 2), np.uint64)
        pools: list[NDArray[np.float32]] = []
        weights: list[int] = []
        session = self._session or self._open()
        for start, end, keep, keep_end in [*windows([len(p) for p in ids])] or [(0, 0, 0, 0)]:
            flat, marks, first = feed(ids[start:end], told[start:end], doc._.setting)
            of_kinds, of_trip, of_tags, pooled = session.run(None, {"ids": flat, "features": marks, "first": first})
            rows = where[keep:keep_end]
            here = slice(keep - start, keep_end - start)
            kinds[rows], trip[rows], tags[rows] = of_kinds[here], of_trip[here], self._tags[of_tags[here]]
            pools.append(pooled)
            weights.append(flat.shape[1])
        doc.from_array([POS, TAG], tags)
        if len(pools) == 1:
            return pools[0].astype(np.float32)
        half = pools[0].size // 2
        mean = np.average([pooled[:half] for pooled in pools], axis=0, weights=weights)
        return np.concatenate([mean, np.max([pooled[half:] for pooled in pools], axis=0)]).astype(np.float32)

    def _kind_spans(self, doc: Doc, kinds: NDArray[np.float32]) -> Iterator[Span]:
        best = kinds[:, 1:].argmax(axis=1)
        told = kinds[:, 1:].max(axis=1) >= self._least[best]
        labels = {i: KINDS[best[i]] for i in told.nonzero()[0].tolist() if any(map(str.isalpha, doc[i].text))}
        yield from _runs(doc, labels)

    def _trip_spans(self, doc: Doc, trip: NDArray[np.float32]) -> Iterator[Span]:
        best = trip[:, 1:].argmax(axis=1)
        told = trip[:, 1:].max(axis=1) >= self._least_trip
        yield from _runs(doc, {i: TRIP_SPANS[best[i]] for i in told.nonzero()[0].tolist()})


# The child of a fork has none of a session's threads and would wait for them: both sides open a session of their own.
_opened: WeakSet[Encoder] = WeakSet()


def _close_all() -> None:
    for encoder in list(_opened):
        encoder.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_close_all)


def feed(
    ids: Sequence[Sequence[int]], told: Sequence[tuple[int, int, int]], first_marks: tuple[int, int, int] = (0, 0, 0)
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """One window for the graph: pieces (1, n), features (1, n, 3), index of each word's first piece (words,)."""
    flat, marks, first = [CLS], [first_marks], []
    for word, feature in zip(ids, told, strict=True):
        first.append(len(flat))
        flat += word
        marks += [feature] * len(word)
    return (
        np.array([[*flat, SEP]], np.int64),
        np.array([[*marks, (0, 0, 0)]], np.int64),
        np.array(first, np.int64),
    )


def _runs(doc: Doc, labels: Mapping[int, str]) -> Iterator[Span]:
    """Spans over words of one label that follow each other, across the marks that join the parts of a name. `labels`:
    those of the words that have one, in order."""
    start = end = -1
    text = doc.text if labels else ""
    for i, label in labels.items():
        if start >= 0 and labels[start] == label and _joined(text, doc[end], doc[i]):
            end = i
            continue
        if start >= 0:
            yield Span(doc, start, end + 1, label=labels[start])
        start = end = i
    if start >= 0:
        yield Span(doc, start, end + 1, label=labels[start])


def _joined(text: str, last: Token, following: Token) -> bool:
    start, end = last.idx + len(last), following.idx
    if end - start > 2 or not _JOINS.fullmatch(text, start, end):
        return False
    return not text.startswith(".", start) or len(last) == 1


def probability(span: Span) -> float:
    """The highest probability that a word of `span` has of the span's label."""
    if span.label_ in KINDS:
        return float(span.doc._.kinds[span.start : span.end, 1 + KINDS.index(span.label_)].max())
    if span.label_ in TRIP_SPANS:
        return float(span.doc._.spans_of_trip[span.start : span.end, 1 + TRIP_SPANS.index(span.label_)].max())
    return 0.0


for _name in ("kinds", "spans_of_trip", "pooled"):
    Doc.set_extension(_name, default=None, force=True)
Doc.set_extension("setting", default=(0, 0, 0), force=True)
Span.set_extension("p", getter=probability, force=True)
