"""The compiled loop: many steps in one call, over data that lie in memory as they came."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from vaegui.core.vae import VAE
from vaegui.data.dataset import Scaling
from vaegui.training.memory import telling_of_memory

__all__ = ["Engine", "Evaluation"]

Floats = NDArray[np.float32]

CHUNK_SECONDS = 0.050
"""How long a chunk of steps aims to take: long enough that the 2 ms which a call costs do not count,
short enough to stop at once."""

HURRIED_SECONDS = 0.015
"""The same while somebody drags the cursor and waits for answers."""

HURRY = 0.5
"""How long a question keeps chunks short, seconds."""

RESIDENT_BYTES = 1 << 30
"""Data up to this size are held by TensorFlow; larger ones are read chunk by chunk."""

CHUNK_BYTES = 32 << 20
"""Noise, or examples that are not resident, for one chunk take at most so much memory."""

PIECE = 512
"""Examples in one call of evaluation, encoding or decoding."""


ACTIVE_VARIANCE = 0.01
"""A unit whose posterior mean varies less than this over the data is inactive."""

Controls = Callable[[int, int], Floats]
"""``controls(step, count)`` gives learning rate, KL weight and capacity target of the ``count``
steps that follow after ``step``, (count, 3)."""


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


class Engine:
    """Trains and applies one VAE on one device.

    Parameters
    ----------
    vae
        The model, compiled with its optimiser.
    x
        Training examples (n, *shape), uint8 or float32, in the data's own scale. Not copied if
        larger than a gigabyte; a memory-mapped array is read as it is needed.
    scaling
        How the model sees them; applied inside the compiled step.
    batch_size
        Examples in each step. The last step of an epoch has those that remain.
    seed
        Start of the order of examples and of the noise of evaluations.
    xla
        Whether the step is compiled by XLA or run as a plain graph.
    controls
        Learning rate, KL weight and capacity target of each step.
    scope
        Makes the context that puts computations on a device.
    """

    def __init__(
        self,
        vae: VAE,
        x: NDArray[Any],
        scaling: Scaling,
        batch_size: int,
        seed: int,
        *,
        xla: bool,
        controls: Controls,
        scope: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self.vae, self.scaling, self.seed = vae, scaling, seed
        self._controls, self._scope = controls, scope
        self.batch_size = min(batch_size, len(x))
        self.steps_per_epoch = -(-len(x) // self.batch_size)
        self.step_seconds = self._hurried_until = 0.0
        self._x = x
        with scope():
            self._resident = tf.constant(x) if x.nbytes <= RESIDENT_BYTES else None
        self._order: tuple[int, NDArray[np.int32], Any] | None = None
        self._chunk_length = 1
        self._longest = self._longest_chunk()
        if self._resident is None:
            rows = self._longest * self.batch_size
            self._buffer = np.zeros((rows, *x.shape[1:]), x.dtype)
            self._in_place = tf.reshape(tf.range(rows), (self._longest, self.batch_size))
        self._noise = tf.function(
            self._drawn, input_signature=[tf.TensorSpec((), tf.int32)], autograph=False
        )
        self._chunk = self._compiled_chunk(xla)
        row = (None, *vae.shape)
        self._encode = tf.function(vae.encoder, input_signature=[tf.TensorSpec(row, tf.float32)])
        self._decode = tf.function(
            lambda z: vae.likelihood.mean(vae.decoder(z)),
            input_signature=[tf.TensorSpec((None, vae.units), tf.float32)],
        )
        self._evaluate = tf.function(
            self._evaluation,
            input_signature=[
                tf.TensorSpec(row, tf.as_dtype(x.dtype)),
                tf.TensorSpec((2,), tf.int32),
            ],
        )

    def warm_up(self) -> None:
        """Compile everything, without doing a step."""
        with self._scope():
            self._run(0, 0, 0)

    def forget_rate(self) -> None:
        """Begin anew to learn how long a step takes."""
        self.step_seconds, self._chunk_length = 0.0, 1

    def train(self, step: int, limit: int, *, exactly: bool = False) -> Floats:
        """Do one chunk of steps, all within one epoch.

        Parameters
        ----------
        step
            Number of steps done so far.
        limit
            Do at most so many.
        exactly
            Do as many if they fit into an epoch and a chunk, however long it takes.

        Returns
        -------
        (steps, 3)
            Total loss, reconstruction and KL of each step, in nats per example.
        """
        epoch, within = divmod(step, self.steps_per_epoch)
        length = self._longest if exactly else self._length()
        count = min(length, limit, self.steps_per_epoch - within)
        started = time.perf_counter()
        with self._scope(), telling_of_memory(self.batch_size):
            terms: Floats = self._run(epoch, within, count).numpy()
        self._measure(time.perf_counter() - started, count, first=step == 0)
        return terms

    def batch(self, step: int) -> NDArray[Any]:
        """Return the examples of the step after ``step``, (batch, *shape), in the data's scale."""
        epoch, within = divmod(step, self.steps_per_epoch)
        return self._x[self._epoch_order(epoch)[0][within, : self.examples_in(step, 1)]]

    def learning_rate(self, step: int) -> float:
        """Return the learning rate of the step after ``step``."""
        return float(self._controls(step, 1)[0, 0])

    def total(self, reconstruction: float, kl: NDArray[np.float64]) -> float:
        """Return the loss, as it is weighted now, of mean terms; ``kl`` is (units,), in nats."""
        return float(self.vae.total(tf.constant(reconstruction, tf.float32), np.float32(kl)))

    def hurry(self) -> None:
        """Keep chunks short for a while: somebody waits for answers between them."""
        self._hurried_until = time.monotonic() + HURRY

    def examples_in(self, step: int, count: int) -> int:
        """How many examples the next ``count`` steps after ``step`` see."""
        n, size = len(self._x), self.batch_size
        within = step % self.steps_per_epoch
        return min((within + count) * size, n) - within * size

    def encode(self, x: NDArray[Any]) -> tuple[Floats, Floats]:
        """Data in their own scale (n, *shape) -> mean and log-variance, each (n, units)."""
        with self._scope():
            parts = [
                self._encode(tf.constant(self.scaling.to_model(piece))) for piece in _pieces(x)
            ]
        mean, log_var = ([part[name].numpy() for part in parts] for name in ("mean", "log_var"))
        empty = np.empty((0, self.vae.units), np.float32)
        return np.concatenate([*mean, empty]), np.concatenate([*log_var, empty])

    def decode(self, z: Floats) -> Floats:
        """Latent points (n, units) -> reconstructions (n, *shape) in the data's own scale."""
        z = np.asarray(z, np.float32)
        with self._scope():
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
        with self._scope():
            reconstruction, *by_unit = self._evaluate(tf.constant(piece), noise)
        kl, mean, square = (sums.numpy().astype(np.float64) for sums in by_unit)
        return Evaluation(float(reconstruction), kl, mean, square, len(piece))

    def _run(self, epoch: int, within: int, count: int) -> Any:
        """Do ``count`` steps from step ``within`` of an epoch; their losses, (count, 3)."""
        order, on_device = self._epoch_order(epoch)
        controls = np.zeros((self._longest, 3), np.float32)
        controls[:count] = self._controls(epoch * self.steps_per_epoch + within, count)
        first, examples = tf.constant(within), tf.constant(len(self._x))
        eps = self._noise(tf.constant(count))
        steps = tf.constant(count), tf.constant(controls), eps, examples
        if self._resident is not None:
            return self._chunk(self._resident, on_device, first, first, *steps)[:count]
        rows = order[within : within + count].ravel()
        self._buffer[: len(rows)] = self._x[rows]
        here = tf.constant(self._buffer)
        return self._chunk(here, self._in_place, tf.constant(0), first, *steps)[:count]

    def _epoch_order(self, epoch: int) -> tuple[NDArray[np.int32], Any]:
        """The rows of each step of an epoch, (steps, batch), the last filled up with others.

        A function of the seed; as an array and as a tensor.
        """
        if self._order is None or self._order[0] != epoch:
            random = np.random.Generator(np.random.Philox(key=[self.seed, epoch]))
            order = random.permutation(len(self._x)).astype(np.int32)
            fill = self.steps_per_epoch * self.batch_size - len(order)
            order = np.concatenate([order, order[:fill]]).reshape(-1, self.batch_size)
            self._order = epoch, order, tf.constant(order)
        return self._order[1], self._order[2]

    def _compiled_chunk(self, xla: bool) -> Any:
        """Compile the loop over steps; all its arguments have the same shapes at every call."""
        vae, size, longest = self.vae, self.batch_size, self._longest
        scale = tf.constant(self.scaling.scale, tf.float32)
        offset = tf.constant(self.scaling.offset, tf.float32)

        def chunk(
            x: Any,
            order: Any,
            order_step: Any,
            first: Any,
            count: Any,
            controls: Any,
            eps: Any,
            examples: Any,
        ) -> Any:
            """Steps ``first`` ... of the epoch; ``order_step`` is where they begin in ``order``."""

            def body(i: Any, losses: Any) -> tuple[Any, Any]:
                vae.optimizer.learning_rate.assign(controls[i, 0])
                vae.beta.assign(controls[i, 1])
                vae.capacity.assign(controls[i, 2])
                # Not a slice of one long row: XLA would compile anew for each place it begins at.
                rows = tf.gather(order, order_step + i)
                raw = tf.ensure_shape(tf.gather(x, rows), (size, *vae.shape))
                weight = tf.cast(tf.range(size) < examples - (first + i) * size, tf.float32)
                loss = vae.update(tf.cast(raw, tf.float32) * scale + offset, weight, eps[i])
                return i + 1, tf.tensor_scatter_nd_update(losses, [[i]], [loss])

            start = tf.constant(0), tf.zeros((longest, 3))
            loop = tf.while_loop(lambda i, _: i < count, body, start, parallel_iterations=1)
            return loop[1]

        return tf.function(chunk, jit_compile=xla, autograph=False)

    def _drawn(self, count: Any) -> Any:
        """Draw eps for ``count`` steps, (longest, batch, units), zero beyond them.

        It is done outside of the compiled chunk, because XLA turns the same random bits into
        other normals; and step by step, so that chunks of any length draw the same.
        """
        shape = self.batch_size, self.vae.units
        draws = tf.TensorArray(tf.float32, size=count, element_shape=shape)
        _, draws = tf.while_loop(
            lambda i, _: i < count,
            lambda i, draws: (i + 1, draws.write(i, self.vae.sampling.noise(shape))),
            (0, draws),
            parallel_iterations=1,
        )
        padded = tf.pad(draws.stack(), [[0, self._longest - count], [0, 0], [0, 0]])
        return tf.ensure_shape(padded, (self._longest, *shape))

    def _evaluation(self, raw: Any, noise: Any) -> tuple[Any, ...]:
        scale = tf.constant(self.scaling.scale, tf.float32)
        x = tf.cast(raw, tf.float32) * scale + tf.constant(self.scaling.offset, tf.float32)
        eps = tf.random.stateless_normal((tf.shape(x)[0], self.vae.units), seed=noise)
        terms = self.vae.terms(x, eps)
        mean = self.vae.encoder(x)["mean"]
        by_unit = (tf.reduce_sum(each, axis=0) for each in (terms.kl, mean, tf.square(mean)))
        return tf.reduce_sum(terms.reconstruction), *by_unit

    def _longest_chunk(self) -> int:
        """How many steps fit into one call, so that what is passed in for them stays small."""
        each = self.batch_size * self.vae.units * np.dtype(np.float32).itemsize
        if self._resident is None:
            each = max(each, self.batch_size * self._x[0].nbytes)
        return int(np.clip(CHUNK_BYTES // each, 1, 64))

    def _length(self) -> int:
        """How many steps the next chunk has; it doubles at most, as the first ones are slow."""
        if not self.step_seconds:
            return 1
        hurried = time.monotonic() < self._hurried_until
        seconds = HURRIED_SECONDS if hurried else CHUNK_SECONDS
        return max(1, min(int(seconds / self.step_seconds), self._chunk_length))

    def _measure(self, seconds: float, count: int, first: bool) -> None:
        """Learn how long a step takes, and choose the next chunk's length by it."""
        if first:
            return
        each = seconds / count
        self.step_seconds = each if not self.step_seconds else 0.8 * self.step_seconds + 0.2 * each
        self._chunk_length = min(2 * max(count, 1), self._longest)


def _pieces(rows: NDArray[Any]) -> list[NDArray[Any]]:
    return [rows[start : start + PIECE] for start in range(0, len(rows), PIECE)]
