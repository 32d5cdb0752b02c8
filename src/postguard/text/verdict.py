"""The small head that turns a post's reading into a trip verdict, for an audience and an hour of publishing.

The encoder knows both, too, if they were told at the reading.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

CONTEXT = 6
"""Features of the context: public, hour as two points on a circle, hour / 24, after school, evening."""


def context(audience: str, hour: float) -> list[float]:
    """What the head is told beside the reading. A closed audience counts as a protected one."""
    turn = 2 * math.pi * hour / 24
    return [
        float(audience == "public"),
        math.sin(turn),
        math.cos(turn),
        hour / 24,
        float(hour >= 15.25),
        float(hour >= 18),
    ]


def probabilities(
    pooled: NDArray[np.float32], audience: str, hour: float, weights: Mapping[str, NDArray[np.float32]]
) -> tuple[float, float, float]:
    """P(pass), P(review), P(block) from the pooled reading (768 figures) and the weights of the head."""
    given = np.concatenate([pooled, np.array(context(audience, hour), np.float32)])
    hidden = np.maximum(weights["hidden.weight"] @ given + weights["hidden.bias"], 0)
    scores = (weights["out.weight"] @ hidden + weights["out.bias"]) / weights["temperature"]
    grown = np.exp(scores - scores.max())
    none, review, block = (grown / grown.sum()).tolist()
    return none, review, block
