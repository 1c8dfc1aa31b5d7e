"""What happened during training: every step's loss, every epoch's terms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vaegui.training.record.losses import EpochDone, StepsDone

__all__ = ["History"]

Floats = NDArray[np.float32]


class History:
    """Losses by step and by epoch. It grows by doubling, so that adding is cheap at any length."""

    def __init__(self) -> None:
        self._terms = np.empty((1024, 3), np.float32)
        self._length = 0
        self.epochs: list[EpochDone] = []
        self.seconds = 0.0
        """Time that the steps of the epoch that is under way took so far."""
        self.marks: list[tuple[int, str]] = []
        """Changes made while it trained: after which step, and what in a few words."""

    def __len__(self) -> int:
        """Number of steps done."""
        return self._length

    @property
    def total(self) -> Floats:
        """Total loss of each step, (steps,); a read-only view. Step number is index + 1."""
        return self._column(0)

    @property
    def reconstruction(self) -> Floats:
        """Reconstruction term of each step, (steps,); a read-only view."""
        return self._column(1)

    @property
    def kl(self) -> Floats:
        """KL term of each step, (steps,); a read-only view."""
        return self._column(2)

    def add_steps(self, event: StepsDone) -> None:
        """Append the steps of an event, which must follow those that are here.

        Raises
        ------
        ValueError
            If steps are missing between the last one here and the event's first.
        """
        if event.first != self._length + 1:
            raise ValueError(f"step {event.first} cannot follow step {self._length}")
        self.extend(np.stack([event.total, event.reconstruction, event.kl], axis=1))

    def extend(self, terms: Floats) -> None:
        """Append (steps, 3): total, reconstruction, kl."""
        length = self._length + len(terms)
        if length > len(self._terms):
            grown = np.empty((max(length, 2 * len(self._terms)), 3), np.float32)
            grown[: self._length] = self._terms[: self._length]
            self._terms = grown
        self._terms[self._length : length] = terms
        self._length = length

    def add_epoch(self, event: EpochDone) -> None:
        """Append an epoch; another one begins."""
        self.epochs.append(event)
        self.seconds = 0.0

    def add_mark(self, step: int, text: str) -> None:
        """Remember a change of settings after ``step`` steps."""
        self.marks.append((step, text))

    def rewind(self, step: int) -> None:
        """Forget all that came after ``step`` steps."""
        self._length = min(self._length, step)
        self.epochs = [epoch for epoch in self.epochs if epoch.step <= step]
        self.marks = [mark for mark in self.marks if mark[0] <= step]

    def steps(self) -> Floats:
        """All steps, (steps, 3): total, reconstruction, kl; a copy, for a file."""
        return self._terms[: self._length].copy()

    def copy(self) -> History:
        """An independent copy."""
        other = History()
        other.extend(self._terms[: self._length])
        other.epochs, other.marks = list(self.epochs), list(self.marks)
        other.seconds = self.seconds
        return other

    def _column(self, index: int) -> Floats:
        view = self._terms[: self._length, index]
        view.flags.writeable = False
        return view
