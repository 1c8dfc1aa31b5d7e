"""Long, growing series made short enough to draw: means and extremes of runs of steps."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bins", "Track", "bins"]

Floats = NDArray[np.floating[Any]]
Bins = tuple[int, int, int]
"""Index of the first step, index after the last one, and steps in each bin."""

BLOCK = 64


def bins(first: int, last: int, most: int) -> Bins:
    """Divide steps ``first`` ... ``last - 1`` into at most about ``most`` bins of equal length.

    The length is a power of two and bins begin at its multiples, so that they stay where they
    are while the series grows: a curve drawn from them does not shimmer.
    """
    first, last = max(0, first), max(0, last)
    length = 1
    while (last - first) > length * max(1, most):
        length *= 2
    return first // length * length, last, length


class Track:
    """Prefix sums and block extremes of a series, kept up to date as it grows.

    `update` costs time for the new values only; `mean` and `extremes` cost time for the bins,
    however many values there are. Values that are not finite count as absent.
    """

    def __init__(self) -> None:
        self._values: Floats = np.empty(0, np.float32)
        self._sums = np.zeros((2, 1024))
        self._low = np.empty(0, np.float32)
        self._high = np.empty(0, np.float32)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def update(self, values: Floats) -> None:
        """Take in a longer version of the same series, (steps,)."""
        self._values = values
        old, new = self._length, len(values)
        if new == old:
            return
        fresh = np.asarray(values[old:], np.float64)
        there = np.isfinite(fresh)
        self._reserve(new + 1)
        parts = np.stack([np.where(there, fresh, 0.0), there])
        self._sums[:, old + 1 : new + 1] = self._sums[:, old : old + 1] + np.cumsum(parts, axis=1)
        block = old // BLOCK
        low, high = _extremes(np.asarray(values[block * BLOCK :]), BLOCK)
        self._low = np.concatenate([self._low[:block], low])
        self._high = np.concatenate([self._high[:block], high])
        self._length = new

    def mean(self, ends: NDArray[np.int64], window: int) -> Floats:
        """Mean of the ``window`` values before each index of ``ends``; NaN where there is none."""
        starts = np.maximum(ends - window, 0)
        total, count = self._sums[:, ends] - self._sums[:, starts]
        mean: Floats = np.full(len(ends), np.nan)
        np.divide(total, count, out=mean, where=count > 0)
        return mean

    def extremes(self, wanted: Bins) -> tuple[Floats, Floats]:
        """Smallest and largest value in each bin; NaN where there is none."""
        first, last, length = wanted
        if length < BLOCK:
            return _extremes(np.asarray(self._values[first:last]), length)
        blocks, each = slice(first // BLOCK, -(-last // BLOCK)), length // BLOCK
        return _extremes(self._low[blocks], each)[0], _extremes(self._high[blocks], each)[1]

    def _reserve(self, length: int) -> None:
        if length > self._sums.shape[1]:
            grown = np.zeros((2, max(length, 2 * self._sums.shape[1])))
            grown[:, : self._length + 1] = self._sums[:, : self._length + 1]
            self._sums = grown


def _extremes(values: Floats, length: int) -> tuple[Floats, Floats]:
    """Extremes of runs of ``length`` values, the last run perhaps shorter. NaN is passed over."""
    if not len(values):
        return values, values
    starts = np.arange(0, len(values), length)
    finite = np.where(np.isfinite(values), values, np.nan)
    return np.fmin.reduceat(finite, starts), np.fmax.reduceat(finite, starts)
