"""The course of a run: what its settings make of each step, given what happened before."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from vaegui.training.record.history import History
from vaegui.training.settings import stopping
from vaegui.training.settings.settings import Settings

__all__ = ["best_epoch", "controls", "is_over"]


def controls(
    settings: Settings, history: History, steps_per_epoch: int, step: int, count: int
) -> NDArray[np.float32]:
    """Return learning rate, KL weight and capacity target of each of ``count`` steps, (count, 3).

    ``step`` steps were done before them; all are of one epoch.
    """
    epochs, objective, optimiser = settings.training.epochs, settings.objective, settings.optimiser
    # While beta grows the loss rises, which is no plateau.
    # What came later does not count, so that a step that is done again is the same.
    done = step // steps_per_epoch
    comparable = _validation(history)[math.ceil(_settled(settings)) : done]
    rows = []
    for n in range(step, step + count):
        epoch = n / steps_per_epoch
        rate = optimiser.learning_rate * optimiser.schedule.factor(epoch, epochs, comparable)
        rows.append((rate, objective.weight(epoch, epochs), objective.capacity(epoch)))
    return np.array(rows, np.float32).reshape(count, 3)


def is_over(settings: Settings, history: History) -> bool:
    """Say, at the end of an epoch, whether training ends before its last one."""
    return settings.training.stopping.is_over(_validation(history), _settled(settings))


def best_epoch(settings: Settings, history: History) -> int | None:
    """Return the epoch whose weights are the best so far, or None if they are not to be kept."""
    if settings.training.keep != "best":
        return None
    return stopping.best_epoch(_validation(history), _settled(settings))


def _settled(settings: Settings) -> float:
    return settings.objective.settled_after(settings.training.epochs)


def _validation(history: History) -> list[float]:
    """Total validation loss of each epoch that has one."""
    return [e.validation.total for e in history.epochs if e.validation is not None]
