"""How long the validation loss has not fallen, brought up to date by one epoch at a time."""

from __future__ import annotations

import math
from typing import NamedTuple

from vaegui.training.record.history import History
from vaegui.training.record.losses import EpochDone

__all__ = ["Improvement", "Improvements"]


class Improvement(NamedTuple):
    """What some epochs' losses come to: the lowest, and epochs since that one."""

    best: float = math.inf
    waited: int = 0
    ends_of_patience: int = 0
    """How often ``waited`` came to the patience, or a multiple of it."""

    def after(self, loss: float, patience: int, least: float) -> Improvement:
        """Return what it is with one epoch more; falls smaller than ``least`` do not count."""
        if loss < self.best - least:
            return Improvement(loss, 0, self.ends_of_patience)
        waited = self.waited + 1
        return Improvement(self.best, waited, self.ends_of_patience + (waited % patience == 0))


class Improvements:
    """The `Improvement` after each epoch of a history.

    Each epoch is looked at once, so that the 100,000th costs as much as the first.

    Parameters
    ----------
    history
        Whose epochs; those that were rewound and done again are looked at again.
    first
        Index of the first epoch that counts.
    patience, least
        As in `Improvement`.
    """

    def __init__(self, history: History, first: int, patience: int = 1, least: float = 0.0) -> None:
        self._history, self._first = history, first
        self._patience, self._least = patience, least
        self._after = [Improvement()]
        self._last: EpochDone | None = None

    def after(self, epochs: int | None = None) -> Improvement:
        """Return what it was after so many epochs, by default after all."""
        self._look()
        counted = len(self._after) - 1
        if epochs is not None:
            counted = min(counted, max(0, epochs - self._first))
        return self._after[counted]

    def best_epoch(self) -> int | None:
        """Return the epoch (from 1) of the lowest loss, or None before the first that counts."""
        self._look()
        counted = len(self._after) - 1
        return self._first + counted - self._after[-1].waited if counted else None

    def _look(self) -> None:
        """Take in the epochs that are new."""
        epochs, counted = self._history.epochs, len(self._after) - 1
        place = self._first + counted - 1
        if counted and (place >= len(epochs) or epochs[place] is not self._last):
            self._after, counted = [Improvement()], 0
        for index in range(self._first + counted, len(epochs)):
            if (validation := epochs[index].validation) is None:
                return
            before, self._last = self._after[-1], epochs[index]
            self._after.append(before.after(validation.total, self._patience, self._least))
