"""The numbers of the explanations: pure functions of what a model gave, in float64."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vaegui.analysis.posterior import bounded_log_var, standard_deviation
from vaegui.core import log_variance

__all__ = [
    "Agreement",
    "Contributions",
    "GradientPaths",
    "RunningMoments",
    "SampleEstimate",
    "TotalVariance",
    "agreement",
    "contributions",
    "estimate",
    "gradient_paths",
    "largest",
    "mixture_density",
    "nearest_distance",
    "running_estimates",
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
class SampleEstimate:
    """Sample mean and standard deviation of ``n`` draws, and how far they are to be trusted.

    All arrays have one value for each quantity, (k,). ``sd`` divides by n - 1. The standard errors
    are those for Gaussian draws: sd / sqrt(n) and sd / sqrt(2 (n - 1)). For n = 1 only the mean
    is finite.
    """

    n: int
    mean: Floats
    sd: Floats
    mean_error: Floats
    sd_error: Floats


def estimate(draws: ArrayLike) -> SampleEstimate:
    """Mean and standard deviation of draws (n, k), n >= 1, with their standard errors."""
    z = np.asarray(draws, np.float64)
    n, mean = len(z), z.mean(axis=0)
    if n == 1:
        unknown = np.full_like(mean, np.nan)
        return SampleEstimate(n, mean, unknown, unknown, unknown)
    sd = z.std(axis=0, ddof=1)
    return SampleEstimate(n, mean, sd, sd / np.sqrt(n), sd / np.sqrt(2.0 * (n - 1)))


@dataclass(frozen=True, eq=False, slots=True)
class Agreement:
    """How many standard errors samples are from what the network says, (k,) each.

    ``mean_z`` = (sample mean - mu) / (sigma / sqrt(n)), exactly N(0, 1) if the draws are from
    N(mu, sigma^2); ``sd_z`` = (s - E[s]) / sd[s], close to N(0, 1) from some 10 draws on.
    """

    mean_z: Floats
    sd_z: Floats

    @property
    def worst(self) -> float:
        """The largest of all in size; nan while there is none."""
        scores = np.abs(np.concatenate([self.mean_z, self.sd_z]))
        return float(np.nanmax(scores)) if np.isfinite(scores).any() else float("nan")

    @property
    def bound(self) -> float:
        """What `worst` exceeds once in a thousand experiments if the samples are from there.

        As if all scores were independent draws from N(0, 1) (Sidak 1967), so from some 10 draws on.
        """
        each = math.pow(0.999, 1.0 / (2 * len(self.mean_z)))
        return NormalDist().inv_cdf(0.5 + 0.5 * each)


def agreement(sample: SampleEstimate, mean: ArrayLike, sd: ArrayLike) -> Agreement:
    """Compare a sample with the Gaussian that it should come from.

    Parameters
    ----------
    sample
        What was drawn.
    mean, sd
        mu and sigma of each quantity, (k,).
    """
    mu, sigma, n = np.asarray(mean, np.float64), np.asarray(sd, np.float64), sample.n
    mean_z = (sample.mean - mu) / (sigma / np.sqrt(n))
    if n == 1:
        return Agreement(mean_z, np.full_like(mean_z, np.nan))
    expected = _c4(n)
    spread = np.sqrt(max(1.0 - expected * expected, 0.0))
    return Agreement(mean_z, (sample.sd / sigma - expected) / spread)


def running_estimates(
    draws: ArrayLike, points: int = 200
) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Sample mean and sd of the first n draws, for about ``points`` values of n evenly in log n.

    Returns
    -------
    n
        (points,), increasing, the last one the number of draws.
    mean, sd
        (points, k); sd is nan for n = 1. The 1/sqrt(n) bands about them are
        mu +- sigma / sqrt(n) and sigma +- sigma / sqrt(2 (n - 1)).
    """
    z = np.asarray(draws, np.float64)
    n = np.unique(np.geomspace(1, len(z), points).round().astype(np.int64))
    # About the first draw, so that squares of small spreads are not lost.
    moved = z - z[0]
    sums, squares = np.cumsum(moved, axis=0)[n - 1], np.cumsum(moved * moved, axis=0)[n - 1]
    count = n[:, None].astype(np.float64)
    average = sums / count
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = (squares - count * average * average) / (count - 1.0)
    return n, z[0] + average, np.sqrt(np.maximum(variance, 0.0))


class RunningMoments:
    """Mean and standard deviation of examples that come bit by bit, without keeping them.

    Chan, Golub and LeVeque 1983, "Algorithms for computing the sample variance", equation 2.1.

    Attributes
    ----------
    count
        Number of examples so far.
    """

    def __init__(self) -> None:
        self.count = 0
        self._mean: Floats = np.zeros(())
        self._squares: Floats = np.zeros(())

    @property
    def mean(self) -> Floats:
        """Mean of each value, of the shape of one example."""
        return self._mean

    @property
    def sd(self) -> Floats:
        """Standard deviation of each value (dividing by n - 1; 0 for one example)."""
        sd: Floats = np.sqrt(self._squares / max(self.count - 1, 1))
        return sd

    def add(self, examples: ArrayLike) -> None:
        """Take in some more, (n, *shape), n >= 1."""
        x = np.asarray(examples, np.float64)
        mean = x.mean(axis=0)
        squares = np.square(x - mean).sum(axis=0)
        total = self.count + len(x)
        apart = mean - self._mean
        self._squares = self._squares + squares + apart * apart * (self.count * len(x) / total)
        self._mean = self._mean + apart * (len(x) / total)
        self.count = total


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
        total += _bells(points, mu[rows], spread[rows]).sum(axis=0)
    return total / len(mu)


def nearest_distance(points: ArrayLike, others: ArrayLike) -> Floats:
    """Euclidean distance of each point (n, units) to the nearest of others (m, units), (n,)."""
    apart = np.asarray(points, np.float64)[:, None] - np.asarray(others, np.float64)[None]
    nearest: Floats = np.sqrt(np.square(apart).sum(axis=-1)).min(axis=1)
    return nearest


def _portions(examples: int, points: int) -> list[slice]:
    size = max(1, PORTION // max(points, 1))
    return [slice(start, start + size) for start in range(0, examples, size)]


def _bells(z: Floats, mean: NDArray[Any], log_var: NDArray[Any]) -> Floats:
    """N(z; mean_i, exp(log_var_i)) for all i, (examples, points)."""
    sd = standard_deviation(log_var.astype(np.float64))[:, None]
    distance = (z[None, :] - mean.astype(np.float64)[:, None]) / sd
    bells: Floats = np.exp(-0.5 * distance * distance) / (sd * np.sqrt(2.0 * np.pi))
    return bells


def _c4(n: int) -> float:
    """E[s] / sigma for n Gaussian draws: sqrt(2 / (n - 1)) Gamma(n / 2) / Gamma((n - 1) / 2)."""
    gammas = math.lgamma(0.5 * n) - math.lgamma(0.5 * (n - 1))
    return math.sqrt(2.0 / (n - 1)) * math.exp(gammas)
