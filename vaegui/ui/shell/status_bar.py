"""The status bar: how far, how fast, on what; and what takes time, with a way to cancel it."""

from __future__ import annotations

import time
from collections.abc import Container
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QStatusTipEvent
from PySide6.QtWidgets import QLabel, QMenu, QProgressBar, QPushButton, QStatusBar, QToolButton

from vaegui.training.record.events import Evidence, Finished, Progress
from vaegui.training.record.state import BUSY, RESTING, State
from vaegui.ui.forms.controls import ElidingLabel
from vaegui.ui.forms.form_field import tip
from vaegui.ui.help.terms import explain_term
from vaegui.ui.shell.details import details, ending, evidence
from vaegui.ui.state.workbench import Workbench
from vaegui.wording.duration import duration

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from vaegui.session.worker import Worker

__all__ = ["StatusBar", "fraction"]

REFRESH = 200
"""Milliseconds between two updates of the figures: faster cannot be read."""
MESSAGE = 8_000
"""Milliseconds for which a passing message stays."""
SETTLED = 1.0
"""Seconds after which the pace of something that takes time is known."""
_WORDS: dict[State, str] = {
    "loading": "Loading TensorFlow ...",
    "idle": "Ready",
    "preparing": "Preparing ...",
    "training": "Training",
    "paused": "Paused",
    "saving": "Saving ...",
    "opening": "Opening ...",
    "estimating": "Estimating log p(x) ...",
    "rehearsing": "Rehearsing ...",
    "closed": "TensorFlow is not available",
}


_AT_REST: frozenset[State] = frozenset(_WORDS) - BUSY


def fraction(workbench: Workbench) -> float | None:
    """How much of the run's training is done, 0 to 1; None without a run."""
    run = workbench.run
    return None if run is None else min(1.0, run.step / max(1, run.total_steps))


