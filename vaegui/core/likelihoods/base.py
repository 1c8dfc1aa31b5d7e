"""What every likelihood shares."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from vaegui.declared import Choice

__all__ = ["BaseLikelihood"]


class BaseLikelihood(Choice):
    """p(x|z) with one decoder output for each value of x, values independent given z.

    Attributes
    ----------
    unit_interval
        Whether values must lie from 0 to 1.
    caveat
        What is to be said beside an estimate of log p(x) under this likelihood, a sentence or two,
        or '' if it is the logarithm of a density or probability of whatever values it takes.
    """

    unit_interval: ClassVar[bool] = False
    caveat: ClassVar[str] = ""

    def value_log_prob(self, x: Any, parameters: Any, log_sd: Any) -> Any:
        """Log p of each value in nats, same shape as ``x``.

        Parameters
        ----------
        x, parameters
            Values and the decoder's outputs for them, (batch, *shape).
        log_sd
            Logarithm of the learned standard deviation, of the shape `sd_shape`; None without one.
        """
        raise NotImplementedError

    def sd_shape(self, shape: tuple[int, ...]) -> tuple[int, ...] | None:
        """Shape of the standard deviation that is trained along with the network, if there is one.

        Parameters
        ----------
        shape
            Shape of one example.
        """
        return None

    def log_prob(self, x: Any, parameters: Any, log_sd: Any = None, observed: Any = None) -> Any:
        """Log p(x|z) in nats, summed over features, (batch,). Arguments as `value_log_prob`.

        Where ``observed`` is given, (batch, *shape), values that are not observed do not count.
        """
        from keras import ops

        nats = self.value_log_prob(x, parameters, log_sd)
        if observed is not None:
            nats = ops.where(observed, nats, ops.zeros_like(nats))
        return ops.sum(ops.reshape(nats, (ops.shape(nats)[0], -1)), axis=1)

    def squared_error_nats(self, errors: NDArray[np.float64]) -> float | None:
        """The reconstruction term, -log p(x|z), of errors that are known only squared.

        Parameters
        ----------
        errors
            Mean squared error of each value of x, (features,).

        Returns
        -------
        float or None
            In nats per example; None if the likelihood is not about squared errors.
        """
        return None

    def mean(self, parameters: Any) -> Any:
        """E[x|z], the reconstruction, (batch, *shape). Works on Keras' symbolic tensors, too."""
        from keras import layers

        return layers.Activation("linear", name="reconstruction")(parameters)

    def check(self, low: float, high: float) -> str:
        """Why values between ``low`` and ``high`` (as the model sees them) do not fit, or ''."""
        rounding = 1e-6
        if not self.unit_interval or (low >= -rounding and high <= 1.0 + rounding):
            return ""
        return f"{self.label} needs values from 0 to 1; these lie between {low:.4g} and {high:.4g}."
