"""The log-variance that a model computes with, and z drawn by it, once for NumPy and Keras.

``xp`` is the module that computes, `numpy` or `keras.ops`: their functions have the same names.
Nothing is imported here, so that what draws a model need not load TensorFlow.
"""

from __future__ import annotations

from typing import Any

__all__ = ["LINEAR", "bounded", "reparameterise", "slope", "standard_deviation"]

LINEAR = 10.0
"""Up to this absolute value the log-variance is used exactly as the encoder reads it out."""


def bounded(read_out: Any, xp: Any) -> Any:
    """The log-variance that is computed with: the read-out itself within [-10, 10].

    Outside it grows only logarithmically, because exp(log_var) overflows float32 above 88 and a
    single such value would make every weight NaN. The gradient stays finite and never vanishes,
    so a unit that ran away is pulled back.

    Parameters
    ----------
    read_out
        What the encoder says, any shape.
    xp
        `numpy` or `keras.ops`.

    Returns
    -------
    Same shape
        ``l`` for ``|l| <= 10``, else ``sign(l) * (10 + log(1 + |l| - 10))``.
    """
    linear = xp.clip(read_out, -LINEAR, LINEAR)
    return linear + xp.sign(read_out) * xp.log1p(xp.abs(read_out - linear))


def slope(read_out: Any, xp: Any) -> Any:
    """Derivative of `bounded`, same shape: 1 within [-10, 10], beyond ``1 / (1 + |l| - 10)``."""
    return 1.0 / (1.0 + xp.maximum(xp.abs(read_out) - LINEAR, 0.0))


def standard_deviation(read_out: Any, xp: Any) -> Any:
    """Posterior standard deviation exp(log_var / 2), same shape, always positive and finite."""
    return xp.exp(0.5 * bounded(read_out, xp))


def reparameterise(mean: Any, read_out: Any, eps: Any, xp: Any) -> Any:
    """z = mean + exp(log_var / 2) * eps, all (..., units).

    It is a function of mean and log_var, so gradients pass through it to the encoder
    (Kingma and Welling 2014, section 2.4).
    """
    return mean + standard_deviation(read_out, xp) * eps
