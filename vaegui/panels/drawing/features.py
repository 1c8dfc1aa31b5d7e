"""Tables and signals on screen: what features are called, and their values in their own units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.data.source import OneHot
from vaegui.panels.drawing.stage import plain
from vaegui.panels.drawing.text import subscript
from vaegui.training.record.events import Prepared

__all__ = ["FEW", "MISSING", "Features", "Variable", "typical"]

Array = NDArray[Any]
Floats = NDArray[np.float64]

FEW = 12
"""So many variables are shown one by one, with their names; more are shown as lines over all."""
MISSING = "missing"
"""What stands where there is no value."""


@dataclass(frozen=True, slots=True)
class Variable:
    """What is shown as one: a number, or a category with a feature for each of its values.

    ``first`` is its only or its first feature, ``values`` are what a category's values are called.
    """

    name: str
    unit: str
    first: int
    values: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Name and unit: ``alcohol (%)``."""
        return f"{self.name} ({self.unit})" if self.unit else self.name

    def of(self, x: Array) -> Floats:
        """What examples (..., features) have of a category's values, (..., values)."""
        return np.asarray(x[..., self.first : self.first + len(self.values)], np.float64)

    def choice(self, x: Array) -> Floats:
        """Which value of a category is the largest, (...); NaN where it has none."""
        values = np.nan_to_num(self.of(x))
        return np.asarray(np.where(values.max(axis=-1) > 0, values.argmax(axis=-1), np.nan))


