"""The compiled loop: many steps in one call, over data that lie in memory as they came."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from vaegui.core.sampling import noise
from vaegui.data.source import Source
from vaegui.data.statistics.row_facts import portions
from vaegui.training.engine.batches import Batches
from vaegui.training.engine.chunk import Steps, chunk_of
from vaegui.training.engine.feed import Feed
from vaegui.training.engine.programs import Programs
from vaegui.training.model.inference import Inference

__all__ = ["Engine"]

Floats = NDArray[np.float32]

UNWATCHED_SECONDS = 0.400
"""How long a chunk of steps aims to take where nobody looks on: the 1 ms that a call costs does
not count, and Ctrl-C is still heeded at once."""

WATCHED_SECONDS = 0.050
"""The same in a window: short enough to stop at once."""

HURRIED_SECONDS = 0.015
"""The same while somebody drags the cursor and waits for answers."""

HURRY = 0.5
"""How long a question keeps chunks short, seconds."""

RESIDENT_BYTES = 1 << 30
"""Data up to this size are held by TensorFlow; larger ones are read chunk by chunk."""

CHUNK_BYTES = 32 << 20
"""Noise, coins, or examples that are not resident, for one chunk take at most so much memory."""

Controls = Callable[[int, int], Floats]
"""``controls(step, count)`` gives learning rate, KL weight and capacity target of the ``count``
steps that follow after ``step``, (count, 3)."""


class Engine:
    """Trains one VAE on one device.

    Parameters
    ----------
    inference
        The model, compiled with its optimiser, and how it is applied to arrays.
    source
        Training examples in the data's own scale. Held by TensorFlow up to a gigabyte; more are
        read as they are needed, ahead of the steps.
    batches
        Which of them each step sees.
    xla
        Whether steps are compiled by XLA, but for the first ones, or run as a plain graph. None
        where that is found out later: it begins as a plain graph.
    controls
        Learning rate, KL weight and capacity target of each step.
    resident
        The examples, if TensorFlow holds them already.

    Attributes
    ----------
    resident
        The examples as TensorFlow holds them, or None if they are read as they are needed.
    graph_steps
        So many steps at the beginning of a run are always done by the plain graph, which is ready
        seconds before XLA. A fixed number: the two round differently, and the same seed shall
        give the same bits however long compiling takes.
    """

    graph_steps: ClassVar[int] = 256

    def __init__(
        self,
        inference: Inference,
        source: Source,
        batches: Batches,
        *,
        xla: bool | None,
        controls: Controls,
        resident: Any = None,
    ) -> None:
        self.inference, self.batches = inference, batches
        self._source, self._controls = source, controls
        self._hurried_until = 0.0
        vae, spec = inference.vae, source.spec
        if resident is None and spec.nbytes <= RESIDENT_BYTES:
            with inference.scope():
                resident = _held(source)
        self.resident = resident
        self._order: tuple[int, Any] | None = None
        self._longest = self._longest_chunk()
        if resident is None:
            rows = self._longest * batches.size
            self._buffer = np.zeros((rows, *spec.shape), spec.dtype)
            self._feed = Feed(source, batches.order, ahead=self._longest)
            self._in_place = tf.reshape(tf.range(rows), (self._longest, batches.size))
        self._drawn: tuple[int, Any, Any] | None = None
        graph = chunk_of(vae, inference.scaling, batches.size, batches.examples, self._longest)
        self._programs = Programs(graph, inference.scope)
        self.compile_with(xla)

    def sibling(self, copy: Inference, controls: Controls) -> Engine:
        """Return an engine on the same data, which both share, for a copy of the model.

        It runs as a plain graph, which is ready seconds sooner than XLA. Arguments as for `Engine`.
        """
        return Engine(
            copy,
            self._source,
            self.batches,
            xla=False,
            controls=controls,
            resident=self.resident,
        )

    def compile_with(self, xla: bool | None) -> None:
        """Have the steps after the first ones compiled by XLA, or run as a plain graph."""
        self._xla = xla
        self._called: set[bool] = set()
        self.step_seconds, self._chunk_length = 0.0, 1

    def warm_up(self, step: int = 0, *, ahead: bool = False) -> None:
        """Compile the step after ``step`` without doing it; if ``ahead``, begin with XLA, too."""
        with self.inference.scope():
            self._run(step, 0, ahead=ahead)

    def compiled(self, seconds: float) -> bool:
        """Whether XLA is ready for the steps after the first ones; waits for it so long at most."""
        return self._programs.wait(seconds)

    def train(
        self,
        step: int,
        limit: int,
        *,
        seconds: float = UNWATCHED_SECONDS,
        exactly: bool = False,
    ) -> Floats:
        """Do one chunk of steps, all within one epoch.

        Parameters
        ----------
        step
            Number of steps done so far.
        limit
            Do at most so many.
        seconds
            How long it aims to take.
        exactly
            Do as many if they fit into an epoch and a chunk, however long it takes.

        Returns
        -------
        (steps, 3)
            Total loss, reconstruction and KL of each step, in nats per example.
        """
        within = step % self.batches.steps
        length = self._longest if exactly else self._length(seconds)
        count = min(length, limit, self.batches.steps - within)
        if step < self.graph_steps:
            count = min(count, self.graph_steps - step)
        ahead = step + limit > self.graph_steps
        started = time.perf_counter()
        with self.inference.computing():
            terms: Floats = self._run(step, count, ahead=ahead).numpy()[:count]
        self._measure(time.perf_counter() - started, count, self._under_xla(step))
        return terms

    def batch(self, step: int) -> NDArray[Any]:
        """Return the examples of the step after ``step``, (batch, *shape), in the data's scale."""
        return self._source.read(self.batches.rows(step)).x

    def hurry(self) -> None:
        """Keep chunks short for a while: somebody waits for answers between them."""
        self._hurried_until = time.monotonic() + HURRY

    def rest(self) -> None:
        """Stop reading ahead: no steps follow for now."""
        if self.resident is None:
            self._feed.rest()

    def _under_xla(self, step: int) -> bool:
        return bool(self._xla) and step >= self.graph_steps

    def _run(self, step: int, count: int, *, ahead: bool) -> Any:
        """Do the ``count`` steps after ``step``, of one epoch; their losses, (longest, 3)."""
        epoch, within = divmod(step, self.batches.steps)
        first = first_order = tf.constant(within)
        if self.resident is not None:
            x, order = self.resident, self._order_of(epoch)
        else:
            x, order = self._examples(epoch, within, count), self._in_place
            first_order = tf.constant(0)
        controls = np.zeros((self._longest, 3), np.float32)
        controls[:count] = self._controls(step, count)
        numbers = tf.constant(count), first, order, first_order, *self._draws(step, count)
        steps = Steps(*numbers, tf.constant(controls))
        if self._under_xla(step):
            return self._programs.xla(x, steps)
        losses = self._programs.graph(x, steps)
        if ahead and self._xla is not False:
            self._programs.compile_beside(x, steps)
        return losses

    def _draws(self, step: int, count: int) -> tuple[Any, Any, Any]:
        """Noise and coins of many steps, (longest, ...), and where the ``count`` next are there."""
        if self._drawn is None or not 0 <= step - self._drawn[0] <= self._longest - count:
            vae, size = self.inference.vae, (self._longest, self.batches.size)
            # Not within the compiled steps: XLA would make other numbers of the same random bits.
            shape = *size, vae.units
            self._drawn = (
                step,
                noise(vae.noise_seed, step, *shape),
                vae.coins(step, *size),
            )
        first, eps, coins = self._drawn
        return eps, coins, tf.constant(step - first)

    def _examples(self, epoch: int, within: int, count: int) -> Any:
        """The examples of some steps, one step after the other, (longest * batch, *shape)."""
        if count:
            steps = self._feed.take(epoch, within, count)
            np.concatenate(steps, out=self._buffer[: count * self.batches.size])
        return tf.constant(self._buffer)

    def _order_of(self, epoch: int) -> Any:
        """The order of an epoch's examples as a tensor."""
        if self._order is None or self._order[0] != epoch:
            self._order = epoch, tf.constant(self.batches.order(epoch))
        return self._order[1]

    def _longest_chunk(self) -> int:
        """How many steps fit into one call, so that what is passed in for them stays small."""
        vae = self.inference.vae
        values = max(vae.units, math.prod(vae.shape) if vae.binarised_each_step else 0)
        each = self.batches.size * values * np.dtype(np.float32).itemsize
        if self.resident is None:
            spec = self._source.spec
            each = max(each, self.batches.size * spec.nbytes // spec.length)
        return int(np.clip(CHUNK_BYTES // each, 1, 64))

    def _length(self, seconds: float) -> int:
        """How many steps the next chunk has; it doubles at most, as the first ones are slow."""
        if not self.step_seconds:
            return 1
        if time.monotonic() < self._hurried_until:
            seconds = HURRIED_SECONDS
        return max(1, min(int(seconds / self.step_seconds), self._chunk_length))

    def _measure(self, seconds: float, count: int, xla: bool) -> None:
        """Learn how long a step takes, and choose the next chunk's length by it."""
        if xla not in self._called:  # the first call may have compiled
            self._called.add(xla)
            return
        each = seconds / count
        self.step_seconds = each if not self.step_seconds else 0.8 * self.step_seconds + 0.2 * each
        self._chunk_length = min(2 * max(count, 1), self._longest)


def _held(source: Source) -> Any:
    """All examples of a source as TensorFlow holds them.

    They are handed over in pieces, as each is copied with the interpreter's lock held, and with it
    the window: half a second for a gigabyte.
    """
    pieces = [tf.constant(source.read(rows).x) for rows in portions(source.spec)]
    return pieces[0] if len(pieces) == 1 else tf.concat(pieces, axis=0)
