"""The terms of the evidence lower bound, per example and per unit, in nats.

log p(x) >= E_q[log p(x|z)] - KL(q(z|x) || p(z))   (Kingma and Welling 2014, equation 3).
"""

from __future__ import annotations

from typing import Any, NamedTuple

__all__ = ["Terms"]


class Terms(NamedTuple):
    """The two terms of the negative ELBO, before any reduction.

    ``reconstruction`` is -log p(x|z), (batch,); ``kl`` is (batch, units).
    """

    reconstruction: Any
    kl: Any
