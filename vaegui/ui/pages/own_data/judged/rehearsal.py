"""The rehearsal: twenty steps on the real data, to know how long and how much before training."""

from __future__ import annotations

import math

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout

from vaegui.session.data_worker import Found
from vaegui.training.record.events import Failed, Rehearsed
from vaegui.training.record.job_kind import JobKind
from vaegui.ui.commands.data_commands import DataCommands
from vaegui.ui.pages.own_data.section import PAGE, Section, button, label
from vaegui.ui.state.data_recipe import DataRecipe
from vaegui.ui.state.workbench import Workbench
from vaegui.ui.theme.theme import Theme

__all__ = ["Rehearsal"]

_ASKABLE = ("idle", "training", "paused")
WORDS = (
    "Twenty steps with the settings as they are, on a model that is forgotten then: how long an "
    "epoch takes, how much memory, and whether numbers stay finite. The model on the workbench "
    "stays as it is; its training rests meanwhile."
)


class Rehearsal(Section):
    """A button, and what came of it."""

    def __init__(
        self, recipe: DataRecipe, theme: Theme, commands: DataCommands, workbench: Workbench
    ) -> None:
        super().__init__("rehearsal", "Rehearsal", WORDS, recipe, theme)
        self._commands, self._workbench = commands, workbench
        self._begin = button("rehearse", "Rehearse", "Do twenty steps.", self._on_begin)
        self._cancel = button(
            "rehearsal.cancel", "Cancel", "Give the rehearsal up.", commands.cancel_rehearsal
        )
        row = QHBoxLayout()
        row.addWidget(self._begin)
        row.addWidget(self._cancel)
        row.addStretch(1)
        self.column.addLayout(row)
        self._told = label("", parent=self)
        self._told.setObjectName(f"{PAGE}.rehearsal.told")
        self.column.addWidget(self._told)
        workbench.state_changed.connect(self._refresh)
        workbench.progressed.connect(self._on_progressed)
        workbench.rehearsed.connect(self._on_rehearsed)
        workbench.failed.connect(self._on_failed)
        recipe.progressed.connect(self._refresh)
        self._refresh()

    def show_found(self, found: Found) -> None:
        """Forget what was about other settings."""
        self._told.clear()
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        state, found = self._workbench.state, self.recipe.found
        going_on = state == "rehearsing"
        refused = found is not None and bool(found.prevented)
        self._begin.setEnabled(state in _ASKABLE and not refused and not self.recipe.busy)
        if state == "loading":
            why_not = "As soon as TensorFlow is loaded."
        elif refused:
            why_not = "First mend what prevents training."
        else:
            why_not = ""
        self._begin.setToolTip(why_not or "Do twenty steps.")
        self._cancel.setVisible(going_on)

    @Slot()
    def _on_progressed(self) -> None:
        progress = self._workbench.progress
        if self._workbench.state == "rehearsing" and progress is not None:
            done = f" {progress.done} of {progress.total}" if progress.total else ""
            self._told.setText(f"{progress.what} ...{done}")

    @Slot()
    def _on_begin(self) -> None:
        if self.recipe.settings is not None:
            self._told.setText("The rehearsal begins ...")
            self._commands.rehearse(self.recipe.settings)

    @Slot(object)
    def _on_rehearsed(self, rehearsed: Rehearsed) -> None:
        if rehearsed.settings == self.recipe.settings:
            epochs = rehearsed.settings.training.epochs
            self._told.setText(_words(rehearsed, epochs))

    @Slot(Failed)
    def _on_failed(self, failed: Failed) -> None:
        if failed.kind is JobKind.REHEARSING:
            self._told.setText(failed.message)


def _words(rehearsed: Rehearsed, epochs: int) -> str:
    if rehearsed.why_not:
        return f"It does not work like this. {rehearsed.why_not}"
    epoch, whole = rehearsed.epoch_seconds, rehearsed.epoch_seconds * epochs
    finite = "stayed finite" if math.isfinite(rehearsed.loss) else "did not stay finite"
    return (
        f"An epoch takes about {_time(epoch)}, all {epochs:,} about {_time(whole)}. Data and model "
        f"took {max(1, round(rehearsed.memory / 1e6)):,} MB of memory. In {rehearsed.steps} steps "
        f"all numbers {finite}; the loss came to {_loss(rehearsed.loss)} nats per example."
    )


def _loss(loss: float) -> str:
    return f"{loss:,.0f}" if abs(loss) >= 1000 else f"{loss:.4g}"


def _time(seconds: float) -> str:
    if seconds < 1:
        return f"{max(1, round(1000 * seconds)):,} ms"
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
