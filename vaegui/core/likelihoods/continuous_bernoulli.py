"""Continuous Bernoulli likelihood, from logits."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from vaegui.core.likelihoods.base import BaseLikelihood
from vaegui.core.likelihoods.bernoulli import cross_entropy

__all__ = ["ContinuousBernoulli"]

SERIES_BELOW = 0.3
"""For logits smaller than this, Taylor series replace quotients that would be 0 / 0."""


class ContinuousBernoulli(BaseLikelihood):
    """The Bernoulli's normalised counterpart: a density of values between 0 and 1, like greys.

    Loaiza-Ganem and Cunningham 2019, "The continuous Bernoulli".
    """

    label: ClassVar[str] = "Continuous Bernoulli"
    unit_interval: ClassVar[bool] = True

    kind: Literal["continuous-bernoulli"] = "continuous-bernoulli"

    def value_log_prob(self, x: Any, parameters: Any, log_sd: Any = None) -> Any:
        """``x log p + (1 - x) log(1 - p) + log C(p)``, p = sigmoid(parameters) (equation 5).

        With logit l the normaliser is C = l / tanh(l / 2), near 0 its series 2 (1 + l^2 / 12 ...).
        """
        from keras import ops

        size = ops.abs(parameters)
        safe = ops.maximum(size, SERIES_BELOW)
        square = ops.square(ops.minimum(size, SERIES_BELOW))
        series = 0.6931471805599453 + square / 12.0 - 7.0 * ops.square(square) / 1440.0
        exact = ops.log(safe) - ops.log(ops.tanh(0.5 * safe))
        normaliser = ops.where(size < SERIES_BELOW, series, exact)
        return normaliser - cross_entropy(x, parameters)

    def mean(self, parameters: Any) -> Any:
        """E[x|z] (equation 8), (batch, *shape): 1/2 + 1/(2 tanh(l/2)) - 1/l for the logit l."""
        from keras import ops

        near = ops.abs(parameters) < SERIES_BELOW
        away = ops.where(near, SERIES_BELOW, parameters)
        small = ops.where(near, parameters, 0.0)
        cube = small * small * small
        series = small / 12.0 - cube / 720.0 + cube * small * small / 30240.0
        return 0.5 + ops.where(near, series, 0.5 / ops.tanh(0.5 * away) - 1.0 / away)
