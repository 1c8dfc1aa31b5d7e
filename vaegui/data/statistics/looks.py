"""What the values of each feature look like: range, mean, gaps and a histogram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.data.source import Source
from vaegui.data.statistics.histogram import histogram
from vaegui.data.statistics.moments import Moments
from vaegui.data.statistics.statistics import Statistics

__all__ = ["MOST_FEATURES", "FeatureLooks", "feature_looks"]

MOST_FEATURES = 1000
"""Of a table with more features, the first are looked at."""
_BINS = 20
_SAMPLED = 4000
"""So many examples from all over the training part make the histograms."""


@dataclass(frozen=True, slots=True)
class FeatureLooks:
    """One feature over all parts, in the data's own units; of pictures, all values together.

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


def feature_looks(train: Source, parts: Sequence[Statistics]) -> tuple[FeatureLooks, ...]:
    """Join what is known of all parts, and draw histograms of some training examples.

    Raises `DataError` if they cannot be read.
    """
    spec = train.spec
    moments, table = Moments.of_nothing(spec.shape), len(spec.shape) == 1
    for part in parts:
        moments = moments.joined(part.moments)
    low = np.stack([part.low for part in parts]).min(axis=0)
    high = np.stack([part.high for part in parts]).max(axis=0)
    missing = np.stack([part.missing for part in parts]).sum(axis=0)
    if not table:
        moments, low, high = moments.together(), low.min(keepdims=True), high.max(keepdims=True)
        missing = missing.sum(keepdims=True)
    low, high, missing, mean, sd = map(np.ravel, (low, high, missing, moments.mean, moments.sd))
    none = np.ravel(moments.counts) == 0
    low, high, mean, sd = (np.where(none, np.nan, each) for each in (low, high, mean, sd))
    names, units = spec.names.features, spec.names.units
    sample = _sample(train)
    return tuple(
        FeatureLooks(
            name=(names[i] if names else str(i + 1)) if table else "all values",
            unit=units[i] if units and table else "",
            missing=int(missing[i]),
            low=float(low[i]),
            high=float(high[i]),
            mean=float(mean[i]),
            sd=float(sd[i]),
            **_histogram(sample[:, i]),
        )
        for i in range(sample.shape[1])
    )


def _sample(source: Source) -> NDArray[np.float64]:
    """Some examples as (values, features): of pictures, all values are one feature."""
    few = np.unique(np.linspace(0, source.spec.length - 1, _SAMPLED).astype(np.int64))
    x = source.read(few).x.astype(np.float64)
    return x[:, :MOST_FEATURES] if x.ndim == 2 else x.reshape(-1, 1)


def _histogram(values: NDArray[np.float64]) -> dict[str, Any]:
    """Edges (bins + 1,) and bars (bins,)."""
    bars, edges = histogram(values[np.isfinite(values)], _BINS)
    return {"edges": edges, "bars": bars}