class Features:
    """Names, units and ranges of the features of a run's data.

    Attributes
    ----------
    variables
        The numbers and the categories that the features are.
    numbers
        Which features are numbers, (numbers,).
    channels
        Of a signal the number of its channels; 0 of a table.
    names
        One for each feature; x₁, x₂ ... where the data name none.
    units
        One for each feature, '' for a pure number.
    low, high
        Smallest and largest value among the probes, (features,), never the same. Those of a
        signal are one for each channel, those of a category 0 and 1.
    sds
        Standard deviation over the training part (over the probes where that is not known),
        (features,), 1 where a feature never varies.
    """

    def __init__(self, begun: Prepared) -> None:
        data = begun.data
        x, count = typical(begun), data.shape[0]
        self.channels = data.channels
        self.names = data.feature_names or _numbered(count, self.channels)
        self.units = data.feature_units or ("",) * count
        self.variables = tuple(_variables(self.names, self.units, data.one_hot))
        self._numbers_at = [i for i, v in enumerate(self.variables) if not v.values]
        self.numbers = np.array([self.variables[i].first for i in self._numbers_at], np.intp)
        there = np.isfinite(x)
        low = np.min(x, axis=0, where=there, initial=np.inf)
        high = np.max(x, axis=0, where=there, initial=-np.inf)
        known = there.any(axis=0)
        low, high = np.where(known, low, 0.0), np.where(known, high, 0.0)
        sds = np.asarray(data.feature_sds or _sd(x), np.float64)
        if self.channels:
            low, high = self._shared(low, np.min), self._shared(high, np.max)
            sds = np.sqrt(self._shared(np.square(sds), np.mean))
        self.sds = np.where(sds > 0, sds, 1.0)
        varies = high > low
        logarithmic = np.broadcast_to(data.scaling.log1p or False, count)
        below = np.where(logarithmic, np.minimum(low, 0.0), low - self.sds)
        self.low = np.where(varies, low, below)
        self.high = np.where(varies, high, high + self.sds)
        for variable in self.variables:
            at = slice(variable.first, variable.first + len(variable.values))
            self.low[at], self.high[at] = 0.0, 1.0
        # At least two figures of the standard deviation: that tells examples apart.
        self._decimals = np.clip(np.floor(2.3 - np.log10(self.sds)), 0, 6).astype(int)
        self._scaling = data.scaling
        seen, self._logarithmic = self.stretched(x), logarithmic
        spread = np.where(logarithmic, _sd(seen), self.sds)
        self._spread = np.where(spread > 0, spread, 1.0)
        self._centre = np.nan_to_num(np.mean(np.where(there, seen, self.low), axis=0))

    def __len__(self) -> int:
        return len(self.names)

    def _shared(self, values: Floats, reduce: Any) -> Floats:
        """One number for all features of a channel, (features,) as before."""
        each = values.reshape(self.channels, -1)
        return np.repeat(reduce(each, axis=1), each.shape[1])

    @property
    def few(self) -> bool:
        """Whether each variable can have a row of its own."""
        return len(self.variables) <= FEW and not self.channels

    def number(self, feature: int, value: float, *, signed: bool = False) -> str:
        """A value without its unit, as exact as the feature's spread asks for."""
        if not np.isfinite(value):
            return MISSING
        return plain(f"{value:{'+' if signed else ''},.{self._decimals[feature]}f}")

    def value(self, feature: int, value: float) -> str:
        """A value with its unit: ``13.20 %``."""
        number = self.number(feature, value)
        return number if number == MISSING else f"{number} {self.units[feature]}".rstrip()

    def written(self, variable: Variable, x: Array) -> str:
        """What one example (features,) has of a variable: ``13.20 %``, ``red``, ``red 0.83``.

        The number is that of a category's likeliest value, where it is not certain.
        """
        if not variable.values:
            return self.value(variable.first, float(x[variable.first]))
        word, number = self.likeliest(variable, x)
        return f"{word} {number}".rstrip()

    def likeliest(self, variable: Variable, x: Array) -> tuple[str, str]:
        """The value of a category that one example has most of, and how much; '' if certain."""
        choice = variable.choice(x)
        if np.isnan(choice):
            return MISSING, ""
        largest = float(variable.of(x)[int(choice)])
        return variable.values[int(choice)], "" if largest == 1.0 else f"{largest:.2f}"

    def stretched(self, x: Array) -> Floats:
        """Values as they lie on axes, (..., features): log(1 + x) where the model sees that."""
        return np.asarray(self._scaling.to_logarithms(np.asarray(x, np.float64)), np.float64)

    def is_logarithmic(self, feature: int) -> bool:
        """Whether the axis of a feature is log(1 + x)."""
        return bool(self._logarithmic[feature])

    def fraction(self, x: Array, beyond: float = 0.0) -> Floats:
        """Where values lie between `low` (0) and `high` (1), (..., features).

        They are cut off that far beyond these; NaN where a value is missing.
        """
        low, high = self.stretched(self.low), self.stretched(self.high)
        part = (self.stretched(x) - low) / (high - low)
        return np.asarray(np.clip(part, -beyond, 1.0 + beyond))

    def on_track(self, feature: int, values: Array) -> Floats:
        """Where values (n,) of one feature lie between its `low` (0) and `high` (1), uncut."""
        every = np.tile(self.low, (len(values), 1))
        every[:, feature] = values
        return self.fraction(every, np.inf)[:, feature]

    def curve(self, values: Array) -> Floats:
        """Values (..., variables) to draw as a line, with a NaN between the channels of a signal.

        There is nothing to insert in those of a table: categories are NaN already.
        """
        count = values.shape[-1]
        ends = np.arange(1, self.channels) * (count // max(1, self.channels))
        return np.asarray(np.insert(np.asarray(values, np.float64), ends, np.nan, axis=-1))

    def levels(self, x: Array, beyond: float = 0.0) -> Floats:
        """The same for each variable, (..., variables); each value of a category has a level."""
        found = self.by_variable(self.fraction(x, beyond))
        for i, variable in enumerate(self.variables):
            if variable.values:
                found[..., i] = (variable.choice(x) + 0.5) / len(variable.values)
        return found

    def by_variable(self, values: Array) -> Floats:
        """Values (..., features) as (..., variables): NaN for categories."""
        found = np.full((*values.shape[:-1], len(self.variables)), np.nan)
        found[..., self._numbers_at] = values[..., self.numbers]
        return found

    def summed(self, terms: Array) -> Floats:
        """The sum over each variable's features of ``terms`` (features,), (variables,)."""
        return np.asarray(np.add.reduceat(terms, [v.first for v in self.variables]), np.float64)

    def standardised(self, x: Array) -> Floats:
        """Values (..., features) in standard deviations from the mean of the probes."""
        return np.asarray((self.stretched(x) - self._centre) / self._spread)

    def in_sds(self, x: Array, decoded: Array) -> Floats:
        """How far reconstructions are off, in standard deviations of each feature.

        Where the model sees log(1 + x), it is the logarithms' difference and deviation.
        """
        return np.asarray(self.standardised(decoded) - self.standardised(x))

    def text(self, x: Array, decoded: Array | None = None, most: int = FEW) -> str:
        """One example in words, and how far a reconstruction is off.

        Of many variables only the ``most`` whose reconstruction is farthest off are told.
        """
        told = list(self.variables)
        if decoded is None:
            return ", ".join(f"{v.name} {self.written(v, x)}" for v in told[:most])
        off = self.in_sds(x, decoded)
        if len(told) > most:
            size = np.nan_to_num(np.abs(off))
            wide = [max(size[v.first : v.first + max(1, len(v.values))]) for v in told]
            told = [told[i] for i in np.sort(np.argsort(wide)[::-1][:most])]
        return "; ".join(self.compared(v, x, decoded, off) for v in told)

    def hover_text(self, variable: Variable, x: Array, decoded: Array | None) -> str:
        """All that is known of a variable of one example, line by line, for a tooltip."""
        lines = [variable.title, f"input: {self.written(variable, x)}"]
        if decoded is None:
            return "\n".join(lines)
        if variable.values:
            numbers = zip(variable.values, variable.of(decoded), strict=True)
            likeliest = sorted(numbers, key=lambda each: -each[1])[:FEW]
            lines.append("reconstruction:")
            return "\n".join([*lines, *(plain(f"{word}: {p:.2f}") for word, p in likeliest)])
        off = self.in_sds(x, decoded)[variable.first]
        apart = plain(f" ({off:+.2f} sd)") if np.isfinite(off) else ""
        return "\n".join([*lines, f"reconstruction: {self.written(variable, decoded)}{apart}"])

    def compared(self, variable: Variable, x: Array, decoded: Array, off: Array) -> str:
        """A variable of one example and of its reconstruction; ``off`` is `in_sds` of both."""
        told = f"{variable.name} {self.written(variable, x)}, reconstructed as "
        told += self.written(variable, decoded)
        sds = float(off[variable.first])
        if variable.values or not np.isfinite(sds):
            return told
        return f"{told} ({plain(f'{sds:+.1f}')} sd)"


def typical(begun: Prepared) -> Floats:
    """Examples from which ranges are read, (n, features): the probes.

    Without the data it is what the smallest and the largest value that the model saw stand for.
    """
    if len(begun.probes):
        return np.asarray(begun.probes.x, np.float64)
    ends = (np.full(begun.data.shape, end) for end in begun.data.model_range)
    return np.stack([begun.data.scaling.to_data(end) for end in ends]).astype(np.float64)


def bars_text(begun: Prepared) -> str:
    """Which bar of a tile is which feature, as a sentence; '' for pictures and many features."""
    if begun.data.is_image:
        return ""
    features = Features(begun)
    names = ", ".join(variable.name for variable in features.variables)
    return f" Bars from left to right: {names}." if features.few else ""


def _numbered(count: int, channels: int) -> tuple[str, ...]:
    """Names of features that have none."""
    if not channels:
        return tuple(f"x{subscript(i)}" for i in range(1, count + 1))
    each = count // channels
    samples = [f"sample {i}" for i in range(1, each + 1)]
    if channels == 1:
        return tuple(samples)
    return tuple(f"channel {c}, {sample}" for c in range(1, channels + 1) for sample in samples)


def _variables(
    names: Sequence[str], units: Sequence[str], categories: Sequence[OneHot]
) -> list[Variable]:
    """Numbers and categories in the order of their features."""
    found, at = [], 0
    begins = {category.first: category for category in categories}
    while at < len(names):
        category = begins.get(at)
        if category is None:
            found.append(Variable(names[at], units[at], at))
        else:
            found.append(Variable(category.name, "", at, category.values))
        at += 1 if category is None else len(category.values)
    return found


def _sd(x: Array) -> Floats:
    """Standard deviation of each feature over the examples that have it, (features,)."""
    there = np.isfinite(x)
    count = np.maximum(there.sum(axis=0), 1)
    mean = np.where(there, x, 0.0).sum(axis=0) / count
    return np.asarray(np.sqrt((np.where(there, x - mean, 0.0) ** 2).sum(axis=0) / count))
