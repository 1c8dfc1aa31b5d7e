"""Fills the docks with canvases once matplotlib is there, and keeps them painted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QMainWindow

from vaegui.panels.style import style
from vaegui.ui.panel_dock import PanelDock
from vaegui.ui.repainter import Repainter
from vaegui.ui.theme import Theme
from vaegui.ui.workbench import Workbench

if TYPE_CHECKING:
    from vaegui.panels.base import Panel

__all__ = ["PanelMaker"]


class PanelMaker(QObject):
    """Makes one canvas per turn of the event loop, so that the window stays fluent meanwhile.

    Attributes
    ----------
    repainter
        What paints the canvases.
    """

    unplaced = Signal(PanelDock)
    """A panel had no dock; this one was made for it."""

    def __init__(
        self,
        workbench: Workbench,
        theme: Theme,
        docks: dict[str, PanelDock],
        parent: QMainWindow,
    ) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._theme = theme
        self._docks = docks
        self._window = parent
        self._waiting: list[type[Panel]] = []
        self.repainter = Repainter(lambda: workbench.state == "training", self)
        workbench.changed.connect(self.repainter.mark_events)
        workbench.selection_changed.connect(self.repainter.mark_selection)
        workbench.drawing_ready.connect(self._on_drawing_ready)
        theme.changed.connect(self._on_theme_changed)

    @Slot()
    def stop(self) -> None:
        """Make no more canvases: the window closes."""
        self._waiting.clear()

    @Slot()
    def _on_drawing_ready(self) -> None:
        from vaegui.panels.all import PANELS

        self._waiting = list(PANELS)
        QTimer.singleShot(0, self, self._on_next)

    @Slot()
    def _on_next(self) -> None:
        if self._waiting:
            self._make(self._waiting.pop(0)())
            QTimer.singleShot(0, self, self._on_next)

    def _make(self, panel: Panel) -> None:
        # Not before matplotlib was loaded by another thread: it would hold the window up.
        from vaegui.ui.canvas import Canvas

        dock = self._docks.get(panel.name)
        if dock is None:
            dock = PanelDock(panel.name, panel.title, self._workbench, self._window)
            self._docks[panel.name] = dock
            self.unplaced.emit(dock)
        canvas = Canvas(panel, self._workbench, style(self._theme.current), dock)
        canvas.spoiled.connect(partial(self.repainter.mark, [canvas]))
        canvas.uncovered.connect(self.repainter.wake)
        canvas.handled.connect(partial(self.repainter.handle, canvas))
        dock.fill(canvas)
        self.repainter.add(canvas)

    @Slot()
    def _on_theme_changed(self) -> None:
        for dock in self._docks.values():
            if dock.canvas is not None:
                dock.canvas.set_style(style(self._theme.current))
