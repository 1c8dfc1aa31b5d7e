"""The numbers of the explanations: pure functions of what a model gave, in float64."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vaegui.analysis.posterior import bounded_log_var, normal_density, standard_deviation
from vaegui.core import log_variance

__all__ = [
    "Contributions",
    "GradientPaths",
    "TotalVariance",
    "contributions",
    "gradient_paths",
    "largest",
    "mixture_density",
    "nearest_distance",
    "total_variance",
]

Floats = NDArray[np.float64]

PORTION = 1 << 20
"""Densities are summed over so many Gaussians times points at once."""


@dataclass(frozen=True, eq=False, slots=True)
class Contributions:
    """How one unit's read-out comes about.

    ``products`` (hidden,) are a_j w_j, ``running`` (hidden,) their running sum, ``result`` that sum
    plus ``bias``.
    """

    products: Floats
    running: Floats
    bias: float
    result: float


def contributions(a: ArrayLike, weights: ArrayLike, bias: float) -> Contributions:
    """Take a read-out apart: sum_j a_j w_j + b.

    Parameters
    ----------
    a
        The hidden vector, (hidden,).
    weights
        The unit's weights, (hidden,).
    bias
        Its bias.
    """
    products = np.asarray(a, np.float64) * np.asarray(weights, np.float64)
    running = np.cumsum(products)
    return Contributions(products, running, float(bias), float(running[-1] + bias))


def largest(values: ArrayLike, count: int) -> tuple[NDArray[np.intp], float]:
    """The ``count`` values that are largest in size, and the sum of all the others.

    Parameters
    ----------
    values
        (n,), such as contributions to a sum.
    count
        How many at most.

    Returns
    -------
    indices
        (min(count, n),), largest first; equal ones in their order.
    others
        Sum of the rest, so that ``values[indices].sum() + others`` is the sum of all.
    """
    each = np.asarray(values, np.float64)
    order = np.argsort(-np.abs(each), kind="stable")
    return order[:count], float(each[order[count:]].sum())


@dataclass(frozen=True, eq=False, slots=True)
class GradientPaths:
    """The two ways on which the loss of one input reaches mu and log sigma^2, (units,) each.

    Through z and the decoder, ``mean_by_z`` and ``log_var_by_z``; and from the KL term, which
    takes them as they are, ``mean_by_kl`` and ``log_var_by_kl``. ``slope`` is dz / d log sigma^2.
    """

    slope: Floats
    mean_by_z: Floats
    mean_by_kl: Floats
    log_var_by_z: Floats
    log_var_by_kl: Floats


def gradient_paths(
    log_var: ArrayLike, eps: ArrayLike, d_z: ArrayLike, d_mean: ArrayLike, d_log_var: ArrayLike
) -> GradientPaths:
    """Take derivatives apart by z = mu + sigma eps: dz/dmu = 1, dz/d log sigma^2 = sigma eps / 2.

    Parameters
    ----------
    log_var, eps
        The read-out and the noise of each unit, (units,).
    d_z
        Derivative of the reconstruction term by z, (units,).
    d_mean, d_log_var
        Derivatives of the whole loss, (units,).
    """
    read_out, by_z = np.asarray(log_var, np.float64), np.asarray(d_z, np.float64)
    # Beyond its linear part the log-variance counts less and less: see `log_variance.bounded`.
    inner = log_variance.slope(read_out, np)
    slope = 0.5 * standard_deviation(read_out) * np.asarray(eps, np.float64) * inner
    through = by_z * slope
    return GradientPaths(
        slope=slope,
        mean_by_z=by_z,
        mean_by_kl=np.asarray(d_mean, np.float64) - by_z,
        log_var_by_z=through,
        log_var_by_kl=np.asarray(d_log_var, np.float64) - through,
    )


@dataclass(frozen=True, eq=False, slots=True)
class TotalVariance:
    """The law of total variance for the mixture of many inputs' Gaussians, (units,) each.

    Var[z] = E[sigma^2(x)] + Var[mu(x)]: ``total`` = ``within`` + ``between``; ``mean`` is E[z].
    Expectations are over the inputs, each counting 1/n.
    """

    mean: Floats
    within: Floats
    between: Floats

    @property
    def total(self) -> Floats:
        """Var[z] of the mixture."""
        return self.within + self.between


def total_variance(mean: ArrayLike, log_var: ArrayLike) -> TotalVariance:
    """Law of total variance for posteriors ``mean``, ``log_var`` (examples, units)."""
    mu = np.asarray(mean, np.float64)
    variance = np.exp(bounded_log_var(np.asarray(log_var, np.float64)))
    return TotalVariance(mu.mean(axis=0), variance.mean(axis=0), mu.var(axis=0))


def mixture_density(z: ArrayLike, mean: ArrayLike, log_var: ArrayLike) -> Floats:
    """Density of one unit's aggregate posterior: the mean of all inputs' bell curves.

    Parameters
    ----------
    z
        Where, (points,).
    mean, log_var
        Posteriors of that unit, (examples,).

    Returns
    -------
    (points,)
        ``1/n sum_i N(z; mean_i, exp(log_var_i))``.
    """
    mu, spread, points = np.asarray(mean), np.asarray(log_var), np.asarray(z, np.float64)
    total = np.zeros(len(points))
    for rows in _portions(len(mu), len(points)):
        sd = standard_deviation(spread[rows].astype(np.float64))[:, None]
        total += normal_density(points, mu[rows].astype(np.float64)[:, None], sd).sum(axis=0)
    return total / len(mu)


def nearest_distance(points: ArrayLike, others: ArrayLike) -> Floats:
    """Euclidean distance of each point (n, units) to the nearest of others (m, units), (n,)."""
    apart = np.asarray(points, np.float64)[:, None] - np.asarray(others, np.float64)[None]
    nearest: Floats = np.sqrt(np.square(apart).sum(axis=-1)).min(axis=1)
    return nearest


def _portions(examples: int, points: int) -> list[slice]:
    size = max(1, PORTION // max(points, 1))
    return [slice(start, start + size) for start in range(0, examples, size)]
