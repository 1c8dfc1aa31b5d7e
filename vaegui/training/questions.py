"""What can be asked of a model while it trains, and the answers.

A question stands until another of its class replaces it: it is answered at once, between two
chunks of steps, and again with each snapshot, so that what it shows moves while the model learns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Content", "Decode", "Decoded", "Inspect", "Inspected", "Question"]

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Decode:
    """What does the decoder make of this z? ``z`` has one number for each latent unit."""

    z: tuple[float, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Decoded:
    """The reconstruction of one z, (*shape), in the data's own scale."""

    reconstruction: Floats


@dataclass(frozen=True, slots=True)
class Inspect:
    """Everything about one probe: its posterior and what draws from it decode to."""

    probe: int
    draws: int = 16


@dataclass(frozen=True, eq=False, slots=True)
class Inspected:
    """The posterior of one input, and draws from it with noise that stays the same.

    ``mean``, ``log_var`` (units,); ``reconstruction`` (*shape) of the mean;
    ``z`` (draws, units) and ``decoded`` (draws, *shape). Pictures are in the data's own scale.
    """

    mean: Floats
    log_var: Floats
    reconstruction: Floats
    z: Floats
    decoded: Floats


Question = Decode | Inspect
Content = Decoded | Inspected
