"""The dock of a panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDockWidget, QWidget

from vaegui.ui.plots.panel_view import PanelView
from vaegui.ui.state.workbench import Workbench

if TYPE_CHECKING:
    from vaegui.ui.plots.canvas import Canvas

__all__ = ["PanelDock"]


class PanelDock(QDockWidget):
    """A dock with a panel's view in it."""

    def __init__(self, name: str, title: str, workbench: Workbench, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.setObjectName(name)
        self.view = PanelView(name, workbench, self)
        self.setWidget(self.view)
        self.setFocusProxy(self.view)

    @property
    def canvas(self) -> Canvas | None:
        """What shows the panel, once there is something to draw with."""
        return self.view.canvas
