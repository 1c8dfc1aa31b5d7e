"""What a published script makes: a model, the files that its author saves, and its numbers."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from vaegui.core.likelihoods import Bernoulli, Gaussian

__all__ = ["LOGITS", "VALUES", "Published", "kept", "lively", "pictures"]

Paths = tuple[Path, ...]
LOGITS, VALUES = {"likelihood": Bernoulli()}, {"likelihood": Gaussian()}
"""What only the script knows of a decoder without a non-linearity: what it gives."""


@dataclass(frozen=True)
class Published:
    """A script that has run.

    Attributes
    ----------
    x, mean, log_var, decoded
        Examples, and what the script's own Keras makes of them; what is decoded is the mean.
    opens
        The files that hold layers, by the way in which they were saved.
    weights
        The files that hold weights alone.
    refused
        Other files, and words of the sentence that each is refused with.
    said
        What is said at opening, because only the script knows it.
    """

    x: Any
    mean: Any
    log_var: Any
    decoded: Any
    opens: dict[str, Paths]
    weights: dict[str, Path] = field(default_factory=dict)
    refused: dict[str, tuple[Paths, str]] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)


def kept(folder: Path, **models: Any) -> dict[str, Path]:
    """Each model saved whole, ``encoder_h5`` as encoder.h5; Keras warns that HDF5 is old."""
    paths = {}
    for name, model in models.items():
        stem, _, suffix = name.rpartition("_")
        paths[name] = folder / f"{stem}.{suffix}"
        quietly(model.save, paths[name])
    return paths


def quietly(save: Callable[[Path], None], path: Path) -> Path:
    """Save, without the warning that a format is old; the path."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        save(path)
    return path


def lively(*models: Any) -> None:
    """Give every weight a random value, so that none can be mixed up unnoticed.

    What Normalization has met in data stays: its layer has copies of that.
    """
    random = np.random.default_rng(5)
    for weight in (weight for model in models for weight in model.weights):
        path = getattr(weight, "path", weight.name)
        if "float" in str(weight.dtype) and not path.startswith("normalization"):
            values = random.normal(0.0, 0.15, weight.shape)
            weight.assign(np.abs(values) + 0.5 if "variance" in weight.name else values)


def pictures(*shape: int) -> Any:
    """Five examples with values from 0 to 1."""
    return np.random.default_rng(0).random((5, *shape)).astype(np.float32)
