"""Neighbours among projected examples, by comparing each with all."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

__all__ = ["DIRECTIONS", "Neighbours"]

DIRECTIONS = 24
_STRETCHED = 52.0
"""A projection stretches the square of a distance by less than this, 999 times of 1,000: it is
chi-squared with 24 degrees of freedom."""
_POINTS, _KNOWN = 256, 4096
"""So many points are compared with so many examples together: 4 MB stay in the processor's cache,
and a matrix product is quick."""


class Neighbours:
    """Some examples as their products with random directions of standard normal numbers.

    Attributes
    ----------
    points
        (n, directions).
    """

    def __init__(self, points: NDArray[np.float32]) -> None:
        self.points = points
        # The middle is taken away, as small numbers have small errors.
        self._middle = points.mean(axis=0)
        around = points - self._middle
        # |a - b|^2 - |a|^2 as one product: (a, 1) times (-2 b, |b|^2).
        known = np.concatenate([-2 * around.T, np.square(around).sum(axis=1)[None]])
        self._blocks = [
            np.ascontiguousarray(known[:, start : start + _KNOWN])
            for start in range(0, len(points), _KNOWN)
        ]

    def within(self, points: NDArray[np.float32], distance: float) -> NDArray[np.intp]:
        """Which of some points (m, directions) probably have an example within a distance."""
        least = np.square(points - self._middle).sum(axis=1)
        for some, blocks in self._squares(points):
            least[some] += np.min([squares.min(axis=1) for squares in blocks], axis=0)
        return np.flatnonzero(least < _STRETCHED * distance**2)

    def nearest(self, points: NDArray[np.float32], count: int) -> NDArray[np.intp]:
        """The numbers of the nearest for each of some points, nearest first, (m, count)."""
        count = min(count, len(self.points))
        found = np.empty((len(points), count), np.intp)
        for some, blocks in self._squares(points):
            squares = np.concatenate(list(blocks), axis=1)
            first = np.argpartition(squares, count - 1, axis=1)[:, :count]
            order = np.argsort(np.take_along_axis(squares, first, axis=1), axis=1)
            found[some] = np.take_along_axis(first, order, axis=1)
        return found

    def _squares(
        self, points: NDArray[np.float32]
    ) -> Iterator[tuple[slice, Iterator[NDArray[np.float32]]]]:
        """For a few points at a time, |a - b|^2 - |a|^2 with each block of examples in turn."""
        for start in range(0, len(points), _POINTS):
            some = slice(start, min(start + _POINTS, len(points)))
            around = points[some] - self._middle
            left = np.concatenate([around, np.ones((len(around), 1), np.float32)], axis=1)
            yield some, (left @ block for block in self._blocks)
