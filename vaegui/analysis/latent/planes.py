"""Flat pictures of a latent space of many units, and how far they can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors

__all__ = ["LinearPlane", "aligned", "kept_neighbours", "principal_plane"]

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False, slots=True)
class LinearPlane:
    """A plane through the latent space.

    Attributes
    ----------
    origin
        The point of the latent space that is at (0, 0), (units,).
    axes
        Directions of the plane's two axes, orthonormal, (2, units).
    explained
        Share of the variance of what it was made for along each axis, (2,).
    """

    origin: Floats
    axes: Floats
    explained: Floats

    def points(self, mean: Floats) -> Floats:
        """Where points of the latent space (n, units) are seen, (n, 2)."""
        seen: Floats = (mean - self.origin) @ self.axes.T
        return seen

    def covariances(self, sd: Floats) -> Floats:
        """Covariance in the plane of diagonal Gaussians with these ``sd`` (n, units), (n, 2, 2).

        It is A Σ Aᵀ, A being the axes: the shadow of a Gaussian is one.
        """
        covariance: Floats = np.einsum("iu,nu,ju->nij", self.axes, np.square(sd), self.axes)
        return covariance

    def lifted(self, at: Floats, z: Floats) -> Floats:
        """The point nearest to ``z`` (units,) that is seen at ``at`` (2,), (units,)."""
        moved: Floats = z + (at - self.points(z[None])[0]) @ self.axes
        return moved


def principal_plane(mean: Floats) -> LinearPlane:
    """Make the plane in which the means (n, units) vary most: their first principal components.

    The largest entry of each axis is positive, so that the same data give the same picture.
    """
    mean = mean.astype(np.float64)
    origin = mean.mean(axis=0)
    centred = mean - origin
    values, vectors = np.linalg.eigh(centred.T @ centred / max(1, len(mean)))
    axes = vectors[:, ::-1][:, :2].T
    largest = np.take_along_axis(axes, np.abs(axes).argmax(axis=1)[:, None], axis=1)
    total = max(float(values.sum()), np.finfo(float).tiny)
    return LinearPlane(origin, axes * np.sign(largest), values[::-1][:2] / total)


def kept_neighbours(points: Floats, picture: Floats, count: int) -> Floats:
    """Share of each point's nearest neighbours that are also its nearest in a picture, (n,).

    Parameters
    ----------
    points
        Points of the latent space, (n, units).
    picture
        Where a picture shows them, (n, 2).
    count
        How many neighbours of each count; fewer than n.
    """
    true, seen = (
        NearestNeighbors(n_neighbors=count).fit(each).kneighbors(return_distance=False)
        for each in (points, picture)
    )
    kept: Floats = np.array(
        [len(np.intersect1d(a, b)) / count for a, b in zip(true, seen, strict=True)]
    )
    return kept


def aligned(picture: Floats, to: Floats) -> Floats:
    """Turn, mirror and move a picture (n, 2) so that its points come nearest to those of another.

    Least squares over rotations, reflections and shifts, without a change of size (orthogonal
    Procrustes; Schönemann 1966).
    """
    centre, target = picture.mean(axis=0), to.mean(axis=0)
    left, _, right = np.linalg.svd((picture - centre).T @ (to - target))
    turned: Floats = (picture - centre) @ (left @ right) + target
    return turned
