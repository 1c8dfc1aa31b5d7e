"""Copies of a model's state, to go back to when numbers go wrong."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import tensorflow as tf

__all__ = ["Checkpoint"]

INTERVAL = 1.0
"""Seconds between two copies; copying takes a few milliseconds."""


class Checkpoint:
    """The latest copy of all that training changes, kept on the device.

    Parameters
    ----------
    variables
        Keras variables to copy: weights, the optimiser's, the state of random streams.
    """

    def __init__(self, variables: list[Any]) -> None:
        self._variables = variables
        self._copies: list[Any] = []
        self._taken = 0.0
        self.step = 0

    def take(self, step: int, force: bool = False) -> None:
        """Copy the state after ``step`` steps, unless the last copy is recent and it is finite."""
        now = time.monotonic()
        if self._copies and not force and now - self._taken < INTERVAL:
            return
        if not self.is_finite():
            return
        self._copies = [tf.identity(v.value) for v in self._variables]
        self._taken, self.step = now, step

    def restore(self) -> int:
        """Put the copied state back; the number of steps that it was taken after."""
        for variable, copy in zip(self._variables, self._copies, strict=True):
            variable.assign(copy)
        return self.step

    def is_finite(self) -> bool:
        """Whether all numbers of the present state are finite."""
        floats = [v.value for v in self._variables if "float" in str(v.dtype)]
        return bool(np.all([tf.reduce_all(tf.math.is_finite(v)).numpy() for v in floats]))
