"""How the probes' Gaussians moved: some snapshots of a run, few enough to be kept in its file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vaegui.training.record.events import Snapshot

__all__ = ["MOST", "Timeline"]

MOST = 100
"""Snapshots that are kept."""
MOST_BYTES = 8 << 20
"""Memory that they may take; with many latent units fewer are kept."""

Floats = NDArray[np.float32]


class Timeline:
    """The latest snapshot and some before it, spread evenly over the steps of the run.

    As the run grows, those in between are dropped.

    Attributes
    ----------
    labels
        The probes' labels (probes,), or None.
    steps
        After how many steps each was made, increasing.
    mean, log_var
        What the encoder said of the probes, (probes, units) for each.
    """

    def __init__(self, labels: NDArray[np.int64] | None = None) -> None:
        self.labels = labels
        self.steps: list[int] = []
        self.mean: list[Floats] = []
        self.log_var: list[Floats] = []

    def __len__(self) -> int:
        """Number of snapshots that are kept."""
        return len(self.steps)

    def add(self, shot: Snapshot) -> None:
        """Keep a snapshot, in the place of one of its step; unless there is a later one."""
        if self.steps and shot.step < self.steps[-1]:
            return
        if self.steps and shot.step == self.steps[-1]:
            self._keep([*range(len(self) - 1)])
        self.steps.append(shot.step)
        self.mean.append(shot.mean)
        self.log_var.append(shot.log_var)
        room = max(2, min(MOST, MOST_BYTES // max(1, 2 * shot.mean.nbytes)))
        # The last but one was kept only as it was the last.
        if len(self) > 2 and self._crowded(-2, self.steps[-1] // room):
            self._keep([*range(len(self) - 2), len(self) - 1])
        if len(self) > room:
            self._thin(2 * self.steps[-1] // room)

    def rewind(self, step: int) -> None:
        """Forget all that came after ``step`` steps."""
        self._keep([i for i, known in enumerate(self.steps) if known <= step])

    def copy(self) -> Timeline:
        """An independent copy; the arrays, which are never written to, are shared."""
        other = Timeline(self.labels)
        other.steps, other.mean = list(self.steps), list(self.mean)
        other.log_var = list(self.log_var)
        return other

    def _crowded(self, index: int, distance: int) -> bool:
        return self.steps[index] - self.steps[index - 1] < distance

    def _thin(self, distance: int) -> None:
        """Keep the first, the last, and in between those that are so many steps apart."""
        kept = [0]
        for i in range(1, len(self) - 1):
            if self.steps[i] - self.steps[kept[-1]] >= distance:
                kept.append(i)
        self._keep([*kept, len(self) - 1])

    def _keep(self, kept: list[int]) -> None:
        self.steps = [self.steps[i] for i in kept]
        self.mean = [self.mean[i] for i in kept]
        self.log_var = [self.log_var[i] for i in kept]
