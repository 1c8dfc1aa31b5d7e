"""The linear map between the data's own scale and the one that the model sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Scaling"]


@dataclass(frozen=True, slots=True)
class Scaling:
    """How data become what the model sees: ``model = data * scale + offset``.

    ``scale`` and ``offset`` are numbers, or tuples with one number for each feature.
    """

    scale: float | tuple[float, ...] = 1.0
    offset: float | tuple[float, ...] = 0.0

    def to_model(self, data: NDArray[Any]) -> NDArray[np.float32]:
        """Bring data from their own scale to the model's, as float32 of the same shape."""
        scale, offset = np.asarray(self.scale, np.float32), np.asarray(self.offset, np.float32)
        return np.asarray(data).astype(np.float32) * scale + offset

    def to_data(self, model: NDArray[Any]) -> NDArray[np.float32]:
        """Undo `to_model`, giving float32 of the same shape."""
        scale, offset = np.asarray(self.scale, np.float64), np.asarray(self.offset, np.float64)
        return ((np.asarray(model) - offset) / scale).astype(np.float32)
