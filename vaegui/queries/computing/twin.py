"""One of two models that are trained side by side, and what is seen of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from vaegui.training.engine.engine import Engine

__all__ = ["Twin"]

Floats = NDArray[np.float32]


class Twin:
    """A model in training, looked at from time to time.

    Parameters
    ----------
    engine
        Trains it.
    x
        Probes in the data's own scale, (probes, *shape), to encode and reconstruct.
    z
        Draws from the prior, (n, units), to decode.

    Attributes
    ----------
    mean, log_var
        Posteriors of the probes at the latest look, (probes, units).
    samples
        What ``z`` decoded to at the latest look, (n, *shape), in the data's own scale.
    """

    def __init__(self, engine: Engine, x: NDArray[Any], z: Floats) -> None:
        self.engine, self._model, self._x, self._z = engine, engine.inference, x, z
        self._seen: list[float] = []
        self.mean = self.log_var = self.samples = np.empty(0, np.float32)
        self._term = tf.function(self._compute, autograph=False)
        self._as_seen = tf.constant(engine.inference.scaling.to_model_with_gaps(x))

    def look(self) -> None:
        """Encode the probes, decode the samples, and take the reconstruction term."""
        self.mean, self.log_var = self._model.encode(self._x)
        self.samples = self._model.decode(self._z)
        self._seen.append(float(self._term(self._as_seen)))

    @property
    def reconstruction(self) -> Floats:
        """The reconstruction term at each look so far, (looks,), nats."""
        return np.array(self._seen, np.float32)

    def _compute(self, x: Any) -> Any:
        """The mean reconstruction term with z = mean, which is z for eps = 0."""
        eps = tf.zeros((tf.shape(x)[0], self._model.vae.units))
        return tf.reduce_mean(self._model.vae.terms(x, eps).reconstruction)
