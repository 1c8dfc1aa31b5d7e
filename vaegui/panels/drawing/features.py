"""Tabular data on screen: what features are called, and their values in their own units."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.panels.drawing.stage import plain
from vaegui.panels.drawing.text import subscript
from vaegui.training.record.events import Prepared

__all__ = ["FEW", "Features", "typical"]

Array = NDArray[Any]

FEW = 12
"""So many features are shown one by one, with their names; more are shown as lines over all."""


class Features:
    """Names, units and ranges of the features of a run's data.

    Attributes
    ----------
    names
        One for each feature; x₁, x₂ ... where the data name none.
    units
        One for each feature, '' for a pure number.
    low, high
        Smallest and largest value among the probes, (features,), never the same.
    sds
        Standard deviation over the training part (over the probes where that is not known),
        (features,), 1 where a feature never varies.
    """

    def __init__(self, begun: Prepared) -> None:
        x, count = typical(begun), begun.data.shape[0]
        numbered = (f"x{subscript(i)}" for i in range(1, count + 1))
        self.names = begun.data.feature_names or tuple(numbered)
        self.units = begun.data.feature_units or ("",) * count
        sds = np.asarray(begun.data.feature_sds or x.std(axis=0), np.float64)
        self.sds = np.where(sds > 0, sds, 1.0)
        self.low, self.high = x.min(axis=0), x.max(axis=0)
        self.low = np.where(self.high > self.low, self.low, self.low - self.sds)
        self.high = np.where(self.high > self.low, self.high, self.high + self.sds)
        # At least two figures of the standard deviation: that tells examples apart.
        self._decimals = np.clip(np.floor(2.3 - np.log10(self.sds)), 0, 6).astype(int)

    def __len__(self) -> int:
        return len(self.names)

    @property
    def few(self) -> bool:
        """Whether each feature can have a row of its own."""
        return len(self) <= FEW

    def number(self, feature: int, value: float, *, signed: bool = False) -> str:
        """A value without its unit, as exact as the feature's spread asks for."""
        return plain(f"{value:{'+' if signed else ''},.{self._decimals[feature]}f}")

    def value(self, feature: int, value: float, *, signed: bool = False) -> str:
        """A value with its unit: ``13.20 %``."""
        return f"{self.number(feature, value, signed=signed)} {self.units[feature]}".rstrip()

    def title(self, feature: int) -> str:
        """Name and unit: ``alcohol (%)``."""
        unit = self.units[feature]
        return f"{self.names[feature]} ({unit})" if unit else self.names[feature]

    def fraction(self, x: Array) -> NDArray[np.float64]:
        """Where values lie between `low` (0) and `high` (1), (..., features), cut off there."""
        part = (np.asarray(x, np.float64) - self.low) / (self.high - self.low)
        return np.asarray(np.clip(np.nan_to_num(part), 0.0, 1.0), np.float64)

    def in_sds(self, difference: Array) -> NDArray[np.float64]:
        """Differences in standard deviations of each feature, (..., features)."""
        return np.asarray(np.asarray(difference, np.float64) / self.sds)

    def text(self, x: Array, decoded: Array | None = None, most: int = FEW) -> str:
        """One example in words, and how far a reconstruction is off.

        Of many features only the ``most`` whose reconstruction is farthest off are told.
        """
        order = list(range(len(self)))
        if decoded is None:
            return ", ".join(f"{self.names[i]} {self.value(i, x[i])}" for i in order[:most])
        off = self.in_sds(np.asarray(decoded, np.float64) - x)
        if len(self) > most:
            order = sorted(np.argsort(-np.abs(off))[:most].tolist())
        return "; ".join(
            f"{self.names[i]} {self.value(i, x[i])}, reconstructed as "
            f"{self.value(i, decoded[i])} ({plain(f'{off[i]:+.1f}')} sd)"
            for i in order
        )


def typical(begun: Prepared) -> NDArray[np.float64]:
    """Examples from which ranges are read, (n, features): the probes.

    Without the data it is what the smallest and the largest value that the model saw stand for.
    """
    if len(begun.probes):
        return np.asarray(begun.probes.x, np.float64)
    ends = (np.full(begun.data.shape, end) for end in begun.data.model_range)
    return np.stack([begun.data.scaling.to_data(end) for end in ends]).astype(np.float64)


def bars_text(begun: Prepared) -> str:
    """Which bar of a tile is which feature, as a sentence; '' for pictures and many features."""
    if begun.data.is_image or begun.data.shape[0] > FEW:
        return ""
    return f" Bars from left to right: {', '.join(Features(begun).names)}."
