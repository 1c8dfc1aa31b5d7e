"""Statistics of diagonal Gaussian posteriors, as the model itself computes them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vaegui.core import log_variance
from vaegui.core.prior import Prior, StandardNormal

__all__ = [
    "bounded_log_var",
    "kl_by_unit",
    "leading_pair",
    "normal_density",
    "reparameterise",
    "standard_deviation",
    "units_by_kl",
]

Floats = NDArray[np.floating[Any]]

_PRIOR: Prior = StandardNormal()


def bounded_log_var(log_var: ArrayLike) -> Floats:
    """The log-variance that the model computes with, same shape; see `log_variance.bounded`."""
    bounded: Floats = log_variance.bounded(np.asarray(log_var), np)
    return bounded


def standard_deviation(log_var: ArrayLike) -> Floats:
    """Posterior standard deviation exp(log_var / 2), same shape, positive and finite."""
    sd: Floats = log_variance.standard_deviation(np.asarray(log_var), np)
    return sd


def reparameterise(mean: ArrayLike, log_var: ArrayLike, eps: ArrayLike) -> Floats:
    """Draws z (..., units) of posteriors, of noise ``eps``; see `log_variance.reparameterise`."""
    arrays = np.asarray(mean), np.asarray(log_var), np.asarray(eps)
    z: Floats = log_variance.reparameterise(*arrays, np)
    return z


def normal_density(z: ArrayLike, mean: ArrayLike, sd: ArrayLike) -> Floats:
    """The density of N(mean, sd^2) at z; the arguments may have any shapes that go together."""
    distance = (np.asarray(z) - np.asarray(mean)) / np.asarray(sd)
    density: Floats = np.exp(-0.5 * distance * distance) / (np.asarray(sd) * np.sqrt(2.0 * np.pi))
    return density


def kl_by_unit(mean: ArrayLike, log_var: ArrayLike) -> Floats:
    """KL of the posteriors of ``mean``, ``log_var`` to the prior, of each unit, (..., units)."""
    kl: Floats = _PRIOR.kl_by_unit(np.asarray(mean), np.asarray(log_var), np)
    return kl


def units_by_kl(kl: ArrayLike) -> NDArray[np.intp]:
    """Units from the most informative to the least; equal ones in the order of their numbers.

    Parameters
    ----------
    kl
        KL of each unit in nats, (units,), or of several examples, (examples, units).
    """
    values = np.asarray(kl)
    mean = values.mean(axis=0) if values.ndim == 2 else values
    return np.argsort(-mean, kind="stable")


def leading_pair(
    kl: Floats, current: tuple[int, int] | None = None, margin: float = 0.2
) -> tuple[int, int]:
    """The two units with the most KL, in the order of their numbers.

    Parameters
    ----------
    kl
        Mean KL of each unit in nats, (units,), at least two of them.
    current
        The pair chosen before. It stays until another unit exceeds one of it by ``margin``
        (relative), so that a plot of the pair does not jump to and fro.

    Raises
    ------
    ValueError
        If there are fewer than two units.
    """
    if len(kl) < 2:
        raise ValueError("a pair needs at least two units")
    first, second = (int(unit) for unit in units_by_kl(kl)[:2])
    best = (min(first, second), max(first, second))
    if current is None or max(current) >= len(kl):
        return best
    if kl[list(best)].min() > (1 + margin) * kl[list(current)].min():
        return best
    return current
