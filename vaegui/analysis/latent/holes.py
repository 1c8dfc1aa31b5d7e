"""Places where the prior puts mass and no posterior is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import cross_val_predict

from vaegui.analysis.latent.aggregate import Aggregate
from vaegui.core.prior import Prior, StandardNormal

__all__ = ["Hole", "Holes", "find_holes"]

Floats = NDArray[np.floating[Any]]

FOLDS = 5


@dataclass(frozen=True, eq=False, slots=True)
class Hole:
    """A point ``z`` (units,) of the prior that hardly comes from any example.

    ``prior`` is the probability, by the classifier, that such a point was drawn from the prior and
    not from the aggregate posterior.
    """

    z: Floats
    prior: float


@dataclass(frozen=True, eq=False, slots=True)
class Holes:
    """How far the aggregate posterior fills the prior.

    Attributes
    ----------
    accuracy, standard_error
        Share of points that a classifier, which has not seen them, knows to be of the prior or of
        the aggregate posterior; 0.5 if they cannot be told apart.
    points
        How many points of each it was trained with.
    holes
        Those furthest from any posterior, no two of which are near each other.
    """

    accuracy: float
    standard_error: float
    points: int
    holes: tuple[Hole, ...]


def find_holes(
    aggregate: Aggregate, count: int, random: np.random.Generator, points: int = 4000
) -> Holes:
    """Train a classifier between draws of the prior and of the aggregate posterior.

    Parameters
    ----------
    aggregate
        The posteriors of the examples.
    count
        Holes to list at most.
    random
        Draws the points.
    points
        How many of each.
    """
    prior: Prior = StandardNormal()
    units = aggregate.mean.shape[1]
    of_prior = np.asarray(prior.sample(points, units, random), np.float64)
    z = np.concatenate([of_prior, aggregate.sample(points, random)])
    is_prior = np.repeat([True, False], points)
    classifier = HistGradientBoostingClassifier(max_iter=60, random_state=0)
    shuffled = random.permutation(len(z))
    probability = np.empty(len(z))
    probability[shuffled] = cross_val_predict(
        classifier, z[shuffled], is_prior[shuffled], cv=FOLDS, method="predict_proba"
    )[:, 1]
    right = (probability > 0.5) == is_prior
    accuracy = float(right.mean())
    error = float(np.sqrt(accuracy * (1 - accuracy) / len(right)))
    return Holes(accuracy, error, points, _apart(of_prior, probability[:points], count))


def _apart(z: Floats, probability: Floats, count: int) -> tuple[Hole, ...]:
    """The likeliest points of the prior, each at least half a unit of sd by dimension apart."""
    least = 0.5 * np.sqrt(z.shape[1])
    found: list[Hole] = []
    for i in np.argsort(-probability, kind="stable"):
        if len(found) == count or probability[i] <= 0.5:
            break
        if all(np.linalg.norm(z[i] - hole.z) >= least for hole in found):
            found.append(Hole(z[i], float(probability[i])))
    return tuple(found)
