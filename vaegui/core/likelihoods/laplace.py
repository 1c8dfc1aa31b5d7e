"""Laplace likelihood with a fixed scale."""

from __future__ import annotations

import math
from typing import Any, ClassVar, Literal

from vaegui.core.likelihoods.base import BaseLikelihood
from vaegui.declared import setting

__all__ = ["Laplace"]


class Laplace(BaseLikelihood):
    """Each value is Laplace about the decoder's output: large errors weigh less than squared."""

    label: ClassVar[str] = "Laplace"

    kind: Literal["laplace"] = "laplace"
    scale: float = setting(
        0.1,
        title="Scale b",
        help="Mean absolute distance from the reconstruction, on the scale that the model sees.",
        ge=1e-3,
        le=1e3,
    )

    def value_log_prob(self, x: Any, parameters: Any, log_sd: Any = None) -> Any:
        """``-|x - parameters| / b - log(2 b)``."""
        from keras import ops

        return -ops.abs(x - parameters) / self.scale - math.log(2.0 * self.scale)
