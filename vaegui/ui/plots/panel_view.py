"""A panel on screen: first a placeholder, then its view options above its canvas."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QLayout, QVBoxLayout, QWidget

from vaegui.ui.forms import Form
from vaegui.ui.plots.example_chooser import ExampleChooser
from vaegui.ui.plots.pair_chooser import PairChooser
from vaegui.ui.state.workbench import Workbench
from vaegui.ui.widgets.wrapping import Wrapping

if TYPE_CHECKING:
    from vaegui.ui.plots.canvas import Canvas

__all__ = ["PanelView"]

LEAST = QSize(190, 110)
"""Pixels below which nothing could be made out in a panel."""
_CHOOSERS: dict[str, type[PairChooser] | type[ExampleChooser]] = {
    "latent": PairChooser,
    "input": ExampleChooser,
}
"""Name of a panel -> what chooses something that other panels follow, too."""


class PanelView(QWidget):
    """The place of a panel, which can be there before matplotlib is.

    The options go where they would leave the canvas too little height.

    Parameters
    ----------
    panel
        Name of the panel that comes here; there may be several views of one.
    """

    def __init__(self, panel: str, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panel = panel
        self.canvas: Canvas | None = None
        self._workbench = workbench
        self._form: Form | None = None
        self._options: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        # The options do not count: they are there only where there is room.
        self._column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._placeholder = QLabel("Getting ready to draw ...", self)
        self._placeholder.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._placeholder.setEnabled(False)
        self._column.addWidget(self._placeholder)

    def fill(self, canvas: Canvas) -> None:
        """Put the canvas and the panel's view options in place."""
        self.canvas = canvas
        self._options = self._options_row(canvas)
        if self._options is not None:
            self._column.addWidget(self._options)
        self._column.addWidget(canvas, 1)
        self._column.removeWidget(self._placeholder)
        self._placeholder.hide()
        self._placeholder.deleteLater()
        canvas.show()
        self.setFocusProxy(canvas)
        self._make_room()

    def _options_row(self, canvas: Canvas) -> QWidget | None:
        """What stands above the picture: view options and a chooser, or nothing."""
        view, chooser = canvas.options.view, _CHOOSERS.get(canvas.panel.name)
        if view is None and chooser is None:
            return None
        whole = QWidget(self)
        row = Wrapping(whole)
        row.setContentsMargins(6, 2, 6, 2)
        if view is not None:
            self._form = Form(view, compact=True, parent=whole)
            self._form.changed.connect(self._on_form_changed)
            canvas.options_changed.connect(self._on_options_changed)
            row.addWidget(self._form)
        if chooser is not None:
            row.addWidget(chooser(self._workbench, whole))
        return whole

    def _make_room(self) -> None:
        """Show the options where there is room for both, and then all their rows."""
        if self._options is not None:
            needed = self._options.heightForWidth(self.width())
            self._options.setFixedHeight(needed)
            self._options.setVisible(self.height() - needed >= LEAST.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the options or not."""
        super().resizeEvent(event)
        self._make_room()

    def event(self, event: QEvent) -> bool:
        """Make room for options that come later, as the units of a model with many do."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._make_room()
        return done

    def minimumSizeHint(self) -> QSize:
        """Small enough for a crowded window."""
        return LEAST

    @Slot()
    def _on_form_changed(self) -> None:
        if self.canvas is not None and self._form is not None and self._form.value is not None:
            self.canvas.set_options(replace(self.canvas.options, view=self._form.value))

    @Slot()
    def _on_options_changed(self) -> None:
        if self.canvas is not None and self._form is not None:
            view = self.canvas.options.view
            if view is not None and self._form.value != view:
                self._form.set_value(view)
