"""Offers to go on with runs that were left behind by a program that ended unexpectedly."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QMainWindow

from vaegui.files.recovery import LeftRun, RunSummary
from vaegui.training.record.events import Failed
from vaegui.training.record.job_kind import JobKind
from vaegui.ui.notices.banner import Banner
from vaegui.ui.state.workbench import Workbench

if TYPE_CHECKING:
    from vaegui.session.worker import Worker

__all__ = ["RecoveryBar", "left_run_text"]

PICTURE = QSize(64, 64)
"""The largest that a run's picture is shown, in pixels."""
SURE = "Delete it?"
"""What the button says before it deletes: one slip must not cost a night's training."""


class RecoveryBar(Banner):
    """A banner about one run that was left behind after the other, the latest first.

    Parameters
    ----------
    left
        The runs, one at least.
    worker
        Opens the one that the user recovers.
    confirm_discard
        Called with what to do next before the present model is given up: it does that at once,
        after saving, or not at all, as the user decides.
    window
        Where the bar is put.
    """

    def __init__(
        self,
        left: list[LeftRun],
        workbench: Workbench,
        worker: Worker,
        confirm_discard: Callable[[Callable[[], None]], None],
        window: QMainWindow,
    ) -> None:
        super().__init__("recovery", "Runs left behind", window)
        self._left = list(left)
        self._workbench, self._worker, self._confirm_discard = workbench, worker, confirm_discard
        self._buttons = {
            name: self.add_button(name, name.capitalize(), tip, slot)
            for name, tip, slot in (
                ("recover", "Open this run as it was then.", self._on_recover),
                ("discard", "Delete this run; it cannot be brought back.", self._on_discard),
                ("later", "Keep it; it is offered again at the next start.", self._on_later),
            )
        }
        workbench.begun.connect(self._on_begun)
        workbench.failed.connect(self._on_failed)
        self._show_next()

    @Slot()
    def give_back(self) -> None:
        """Leave the runs that are left for the next start."""
        for left in self._left:
            left.give_back()
        self._left.clear()

    def _set_buttons(self, *, enabled: bool) -> None:
        """Enable all or none; what each says is what it says at first."""
        for name, button in self._buttons.items():
            button.setText(name.capitalize())
            button.setEnabled(enabled)

    def _show_next(self) -> None:
        self.setVisible(bool(self._left))
        if not self._left:
            return
        self._set_buttons(enabled=True)
        left, count = self._left[0], len(self._left)
        several = f" {count} runs were left behind; this is the latest." if count > 1 else ""
        text = left_run_text(left.about, time.time())
        self.show_text(f"vaegui ended unexpectedly.{several}", text)
        self.words.setToolTip(left.about.origin or "")
        picture = QPixmap()
        content = left.picture
        there = content is not None and picture.loadFromData(content, "PNG")
        self.picture.setVisible(there)
        if there:
            ratio = self.devicePixelRatioF()
            picture = picture.scaled(
                PICTURE * ratio,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            picture.setDevicePixelRatio(ratio)
            self.picture.setPixmap(picture)

    @Slot()
    def _on_recover(self) -> None:
        self._confirm_discard(partial(self._open, self._left[0]))

    def _open(self, left: LeftRun) -> None:
        # It may take a while, TensorFlow may be loading; meanwhile nothing else can be done to it.
        self._set_buttons(enabled=False)
        self._buttons["recover"].setText("Opening ...")
        self._worker.recover(left)

    @Slot()
    def _on_begun(self) -> None:
        run = self._workbench.run
        if run is not None and run.begun.recovered:
            del self._left[:1]
            self._show_next()

    @Slot(Failed)
    def _on_failed(self, failed: Failed) -> None:
        if failed.kind is JobKind.RECOVERING:
            self._set_buttons(enabled=True)

    @Slot()
    def _on_discard(self) -> None:
        button = self._buttons["discard"]
        if button.text() == SURE:
            self._left.pop(0).discard()
            self._show_next()
        else:
            button.setText(SURE)

    @Slot()
    def _on_later(self) -> None:
        self.give_back()
        self._show_next()


def left_run_text(about: RunSummary, now: float) -> str:
    """A run that was left behind, in a sentence; ``now`` in seconds since 1970."""
    name = about.data if about.origin is None else f"{Path(about.origin).name} ({about.data})"
    if about.epoch:
        where = f"epoch {about.epoch:,} of {about.epochs:,}"
    else:
        where = f"step {about.step:,} of the first epoch"
    loss = "" if about.loss is None else f", loss {about.loss:.1f} nats"
    return f"Training of {name}, as it was {_ago(now - about.saved)}: {where}{loss}."


def _ago(seconds: float) -> str:
    for name, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if (count := int(seconds // length)) >= 1:
            return f"{count} {name}{'s' if count > 1 else ''} ago"
    return "less than a minute ago"
