"""Mutual information of units and factors, and the gap between the best two units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.analysis.factors.factor import BINS, Factor, Measure, bootstrapped, codes

__all__ = ["mutual_information", "mutual_information_gap"]

Floats = NDArray[np.floating[Any]]


def mutual_information(mean: Floats, factor: Factor) -> Floats:
    """Mutual information of each unit's posterior mean and a factor, in nats, (units,).

    From counts: the means fall into 20 parts of equal width.
    """
    known = codes(factor.values, classes=factor.classes)
    columns = [codes(column, classes=False) for column in mean.T]
    return np.array([_information(column, known) for column in columns])


def mutual_information_gap(mean: Floats, factors: Sequence[Factor]) -> Measure:
    """Compute the gap between the two units that know most of a factor, as a share of its entropy.

    The mean over factors (Chen et al. 2018, equation 6). It is 1 if one unit knows all of each
    factor and no other anything, and 0 if two units know the same.

    Parameters
    ----------
    mean
        Posterior means, (examples, units), of two units or more.
    factors
        What is known of the examples.
    """
    known = [codes(factor.values, classes=factor.classes) for factor in factors]
    columns = [codes(column, classes=False) for column in mean.T]

    def gap(rows: NDArray[np.intp]) -> float:
        gaps = []
        for factor in known:
            of_units = sorted(_information(column[rows], factor[rows]) for column in columns)
            entropy = _information(factor[rows], factor[rows])
            gaps.append((of_units[-1] - of_units[-2]) / entropy if entropy > 0 else 0.0)
        return float(np.mean(gaps))

    count = len(mean)
    return Measure(
        "Mutual information gap",
        gap(np.arange(count)),
        bootstrapped(gap, count),
        count,
        f"Counts of posterior means in {BINS} parts of equal width; error from resampled examples.",
    )


def _information(a: NDArray[np.intp], b: NDArray[np.intp]) -> float:
    """Mutual information of two columns of codes, in nats."""
    width = int(b.max()) + 1
    counts = np.bincount(a * width + b, minlength=(int(a.max()) + 1) * width)
    joint = counts.reshape(-1, width) / len(a)
    apart = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    there = joint > 0
    return float(np.sum(joint[there] * np.log(joint[there] / apart[there])))
