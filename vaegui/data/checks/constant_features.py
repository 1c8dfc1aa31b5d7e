"""Features that have the same value in all examples."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vaegui.data.checks.problem import Examined
from vaegui.data.formats.base import MOST_PLACES, Place, Problem
from vaegui.data.own.left_out import MOST_FEATURES
from vaegui.errors import Fix

__all__ = ["constant_features"]


def constant_features(examined: Examined) -> Iterator[Problem]:
    """Find features of a table that never vary; pixels that never do are usual."""
    dataset = examined.dataset
    train = dataset.summary.train
    if len(dataset.shape) != 1:
        return
    constant = np.flatnonzero(train.low == train.high)
    count, total = len(constant), dataset.shape[0]
    if not count:
        return
    names = dataset.train.spec.names.features
    columns = [names[i] if names else f"{i + 1}" for i in constant[:MOST_PLACES].tolist()]
    whole = count == total
    fix = None
    if not whole and count <= MOST_FEATURES:
        left_out = sorted({*examined.opened.features_left_out, *_original(examined, constant)})
        values = {"data.left_out.features": left_out, "data.shape": [total - count]}
        fix = Fix("Leave these features out", values)
    yield Problem(
        "constant features",
        "All features have the same value in all training examples."
        if whole
        else f"{count:,} of {total:,} features {'has' if count == 1 else 'have'} the same value "
        "in all training examples.",
        "There is nothing to learn from them, and a learned standard deviation of such a feature "
        "shrinks without end.",
        tuple(Place(column=name) for name in columns),
        count,
        fix,
        prevents=whole,
    )


def _original(examined: Examined, features: NDArray[np.int64]) -> list[int]:
    """Numbers of features, counted before any were left out."""
    gone = set(examined.opened.features_left_out)
    total = examined.dataset.shape[0] + len(gone)
    kept = np.array([i for i in range(total) if i not in gone])
    found: list[int] = kept[features].tolist()
    return found
