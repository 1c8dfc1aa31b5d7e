"""What is looked at of a model without data: draws from its prior, decoded."""

from __future__ import annotations

import math

import numpy as np

from vaegui.data.dataset import Dataset
from vaegui.data.sources.array import ArraySource
from vaegui.training.model.inference import Inference

__all__ = ["drawn"]

MOST, LEAST = 200, 20
MOST_BYTES = 1 << 26
"""Of all draws together, unless they are the fewest."""


def drawn(model: Inference) -> Dataset:
    """Draws of z from the prior, decoded, as examples of the shape that the model takes."""
    vae = model.vae
    each = math.prod(vae.shape) * np.dtype(np.float32).itemsize
    count = max(LEAST, min(MOST, MOST_BYTES // each))
    random = np.random.Generator(np.random.Philox(model.seed))
    x = ArraySource(model.decode(vae.prior.sample(count, vae.units, random)))
    return Dataset("Draws from the prior", x, ArraySource(np.empty((0, *vae.shape), np.float32)))
