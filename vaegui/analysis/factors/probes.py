"""How well factors can be read off the latent units: probes, and the separated predictability."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_score
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from vaegui.analysis.factors.factor import Factor, Measure, bootstrapped

__all__ = ["linear_probe", "nearest_neighbour_probe", "separated_predictability"]

Floats = NDArray[np.floating[Any]]

FOLDS = 5
NEIGHBOURS = 5


def linear_probe(mean: Floats, factor: Factor) -> Measure:
    """Accuracy (classes) or R² (numbers) with which a linear map of the units tells a factor."""
    model = LogisticRegression(max_iter=1000) if factor.classes else LinearRegression()
    what = "logistic regression" if factor.classes else "linear regression"
    return _measured(f"Linear probe of {factor.name}", mean, factor, model, what)


def nearest_neighbour_probe(mean: Floats, factor: Factor) -> Measure:
    """The same from an example's nearest neighbours in the latent space."""
    neighbours = KNeighborsClassifier if factor.classes else KNeighborsRegressor
    what = f"{NEIGHBOURS} nearest neighbours"
    return _measured(
        f"Nearest neighbours of {factor.name}", mean, factor, neighbours(NEIGHBOURS), what
    )


def separated_predictability(mean: Floats, factors: Sequence[Factor]) -> Measure:
    """Measure SAP: how much better the best single unit tells a factor than the second best.

    The mean over factors (Kumar, Sattigeri and Balakrishnan 2018, section 3). A unit alone tells a
    number by linear regression (R²), and a class by the nearest of the classes' means (accuracy).
    """

    def gap(rows: NDArray[np.intp]) -> float:
        gaps = []
        for factor in factors:
            values = factor.values[rows]
            told = _nearest_class if factor.classes else _explained
            scores = sorted(told(column[rows], values) for column in mean.T)
            gaps.append(scores[-1] - scores[-2])
        return float(np.mean(gaps))

    count = len(mean)
    return Measure(
        "Separated attribute predictability",
        gap(np.arange(count)),
        bootstrapped(gap, count),
        count,
        "One unit at a time: R² of a line for numbers, the nearest class mean for classes; error "
        "from resampled examples.",
    )


def _measured(name: str, mean: Floats, factor: Factor, model: Any, what: str) -> Measure:
    folds = (StratifiedKFold if factor.classes else KFold)(FOLDS, shuffle=True, random_state=0)
    pipeline = make_pipeline(StandardScaler(), model)
    scores = cross_val_score(pipeline, mean, factor.values, cv=folds)
    error = float(scores.std(ddof=1) / np.sqrt(len(scores)))
    score = "Accuracy" if factor.classes else "R²"
    how = f"{score} of {what} on examples that were left out, {FOLDS} folds; error from the folds."
    return Measure(name, float(scores.mean()), error, len(mean), how)


def _explained(column: Floats, values: NDArray[Any]) -> float:
    """R² of the line through numbers, the square of their correlation."""
    column, values = column - column.mean(), values - values.mean()
    scale = float(np.sum(np.square(column)) * np.sum(np.square(values)))
    return float(np.square(np.sum(column * values)) / scale) if scale > 0 else 0.0


def _nearest_class(column: Floats, values: NDArray[Any]) -> float:
    """Share of examples that lie nearest to the mean of their own class."""
    classes = np.unique(values)
    means = np.array([column[values == each].mean() for each in classes])
    order = np.argsort(means)
    borders = 0.5 * (means[order][1:] + means[order][:-1])
    told = classes[order][np.searchsorted(borders, column)]
    return float(np.mean(told == values))
