"""Bernoulli likelihood, from logits."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from vaegui.declared import Choice

__all__ = ["Bernoulli"]


class Bernoulli(Choice):
    """Each value is a coin toss whose logit the decoder gives; values between 0 and 1.

    Written on logits, because binary cross-entropy on probabilities saturates in float32.
    """

    label: ClassVar[str] = "Bernoulli"

    kind: Literal["bernoulli"] = "bernoulli"

    def log_prob(self, x: Any, parameters: Any) -> Any:
        """log p(x|z) in nats, summed over features.

        Parameters
        ----------
        x
            Values in [0, 1], (batch, *shape).
        parameters
            The decoder's logits, (batch, *shape).

        Returns
        -------
        (batch,)
            ``sum_i x_i log p_i + (1 - x_i) log(1 - p_i)`` with ``p = sigmoid(logits)``
            (Kingma and Welling 2014, appendix C.1).
        """
        from keras import ops

        stable = ops.maximum(parameters, 0.0) - parameters * x
        nats = stable + ops.log1p(ops.exp(-ops.abs(parameters)))
        return -ops.sum(ops.reshape(nats, (ops.shape(nats)[0], -1)), axis=1)

    def mean(self, parameters: Any) -> Any:
        """E[x|z]: the reconstruction, (batch, *shape) in [0, 1]. A Keras or a real tensor."""
        from keras import layers

        return layers.Activation("sigmoid", name="reconstruction")(parameters)

    def check(self, low: float, high: float) -> str:
        """Why values between ``low`` and ``high`` (as the model sees them) do not fit, or ''."""
        if low >= 0.0 and high <= 1.0:
            return ""
        return f"Bernoulli needs values from 0 to 1; these lie between {low:.4g} and {high:.4g}."
