"""A model applied to arrays: encoding, decoding, evaluating."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from vaegui.core.elbo import Terms
from vaegui.core.sampling import noise
from vaegui.core.vae import VAE
from vaegui.data.scaling import Scaling
from vaegui.errors import VaeguiError
from vaegui.training.model.memory import rows_together, telling_of_memory
from vaegui.training.model.seen import as_seen
from vaegui.training.model.traced import Traced

__all__ = ["PIECE", "EachMeasured", "Evaluation", "Inference"]

Floats = NDArray[np.float32]

PIECE = 512
"""Examples at most in one call of encoding or decoding, and about as many in one of evaluation."""

ACTIVE_VARIANCE = 0.01
"""A unit whose posterior mean varies less than this over the data is inactive."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Sums over ``examples`` examples.

    ``total``, ``reconstruction`` and ``kl`` (units,) in nats; ``mean`` and ``square`` (units,) of
    the posterior means and their squares.
    """

    total: float
    reconstruction: float
    kl: NDArray[np.float64]
    mean: NDArray[np.float64]
    square: NDArray[np.float64]
    examples: int

    def __add__(self, other: Evaluation) -> Evaluation:
        return Evaluation(
            self.total + other.total,
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


class EachMeasured(NamedTuple):
    """The posteriors of some examples and what they cost, one row for each.

    ``mean``, ``log_var`` (n, units) of the posterior; ``reconstruction`` (n,) and ``kl`` (n, units)
    in nats, from one draw of z each.
    """

    mean: Floats
    log_var: Floats
    reconstruction: Floats
    kl: Floats


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
    batch_size
        Examples in a batch, which evaluations reduce as training does.
    scope
        Makes the context that puts computations on a device.
    """

    def __init__(
        self,
        vae: VAE,
        scaling: Scaling,
        dtype: np.dtype[Any],
        seed: int,
        batch_size: int,
        scope: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self.vae, self.scaling, self.seed, self.scope = vae, scaling, seed, scope
        self.batch_size = batch_size
        self._rows = rows_together(vae, batch_size, PIECE)
        row = (None, *vae.shape)
        self._encode = Traced(lambda x: vae.encoder(x), [tf.TensorSpec(row, tf.float32)])
        self._decode = Traced(
            lambda z: vae.likelihood.mean(vae.decoder(z)),
            [tf.TensorSpec((None, vae.units), tf.float32)],
        )
        raw = [tf.TensorSpec(row, tf.as_dtype(dtype)), tf.TensorSpec((), tf.int32)]
        self._evaluate = Traced(self._evaluation, raw)
        self._measure_each = Traced(self._measured_each, raw)

    @contextmanager
    def computing(self) -> Iterator[None]:
        """Compute on the model's device; too little memory is told with a batch size that fits."""
        with self.scope(), telling_of_memory(self.vae, self.batch_size):
            yield

    def encode(self, x: NDArray[Any]) -> tuple[Floats, Floats]:
        """Data in their own scale (n, *shape) -> mean and log-variance, each (n, units).

        The points of a plain autoencoder have no spread: their log-variance is minus infinity.
        Raises `VaeguiError` if the model is a decoder alone.
        """
        if self.vae.encoder is None:
            raise VaeguiError(
                "This is a decoder alone: it encodes nothing.",
                "Import its encoder with it: choose both files.",
            )
        with self.computing():
            parts = [
                self._encode(tf.constant(self.scaling.to_model(piece))) for piece in self._pieces(x)
            ]
        empty = np.empty((0, self.vae.units), np.float32)

        def joined(name: str) -> Floats:
            return np.concatenate([*(part[name].numpy() for part in parts), empty])

        mean = joined("mean")
        return mean, joined("log_var") if self.vae.spread else np.full_like(mean, -np.inf)

    def decode(self, z: Floats) -> Floats:
        """Latent points (n, units) -> reconstructions (n, *shape) in the data's own scale."""
        z = np.asarray(z, np.float32)
        with self.computing():
            parts = [self._decode(tf.constant(piece)).numpy() for piece in self._pieces(z)]
        empty = np.empty((0, *self.vae.shape), np.float32)
        return self.scaling.to_data(np.concatenate([*parts, empty]))

    @property
    def evaluated_together(self) -> int:
        """How many examples one call of `evaluate` takes: whole batches."""
        return max(1, self._rows // self.batch_size) * self.batch_size

    def evaluate(self, x: NDArray[Any], start: int) -> Evaluation:
        """The loss and its terms of at most `evaluated_together` examples, one draw of z each.

        The total is what training would make of these examples batch by batch: free bits and
        capacity bound each batch's KL, which is not the same as bounding that of all. The noise
        depends only on the seed and where a batch begins, ``start`` being the row of the first
        example: it is the same in every epoch.
        """
        piece = np.ascontiguousarray(x)
        with self.computing():
            sums = self._evaluate(tf.constant(piece), tf.constant(start))
        loss, kl, mean, square = (each.numpy().astype(np.float64) for each in sums)
        return Evaluation(float(loss[0]), float(loss[1]), kl, mean, square, len(piece))

    def measure_each(self, x: NDArray[Any], start: int) -> EachMeasured:
        """The posterior and the loss's terms of each of at most `evaluated_together` examples.

        Noise as for `evaluate`: the sums of what is given here are those that it gives.
        """
        with self.computing():
            found = self._measure_each(tf.constant(np.ascontiguousarray(x)), tf.constant(start))
        return EachMeasured(*(each.numpy() for each in found))

    def _measured_each(self, raw: Any, start: Any) -> tuple[Any, ...]:
        posterior, terms = self._terms(raw, start)
        return posterior["mean"], posterior["log_var"], *terms

    def _terms(self, raw: Any, start: Any) -> tuple[dict[str, Any], Terms]:
        """Posterior and terms of data in their own scale, of which ``start`` is the first row."""
        x = self.vae.measured(as_seen(self.scaling)(raw), start)
        count, size = tf.shape(x)[0], self.batch_size
        batches = (count + size - 1) // size
        eps = noise(self.seed, start // size, batches, size, self.vae.units)
        eps = tf.reshape(eps, (-1, self.vae.units))[:count]
        posterior = self.vae.encoder(self.vae.filled(x))
        return posterior, self.vae.terms(x, eps, posterior)

    def _evaluation(self, raw: Any, start: Any) -> tuple[Any, ...]:
        """Sums of loss and reconstruction (2,), of KL, means and their squares, (units,) each."""
        posterior, terms = self._terms(raw, start)
        count, size = tf.shape(raw)[0], self.batch_size
        batches = (count + size - 1) // size

        def by_batch(each: Any) -> Any:
            filled = tf.pad(each, [(0, batches * size - count), *[(0, 0)] * (len(each.shape) - 1)])
            return tf.reshape(filled, (batches, size, *each.shape[1:]))

        weight = by_batch(tf.ones(count))
        loss = self.vae.loss_of(Terms(*map(by_batch, terms)), weight)[:, :2]
        examples = tf.reduce_sum(weight, axis=1, keepdims=True)
        mean = posterior["mean"]
        by_unit = (tf.reduce_sum(each, axis=0) for each in (terms.kl, mean, tf.square(mean)))
        return tf.reduce_sum(examples * loss, axis=0), *by_unit

    def _pieces(self, rows: NDArray[Any]) -> list[NDArray[Any]]:
        return [rows[start : start + self._rows] for start in range(0, len(rows), self._rows)]
