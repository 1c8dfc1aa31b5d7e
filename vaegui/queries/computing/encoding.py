"""Many examples encoded little by little, so that nothing waits for it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vaegui.data.source import Source
from vaegui.queries.computing.portion import PIECE_SECONDS, Portion
from vaegui.training.model.inference import Inference

__all__ = ["Encoding"]

Floats = NDArray[np.float32]


class Encoding:
    """The posteriors of many examples, as far as they are encoded.

    Parameters
    ----------
    inference
        The model. If it trains meanwhile, rows come from different steps.
    source
        Examples in the data's own scale.

    Attributes
    ----------
    done
        Number of examples that are encoded.
    """

    def __init__(self, inference: Inference, source: Source) -> None:
        self._inference, self._source = inference, source
        self._mean = np.empty((source.spec.length, inference.vae.units), np.float32)
        self._log_var = np.empty_like(self._mean)
        self._portion = Portion(PIECE_SECONDS)
        self.done = 0

    @property
    def complete(self) -> bool:
        """Whether all are encoded."""
        return self.done == len(self._mean)

    def advance(self) -> None:
        """Encode the next few."""
        self._portion.begin()
        rows = slice(self.done, min(self.done + self._portion.rows, len(self._mean)))
        x = self._source.read(rows).x
        self._mean[rows], self._log_var[rows] = self._inference.encode(x)
        self.done = rows.stop
        self._portion.end()

    def posteriors(self) -> tuple[Floats, Floats]:
        """Mean and log-variance of those that are encoded, (done, units) each; never changed."""
        return self._mean[: self.done], self._log_var[: self.done]
