"""Notices when the worker makes no progress, and says so."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QMainWindow

from vaegui.machine.log import stacks
from vaegui.paths import log_folder
from vaegui.session.worker import Worker
from vaegui.training.record.state import AT_WORK
from vaegui.ui.notices.banner import Banner
from vaegui.ui.state.workbench import Workbench

__all__ = ["COMPILING", "SILENCE", "Watchdog"]

_LOG = logging.getLogger(__name__)

SILENCE = 30.0
"""Seconds without a sign of life of a worker that has something to do, until it is told."""
COMPILING = 120.0
"""The same while a model is prepared and until its first step: compiling can take long."""
LOOK = 1_000
"""Milliseconds between two looks."""


class Watchdog(QObject):
    """Looks after the worker once a second while it has something to do.

    When it is silent for too long, all threads' stacks are written to the log, and a banner above
    the docks says so until there is progress again. Nothing is ended: it may be only slow.

    Parameters
    ----------
    rescue
        Saves the last copy of the model, to a file that the user chooses.
    window
        Where the banner is put.

    Attributes
    ----------
    limit, compiling
        `SILENCE` and `COMPILING`, in seconds; may be set.
    """

    def __init__(
        self,
        workbench: Workbench,
        worker: Worker,
        rescue: Callable[[], None],
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self._workbench = workbench
        self._worker = worker
        self.limit, self.compiling = SILENCE, COMPILING
        self._patience = 0.0
        self._first_step = 0
        self.banner = self._make_banner(rescue, window)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK)
        self._timer.timeout.connect(self.look)
        workbench.state_changed.connect(self._on_state_changed)

    def _make_banner(self, rescue: Callable[[], None], window: QMainWindow) -> Banner:
        banner = Banner("no_progress", "No progress", window)
        banner.words.setProperty("hint", True)
        self._rescue = banner.add_button(
            "rescue",
            "Save the last snapshot ...",
            "Write the model to a file as it was about a second before it got stuck.",
            rescue,
        )
        banner.add_button(
            "wait",
            "Keep waiting",
            "Hide this; it comes back if there is no progress for as long again.",
            self._on_wait,
        )
        return banner

    @Slot()
    def look(self) -> None:
        """Compare the worker's silence with what is bearable."""
        silence, limit = self._worker.silence(), self._limit()
        if silence <= limit:
            self._patience = 0.0
            self.banner.hide()
        elif silence > max(limit, self._patience):
            if self.banner.isHidden():
                _LOG.error("No progress for %.0f s\n%s", silence, stacks())
            self._tell(silence)

    def _limit(self) -> float:
        run, state = self._workbench.run, self._workbench.state
        begins = state == "training" and (run is None or run.step == self._first_step)
        return self.compiling if begins or state == "preparing" else self.limit

    def _tell(self, silence: float) -> None:
        doing = {"training": "Training has", "preparing": "Preparing the model has"}.get(
            self._workbench.state, "What is being done has"
        )
        self.banner.show_text("", f"{doing} made no progress for {silence:.0f} seconds.")
        self.banner.words.setToolTip(
            f"What all threads were doing is written down in the log, in {log_folder()}."
        )
        self._rescue.setVisible(self._workbench.run is not None)
        self.banner.show()

    @Slot()
    def _on_wait(self) -> None:
        self._patience = self._worker.silence() + self._limit()
        self.banner.hide()

    @Slot()
    def _on_state_changed(self) -> None:
        run = self._workbench.run
        self._first_step = run.step if run is not None else 0
        if self._workbench.state in AT_WORK:
            self._timer.start()
        else:
            self._timer.stop()
            self._patience = 0.0
            self.banner.hide()
