"""What ties Setup to the present model: each is told what the other says."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from vaegui.errors import Fix
from vaegui.training.record.events import Resumed
from vaegui.training.record.job_kind import JobKind
from vaegui.training.record.state import READY
from vaegui.training.settings.settings import Settings
from vaegui.ui.commands.run_commands import RunCommands
from vaegui.ui.forms.setup_panel import SetupPanel
from vaegui.ui.state.workbench import Workbench

__all__ = ["SetupCommands"]


class SetupCommands(QObject):
    """Tells the workbench what Setup says, and Setup what the present model was made with."""

    def __init__(
        self, workbench: Workbench, setup: SetupPanel, runs: RunCommands, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._setup = setup
        self._runs = runs
        workbench.begun.connect(self._on_begun)
        workbench.changed.connect(self._on_news)
        workbench.state_changed.connect(self._on_state_changed)
        setup.changed.connect(self._on_changed)
        setup.applied.connect(runs.change)
        runs.put_back.connect(setup.set_value)

    def apply_fix(self, fix: Fix, kind: JobKind | None) -> None:
        """Put the values that would mend a failure into Setup, and try again."""
        run = self._workbench.run
        settings = self._setup.value or (run.begun.settings if run else Settings())
        self._setup.set_value(settings.with_values(fix.values))
        if kind is JobKind.TRAINING and self._setup.value is not None:
            self._runs.train_anew(self._setup.value)

    @Slot()
    def _on_changed(self) -> None:
        self._workbench.set_settings(self._setup.value)

    @Slot()
    def _on_begun(self) -> None:
        run = self._workbench.run
        if run is None:
            return
        if run.begun.path is not None or run.begun.recovered or run.begun.imported:
            self._setup.set_value(run.begun.settings)
        self._setup.set_run_settings(run.begun.settings, self._workbench.takes)

    @Slot(object)
    def _on_news(self, news: frozenset[type]) -> None:
        run, shown = self._workbench.run, self._setup.value
        if run is None or Resumed not in news:
            return
        settings = run.begun.settings
        # A run that is done goes on for as many epochs again: Setup asks for no other number.
        if shown is not None and shown.training.epochs <= run.step // run.begun.steps_per_epoch:
            settings = settings.with_values({"training.epochs": shown.training.epochs})
        self._setup.set_run_settings(settings, self._workbench.takes)

    @Slot()
    def _on_state_changed(self) -> None:
        self._setup.set_can_apply(self._workbench.state in READY)
