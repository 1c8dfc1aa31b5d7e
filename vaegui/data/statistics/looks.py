"""What the values of each feature look like: range, mean, gaps and a histogram."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vaegui.data.source import Rows, Source
from vaegui.data.statistics.row_facts import portions
from vaegui.progress import ProgressCallback

__all__ = ["MOST_FEATURES", "FeatureLooks", "feature_looks"]

MOST_FEATURES = 1000
"""Of a table with more features, the first are looked at."""
_BINS = 20
_SAMPLED = 4000
"""So many examples from all over make the histograms."""


@dataclass(frozen=True, slots=True)
class FeatureLooks:
    """One feature over all examples, in the data's own units; of pictures, all values together.

    Attributes
    ----------
    missing
        How many values are missing or infinite.
    low, high, mean, sd
        Of the others; NaN if there are none.
    edges, bars
        A histogram of a sample: (bins + 1,) and (bins,).
    """

    name: str
    unit: str
    missing: int
    low: float
    high: float
    mean: float
    sd: float
    edges: tuple[float, ...]
    bars: tuple[int, ...]


def feature_looks(source: Source, progress: ProgressCallback) -> tuple[FeatureLooks, ...]:
    """Look at all examples once. Raises `DataError` and what ``progress`` raises."""
    spec = source.spec
    if not spec.length:
        return ()
    running: _Running | None = None
    for rows in portions(spec):
        progress("Looking at the features (examples)", rows.start, spec.length)
        x = _columns(source, rows)
        running = running or _Running(x)
        running.add(x)
    assert running is not None
    few = np.unique(np.linspace(0, spec.length - 1, _SAMPLED).astype(np.int64))
    sample = _columns(source, few)
    names, units = spec.names.features, spec.names.units
    table = len(spec.shape) == 1
    return tuple(
        FeatureLooks(
            (names[i] if names else str(i + 1)) if table else "all values",
            units[i] if units and table else "",
            *running.numbers(i),
            *_histogram(sample[:, i]),
        )
        for i in range(sample.shape[1])
    )


class _Running:
    """Statistics of the portions so far, each (values, features)."""

    def __init__(self, x: NDArray[np.float64]) -> None:
        there = np.isfinite(x)
        # Squares about a value within the range lose no digits.
        self._about = np.where(there, x, 0.0).sum(axis=0) / np.maximum(there.sum(axis=0), 1)
        self._low, self._high = np.full(x.shape[1], np.inf), np.full(x.shape[1], -np.inf)
        self._sum, self._squares = np.zeros(x.shape[1]), np.zeros(x.shape[1])
        self._count, self._missing = np.zeros(x.shape[1], int), np.zeros(x.shape[1], int)

    def add(self, x: NDArray[np.float64]) -> None:
        """Take in a portion."""
        there = np.isfinite(x)
        self._low = np.minimum(self._low, np.where(there, x, np.inf).min(axis=0))
        self._high = np.maximum(self._high, np.where(there, x, -np.inf).max(axis=0))
        with np.errstate(invalid="ignore"):
            apart = np.where(there, x - self._about, 0.0)
        self._sum += apart.sum(axis=0)
        self._squares += np.square(apart).sum(axis=0)
        self._count += there.sum(axis=0)
        self._missing += (~there).sum(axis=0)

    def numbers(self, i: int) -> tuple[int, float, float, float, float]:
        """Of one feature: missing, low, high, mean, standard deviation."""
        count, missing = int(self._count[i]), int(self._missing[i])
        if not count:
            return missing, math.nan, math.nan, math.nan, math.nan
        mean = float(self._sum[i]) / count
        variance = max(float(self._squares[i]) / count - mean * mean, 0.0)
        low, high = float(self._low[i]), float(self._high[i])
        return missing, low, high, float(self._about[i]) + mean, math.sqrt(variance)


def _columns(source: Source, rows: Rows) -> NDArray[np.float64]:
    """Some examples as (values, features): of pictures, all values are one feature."""
    x = source.read(rows).x.astype(np.float64)
    return x[:, :MOST_FEATURES] if x.ndim == 2 else x.reshape(-1, 1)


def _histogram(values: NDArray[np.float64]) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Edges (bins + 1,) and bars (bins,)."""
    bars, edges = np.histogram(values[np.isfinite(values)], _BINS)
    return tuple(edges.tolist()), tuple(bars.tolist())
