"""Means and spreads of sets of values, which can be joined."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Moments"]


@dataclass(frozen=True, eq=False, slots=True)
class Moments:
    """How many values there are in a set, their mean, and their squared deviations from it.

    Each is (*shape) for as many sets. Of an empty set all are 0.
    """

    counts: NDArray[np.float64]
    mean: NDArray[np.float64]
    squares: NDArray[np.float64]

    @classmethod
    def of_nothing(cls, shape: tuple[int, ...]) -> Moments:
        """Those of empty sets."""
        return cls(np.zeros(shape), np.zeros(shape), np.zeros(shape))

    @classmethod
    def of(cls, x: NDArray[np.float64]) -> Moments:
        """Those of each column of ``x`` (n, *shape), which is overwritten; NaN is left aside."""
        total = x.sum(axis=0)
        if not np.isnan(total).any():
            mean = total / len(x)
            x -= mean
            return cls(np.full(mean.shape, float(len(x))), mean, np.square(x, out=x).sum(axis=0))
        there = ~np.isnan(x)
        counts = there.sum(axis=0).astype(np.float64)
        mean = np.where(there, x, 0.0).sum(axis=0) / np.maximum(counts, 1)
        squares = np.square(np.where(there, x - mean, 0.0)).sum(axis=0)
        return cls(counts, mean, squares)

    def joined(self, other: Moments) -> Moments:
        """Those of both together, without loss of digits.

        By equations 2.1 of Chan, Golub and LeVeque (1983).
        """
        counts = self.counts + other.counts
        share = other.counts / np.maximum(counts, 1)
        apart = other.mean - self.mean
        squares = self.squares + other.squares + np.square(apart) * (self.counts * share)
        return Moments(counts, self.mean + apart * share, squares)

    @property
    def sd(self) -> NDArray[np.float64]:
        """Standard deviations, with division by the counts."""
        found: NDArray[np.float64] = np.sqrt(self.squares / np.maximum(self.counts, 1))
        return found

    def together(self) -> Moments:
        """Those of all sets as one, each ()."""
        counts = self.counts.sum()
        mean = (self.mean * self.counts).sum() / np.maximum(counts, 1)
        squares = (self.squares + np.square(self.mean - mean) * self.counts).sum()
        return Moments(counts, mean, squares)
