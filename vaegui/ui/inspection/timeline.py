"""The timeline: every panel as it was at an earlier step, one step after the other."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from vaegui.runs.run import Run
from vaegui.ui.commands.actions import Actions
from vaegui.ui.state.workbench import Workbench
from vaegui.ui.theme.icons import icon
from vaegui.ui.theme.theme import Theme

__all__ = ["Timeline", "TimelineDock"]

WHOLE = 8000
"""Milliseconds that playing all kept steps takes, if they are enough for a moving picture."""
QUICKEST = 60
"""Milliseconds between two steps at least: every panel is painted in between."""
MOVE = "Put all panels to an earlier step. The right end is the model as it is now."
FOLLOW = "Follow the model as it is now."
NOTHING = "While a model trains, some hundred of its steps are kept; they can be gone back to here."


class TimelineDock(QDockWidget):
    """The timeline as a dock of one row: what closes and moves it is at its left."""

    def __init__(
        self, title: str, workbench: Workbench, actions: Actions, theme: Theme, area: QWidget
    ) -> None:
        super().__init__(title, area)
        self.setObjectName("timeline")
        self.timeline = Timeline(workbench, actions, self)
        self.setWidget(self.timeline)
        self.setFocusProxy(self.timeline)
        self.setFeatures(self.features() | QDockWidget.DockWidgetFeature.DockWidgetVerticalTitleBar)
        self._theme = theme
        self._close = QToolButton(self)
        self.setTitleBarWidget(self._made_side(self._close))
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    @Slot()
    def _on_theme_changed(self) -> None:
        self._close.setIcon(icon("close", self._theme))

    def _made_side(self, close: QToolButton) -> QWidget:
        """A bar to drag the dock by, with a button that closes it."""
        side = QWidget(self)
        side.setToolTip("Drag to move the timeline; double click to let it float.")
        close.setObjectName("timeline_close")
        close.setAutoRaise(True)
        close.setIconSize(QSize(12, 12))
        close.setToolTip("Close the timeline. View > Timeline brings it back.")
        close.setAccessibleName("Close the timeline")
        close.clicked.connect(self.close)
        column = QVBoxLayout(side)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignCenter)
        return side


class Timeline(QWidget):
    """A slider over the steps of a run that are kept; at its right end the panels follow training.

    Parameters
    ----------
    workbench
        Whose focus it moves: `Focus.step`.
    actions
        The action ``play`` begins and ends playing.
    """

    def __init__(
        self, workbench: Workbench, actions: Actions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._play = actions["play"]
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._on_tick)
        self._slider = self._made_slider()
        self._where = QLabel(self)
        self._where.setObjectName("timeline_where")
        self._live = QToolButton(self)
        self._live.setObjectName("timeline_live")
        self._live.setText("Latest")
        self._live.setCheckable(True)
        self._live.clicked.connect(self._on_live)
        button = QToolButton(self)
        button.setObjectName("timeline_play")
        button.setDefaultAction(self._play)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 2, 6, 2)
        row.addWidget(button)
        row.addWidget(self._slider, 1)
        row.addWidget(self._where)
        row.addWidget(self._live)
        self.setFocusProxy(self._slider)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._play.toggled.connect(self._on_play)
        workbench.changed.connect(self._refresh)
        workbench.begun.connect(self._on_begun)
        workbench.focus_changed.connect(self._refresh)
        self._refresh()

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(400, self.minimumSizeHint().height())

    @property
    def playing(self) -> bool:
        """Whether it goes from step to step by itself."""
        return self._clock.isActive()

    def _made_slider(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal, self)
        slider.setObjectName("timeline_slider")
        slider.setAccessibleName("Step that all panels show")
        slider.setPageStep(10)
        slider.valueChanged.connect(self._on_moved)
        return slider

    @property
    def _run(self) -> Run | None:
        return self._workbench.run

    @property
    def _steps(self) -> tuple[int, ...]:
        return () if self._run is None else self._run.snapshots.steps

    @Slot()
    def _on_begun(self) -> None:
        self._play.setChecked(False)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        """Show what the focus says, over the steps that are kept by now."""
        steps, step = self._steps, self._workbench.focus.step
        several = len(steps) > 1
        last = max(0, len(steps) - 1)
        kept = [number for number, each in enumerate(steps) if step is None or each <= step]
        self._slider.blockSignals(True)
        self._slider.setRange(0, last)
        self._slider.setValue(last if step is None else (kept[-1] if kept else 0))
        self._slider.blockSignals(False)
        for widget, tip in ((self._slider, MOVE), (self._live, FOLLOW)):
            widget.setEnabled(several)
            widget.setToolTip(tip if several else NOTHING)
        self._live.setChecked(step is None)
        text = self._said(step)
        self._where.setText(text)
        # As wide as its longest text: the slider must not move under the hand.
        self._where.setMinimumWidth(self._where.fontMetrics().horizontalAdvance(self._longest()))
        self._slider.setAccessibleDescription(text)

    def _said(self, step: int | None) -> str:
        """Which step is shown, in words."""
        run = self._run
        if run is None or not self._steps:
            return ""
        shot = run.snapshot_at(step)
        at = run.step if shot is None else shot.step
        epoch = -(-at // run.begun.steps_per_epoch)
        return f"epoch {epoch} of {run.begun.settings.training.epochs}, step {at:,}"

    def _longest(self) -> str:
        run = self._run
        if run is None:
            return ""
        last = run.begun.settings.training.epochs
        return f"epoch {last} of {last}, step {run.total_steps:,}"

    @Slot(int)
    def _on_moved(self, number: int) -> None:
        steps = self._steps
        if number < len(steps):
            self._show(None if number == len(steps) - 1 else steps[number])

    def _show(self, step: int | None) -> None:
        self._workbench.look_at(self._workbench.focus.replace(step=step))

    @Slot()
    def _on_live(self) -> None:
        self._play.setChecked(False)
        self._show(None)
        self._refresh()

    @Slot(bool)
    def _on_play(self, on: bool) -> None:
        if not on:
            self._clock.stop()
            return
        if self._slider.value() == self._slider.maximum():
            self._slider.setValue(0)
        self._clock.start(max(QUICKEST, WHOLE // max(1, len(self._steps))))

    @Slot()
    def _on_tick(self) -> None:
        self._slider.setValue(self._slider.value() + 1)
        if self._slider.value() == self._slider.maximum():
            self._play.setChecked(False)
