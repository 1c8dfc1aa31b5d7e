"""How alike two Gaussian posteriors are, and which are nearest to one.

All posteriors are diagonal Gaussians, given by ``mean`` and ``sd`` of each latent unit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["kl_between", "nearest", "overlap_by_unit", "wasserstein"]

Floats = NDArray[np.floating[Any]]


def kl_between(mean: ArrayLike, sd: ArrayLike, to_mean: ArrayLike, to_sd: ArrayLike) -> Floats:
    """KL divergence of N(mean, sd²) from N(to_mean, to_sd²), of each unit, (..., units), in nats.

    That of the whole posterior is the sum over units. It is not symmetric.
    """
    mean, sd, to_mean, to_sd = (np.asarray(a, np.float64) for a in (mean, sd, to_mean, to_sd))
    ratio = np.square(sd / to_sd)
    kl: Floats = 0.5 * (ratio + np.square((mean - to_mean) / to_sd) - 1.0 - np.log(ratio))
    return kl


def overlap_by_unit(
    mean: ArrayLike, sd: ArrayLike, other_mean: ArrayLike, other_sd: ArrayLike
) -> Floats:
    """Bhattacharyya coefficient of two Gaussians, of each unit, (..., units).

    It is the integral of the square root of the product of both densities: 1 if they are the same,
    near 0 if they have nothing in common (Bhattacharyya 1943). That of the whole posteriors is the
    product over units.
    """
    mean, sd, other_mean, other_sd = (
        np.asarray(a, np.float64) for a in (mean, sd, other_mean, other_sd)
    )
    both = np.square(sd) + np.square(other_sd)
    apart = np.square(mean - other_mean) / both
    overlap: Floats = np.sqrt(2.0 * sd * other_sd / both) * np.exp(-0.25 * apart)
    return overlap


def wasserstein(
    mean: ArrayLike, sd: ArrayLike, other_mean: ArrayLike, other_sd: ArrayLike
) -> Floats:
    """2-Wasserstein distance between diagonal Gaussians, (...,).

    It is the Euclidean distance between the vectors [mean, sd] (Givens and Shortt 1984).
    """
    apart = np.asarray(mean, np.float64) - np.asarray(other_mean, np.float64)
    wider = np.asarray(sd, np.float64) - np.asarray(other_sd, np.float64)
    distance: Floats = np.sqrt(np.sum(np.square(apart) + np.square(wider), axis=-1))
    return distance


def nearest(points: Floats, to: Floats, count: int) -> tuple[NDArray[np.intp], Floats]:
    """Find the ``count`` rows of ``points`` (n, d) that are nearest to ``to`` (d,), and how far.

    The nearest comes first; of rows at the same distance the first. A row that is ``to`` itself
    is found, too. For posteriors by 2-Wasserstein distance a row is [mean, sd].
    """
    squares = np.einsum("nd,nd->n", points - to, points - to, dtype=np.float64)
    count = min(count, len(points))
    found = np.argpartition(squares, count - 1)[:count] if count else np.arange(0)
    # Of those as far as the last one some may have been left out: the first ones are taken.
    if count:
        farthest = squares[found].max()
        found = np.flatnonzero(squares <= farthest)
    order = np.lexsort((found, squares[found]))[:count]
    return found[order], np.sqrt(squares[found[order]])
