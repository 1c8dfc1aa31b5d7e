"""A mixture of few Gaussians in place of the aggregate posterior, to draw from."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.mixture import GaussianMixture

__all__ = ["fitted_mixture", "sample_mixture"]

Floats = NDArray[np.floating[Any]]


def fitted_mixture(z: Floats, components: int, seed: int) -> GaussianMixture:
    """Fit a mixture of ``components`` Gaussians to points ``z`` (n, units) by EM.

    Few points take fewer components: each needs twice as many points as there are units.
    """
    most = max(1, len(z) // (2 * z.shape[1]))
    mixture = GaussianMixture(min(components, most), random_state=seed, reg_covar=1e-5)
    return mixture.fit(z)


def sample_mixture(mixture: GaussianMixture, count: int, random: np.random.Generator) -> Floats:
    """Draw ``count`` points from a mixture, (count, units), in no order."""
    which = random.choice(len(mixture.weights_), size=count, p=mixture.weights_)
    eps = random.standard_normal((count, mixture.means_.shape[1]))
    roots = np.linalg.cholesky(mixture.covariances_)
    z: Floats = mixture.means_[which] + np.einsum("nij,nj->ni", roots[which], eps)
    return z
