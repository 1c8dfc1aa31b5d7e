"""The map between the data's own scale and the one that the model sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Scaling"]

_LARGEST = 88.0
"""The largest whole logarithm of a float32."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """How data become what the model sees: ``model = data * scale + offset``.

    ``scale`` and ``offset`` are numbers, or tuples with one number for each feature. Of features
    with ``log1p`` it is the logarithm: ``model = log(1 + data) * scale + offset``; None if of none.
    ``gaps`` has for each feature, in the data's own scale, what stands for a value that is missing;
    None where none may be.
    """

    scale: float | tuple[float, ...] = 1.0
    offset: float | tuple[float, ...] = 0.0
    log1p: tuple[bool, ...] | None = None
    gaps: tuple[float, ...] | None = None

    def to_model(self, data: NDArray[Any]) -> NDArray[np.float32]:
        """Bring data from their own scale to the model's, as float32 of the same shape.

        What is missing is as the encoder sees it; `to_model_with_gaps` leaves it NaN.
        """
        return self.to_model_with_gaps(self.filled(data))

    def to_model_with_gaps(self, data: NDArray[Any]) -> NDArray[np.float32]:
        """The same, but what is missing stays NaN."""
        scale, offset = np.asarray(self.scale, np.float32), np.asarray(self.offset, np.float32)
        return self.to_logarithms(np.asarray(data).astype(np.float32)) * scale + offset

    def filled(self, data: NDArray[Any]) -> NDArray[Any]:
        """The same data with `gaps` in place of what is missing or infinite, if any may be."""
        if self.gaps is None:
            return data
        return np.where(np.isfinite(data), data, np.asarray(self.gaps, np.float32))

    def to_data(self, model: NDArray[Any]) -> NDArray[np.float32]:
        """Undo `to_model`, giving float32 of the same shape."""
        scale, offset = np.asarray(self.scale, np.float64), np.asarray(self.offset, np.float64)
        data = (np.asarray(model) - offset) / scale
        if self.log1p is not None:
            data = np.where(self.log1p, np.expm1(np.minimum(data, _LARGEST)), data)
        return data.astype(np.float32)

    def to_logarithms(self, data: NDArray[Any]) -> NDArray[Any]:
        """The same numbers, of features with ``log1p`` log(1 + x); NaN where there is none."""
        if self.log1p is None:
            return data
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.log1p, np.log1p(np.where(self.log1p, data, 0)), data)
