"""What the settings of a run make of each step: learning rate, KL weight, the end."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from vaegui.core.schedules import PlateauRate
from vaegui.training.record.history import History
from vaegui.training.settings.settings import Settings
from vaegui.training.trainer.measured.improvement import Improvements

__all__ = ["StepSchedule"]


class StepSchedule:
    """Learning rate, KL weight and capacity target of each step, when to end, and the best epoch.

    All follow from the settings and what happened before.

    Parameters
    ----------
    settings
        Of the run; whoever changes them makes another.
    history
        What happened in it, and goes on to.
    steps_per_epoch
        Steps in which every training example is seen once.
    """

    def __init__(self, settings: Settings, history: History, steps_per_epoch: int) -> None:
        self._settings, self._history = settings, history
        self._steps_per_epoch = steps_per_epoch
        # While beta grows the loss rises, which is no plateau.
        first = math.ceil(settings.objective.settled_after(settings.training.epochs))
        schedule, stopping = settings.optimiser.schedule, settings.training.stopping
        patience = schedule.patience if isinstance(schedule, PlateauRate) else 1
        self._plateaus = Improvements(history, first, patience)
        self._stopping = Improvements(history, first, least=stopping.least)
        self._best = Improvements(history, first)

    def controls(self, step: int, count: int) -> NDArray[np.float32]:
        """Return learning rate, KL weight and capacity target of each of ``count`` steps.

        ``step`` steps were done before them; all are of one epoch. The array is (count, 3).
        """
        settings = self._settings
        epochs, objective, optimiser = (
            settings.training.epochs,
            settings.objective,
            settings.optimiser,
        )
        # What came later does not count, so that a step that is done again is the same.
        plateaus = self._plateaus.after(step // self._steps_per_epoch).ends_of_patience
        rows = []
        for n in range(step, step + count):
            epoch = n / self._steps_per_epoch
            rate = optimiser.learning_rate * optimiser.schedule.factor(epoch, epochs, plateaus)
            rows.append((rate, objective.weight(epoch, epochs), objective.capacity(epoch)))
        return np.array(rows, np.float32).reshape(count, 3)

    def is_over(self) -> bool:
        """Say, at the end of an epoch, whether training ends before its last one."""
        return self._settings.training.stopping.is_over(self._stopping.after().waited)

    def best_epoch(self) -> int | None:
        """Return the epoch whose weights are the best so far, or None if none are to be kept."""
        return self._best.best_epoch() if self._settings.training.keep == "best" else None
