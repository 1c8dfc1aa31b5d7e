"""What draws tell of the Gaussian that they come from: pure functions, in float64."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Agreement",
    "RunningMoments",
    "SampleEstimate",
    "agreement",
    "estimate",
    "running_estimates",
]

Floats = NDArray[np.float64]


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


def _c4(n: int) -> float:
    """E[s] / sigma for n Gaussian draws: sqrt(2 / (n - 1)) Gamma(n / 2) / Gamma((n - 1) / 2)."""
    gammas = math.lgamma(0.5 * n) - math.lgamma(0.5 * (n - 1))
    return math.sqrt(2.0 / (n - 1)) * math.exp(gammas)
