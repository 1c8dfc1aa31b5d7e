"""Copies of a model's state, to go back to when numbers go wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np
import tensorflow as tf

from vaegui.training.model.state import TrainerState
from vaegui.training.model.traced import Traced

__all__ = ["Checkpoint"]

INTERVAL = 1.0
"""Seconds between two copies; copying takes a few milliseconds."""

OFTEN = 10
"""Checks after which checking is worth being compiled: it is five times as fast then, and to
compile it takes as long as some fifty checks."""


class Checkpoint:
    """The latest copy of all that training changes, kept on the device.

    Parameters
    ----------
    variables
        Keras variables to copy by name: weights and the optimiser's.
    best
        Gives the best weights so far, which belong to a copy but are not put back with it.
    scope
        Makes the context that puts computations on the device of the variables.
    """

    def __init__(
        self,
        variables: Mapping[str, Any],
        best: Callable[[], TrainerState],
        scope: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self._variables, self._best, self._scope = variables, best, scope
        self._copy: tuple[int, list[Any], TrainerState] = 0, [], {}
        self._taken = 0.0
        self._checks = 0
        self._compiled = Traced(self._all_finite)

    @property
    def step(self) -> int:
        """Number of steps after which the copy was taken."""
        return self._copy[0]

    def take(self, step: int, force: bool = False) -> None:
        """Copy the state after ``step`` steps, unless the last copy is recent and it is finite."""
        now = time.monotonic()
        if self._copy[1] and not force and now - self._taken < INTERVAL:
            return
        if not self.is_finite():
            return
        # One assignment: `arrays` may be called from another thread meanwhile.
        with self._scope():
            copies = [tf.identity(v.value) for v in self._variables.values()]
            self._copy = step, copies, self._best()
        self._taken = now

    def restore(self) -> int:
        """Put the copied state back; the number of steps that it was taken after."""
        with self._scope():
            for variable, copy in zip(self._variables.values(), self._copy[1], strict=True):
                variable.assign(copy)
        return self.step

    def arrays(self) -> tuple[int, TrainerState, TrainerState]:
        """The step of the copy, each variable and the best weights then; none before `take`.

        Any thread may ask, also while another one is stuck in the midst of a step.
        """
        step, copies, best = self._copy
        named = zip(self._variables, copies, strict=False)
        return step, {name: np.asarray(copy) for name, copy in named}, best

    def is_finite(self) -> bool:
        """Whether all numbers of the present state are finite."""
        self._checks += 1
        check = self._all_finite if self._checks < OFTEN else self._compiled
        with self._scope():
            return bool(check().numpy())

    def _all_finite(self) -> Any:
        floats = [v.value for v in self._variables.values() if "float" in str(v.dtype)]
        return tf.reduce_all([tf.reduce_all(tf.math.is_finite(v)) for v in floats])
