"""Some snapshots of a run, few enough to be held in memory and kept in its file."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from vaegui.data.source import ExampleRef
from vaegui.training.record.events import Snapshot

__all__ = ["MOST", "MOST_BYTES", "SnapshotStore"]

MOST = 100
"""Snapshots that are kept."""
MOST_BYTES = 16 << 20
"""Memory that they may take; of many latent units or large pictures fewer are kept."""


class SnapshotStore:
    """The first snapshot of a run, the latest, and some in between, spread evenly over its steps.

    Which ones are kept depends on nothing but those that were added: two stores that are given the
    same snapshots keep the same.

    Parameters
    ----------
    snapshots
        What was kept before, in order of their steps.
    labels
        The probes' labels (probes,), or None.
    refs
        Which example each probe is.

    Attributes
    ----------
    labels, refs
        As given.
    """

    def __init__(
        self,
        snapshots: Iterable[Snapshot] = (),
        labels: NDArray[np.int64] | None = None,
        refs: tuple[ExampleRef, ...] = (),
    ) -> None:
        self.labels, self.refs = labels, refs
        # A tuple, replaced as a whole: a thread that copies it while another adds sees one state.
        self._kept = _thinned(list(snapshots))

    def __len__(self) -> int:
        """Number of snapshots that are kept."""
        return len(self._kept)

    @property
    def all(self) -> tuple[Snapshot, ...]:
        """The snapshots that are kept, in order of their steps."""
        return self._kept

    @property
    def steps(self) -> tuple[int, ...]:
        """After how many steps each was made, increasing."""
        return tuple(shot.step for shot in self._kept)

    def at(self, step: int | None) -> Snapshot | None:
        """The last snapshot that was made by ``step``, or the latest if ``step`` is None.

        None if there is none.
        """
        made = self._kept if step is None else [s for s in self._kept if s.step <= step]
        return made[-1] if made else None

    def add(self, snapshot: Snapshot) -> None:
        """Keep a snapshot as the latest. Those of its step and of later ones are forgotten."""
        # Nothing can be told of other probes' Gaussians beside the present ones.
        before = [s for s in self._kept if s.mean.shape == snapshot.mean.shape]
        self._kept = _thinned([*(s for s in before if s.step < snapshot.step), snapshot])

    def rewind(self, step: int) -> None:
        """Forget all that came after ``step`` steps."""
        self._kept = tuple(s for s in self._kept if s.step <= step)

    def copy(self) -> SnapshotStore:
        """An independent copy; snapshots never change and are shared. Any thread may ask."""
        return SnapshotStore(self._kept, self.labels, self.refs)


def _thinned(kept: list[Snapshot]) -> tuple[Snapshot, ...]:
    """What may be kept: while it is too much, the one whose neighbours are closest is dropped."""
    size = sum(map(_bytes, kept))
    while len(kept) > 2 and (len(kept) > MOST or size > MOST_BYTES):
        gaps = [after.step - before.step for before, after in zip(kept, kept[2:], strict=False)]
        size -= _bytes(kept.pop(1 + gaps.index(min(gaps))))
    return tuple(kept)


def _bytes(shot: Snapshot) -> int:
    return shot.mean.nbytes + shot.log_var.nbytes + shot.reconstruction.nbytes
