"""The runs that are known: a record of each, and which of them is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from vaegui.runs.run import Run
from vaegui.training.record.run_id import RunId

__all__ = ["Project"]


class Project:
    """Records of runs by id; at most one of them is the active one, which the panels draw.

    A record holds arrays (history, probes, snapshots, results), so whoever adds runs also
    decides how many are worth the memory.
    """

    def __init__(self) -> None:
        self._runs: dict[RunId, Run] = {}
        self._active: RunId | None = None

    @property
    def runs(self) -> Mapping[RunId, Run]:
        """All records by id, in the order in which they were added; a read-only view."""
        return MappingProxyType(self._runs)

    @property
    def active(self) -> Run | None:
        """The record that is looked at, or None."""
        return None if self._active is None else self._runs[self._active]

    def add(self, run: Run) -> None:
        """Add a record, in the place of one with the same id."""
        self._runs[run.id] = run

    def activate(self, run: RunId) -> None:
        """Look at this run from now on. Raises `KeyError` if it is not known."""
        self._active = self._runs[run].id

    def remove(self, run: RunId) -> None:
        """Forget a run; if it was the active one, none is. Raises `KeyError` if it is not known."""
        del self._runs[run]
        if self._active == run:
            self._active = None
