"""The workbench: Setup and all panels, in docks that the user arranges."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QSizePolicy, QVBoxLayout, QWidget

from vaegui.ui.inspection.timeline import TimelineDock
from vaegui.ui.pages.arrangement import TITLES, arrange_docks, give_sizes
from vaegui.ui.pages.base import Page, Shared
from vaegui.ui.plots.panel_dock import PanelDock

__all__ = ["WorkbenchPage"]

VERSION = 3
"""Of a remembered layout. Raise it when docks change so much that an old one would be a bad one."""
NO_PANELS = "All panels are closed. View > Reset layout brings them back."


class WorkbenchPage(Page):
    """Docks in a window of their own within the page, so that their layout concerns nothing else.

    Attributes
    ----------
    docks
        By name, in the order in which the keyboard goes through them.
    """

    dock_added = Signal(QDockWidget)
    """A panel that came later has a dock now."""

    name = "workbench"
    title = "Workbench"
    tip = "Setup and all panels: train a model and watch it."

    def __init__(self, shared: Shared) -> None:
        super().__init__(shared)
        self._workbench = shared.workbench
        self._setup = shared.setup
        self._panels = shared.panels
        self._remembered = shared.preferences.layout
        self._is_arranged = False
        # Floating docks that are out of sight with the page, and the layout from before that.
        self._afloat: list[QDockWidget] = []
        self._left_as: QByteArray | None = None
        self._area = _DockArea(self)
        self.docks: dict[str, QDockWidget] = {}
        for name, title in TITLES.items():
            self.docks[name] = self._dock(name, title)
        arrange_docks(self._area, self.docks)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._area)
        self._panels.unplaced.connect(self._on_unplaced)

    @property
    def layout_state(self) -> QByteArray:
        """What brings the docks back as they are now, at the next start."""
        if self._left_as is not None:
            return self._left_as
        return self._area.saveState(VERSION) if self._is_arranged else self._remembered

    def enter(self) -> None:
        """Show the floating docks again."""
        for dock in self._afloat:
            dock.show()
        self._afloat, self._left_as = [], None

    def leave(self) -> None:
        """Take floating docks out of sight: what they would cover is of another page."""
        self._left_as = self.layout_state
        self._afloat = [d for d in self.docks.values() if d.isFloating() and d.isVisible()]
        for dock in self._afloat:
            dock.hide()

    @Slot()
    def reset(self) -> None:
        """Put all docks where the program has them at first."""
        arrange_docks(self._area, self.docks)
        give_sizes(self._area, self.docks)

    def focus(self, name: str) -> None:
        """Bring a dock to the front and give it the keyboard."""
        dock = self.docks[name]
        dock.show()
        dock.raise_()
        dock.widget().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def parts(self) -> list[QWidget]:
        """What is in the docks that can be seen."""
        return [dock.widget() for dock in self.docks.values() if dock.isVisible()]

    def showEvent(self, event: QShowEvent) -> None:
        """Arrange the docks when the page has its size for the first time."""
        super().showEvent(event)
        if not self._is_arranged:
            self._is_arranged = True
            if not self._area.restoreState(self._remembered, VERSION):
                self.reset()

    def _dock(self, name: str, title: str) -> QDockWidget:
        if name == "setup":
            return _SetupDock(title, self._setup, self._area)
        if name == "timeline":
            return TimelineDock(
                title, self._workbench, self._shared.actions, self._shared.theme, self._area
            )
        return self._panel_dock(name, title)

    def _panel_dock(self, name: str, title: str) -> PanelDock:
        dock = PanelDock(name, title, self._workbench, self._area)
        self._panels.place(dock.view)
        return dock

    @Slot(str, str)
    def _on_unplaced(self, name: str, title: str) -> None:
        dock = self.docks[name] = self._panel_dock(name, title)
        if not self._area.restoreDockWidget(dock):
            self._area.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
            self._area.tabifyDockWidget(self.docks["input"], dock)
        self.dock_added.emit(dock)


class _SetupDock(QDockWidget):
    """As wide as Setup needs: what a larger window gives goes to the panels."""

    def __init__(self, title: str, setup: QWidget, area: QMainWindow) -> None:
        super().__init__(title, area)
        self.setObjectName("setup")
        self.setWidget(setup)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._area = area
        self._least = 0

    def event(self, event: QEvent) -> bool:
        """Grow with what is in it. Qt sees to that only for docks that share what room there is."""
        done = super().event(event)
        least = self.minimumSizeHint().width()
        if event.type() == QEvent.Type.LayoutRequest and least != self._least:
            self._least = least
            width = max(self.width(), least)
            self._area.resizeDocks([self], [width], Qt.Orientation.Horizontal)
        return done


class _DockArea(QMainWindow):
    """Holds the docks."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setDockNestingEnabled(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Where no dock is left, say how they come back."""
        super().paintEvent(event)
        docks = self.findChildren(QDockWidget)
        if not any(dock.isVisible() and not dock.isFloating() for dock in docks):
            painter = QPainter(self)
            painter.setPen(self.palette().placeholderText().color())
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, NO_PANELS)
            painter.end()
