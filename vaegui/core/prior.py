"""The prior p(z), written once for NumPy and Keras: ``xp`` is `numpy` or `keras.ops`."""

from __future__ import annotations

import math
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from vaegui.core.log_variance import bounded

__all__ = ["LOG_2_PI", "Prior", "StandardNormal"]

LOG_2_PI = math.log(2.0 * math.pi)

SERIES_BELOW = 0.05
"""For log-variances smaller than this, ``exp(b) - 1 - b`` is summed as a series."""


class Prior(Protocol):
    """A distribution of z that does not depend on x."""

    def log_prob(self, z: Any, xp: Any) -> Any:
        """Log-density in nats of points z (..., units), (...)."""
        ...

    def kl_by_unit(self, mean: Any, log_var: Any, xp: Any) -> Any:
        """KL from the posterior N(mean, exp(log_var)) to the prior, of each unit, never negative.

        Parameters
        ----------
        mean, log_var
            The encoder's outputs, (..., units).
        xp
            `numpy` or `keras.ops`.

        Returns
        -------
        (..., units)
            Nats.
        """
        ...

    def sample(self, n: int, units: int, random: np.random.Generator) -> NDArray[np.float32]:
        """Draw ``n`` points, (n, units)."""
        ...


class StandardNormal:
    """N(0, I) over the latent units: the `Prior` of every model so far."""

    def log_prob(self, z: Any, xp: Any) -> Any:
        """See `Prior.log_prob`."""
        return -0.5 * xp.sum(xp.square(z) + LOG_2_PI, axis=-1)

    def kl_by_unit(self, mean: Any, log_var: Any, xp: Any) -> Any:
        """``(exp(log_var) + mean**2 - 1 - log_var) / 2`` (Kingma and Welling 2014, appendix B)."""
        return 0.5 * (xp.square(mean) + _exp_beyond_line(bounded(log_var, xp), xp))

    def sample(self, n: int, units: int, random: np.random.Generator) -> NDArray[np.float32]:
        """See `Prior.sample`."""
        return random.standard_normal((n, units), np.float32)


def _exp_beyond_line(b: Any, xp: Any) -> Any:
    """``exp(b) - 1 - b``, same shape, by which exp lies above its tangent at 0.

    Near 0 the difference has no digits left, even with expm1, and can be negative. There it is
    b^2 / 2 (1 + b/3 (1 + b/4 (1 + b/5 (1 + b/6 ...)))), which these terms give to 1 in 10^9.
    """
    near = xp.clip(b, -SERIES_BELOW, SERIES_BELOW)
    series = 1.0 + near / 6.0
    for n in (5.0, 4.0, 3.0):
        series = 1.0 + near / n * series
    return xp.where(xp.abs(b) < SERIES_BELOW, 0.5 * near * near * series, xp.expm1(b) - b)
