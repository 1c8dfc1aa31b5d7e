"""The loss of each step and epoch, as frozen events. Terms are in nats per example."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["EpochDone", "LossTerms", "StepsDone"]

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LossTerms:
    """The loss and its parts in nats per example: total = reconstruction + beta * kl."""

    total: float
    reconstruction: float
    kl: float


@dataclass(frozen=True, eq=False, slots=True)
class StepsDone:
    """Some steps were done, one after another.

    ``first`` is the number of the first of them (the very first of a run is 1); ``total``,
    ``reconstruction`` and ``kl`` are (steps,). ``epoch`` is the running epoch, from 1.
    """

    first: int
    epoch: int
    total: Floats
    reconstruction: Floats
    kl: Floats
    examples_per_s: float

    @property
    def last(self) -> int:
        """Number of the last of these steps."""
        return self.first + len(self.total) - 1


@dataclass(frozen=True, eq=False, slots=True)
class EpochDone:
    """An epoch is over. ``validation`` is over the whole validation part, with fixed noise."""

    epoch: int
    step: int
    train: LossTerms
    validation: LossTerms | None
    kl_by_unit: Floats
    """Mean KL of each latent unit over the same examples, or over some of the training part."""
    active_units: int
    """Units whose posterior mean varies over the data by more than 0.01 (Burda et al. 2016)."""
    seconds: float
    """Time that the steps of this epoch took."""
