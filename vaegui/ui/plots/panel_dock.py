"""The dock of a panel: first a placeholder, then its view options above its canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDockWidget, QLabel, QVBoxLayout, QWidget

from vaegui.ui.forms import Form
from vaegui.ui.plots.pair_chooser import PairChooser
from vaegui.ui.plots.probe_chooser import ProbeChooser
from vaegui.ui.state.workbench import Workbench
from vaegui.ui.widgets.wrapping import Wrapping

if TYPE_CHECKING:
    from vaegui.panels.drawing.base import Panel
    from vaegui.ui.plots.canvas import Canvas

__all__ = ["PanelDock"]

_CHOOSERS: dict[str, type[PairChooser] | type[ProbeChooser]] = {
    "latent": PairChooser,
    "input": ProbeChooser,
}
"""Name of a panel -> what chooses something that other panels follow, too."""


class PanelDock(QDockWidget):
    """A dock that can be there before matplotlib is."""

    def __init__(self, name: str, title: str, workbench: Workbench, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.setObjectName(name)
        self.canvas: Canvas | None = None
        self._workbench = workbench
        self._form: Form | None = None
        self._view: str | None = None
        placeholder = QLabel("Getting ready to draw ...", self)
        placeholder.setAlignment(Qt.AlignmentFlag.AlignCenter)
        placeholder.setEnabled(False)
        self.setWidget(placeholder)

    def fill(self, canvas: Canvas) -> None:
        """Put the canvas and the panel's view options in place."""
        self.canvas = canvas
        panel = canvas.panel
        self.setWindowTitle(panel.title)
        whole = _Contents(canvas, self)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        whole.options = self._options_row(panel, whole)
        if whole.options is not None:
            column.addWidget(whole.options)
        column.addWidget(canvas, 1)
        placeholder = self.widget()
        self.setWidget(whole)
        self.setFocusProxy(canvas)
        placeholder.deleteLater()

    def _options_row(self, panel: Panel, parent: QWidget) -> QWidget | None:
        """What stands above the picture: view options and a chooser, or nothing."""
        options, chooser = panel.options(self._workbench.selection), _CHOOSERS.get(panel.name)
        if options is None and chooser is None:
            return None
        whole = QWidget(parent)
        row = Wrapping(whole)
        row.setContentsMargins(6, 2, 6, 2)
        if options is not None:
            self._view = panel.view
            self._form = Form(options, compact=True, parent=whole)
            self._form.changed.connect(self._on_form_changed)
            self._workbench.selection_changed.connect(self._on_selection_changed)
            row.addWidget(self._form)
        if chooser is not None:
            row.addWidget(chooser(self._workbench, whole))
        return whole

    @Slot()
    def _on_form_changed(self) -> None:
        if self._form is not None and self._view is not None and self._form.value is not None:
            selection = self._workbench.selection
            self._workbench.select(selection.but(**{self._view: self._form.value}))

    @Slot()
    def _on_selection_changed(self) -> None:
        if self._form is None or self._view is None:
            return
        options = getattr(self._workbench.selection, self._view)
        if self._form.value != options:
            self._form.set_value(options)


class _Contents(QWidget):
    """A canvas below its view options, which go where they would leave it too little height."""

    def __init__(self, canvas: Canvas, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self.options: QWidget | None = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the options where there is room for both."""
        super().resizeEvent(event)
        if self.options is not None:
            left = self.height() - self.options.heightForWidth(self.width())
            self.options.setVisible(left >= self._canvas.minimumSizeHint().height())
