"""Level tracks, one below the other, on which the values of each variable lie."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.panels.drawing.features import Features

__all__ = ["Segments", "Tracks"]

Array = NDArray[Any]
Segments = list[Array]
"""Lines from one point to another, (2, 2) each, in points from the upper left."""


class Tracks:
    """A track for each of the first variables, in points.

    It goes from the smallest to the largest value of a number; it has a cell for each value of a
    category.
    """

    def __init__(self, features: Features) -> None:
        self._features = features
        self._left = self._right = 0.0
        self._y: Array = np.empty(0)

    def place(self, left: float, right: float, y: Array) -> None:
        """Put as many tracks as there are heights ``y``, between ``left`` and ``right``."""
        self._left, self._right, self._y = left, right, np.asarray(y)
        self._shown = self._features.variables[: len(self._y)]

    def lines(self) -> Segments:
        """The tracks themselves, with a gap between the cells of a category."""
        found: Segments = []
        for variable, y in zip(self._shown, self._y, strict=True):
            edges = self.edges(len(variable.values) or 1)
            inset = 1.0 if variable.values else 0.0
            found += [np.array([(start, y), (end - inset, y)]) for start, end in pairwise(edges)]
        return found

    def edges(self, count: int) -> Array:
        """Where so many cells of equal width begin and end, (count + 1,)."""
        return np.linspace(self._left, self._right, count + 1)

    def bars(self, x: Array) -> Segments:
        """One example (features,): a bar up to each number, the cell of each category's value."""
        at, found = self._at(x), []
        for i, (variable, y) in enumerate(zip(self._shown, self._y, strict=True)):
            half = 0.5 * (self._right - self._left) / max(1, len(variable.values))
            ends = (at[i] - half, at[i] + half - 1) if variable.values else (self._left, at[i])
            found.append(np.array([(ends[0], y), (ends[1], y)]))
        return found

    def marks(self, x: Array, half: float) -> Segments:
        """Upright lines: through each number, and as tall as each value of a category is likely."""
        found = self.upright(x, half)
        for variable, y in zip(self._shown, self._y, strict=True):
            if not variable.values:
                continue
            edges = self.edges(len(variable.values))
            tall = 2 * half * np.clip(np.nan_to_num(variable.of(x)), 0.0, 1.0)
            found += [
                np.array([(middle, y + half), (middle, y + half - up)])
                for middle, up in zip((edges[1:] + edges[:-1]) / 2, tall, strict=True)
                if up > 0
            ]
        return found

    def upright(self, x: Array, half: float) -> Segments:
        """Upright lines through each number of one example (features,)."""
        at = self._at(x)
        return [
            np.array([(at[i], y - half), (at[i], y + half)])
            for i, (variable, y) in enumerate(zip(self._shown, self._y, strict=True))
            if not variable.values
        ]

    def dots(self, x: Array) -> tuple[Array, Array]:
        """Where examples (n, features) lie, x and y (n, tracks).

        Those with the same value of a category lie beside each other in its cell.
        """
        at, n = self._at(x), len(x)
        apart = (np.arange(n) + 0.5) / max(n, 1) - 0.5
        for i, variable in enumerate(self._shown):
            if variable.values:
                at[:, i] += 0.8 * apart * (self._right - self._left) / len(variable.values)
        return at, np.broadcast_to(self._y, at.shape)

    def spread(self, low: Array, high: Array) -> Segments:
        """From ``low`` to ``high``, (features,) each, for each number."""
        low = np.maximum(low, self._features.low)  # where there may be no logarithm
        ends = np.stack([self._at(low), self._at(high)], axis=1)
        return [
            np.stack([ends[i], [y, y]], axis=-1)
            for i, (variable, y) in enumerate(zip(self._shown, self._y, strict=True))
            if not variable.values
        ]

    def _at(self, x: Array) -> Array:
        """Where values (..., features) lie, (..., tracks): of a category its likeliest value."""
        levels = self._features.levels(x)[..., : len(self._y)]
        return np.asarray(self._left + levels * (self._right - self._left))
