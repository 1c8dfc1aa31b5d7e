"""The terms of the evidence lower bound, per example and per unit, in nats.

log p(x) >= E_q[log p(x|z)] - KL(q(z|x) || p(z))   (Kingma and Welling 2014, equation 3).
Nothing here averages: functions return ``(batch,)`` or ``(batch, units)``.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from keras import ops

__all__ = ["LINEAR_LOG_VAR", "Terms", "bounded_log_var", "kl_by_unit", "standard_deviation"]

LINEAR_LOG_VAR = 10.0
"""Up to this absolute value the log-variance is used exactly as the encoder reads it out."""


class Terms(NamedTuple):
    """The two terms of the negative ELBO, before any reduction.

    ``reconstruction`` is -log p(x|z), (batch,); ``kl`` is (batch, units).
    """

    reconstruction: Any
    kl: Any


def bounded_log_var(log_var: Any) -> Any:
    """The log-variance that is computed with: the read-out itself within [-10, 10].

    Outside it grows only logarithmically, because exp(log_var) overflows float32 above 88 and a
    single such value would make every weight NaN. The gradient stays finite and never vanishes,
    so a unit that ran away is pulled back.

    Parameters
    ----------
    log_var
        The encoder's read-out, any shape.

    Returns
    -------
    Same shape
        ``l`` for ``|l| <= 10``, else ``sign(l) * (10 + log(1 + |l| - 10))``.
    """
    linear = ops.clip(log_var, -LINEAR_LOG_VAR, LINEAR_LOG_VAR)
    return linear + ops.sign(log_var) * ops.log1p(ops.abs(log_var - linear))


def standard_deviation(log_var: Any) -> Any:
    """Posterior standard deviation exp(log_var / 2), same shape, always positive and finite."""
    return ops.exp(0.5 * bounded_log_var(log_var))


def kl_by_unit(mean: Any, log_var: Any) -> Any:
    """KL(N(mean, exp(log_var)) || N(0, 1)) of each unit.

    Parameters
    ----------
    mean, log_var
        The encoder's outputs, (batch, units).

    Returns
    -------
    (batch, units)
        ``(exp(log_var) + mean**2 - 1 - log_var) / 2`` nats (Kingma and Welling 2014, appendix B).
    """
    bounded = bounded_log_var(log_var)
    return 0.5 * (ops.exp(bounded) + ops.square(mean) - 1.0 - bounded)
