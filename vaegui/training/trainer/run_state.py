"""How far a run has come, and what it goes by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vaegui.data.description import DataDescription
from vaegui.training.engine.batches import Batches
from vaegui.training.record.history import History
from vaegui.training.record.run_id import RunId, new_run_id
from vaegui.training.record.snapshots import SnapshotStore
from vaegui.training.settings.settings import Settings
from vaegui.training.trainer.pace import Pace
from vaegui.training.trainer.step_schedule import StepSchedule

__all__ = ["RunState"]


class RunState:
    """A run as it stands, but for the numbers of its model.

    Parameters
    ----------
    settings
        All choices of the run.
    data
        What the model knows of its data.
    history
        What happened before, for a run that goes on.
    snapshots
        Those that were kept of it.
    id
        Which run it is; by default a new one.

    Attributes
    ----------
    batches
        Which examples each step sees.
    schedule
        What the settings make of each step.
    pace
        How often the model is looked at while it trains.
    """

    def __init__(
        self,
        settings: Settings,
        data: DataDescription,
        history: History | None = None,
        snapshots: SnapshotStore | None = None,
        id: RunId | None = None,
    ) -> None:
        self.settings, self.data, self.id = settings, data, id or new_run_id()
        self.history = History() if history is None else history
        self.snapshots = SnapshotStore() if snapshots is None else snapshots
        size = max(1, min(data.train_examples, settings.training.batch_size))
        self.batches = Batches(data.train_examples, size, settings.training.seed)
        self.schedule = StepSchedule(settings, self.history, self.batches.steps)
        self.pace = Pace()

    @property
    def step(self) -> int:
        """Number of steps done."""
        return len(self.history)

    def adopt(self, settings: Settings) -> str:
        """Take other settings from the next step on; returns what changed, as the mark says it."""
        mark = self.mark(self.settings.live_changes(settings))
        self.settings = settings
        self.schedule = StepSchedule(settings, self.history, self.batches.steps)
        return mark

    def mark(self, change: str) -> str:
        """Note a change in the history, if any step was done; the text of the mark, or ''."""
        if not change or not self.step:
            return ""
        self.history.add_mark(self.step, change)
        return change

    def controls(self, step: int, count: int) -> NDArray[np.float32]:
        """Learning rate, KL weight and capacity target of the ``count`` steps after ``step``."""
        return self.schedule.controls(step, count)

    def rewind(self, step: int) -> None:
        """Forget all that came after ``step`` steps."""
        self.history.rewind(step)
        self.snapshots.rewind(step)

    def copy(self) -> RunState:
        """An independent copy. Any thread may ask."""
        history, snapshots = self.history.copy(), self.snapshots.copy()
        return RunState(self.settings, self.data, history, snapshots, self.id)
