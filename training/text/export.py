"""Writes a trained network as the pipeline that ships: a graph in 8 bits, verdict head, labels, pieces, lexicon."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

from postguard.text import encoder, sentences
from postguard.text.language import COMPONENT, KINDS, TRIP_SPANS
from training.text.network import TAGS, rampart

if TYPE_CHECKING:
    from torch import Tensor

    from postguard.text.lexicon import Lexicon
    from training.text.network import Network

OPSET = 17
REGISTERED = (encoder, sentences)
"""The modules that register the parts which the pipeline's config names."""


class Graph(nn.Module):
    """What the shipped graph computes: one window in, everything that is told of it out."""

    def __init__(self, network: Network, temperature: float) -> None:
        super().__init__()
        self.network = network
        self.temperature = temperature

    def forward(self, ids: Tensor, features: Tensor, first: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Kinds (words, 8), trip spans (words, 3), tags (words,), pooled (768,)."""
        top, lower = self.network.encode(ids, features)
        word = top[0].index_select(0, first)
        tags = self.network.tags(lower[0].index_select(0, first)).argmax(-1)
        kinds = (self.network.kinds(word) / self.temperature).softmax(-1)
        return kinds, self.network.trip(word).softmax(-1), tags, self.network.pool(top)[0]


def to_onnx(network: Network, path: Path, temperature: float) -> None:
    """The network as an ONNX graph whose matrices and tables are in 8 bits (by channel)."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    network.eval()
    sample = (torch.ones(1, 12, dtype=torch.long), torch.zeros(1, 12, 3, dtype=torch.long), torch.arange(1, 9))
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            Graph(network, temperature),
            sample,
            str(whole),
            input_names=["ids", "features", "first"],
            output_names=["kinds", "trip", "tags", "pooled"],
            dynamic_axes={
                "ids": {1: "pieces"},
                "features": {1: "pieces"},
                "first": {0: "words"},
                "kinds": {0: "words"},
                "trip": {0: "words"},
                "tags": {0: "words"},
            },
            opset_version=OPSET,
            dynamo=False,
        )
        quantize_dynamic(
            whole, path, weight_type=QuantType.QInt8, per_channel=True, extra_options={"MatMulConstBOnly": True}
        )


def write(
    network: Network,
    lists: Lexicon,
    folder: Path,
    card: str,
    version: str,
    heat: tuple[float, float] = (1.0, 1.0),
) -> None:
    """The whole pipeline into `folder`: `spacy.load(folder)` reads it once `postguard.text.encoder` is imported.

    `heat`: the temperatures of the kinds and of the trip verdict.
    """
    import spacy

    folder.mkdir(parents=True, exist_ok=True)
    part = folder / COMPONENT
    part.mkdir(exist_ok=True)
    to_onnx(network, part / "encoder.onnx", heat[0])
    weights = {
        f"{ours}.{name}": tensor.detach().numpy().astype(np.float32)
        for ours, module in (("hidden", network.hidden), ("out", network.verdict))
        for name, tensor in module.named_parameters()
    }
    np.savez(part / "verdict.npz", temperature=np.float32(heat[1]), **weights)
    labels = {"kinds": ["", *KINDS], "trip": ["", *TRIP_SPANS], "tags": list(TAGS)}
    (part / "labels.json").write_text(json.dumps(labels, indent=1) + "\n", encoding="utf-8")
    (part / "pieces.json").write_text((rampart() / "tokenizer.json").read_text(encoding="utf-8"), encoding="utf-8")

    nlp = spacy.blank("xx", config={"nlp": {"tokenizer": {"@tokenizers": "postguard.words.v1"}}})
    nlp.tokenizer.lexicon = lists
    nlp.add_pipe("postguard_sentences")
    nlp.add_pipe("postguard_encoder", name=COMPONENT)
    nlp.meta.update(
        name="posts",
        version=version,
        description="Kinds of named beings, WHERE and WHEN, parts of speech and trip verdicts in school posts",
        license="CC BY-SA 4.0",
    )
    nlp.to_disk(folder, exclude=[COMPONENT, "vocab"])
    (folder / "README.md").write_text(card, encoding="utf-8")
    sums(folder)


def sums(folder: Path) -> None:
    """Write `SHA256SUMS` over all other files of `folder`."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(folder).as_posix()}\n" for p in files]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
