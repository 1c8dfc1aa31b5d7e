"""The aggregate posterior: the mean of the posteriors of all examples, q(z) = 1/N Σ q(z|x_n)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, ndtr

__all__ = ["Aggregate"]

Floats = NDArray[np.floating[Any]]

_TOGETHER = 1 << 22
"""Densities of one posterior at one point that are computed at once, 32 MB of them."""


@dataclass(frozen=True, eq=False)
class Aggregate:
    """A mixture of the posteriors of many examples, each with the same weight.

    Attributes
    ----------
    mean, sd
        Of each posterior, (examples, units).
    """

    mean: Floats
    sd: Floats

    def log_density(self, z: Floats) -> Floats:
        """Compute log q(z) of points ``z`` (n, units), in nats, (n,)."""
        mean, precision = self.mean.astype(np.float64), np.square(self.sd.astype(np.float64)) ** -1
        units = mean.shape[1]
        # log N(z; m, s) = c - z²·p/2 + z·mp, so that the sum over units is a matrix product.
        constant = -0.5 * np.sum(
            np.square(mean) * precision - np.log(precision) + math.log(2 * math.pi), axis=1
        )
        linear, squared = (mean * precision).T, -0.5 * precision.T
        density = np.empty(len(z), np.float64)
        rows = max(1, _TOGETHER // max(1, len(mean)))
        for start in range(0, len(z), rows):
            point = z[start : start + rows].reshape(-1, units).astype(np.float64)
            each = np.square(point) @ squared + point @ linear + constant
            density[start : start + rows] = logsumexp(each, axis=1)
        return density - math.log(len(mean))

    def moments(self) -> tuple[Floats, Floats]:
        """Mean and standard deviation of q(z) in each unit, (units,) each."""
        mean = self.mean.astype(np.float64)
        variance = mean.var(axis=0) + np.mean(np.square(self.sd.astype(np.float64)), axis=0)
        return mean.mean(axis=0), np.sqrt(variance)

    def correlations(self) -> Floats:
        """Correlation of every two units in q(z), (units, units)."""
        centred = self.mean.astype(np.float64) - self.mean.mean(axis=0, dtype=np.float64)
        covariance = centred.T @ centred / len(centred)
        covariance += np.diag(np.mean(np.square(self.sd.astype(np.float64)), axis=0))
        sd = np.sqrt(np.diag(covariance))
        correlation: Floats = covariance / np.outer(sd, sd)
        return correlation

    def marginal(self, unit: int, at: Floats) -> Floats:
        """Density of one unit in q(z) at numbers ``at`` (n,), (n,)."""
        one = Aggregate(self.mean[:, unit, None], self.sd[:, unit, None])
        density: Floats = np.exp(one.log_density(np.asarray(at)[:, None]))
        return density

    def quantile(self, unit: int, share: float) -> float:
        """The number below which ``share`` (0 to 1, both excluded) of q(z) lies in one unit."""
        if not 0.0 < share < 1.0:
            raise ValueError("a quantile needs a share between 0 and 1")
        mean, sd = self.mean[:, unit].astype(np.float64), self.sd[:, unit].astype(np.float64)
        # No mass that counts lies further than 9 sd from its mean.
        low, high = float(np.min(mean - 9 * sd)), float(np.max(mean + 9 * sd))
        for _ in range(60):
            middle = 0.5 * (low + high)
            if float(np.mean(ndtr((middle - mean) / sd))) < share:
                low = middle
            else:
                high = middle
        return 0.5 * (low + high)

    def sample(self, count: int, random: np.random.Generator) -> Floats:
        """Draw ``count`` points z from q(z), (count, units): an example, then its posterior."""
        rows = random.integers(len(self.mean), size=count)
        eps = random.standard_normal((count, self.mean.shape[1]))
        z: Floats = self.mean[rows] + self.sd[rows] * eps
        return z
