"""How the examples of another file differ from those that a model was trained on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vaegui.data.description import DataDescription
from vaegui.data.own.another.another import AnotherFile
from vaegui.data.statistics.statistics import examine
from vaegui.progress import ProgressCallback

__all__ = ["Difference", "Drift", "difference"]

_MUCH = 0.5
"""A mean that is this many standard deviations away is worth telling."""
_TOLD = 10
"""So many features are told in words."""


@dataclass(frozen=True, slots=True)
class Drift:
    """How one feature differs.

    ``shift`` is the difference of the means in standard deviations of the training part, ``low``
    and ``high`` are its smallest and largest value in the other file, and ``beyond`` says whether
    those are outside of the training part's range.
    """

    name: str
    shift: float
    low: float
    high: float
    beyond: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """How another file differs.

    Attributes
    ----------
    examples, incomplete
        How many there are to encode, and how many of the file have gaps.
    unused
        Columns that the model does not know.
    features
        Of each feature of a table, those that differ most first; none for pictures.
    range
        Smallest and largest value of all.
    usual_range
        The same of what the model was trained on.
    """

    examples: int
    incomplete: int
    unused: tuple[str, ...]
    features: tuple[Drift, ...]
    range: tuple[float, float]
    usual_range: tuple[float, float]

    @property
    def sentences(self) -> list[str]:
        """What is worth telling, a sentence each; none if nothing is."""
        told = []
        if self.incomplete:
            what = "1 example has" if self.incomplete == 1 else f"{self.incomplete:,} examples have"
            told.append(f"{what} values that are missing or infinite.")
        if self.unused:
            shown = ", ".join(self.unused[:_TOLD])
            told.append(f"The model does not know these columns: {shown}.")
        far = [drift for drift in self.features if drift.beyond or abs(drift.shift) > _MUCH]
        for drift in far[:_TOLD]:
            beyond = f" It goes from {drift.low:.4g} to {drift.high:.4g}, beyond what was trained."
            told.append(
                f"{drift.name}: its mean is {drift.shift:+.2g} standard deviations away."
                f"{beyond if drift.beyond else ''}"
            )
        if len(far) > _TOLD:
            told.append(f"{len(far) - _TOLD:,} more features differ.")
        outside = self.range[0] < self.usual_range[0] or self.range[1] > self.usual_range[1]
        if self.examples and not self.features and outside:
            told.append(
                f"Values go from {self.range[0]:.4g} to {self.range[1]:.4g}; the model was trained "
                f"on {self.usual_range[0]:.4g} to {self.usual_range[1]:.4g}."
            )
        return told


def difference(
    other: AnotherFile, known: DataDescription, progress: ProgressCallback
) -> Difference:
    """Compare another file with what a model knows of its data. It is read through once."""
    ((found,), _) = examine([other.source], progress)
    ends = (float(found.low.min()), float(found.high.max())) if found.count else known.value_range
    features: list[Drift] = []
    statistics = known.feature_means, known.feature_sds, known.feature_lows, known.feature_highs
    if found.count and all(each is not None for each in statistics):
        means, sds, lows, highs = (np.array(each) for each in statistics)
        names = known.feature_names or tuple(f"feature {i + 1}" for i in range(len(means)))
        shifts = (found.mean - means) / np.where(sds > 0, sds, 1.0)
        beyond = (found.low < lows) | (found.high > highs)
        for i in np.argsort(-np.abs(shifts)).tolist():
            ends_of = float(found.low[i]), float(found.high[i])
            features.append(Drift(names[i], float(shifts[i]), *ends_of, bool(beyond[i])))
    return Difference(
        found.count, other.incomplete, other.unused, tuple(features), ends, known.value_range
    )
