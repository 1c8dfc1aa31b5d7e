"""How many latent units some data need: what a principal component analysis leaves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vaegui.data.advice.advice import Advice, sample
from vaegui.data.dataset import Dataset
from vaegui.errors import Fix

__all__ = ["LinearFit", "LinearFloor", "latent_units_advice", "linear_floor"]

MOST_COMPONENTS = 64
_OVERSAMPLED, _ITERATIONS, _TIMES = 10, 5, 2
_LEFT = 0.1
"""So many components are advised that this share of the variance is left."""


@dataclass(frozen=True, slots=True)
class LinearFloor:
    """What the best linear reconstruction leaves, which a VAE of as many units should beat.

    ``errors`` has for 0, 1, 2 ... components the squared error of an example, summed over its
    values as the model sees them, on average over ``examples`` that the components were not found
    with (over those that they were, where there is no test part).
    """

    errors: tuple[float, ...]
    examples: int

    def left(self, units: int) -> float:
        """The share of the variance that so many components leave."""
        units = min(units, len(self.errors) - 1)
        return self.errors[units] / self.errors[0] if self.errors[0] else 0.0


@dataclass(frozen=True, eq=False, slots=True)
class LinearFit:
    """Principal components (count, features), and other examples (n, features) less their mean.

    All as the model sees it. Where there is no test part, the examples are those that the
    components were found with.
    """

    components: NDArray[np.float64]
    held_out: NDArray[np.float64]

    @classmethod
    def of(cls, dataset: Dataset, most: int) -> LinearFit | None:
        """Find so many at most by some thousand examples; None if too few have no gaps.

        Seconds at most, whatever the size.
        """
        x = _as_seen(dataset, sample(dataset.train))
        held_out = _as_seen(dataset, sample(dataset.test, 2000)) if dataset.test.spec.length else x
        if len(x) < 3 or not len(held_out):
            return None
        mean = x.mean(axis=0)
        count = min(most, len(x) - 1, x.shape[1])
        return cls(_components(x - mean, count), held_out - mean)

    def left_by_feature(self) -> NDArray[np.float64]:
        """The squared error of each feature, (features,), on average over the other examples."""
        rest = self.held_out - (self.held_out @ self.components.T) @ self.components
        left: NDArray[np.float64] = np.square(rest).mean(axis=0)
        return left


def linear_floor(dataset: Dataset) -> LinearFloor | None:
    """What up to `MOST_COMPONENTS` leave; None if too few examples have no gaps."""
    fit = LinearFit.of(dataset, MOST_COMPONENTS)
    if fit is None:
        return None
    kept = np.square(fit.held_out @ fit.components.T).mean(axis=0)
    total = float(np.square(fit.held_out).sum(axis=1).mean())
    errors = np.maximum(total - np.concatenate([[0.0], np.cumsum(kept)]), 0.0)
    return LinearFloor(tuple(errors.tolist()), len(fit.held_out))


def latent_units_advice(floor: LinearFloor, units: int) -> Advice | None:
    """Advise a number of latent units in place of ``units``; None if the data never vary."""
    most = len(floor.errors) - 1
    if not floor.errors[0]:
        return None
    # Where even all of them leave more, as there are few examples, a tenth of what they can take.
    goal = max(_LEFT, floor.left(most) + _LEFT * (1 - floor.left(most)))
    enough = next((k for k in range(1, most + 1) if floor.left(k) <= goal), most)
    advised = max(2, enough)
    now = f"; {units} would leave {floor.left(units):.0%}" if units < advised else ""
    sentence = (
        f"{advised} latent units: as many principal components leave {floor.left(advised):.0%} of "
        f"the variance{now}. A VAE of as many units should leave less."
    )
    return Advice(
        "latent units", sentence, Fix(f"Take {advised} latent units", {"latent_units": advised})
    )


def _components(x: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """The first principal components (count, features) of examples whose mean is 0.

    A randomised range finder with power iterations (Halko, Martinsson and Tropp 2011) where that
    is quicker than the whole decomposition.
    """
    width = count + _OVERSAMPLED
    if min(x.shape) > _TIMES * width:
        random = np.random.Generator(np.random.Philox(0))
        y = x @ random.standard_normal((x.shape[1], width))
        for _ in range(_ITERATIONS):
            y = x @ (x.T @ np.linalg.qr(y)[0])
        x = np.linalg.qr(y)[0].T @ x
    components: NDArray[np.float64] = np.linalg.svd(x, full_matrices=False)[2][:count]
    return components


def _as_seen(dataset: Dataset, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Examples (n, features) as the model sees them, those that it sees as finite numbers."""
    examples = x.reshape(len(x), *dataset.shape)
    seen = dataset.scaling.to_model(examples).reshape(x.shape).astype(np.float64)
    return seen[np.isfinite(seen).all(axis=1)]
