"""A run: one model with the settings, history and snapshots of its training."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar, cast

import numpy as np

from vaegui.queries.base import Query, Result
from vaegui.training.record.events import (
    Computing,
    Event,
    Evidence,
    Finished,
    Prepared,
    Resumed,
    Rewound,
    Saved,
    Snapshot,
)
from vaegui.training.record.history import History
from vaegui.training.record.losses import EpochDone, StepsDone
from vaegui.training.record.run_id import RunId
from vaegui.training.record.snapshots import SnapshotStore

__all__ = ["Run", "blank_run"]

BRIEF = 60.0
"""Seconds in which a brief training is over."""

KEPT = 4
"""Results that are kept of each class of queries; the latest ones."""

R = TypeVar("R")


class Run:
    """What is known of a run, gathered from its events. It holds arrays and no model.

    Attributes
    ----------
    begun
        Settings, data, probes, device of this run.
    history
        Loss by step and by epoch.
    snapshots
        The probes at some steps, spread over the run.
    finished
        Why it ended, or None while steps may follow.
    evidence
        The latest estimate of log p(x), or None.
    computing
        How its steps are computed and why, or None before the first.
    path
        The file that it was opened from or saved to, or None.
    saved_step
        The step at which it was last saved, or None.
    """

    def __init__(self, begun: Prepared) -> None:
        self.begun = begun
        self.history: History = begun.history.copy()
        self.snapshots = SnapshotStore(begun.snapshots)
        self._results: dict[type, dict[Query[Any], Result[Any]]] = {}
        self.finished: Finished | None = None
        self.evidence: Evidence | None = None
        self.computing: Computing | None = None
        self.examples_per_s = 0.0
        self.path = begun.path
        saved = begun.path is not None and not begun.recovered
        self.saved_step: int | None = len(self.history) if saved else None

    @property
    def id(self) -> RunId:
        """Which run it is."""
        return self.begun.id

    @property
    def step(self) -> int:
        """Number of steps done."""
        return len(self.history)

    @property
    def snapshot(self) -> Snapshot | None:
        """The probes at the latest step that was looked at, or None before the first."""
        return self.snapshots.at(None)

    def snapshot_at(self, step: int | None) -> Snapshot | None:
        """The probes as they were at a step, or are now if it is None. See `SnapshotStore.at`."""
        return self.snapshots.at(step)

    @property
    def epoch(self) -> int:
        """Number of the epoch that the latest step belongs to; 0 before the first step."""
        return -(-self.step // self.begun.steps_per_epoch)

    @property
    def total_steps(self) -> int:
        """Number of steps of all epochs that the settings ask for."""
        return self.begun.settings.training.epochs * self.begun.steps_per_epoch

    @property
    def seconds_left(self) -> float | None:
        """Time that the remaining steps will take at the present rate, or None if unknown."""
        if self.examples_per_s <= 0.0:
            return None
        steps = max(0, self.total_steps - self.step)
        examples = steps * self.begun.data.train_examples / self.begun.steps_per_epoch
        return examples / self.examples_per_s

    @property
    def brief(self) -> bool:
        """Whether all epochs together take a minute at most, at the present rate."""
        examples = self.begun.settings.training.epochs * self.begun.data.train_examples
        return examples <= BRIEF * self.examples_per_s

    @property
    def unsaved(self) -> bool:
        """Whether steps would be lost if it were closed now."""
        return self.step > 0 and self.saved_step != self.step

    def result(self, query: Query[R]) -> Result[R] | None:
        """What has come of a query so far, or None."""
        return self._results.get(type(query), {}).get(query)

    def latest(self, kind: type[Query[R]]) -> Result[R] | None:
        """The result that came last of all queries of a class, or None."""
        results = self._results.get(kind)
        return cast("Result[R]", next(reversed(results.values()))) if results else None

    def add_result(self, result: Result[Any]) -> None:
        """Take in what has come of a query."""
        results = self._results.setdefault(type(result.query), {})
        results.pop(result.query, None)
        results[result.query] = result
        if len(results) > KEPT:
            del results[next(iter(results))]

    def forget(self, kind: type[Query[Any]]) -> None:
        """Forget the results of a class of queries."""
        self._results.pop(kind, None)

    def add(self, event: Event) -> None:
        """Take in an event. Those that do not concern a run are passed over."""
        match event:
            case Resumed():
                self.begun = replace(self.begun, settings=event.settings)
                self.finished = None
                if event.mark:
                    self.history.add_mark(event.step, event.mark)
            case Computing():
                self.begun = replace(self.begun, compiler=event.compiler)
                self.computing = event
            case Rewound():
                self.history.rewind(event.step)
                self.snapshots.rewind(event.step)
            case StepsDone():
                self.history.add_steps(event)
                self.examples_per_s = event.examples_per_s
                self.finished = None
            case EpochDone():
                self.history.add_epoch(event)
            case Snapshot():
                self.snapshots.add(event)
            case Finished():
                self.finished = event
            case Evidence():
                self.evidence = event
            case Saved():
                self.path, self.saved_step = event.path, event.step
            case _:
                pass


def blank_run(begun: Prepared) -> Run:
    """A run that stands as if every posterior were the prior: something to lay a picture out by."""
    run, probes = Run(begun), begun.probes
    zeros = np.zeros((len(probes), begun.settings.latent_units), np.float32)
    shape = (probes.gallery, *begun.data.shape)
    ones = np.ones(1, np.float32)
    run.add(StepsDone(1, 1, ones, ones, ones, 0.0))
    run.add(Snapshot(0, zeros, zeros, np.zeros(shape, np.float32)))
    return run
