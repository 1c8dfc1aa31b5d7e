"""DCI: disentanglement, completeness and informativeness, from what predicts factors best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

from vaegui.analysis.factors.factor import Factor, Measure

__all__ = ["completeness", "disentanglement", "importances", "informativeness"]

Floats = NDArray[np.floating[Any]]

TREES = 100
PARTS = 5


def importances(mean: Floats, factor: Factor, seed: int = 0) -> tuple[Floats, float]:
    """How much each unit helps a random forest to predict a factor, and how well it does.

    Returns
    -------
    tuple
        Shares of the units, (units,), with the sum 1; and accuracy (classes) or R² (numbers) over
        examples that a tree was not grown with.
    """
    forest = RandomForestClassifier if factor.classes else RandomForestRegressor
    model = forest(TREES, max_features=1.0, oob_score=True, min_samples_leaf=5, random_state=seed)
    model.fit(mean, factor.values)
    return model.feature_importances_, float(model.oob_score_)


def disentanglement(shares: Floats) -> float:
    """Say how far each unit is about one factor only (Eastwood and Williams 2018, section 2).

    ``shares`` (units, factors) is what `importances` gave, side by side. 1: each unit is about one
    factor. Units count by how much they help.
    """
    weight = shares.sum(axis=1)
    return float(np.sum((1.0 - _entropy(shares)) * weight) / max(weight.sum(), 1e-12))


def completeness(shares: Floats) -> float:
    """Say how far each factor is told by one unit only. ``shares`` as for `disentanglement`."""
    return float(np.mean(1.0 - _entropy(shares.T)))


def informativeness(mean: Floats, factors: Sequence[Factor]) -> tuple[Measure, Measure, Measure]:
    """Measure disentanglement, completeness and informativeness, in this order.

    The last one is the mean accuracy or R² with which the factors are predicted.
    """
    count = len(mean)
    whole = _scores(mean, factors)
    order = np.random.default_rng(0).permutation(count)
    parts = [_scores(mean[rows], [_of(f, rows) for f in factors]) for rows in _parts(order)]
    errors = np.std(parts, axis=0, ddof=1) / np.sqrt(len(parts))
    how = (
        f"A random forest of {TREES} trees for each factor; error from {PARTS} parts of the "
        "examples."
    )
    first, second, third = (
        Measure(name, float(value), float(error), count, how)
        for name, value, error in zip(
            ("Disentanglement", "Completeness", "Informativeness"), whole, errors, strict=True
        )
    )
    return first, second, third


def _scores(mean: Floats, factors: Sequence[Factor]) -> tuple[float, float, float]:
    found = [importances(mean, factor) for factor in factors]
    shares = np.stack([share for share, _ in found], axis=1)
    return disentanglement(shares), completeness(shares), float(np.mean([how for _, how in found]))


def _entropy(shares: Floats) -> Floats:
    """Entropy of each row in units of the largest that it could have, (rows,)."""
    if shares.shape[1] < 2:
        return np.zeros(len(shares))
    share = shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12)
    logarithms = np.log(np.where(share > 0, share, 1.0))
    entropy: Floats = -np.sum(share * logarithms, axis=1) / np.log(shares.shape[1])
    return entropy


def _of(factor: Factor, rows: NDArray[np.intp]) -> Factor:
    return Factor(factor.name, factor.values[rows], factor.classes)


def _parts(order: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    return np.array_split(order, PARTS)
