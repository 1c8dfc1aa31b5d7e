"""The codes of a plain autoencoder: one point of the latent space for each input, and no prior."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["draws_like"]


def draws_like(codes: NDArray[Any], count: int, seed: int) -> NDArray[np.float32]:
    """Draw ``count`` points, (count, units), from the Gaussian that fits all codes (n, units) best.

    A plain autoencoder has no prior to draw from. A density that is fitted to its codes afterwards
    takes its place (Ghosh et al. 2020, "From variational to deterministic autoencoders").
    """
    centred = codes - codes.mean(axis=0, dtype=np.float64)
    # Its rows mixed at random have the covariance of the codes.
    eps = np.random.default_rng(seed).standard_normal((count, len(codes)))
    spread = eps @ centred / np.sqrt(max(len(codes) - 1, 1))
    drawn: NDArray[np.float32] = (codes.mean(axis=0, dtype=np.float64) + spread).astype(np.float32)
    return drawn