class StatusBar(QStatusBar):
    """Shows what the workbench says, at most a few times a second."""

    def __init__(self, workbench: Workbench, worker: Worker, parent: QWidget) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._worker = worker
        self._message = ""
        self._until: Container[State] = ()
        self._clock = _Clock()
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REFRESH)
        self._timer.timeout.connect(self.refresh)
        self._forget = QTimer(self)
        self._forget.setSingleShot(True)
        self._forget.setInterval(MESSAGE)
        self._forget.timeout.connect(self._on_forget)
        parent.installEventFilter(self)
        workbench.changed.connect(self._on_changed)
        workbench.changed.connect(self._on_news)
        workbench.progressed.connect(self._on_changed)
        workbench.state_changed.connect(self._on_state_changed)
        workbench.begun.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        self._state = ElidingLabel(self)
        self._state.setObjectName("status.state")
        # A message may name a file, whose name is no markup.
        self._state.setTextFormat(Qt.TextFormat.PlainText)
        self._state.setContentsMargins(8, 0, 0, 0)
        self._hint = ElidingLabel(self)
        self._hint.setObjectName("status.hint")
        self._hint.setProperty("muted", True)
        self._hint.setContentsMargins(16, 0, 8, 0)
        self._bar = QProgressBar(self)
        self._bar.setObjectName("status.progress")
        self._bar.setFixedWidth(160)
        self._bar.setTextVisible(False)
        self._cancel = QPushButton("Cancel", self)
        self._cancel.setObjectName("status.cancel")
        self._cancel.setToolTip("Give up what is being done; the present model stays as it is.")
        self._cancel.clicked.connect(self._on_cancel)
        self._epoch = self._figure("epoch", "Epoch that is running, of those asked for.")
        explain_term(self._epoch, "epoch")
        self._left = self._figure("left", "Time until all epochs are done, at the present rate.")
        self._rate = self._figure("rate", "How many examples the model learns from per second.")
        self._device = QToolButton(self)
        self._device.setObjectName("status.device")
        self._device.setAutoRaise(True)
        self._device.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self._device.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._details = QMenu(self._device)
        self._details.aboutToShow.connect(self._on_details)
        self._device.setMenu(self._details)
        self.addWidget(self._state)
        self.addWidget(self._hint, 1)
        for widget in (self._epoch, self._bar, self._cancel, self._left, self._rate, self._device):
            self.addPermanentWidget(widget)

    def _figure(self, name: str, tip: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(f"status.{name}")
        label.setToolTip(tip)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setContentsMargins(6, 0, 6, 0)
        return label

    def show_message(self, message: str, until: Container[State] = ()) -> None:
        """Show a message for a while; it takes no control's place.

        It goes as soon as the worker comes into one of the states ``until``.
        """
        self._message, self._until = message, until
        self._forget.start()
        self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show what the mouse can do where it is; Qt would hide everything else meanwhile."""
        if isinstance(event, QStatusTipEvent):
            self._hint.setText(event.tip())
            return True
        return False

    def show_cancelling(self) -> None:
        """Say that what takes time is being given up: it ends with the piece that is under way."""
        if self._workbench.state in BUSY:
            self.show_message("Cancelling ...", _AT_REST)

    @Slot()
    def refresh(self) -> None:
        """Show everything as it is now."""
        self._timer.stop()
        state, progress = self._workbench.state, self._workbench.progress
        busy = state in BUSY
        words, run = _WORDS[state], self._workbench.run
        if busy and progress is not None:
            words = f"{progress.what} ..."
            if progress.total:
                words += f" {100 * progress.done / progress.total:.0f} %"
            if (left := self._clock.left(progress)) is not None:
                words += f", {duration(left)} left"
        elif run is not None and run.step and state in RESTING:
            words += f", step {run.step:,}"
        self._state.setText(self._message or words)
        self._state.setToolTip(tip(self._message or words))
        self._cancel.setVisible(busy)
        self._show_bar(busy)
        self._show_run()
        self._show_device()

    def _show_bar(self, busy: bool) -> None:
        progress, done = self._workbench.progress, fraction(self._workbench)
        if busy and progress is not None and progress.total:
            maximum, value = 1000, round(1000 * progress.done / progress.total)
        elif busy or self._workbench.state == "loading":
            maximum, value = 0, 0
        else:
            maximum, value = 1000, round(1000 * (done or 0.0))
        if self._bar.maximum() != maximum:
            self._bar.setMaximum(maximum)
        self._bar.setValue(value)
        self._bar.setVisible(maximum == 0 or busy or done is not None)

    def _show_run(self) -> None:
        run = self._workbench.run
        for label in (self._epoch, self._left, self._rate):
            label.setVisible(run is not None)
        if run is None:
            return
        self._epoch.setText(f"epoch {run.epoch}/{run.begun.settings.training.epochs}")
        left = run.seconds_left
        known = left is not None and self._workbench.active
        self._left.setText(f"{duration(left)} left" if known and left is not None else "")
        self._left.setVisible(known)
        self._rate.setText(f"{run.examples_per_s:,.0f} examples/s")
        self._rate.setVisible(run.examples_per_s > 0)

    def _show_device(self) -> None:
        ready = self._workbench.ready
        self._device.setVisible(ready is not None)
        if ready is not None:
            why = ready.device.reason
            self._device.setText(f"{ready.device.name} (why no GPU)" if why else ready.device.name)
            reason = f" {why}" if why else ""
            self._device.setToolTip(f"Computed on {ready.device.name}.{reason}\nClick for details.")

    @Slot()
    def _on_details(self) -> None:
        self._details.clear()
        for line in details(self._workbench):
            self._details.addAction(line).setEnabled(False)

    @Slot(object)
    def _on_news(self, news: frozenset[type]) -> None:
        run = self._workbench.run
        if run is not None and Finished in news and (sentence := ending(run)):
            self.show_message(sentence)
        if run is not None and Evidence in news and run.evidence is not None:
            # What is to be said beside it stands in the Loss panel and the details.
            self.show_message(evidence(run.evidence, ""))

    @Slot()
    def _on_changed(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _on_state_changed(self) -> None:
        if self._workbench.state in self._until:
            self._message, self._until = "", ()
        self.refresh()

    @Slot()
    def _on_forget(self) -> None:
        self._message = ""
        self.refresh()

    @Slot()
    def _on_cancel(self) -> None:
        self.show_cancelling()
        self._worker.cancel()


class _Clock:
    """Tells how long something that makes progress still takes, from the pace so far."""

    def __init__(self) -> None:
        self._what = ""
        self._began, self._from = 0.0, 0

    def left(self, progress: Progress) -> float | None:
        """Seconds until it is done, or None while too little is done to tell."""
        now = time.monotonic()
        if progress.what != self._what or progress.done < self._from:
            self._what, self._began, self._from = progress.what, now, progress.done
        took, done = now - self._began, progress.done - self._from
        if not progress.total or took < SETTLED or done <= 0:
            return None
        return took * (progress.total - progress.done) / done
