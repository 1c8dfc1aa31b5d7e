"""What the losses come to: the defaults on the bundled sample, and a published figure."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np

from benchmarks.result import Result
from vaegui.data import ArraySource, Dataset, Mnist, Scaling
from vaegui.data.source import Names
from vaegui.paths import resource
from vaegui.progress import no_progress
from vaegui.training.record.losses import LossTerms
from vaegui.training.settings.settings import Settings
from vaegui.training.trainer.run_state import RunState
from vaegui.training.trainer.trainer import Trainer

__all__ = ["defaults", "published"]

PUBLISHED = 106.66
"""Test loss after the epochs of the PyTorch project's VAE example (400 hidden, 20 latent units)."""


def defaults(mnist: Path | None) -> list[Result]:
    """Train with the default settings."""
    validation = _trained(Trainer.create(Settings()))
    parts = f"reconstruction {validation.reconstruction:.2f}, KL {validation.kl:.2f}"
    text = f"{validation.total:.2f} ({parts})"
    what = "Test loss with the default settings, nats per image"
    return [Result(what, text, "at most 158", validation.total <= 158)]


def published(mnist: Path | None) -> list[Result]:
    """Train dense 400 with 20 units for 7 epochs on full MNIST.

    ``mnist`` is a folder with MNIST's four original files; without it, Keras' copy is used.
    """
    dataset = Mnist().load(no_progress) if mnist is None else _original(mnist)
    settings = Settings().with_values(
        {
            "data.kind": "mnist",
            "architecture.widths": [400],
            "latent_units": 20,
            "training.epochs": 7,
        }
    )
    validation = _trained(Trainer(RunState(settings, dataset.description), dataset))
    what = "Test loss of dense 400 with 20 units on full MNIST after 7 epochs, nats per image"
    target = f"at most 108 (published: {PUBLISHED})"
    return [Result(what, f"{validation.total:.2f}", target, validation.total <= 108)]


def _trained(trainer: Trainer) -> LossTerms:
    for _ in trainer.run():
        pass
    validation = trainer.history.epochs[-1].validation
    assert validation is not None
    return validation


def _original(folder: Path) -> Dataset:
    read = runpy.run_path(str(resource("make_mnist_sample.py")))["read_idx"]
    parts = [
        ArraySource(
            read(folder / f"{prefix}-images-idx3-ubyte.gz"),
            read(folder / f"{prefix}-labels-idx1-ubyte.gz").astype(np.int64),
            Names(tuple("0123456789")),
        )
        for prefix in ("train", "t10k")
    ]
    return Dataset("MNIST", *parts, Scaling(1 / 255))
