"""Statistics of diagonal Gaussian posteriors, as the model itself computes them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "LINEAR_LOG_VAR",
    "bounded_log_var",
    "kl_by_unit",
    "leading_pair",
    "standard_deviation",
    "units_by_kl",
]

Floats = NDArray[np.floating[Any]]

LINEAR_LOG_VAR = 10.0
"""Up to this absolute value the log-variance is used exactly as the encoder reads it out."""


def bounded_log_var(log_var: ArrayLike) -> Floats:
    """The log-variance that the model computes with: the read-out itself within [-10, 10].

    The same formula as in the model's own objective, so that what is shown is what is trained.

    Parameters
    ----------
    log_var
        The encoder's read-out, any shape.

    Returns
    -------
    Same shape
        ``l`` for ``|l| <= 10``, else ``sign(l) * (10 + log(1 + |l| - 10))``.
    """
    read_out = np.asarray(log_var)
    linear = np.clip(read_out, -LINEAR_LOG_VAR, LINEAR_LOG_VAR)
    bounded: Floats = linear + np.sign(read_out) * np.log1p(np.abs(read_out - linear))
    return bounded


def standard_deviation(log_var: ArrayLike) -> Floats:
    """Posterior standard deviation exp(log_var / 2), same shape, positive and finite."""
    sd: Floats = np.exp(0.5 * bounded_log_var(log_var))
    return sd


def kl_by_unit(mean: ArrayLike, log_var: ArrayLike) -> Floats:
    """KL(N(mean, exp(log_var)) || N(0, 1)) of each unit.

    Parameters
    ----------
    mean, log_var
        The encoder's outputs, (..., units).

    Returns
    -------
    (..., units)
        ``(exp(log_var) + mean**2 - 1 - log_var) / 2`` nats (Kingma and Welling 2014, appendix B).
    """
    bounded = bounded_log_var(log_var)
    kl: Floats = 0.5 * (np.exp(bounded) + np.square(mean) - 1.0 - bounded)
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
