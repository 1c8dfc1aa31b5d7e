"""Gaussian likelihood with a fixed or a learned standard deviation."""

from __future__ import annotations

import math
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from vaegui.core.likelihoods.base import BaseLikelihood
from vaegui.core.prior import LOG_2_PI
from vaegui.declared import setting

__all__ = ["LEAST_SD", "Gaussian", "LearnedGaussian"]

LEAST_SD = 1e-3
"""No standard deviation is smaller, on the scale that the model sees."""


class Gaussian(BaseLikelihood):
    """Each value is Gaussian about the decoder's output, with one standard deviation for all."""

    label: ClassVar[str] = "Gaussian, fixed sd"

    kind: Literal["gaussian"] = "gaussian"
    sd: float = setting(
        0.2,
        title="Standard deviation",
        help="Spread of values about the reconstruction, on the scale that the model sees.",
        ge=LEAST_SD,
        le=1e3,
    )

    def value_log_prob(self, x: Any, parameters: Any, log_sd: Any = None) -> Any:
        """Log N(x; parameters, sd^2)."""
        from keras import ops

        constant = math.log(self.sd) + 0.5 * LOG_2_PI
        return -0.5 * ops.square((x - parameters) / self.sd) - constant

    def squared_error_nats(self, errors: NDArray[np.float64]) -> float:
        """See `BaseLikelihood.squared_error_nats`."""
        constant = math.log(self.sd) + 0.5 * LOG_2_PI
        return float(np.sum(0.5 * errors / self.sd**2 + constant))


class LearnedGaussian(BaseLikelihood):
    """Each value is Gaussian about the decoder's output; the spread is trained along.

    Rybkin, Daniilidis and Levine 2021, "Simple and effective VAE training with calibrated
    decoders" (the shared sigma of their sigma-VAE).
    """

    label: ClassVar[str] = "Gaussian, learned sd"

    kind: Literal["gaussian-learned"] = "gaussian-learned"
    each: Literal["model", "feature"] = setting(
        "model",
        title="One sd for",
        help="Whether one standard deviation is learned for all values or one for each feature.",
    )

    def sd_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """(*shape) for one standard deviation for each feature, otherwise ()."""
        return shape if self.each == "feature" else ()

    def value_log_prob(self, x: Any, parameters: Any, log_sd: Any) -> Any:
        """Log N(x; parameters, exp(log_sd)^2)."""
        from keras import ops

        scaled = (x - parameters) * ops.exp(-log_sd)
        return -0.5 * ops.square(scaled) - log_sd - 0.5 * LOG_2_PI

    def squared_error_nats(self, errors: NDArray[np.float64]) -> float:
        """With the standard deviation that suits the errors best, as training finds it."""
        together = errors if self.each == "feature" else np.full_like(errors, errors.mean())
        variance = np.maximum(together, LEAST_SD**2)
        return float(np.sum(0.5 * (together / variance + np.log(variance) + LOG_2_PI)))
