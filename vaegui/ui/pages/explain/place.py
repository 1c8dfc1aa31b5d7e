"""Where the page "Explain" is: it takes most of the window, and gives it back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from vaegui.panels.drawing.style import style
from vaegui.ui.plots.panel_maker import PanelMaker
from vaegui.ui.state.workbench import Workbench
from vaegui.ui.theme.theme import Theme

if TYPE_CHECKING:
    from vaegui.panels.explain.shared.base import Explanation
    from vaegui.ui.pages.explain.dock import ExplainDock
    from vaegui.ui.pages.explain.page import Page

__all__ = ["Place"]

BESIDE = ("latent", "input")
"""Docks that stay, in a column at the right: there the next input is picked."""


class Place(QObject):
    """Opens the page when the selection has a topic, and closes it when it has none.

    While it is open it has most of the window, with the latent map and the input beside
    it; all other docks come back when it closes.

    Parameters
    ----------
    action
        What the user opens and closes it with.
    """

    def __init__(
        self,
        workbench: Workbench,
        panels: PanelMaker,
        docks: dict[str, QDockWidget],
        theme: Theme,
        action: QAction,
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self._workbench = workbench
        self._panels = panels
        self._docks = docks
        self._theme = theme
        self._action = action
        self._window = window
        self._can_draw = False
        self._last = ""
        self.dock: ExplainDock | None = None
        self._before: QByteArray | None = None
        self._own: QByteArray | None = None
        action.setCheckable(True)
        action.toggled.connect(self._on_toggled)
        workbench.drawing_ready.connect(self._on_drawing_ready)
        workbench.selection_changed.connect(self._on_selection_changed)
        theme.changed.connect(self._on_theme_changed)

    @property
    def is_open(self) -> bool:
        """Whether the page has its place in the window."""
        return self._before is not None

    @Slot()
    def close(self) -> None:
        """Give the window back."""
        if self._workbench.selection.topic:
            self._workbench.select(self._workbench.selection.but(topic=""))

    @Slot(bool)
    def _on_toggled(self, checked: bool) -> None:
        topic = self._workbench.selection.topic
        if checked and not topic:
            self._workbench.select(self._workbench.selection.but(topic=self._last or _first()))
        elif not checked:
            self.close()

    @Slot()
    def _on_drawing_ready(self) -> None:
        self._can_draw = True
        self._follow()

    @Slot(object)
    def _on_selection_changed(self, names: frozenset[str]) -> None:
        if "topic" in names:
            self._follow()

    @Slot()
    def _on_theme_changed(self) -> None:
        if self.dock is not None:
            self.dock.set_style(style(self._theme.current))

    def _follow(self) -> None:
        """Open or close it as the topic says."""
        topic = self._workbench.selection.topic
        self._action.setChecked(bool(topic))
        self._last = topic or self._last
        if topic and not self.is_open and self._can_draw:
            self._open(topic)
        elif not topic and self.is_open:
            self._close()

    def _open(self, topic: str) -> None:
        self._before = self._window.saveState()
        dock = self.dock
        if dock is None:
            dock = self.dock = self._made()
            self._window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
        if self._own is None or not self._window.restoreState(self._own):
            self._arrange(dock)
        dock.show()
        dock.raise_()
        dock.open(topic)

    def _close(self) -> None:
        assert self._before is not None
        before, self._before = self._before, None
        self._own = self._window.saveState()
        self._window.restoreState(before)
        if self.dock is not None:
            self.dock.hide()

    def _arrange(self, dock: QDockWidget) -> None:
        """Give it all but a column at the right."""
        window, across = self._window, Qt.Orientation.Horizontal
        for other in self._docks.values():
            if not other.isFloating():
                other.hide()
        latent, input_ = (self._docks[name] for name in BESIDE)
        window.splitDockWidget(dock, latent, across)
        window.splitDockWidget(latent, input_, Qt.Orientation.Vertical)
        for beside in (latent, input_):
            beside.setFloating(False)
            beside.show()
        column = max(250, min(420, window.width() // 4))
        window.resizeDocks([dock, latent], [window.width() - column, column], across)

    def _made(self) -> ExplainDock:
        # Not before matplotlib was loaded by another thread: it would hold the window up.
        from vaegui.panels.explain.all import EXPLANATIONS
        from vaegui.ui.pages.explain.dock import ExplainDock

        dock = ExplainDock(EXPLANATIONS, self._page, self._workbench, self._window)
        dock.closed.connect(self.close)
        return dock

    def _page(self, explanation: Explanation, parent: QWidget) -> Page:
        from vaegui.ui.pages.explain.page import Page

        canvas = self._panels.canvas(explanation, parent)
        pending = partial(self._panels.repainter.awaits, canvas)
        colours = style(self._theme.current)
        return Page(explanation, canvas, pending, self._workbench, colours, parent)


def _first() -> str:
    from vaegui.panels.explain.all import EXPLANATIONS

    return EXPLANATIONS[0].name
