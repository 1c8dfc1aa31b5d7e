"""Many examples encoded little by little, so that nothing waits for it."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from vaegui.data.source import Source
from vaegui.training.engine.inference import PIECE, Inference

__all__ = ["Encoding", "Portion"]

Floats = NDArray[np.float32]


class Portion:
    """How many rows to take at once, so that it takes about as long as wanted.

    Parameters
    ----------
    seconds
        How long one portion shall take.
    rows
        How many to begin with.
    most
        How many at most.
    """

    def __init__(self, seconds: float, rows: int = 64, most: int = 8 * PIECE) -> None:
        self.rows = rows
        self._seconds, self._most, self._started = seconds, most, 0.0

    def begin(self) -> None:
        """Note that a portion begins."""
        self._started = time.perf_counter()

    def end(self) -> None:
        """Note that it is over, and choose the next; it doubles at most."""
        taken = max(time.perf_counter() - self._started, 1e-6)
        wanted = int(self.rows * min(2.0, self._seconds / taken))
        self.rows = int(np.clip(wanted, 1, self._most))


class Encoding:
    """The posteriors of many examples, as far as they are encoded.

    Parameters
    ----------
    inference
        The model. If it trains meanwhile, rows come from different steps.
    source
        Examples in the data's own scale.
    seconds
        How long one piece shall take.

    Attributes
    ----------
    done
        Number of examples that are encoded.
    """

    def __init__(self, inference: Inference, source: Source, seconds: float = 0.015) -> None:
        self._inference, self._source = inference, source
        self._mean = np.empty((source.spec.length, inference.vae.units), np.float32)
        self._log_var = np.empty_like(self._mean)
        self._portion = Portion(seconds)
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
