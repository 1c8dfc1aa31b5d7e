"""Which examples each step sees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Batches"]


@dataclass(frozen=True, slots=True)
class Batches:
    """The division of each epoch into steps: all examples once, in an order of its own.

    Parameters
    ----------
    examples
        Number of training examples; 0 for a model without data, which takes no steps.
    size
        Examples in each step, at most all. The last step of an epoch has those that remain.
    seed
        Start of the order.
    """

    examples: int
    size: int
    seed: int

    @property
    def steps(self) -> int:
        """Number of steps of an epoch; 1 without data, so that it can be divided by."""
        return max(1, -(-self.examples // self.size))

    def seen(self, step: int, count: int) -> int:
        """How many examples the ``count`` steps after ``step`` see; all are of one epoch."""
        within = step % self.steps
        return min((within + count) * self.size, self.examples) - within * self.size

    def rows(self, step: int) -> NDArray[np.int32]:
        """The rows of the examples of the step after ``step``."""
        epoch, within = divmod(step, self.steps)
        return self.order(epoch)[within, : self.seen(step, 1)]

    def order(self, epoch: int) -> NDArray[np.int32]:
        """The rows of each step of an epoch, (steps, size), the last filled up with others."""
        random = np.random.Generator(np.random.Philox(key=[self.seed, epoch]))
        order = random.permutation(self.examples).astype(np.int32)
        fill = self.steps * self.size - len(order)
        return np.concatenate([order, order[:fill]]).reshape(-1, self.size)
