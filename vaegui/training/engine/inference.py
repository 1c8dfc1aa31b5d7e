"""A model applied to arrays: encoding, decoding, evaluating."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from vaegui.core.vae import VAE
from vaegui.data.dataset import Scaling

__all__ = ["PIECE", "Evaluation", "Inference"]

Floats = NDArray[np.float32]

PIECE = 512
"""Examples in one call of evaluation, encoding or decoding."""

ACTIVE_VARIANCE = 0.01
"""A unit whose posterior mean varies less than this over the data is inactive."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Sums over ``examples`` examples.

    ``reconstruction`` and ``kl`` (units,) in nats; ``mean`` and ``square`` (units,) of the
    posterior means and their squares.
    """

    reconstruction: float
    kl: NDArray[np.float64]
    mean: NDArray[np.float64]
    square: NDArray[np.float64]
    examples: int

    def __add__(self, other: Evaluation) -> Evaluation:
        return Evaluation(
            self.reconstruction + other.reconstruction,
            self.kl + other.kl,
            self.mean + other.mean,
            self.square + other.square,
            self.examples + other.examples,
        )

    @property
    def active_units(self) -> int:
        """How many units are active (Burda, Grosse and Salakhutdinov 2016, section 5.2)."""
        variance = self.square / self.examples - np.square(self.mean / self.examples)
        return int(np.sum(variance > ACTIVE_VARIANCE))


class Inference:
    """Compiled functions of a model whose arguments and results are arrays.

    Parameters
    ----------
    vae
        The model.
    scaling
        How it sees the data.
    dtype
        Type of the data's values, uint8 or float32.
    seed
        Start of the noise of evaluations.
    scope
        Makes the context that puts computations on a device.
    """

    def __init__(
        self,
        vae: VAE,
        scaling: Scaling,
        dtype: np.dtype[Any],
        seed: int,
        scope: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self.vae, self.scaling, self.seed, self.scope = vae, scaling, seed, scope
        row = (None, *vae.shape)
        # Without autograph, which reads source files and finds no control flow in here.
        self._encode = tf.function(
            vae.encoder, input_signature=[tf.TensorSpec(row, tf.float32)], autograph=False
        )
        self._decode = tf.function(
            lambda z: vae.likelihood.mean(vae.decoder(z)),
            input_signature=[tf.TensorSpec((None, vae.units), tf.float32)],
            autograph=False,
        )
        self._evaluate = tf.function(
            self._evaluation,
            input_signature=[
                tf.TensorSpec(row, tf.as_dtype(dtype)),
                tf.TensorSpec((2,), tf.int32),
            ],
            autograph=False,
        )

    def encode(self, x: NDArray[Any]) -> tuple[Floats, Floats]:
        """Data in their own scale (n, *shape) -> mean and log-variance, each (n, units)."""
        with self.scope():
            parts = [
                self._encode(tf.constant(self.scaling.to_model(piece))) for piece in _pieces(x)
            ]
        mean, log_var = ([part[name].numpy() for part in parts] for name in ("mean", "log_var"))
        empty = np.empty((0, self.vae.units), np.float32)
        return np.concatenate([*mean, empty]), np.concatenate([*log_var, empty])

    def decode(self, z: Floats) -> Floats:
        """Latent points (n, units) -> reconstructions (n, *shape) in the data's own scale."""
        z = np.asarray(z, np.float32)
        with self.scope():
            parts = [self._decode(tf.constant(piece)).numpy() for piece in _pieces(z)]
        empty = np.empty((0, *self.vae.shape), np.float32)
        return self.scaling.to_data(np.concatenate([*parts, empty]))

    def evaluate(self, x: NDArray[Any], start: int) -> Evaluation:
        """The negative ELBO's terms of ``x[start : start + PIECE]``, one draw of z each.

        The noise depends only on the seed and ``start``: it is the same in every epoch and takes
        nothing from the training's stream.
        """
        piece = np.ascontiguousarray(x[start : start + PIECE])
        noise = tf.constant([self.seed, start], tf.int32)
        with self.scope():
            reconstruction, *by_unit = self._evaluate(tf.constant(piece), noise)
        kl, mean, square = (sums.numpy().astype(np.float64) for sums in by_unit)
        return Evaluation(float(reconstruction), kl, mean, square, len(piece))

    def total(self, reconstruction: float, kl: NDArray[np.float64]) -> float:
        """Return the loss, as it is weighted now, of mean terms; ``kl`` is (units,), in nats."""
        return float(self.vae.total(tf.constant(reconstruction, tf.float32), np.float32(kl)))

    def _evaluation(self, raw: Any, noise: Any) -> tuple[Any, ...]:
        scale = tf.constant(self.scaling.scale, tf.float32)
        x = tf.cast(raw, tf.float32) * scale + tf.constant(self.scaling.offset, tf.float32)
        eps = tf.random.stateless_normal((tf.shape(x)[0], self.vae.units), seed=noise)
        terms = self.vae.terms(x, eps)
        mean = self.vae.encoder(x)["mean"]
        by_unit = (tf.reduce_sum(each, axis=0) for each in (terms.kl, mean, tf.square(mean)))
        return tf.reduce_sum(terms.reconstruction), *by_unit


def _pieces(rows: NDArray[Any]) -> list[NDArray[Any]]:
    return [rows[start : start + PIECE] for start in range(0, len(rows), PIECE)]
