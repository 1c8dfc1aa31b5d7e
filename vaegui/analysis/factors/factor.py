"""Known factors of examples, and what a measure of them gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Factor", "Measure", "bootstrapped", "codes"]

Floats = NDArray[np.floating[Any]]

BINS = 20
"""Into so many parts of equal width numbers are divided where only counts can be compared
(Locatello et al. 2019)."""

RESAMPLES = 20


@dataclass(frozen=True, eq=False, slots=True)
class Factor:
    """Something known of each example: its class, its size, its angle.

    Attributes
    ----------
    name
        What it is called.
    values
        Of each example, (examples,): whole numbers if these are classes, otherwise numbers.
    classes
        Whether the values are classes, which have no order.
    """

    name: str
    values: NDArray[Any]
    classes: bool


@dataclass(frozen=True, slots=True)
class Measure:
    """A number, and how sure it is.

    Attributes
    ----------
    name
        What is measured.
    value, standard_error
        The number; the error comes from resampling or from folds, as ``estimator`` says.
    examples
        How many examples it was computed from.
    estimator
        How it was computed, in a sentence.
    """

    name: str
    value: float
    standard_error: float
    examples: int
    estimator: str


def codes(values: NDArray[Any], *, classes: bool) -> NDArray[np.intp]:
    """Number the classes, or the parts of equal width that numbers fall into, from 0, (n,)."""
    if classes:
        code: NDArray[np.intp] = np.unique(values, return_inverse=True)[1].reshape(-1)
        return code
    values = np.asarray(values, np.float64)
    low, high = values.min(), values.max()
    if high <= low:
        return np.zeros(len(values), np.intp)
    part: NDArray[np.intp] = np.floor((values - low) / (high - low) * BINS).astype(np.intp)
    part[part == BINS] = BINS - 1
    return part


def bootstrapped(compute: Callable[[NDArray[np.intp]], float], examples: int) -> float:
    """Estimate the standard error of ``compute(rows)`` by drawing rows with replacement."""
    random = np.random.default_rng(0)
    drawn = [compute(random.integers(examples, size=examples)) for _ in range(RESAMPLES)]
    return float(np.std(drawn, ddof=1))
