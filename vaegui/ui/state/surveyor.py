"""Has all training examples encoded from time to time, while the latent panel shows them."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Slot

from vaegui.queries.experiments import Population
from vaegui.training.record.events import Observed, Prepared, Snapshot
from vaegui.ui.state.workbench import Workbench

__all__ = ["Surveyor"]

LEAST = 5.0
"""Seconds at least between the beginnings of two surveys while a model trains."""
RARELY = 25
"""While a model trains a survey comes only after so many times what the last one took."""
LOST = 120.0
"""Seconds after which a survey that never ended, because it failed, is asked for again."""
_NEWS = frozenset({Observed, Prepared, Snapshot})


class Surveyor(QObject):
    """Asks for a survey when the dots are switched on, when they are old, and when training rests.

    A survey takes a share of the training's time while it goes on; because they come rarely they
    cost some per cent altogether. Once training rests, the dots are those of the model as it is.
    """

    def __init__(self, workbench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._began = self._took = 0.0
        self._going_on = False
        self._surveyed: tuple[object, ...] = ()
        # Switched on or off quickly, or several things at once: one look at how things are then.
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time)
        workbench.changed.connect(self._on_changed)
        workbench.selection_changed.connect(self._on_selection_changed)
        workbench.state_changed.connect(self._look)

    @Slot(object)
    def _on_selection_changed(self, names: frozenset[str]) -> None:
        if "latent" in names:
            self._look()

    @Slot(object)
    def _on_changed(self, news: frozenset[type]) -> None:
        if Observed in news:
            self._take_note()
        if news & _NEWS:
            self._look()

    @Slot()
    def _look(self) -> None:
        if self._workbench.selection.latent.all_examples and not self._timer.isActive():
            self._timer.start(0)

    def _take_note(self) -> None:
        """Learn from what has come whether the survey is over, and how long it took."""
        run = self._workbench.run
        observed = None if run is None else run.observed.get(Population)
        if self._going_on and observed is not None and observed.done == observed.total:
            self._going_on = False
            self._took = time.monotonic() - self._began

    @Slot()
    def _on_time(self) -> None:
        workbench = self._workbench
        run, state = workbench.run, workbench.state
        if run is None or run.snapshot is None or not workbench.selection.latent.all_examples:
            return
        if state not in ("training", "paused", "idle") or run.begun.missing:
            return
        training = state == "training"
        # At rest the snapshot is of the model as it is, also where the best weights were put back.
        about = (run, run.snapshot) if not training else (run, run.snapshot.step)
        if about == self._surveyed or (training and self._surveyed[:1] == (run,) and self._early()):
            return
        self._surveyed, self._began, self._going_on = about, time.monotonic(), True
        workbench.experiment(Population())

    def _early(self) -> bool:
        """Whether, while a model trains, the last survey is still going on or too recent."""
        pause = LOST if self._going_on else max(LEAST, RARELY * self._took)
        return time.monotonic() - self._began < pause
