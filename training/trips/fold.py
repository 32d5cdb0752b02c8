"""Trains a text model without some sets of posts and writes it as a pipeline, so that those sets can be judged
honestly."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from training.text import __main__ as text
from training.text import export, train


def main() -> None:
    """Read the arguments, train one network, write its pipeline."""
    parser = argparse.ArgumentParser(prog="python -m training.trips.fold", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--hold", required=True, help="sets to leave out, by commas")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=5)
    arguments = parser.parse_args()

    torch.set_num_threads(1)
    data = text.Data.read(arguments.corpus, frozenset(arguments.hold.split(",")))
    network = text.teach(data, train.Plan(epochs=arguments.epochs), [], 1)
    export.write(network, data.lists, arguments.out, "A model that was not taught every set of posts.", "0.0.0")


if __name__ == "__main__":
    main()
