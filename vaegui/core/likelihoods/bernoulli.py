"""Bernoulli likelihood, from logits."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from vaegui.core.likelihoods.base import BaseLikelihood

__all__ = ["Bernoulli", "cross_entropy"]


class Bernoulli(BaseLikelihood):
    """Each value is a coin toss whose logit the decoder gives; values between 0 and 1.

    For values that are not 0 or 1 it is no density of theirs, but the customary cross-entropy.
    """

    label: ClassVar[str] = "Bernoulli"
    unit_interval: ClassVar[bool] = True
    caveat: ClassVar[str] = (
        "Bernoulli gives a probability to values that are exactly 0 or 1 only. Of greys it is no "
        "density: for those, compare this number with that of no other likelihood."
    )

    kind: Literal["bernoulli"] = "bernoulli"

    def value_log_prob(self, x: Any, parameters: Any, log_sd: Any = None) -> Any:
        """``x log p + (1 - x) log(1 - p)``, p = sigmoid(parameters).

        Kingma and Welling 2014, appendix C.1.
        """
        return -cross_entropy(x, parameters)

    def mean(self, parameters: Any) -> Any:
        """E[x|z]: the probability, (batch, *shape)."""
        from keras import layers

        return layers.Activation("sigmoid", name="reconstruction")(parameters)


def cross_entropy(x: Any, logits: Any) -> Any:
    """Binary cross-entropy of each value, in nats, same shape.

    Written on logits, because that of probabilities saturates in float32; and with softplus, whose
    derivative is right at a logit of 0, too, unlike that of a maximum.
    """
    from keras import ops

    return ops.softplus(logits) - logits * x
