"""Which input is picked, by its number."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QWidget

from vaegui.ui.forms.form_field import tip
from vaegui.ui.state.workbench import Workbench

__all__ = ["ProbeChooser"]


class ProbeChooser(QWidget):
    """The number of the picked input, to be typed or stepped."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._number = _Number(self)
        self._number.setObjectName("input.number")
        self._number.setAccessibleName("Number of the input")
        self._number.setToolTip(tip("The input that all panels look at: type its number."))
        self._number.setKeyboardTracking(False)
        self._number.setWrapping(True)
        self._number.valueChanged.connect(self._on_chosen)
        self._count = QLabel(self)
        self._count.setProperty("muted", True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (QLabel("Input", self), self._number, self._count):
            row.addWidget(widget)
        workbench.focus_changed.connect(self._on_changed)
        workbench.begun.connect(self._on_changed)
        self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        run = self._workbench.run
        count = len(run.begun.probes) if run else 0
        self.setEnabled(count > 0)
        # Without a model the number is 0, which says nothing.
        self._number.setSpecialValueText("" if count else " ")
        if not count:
            self._number.setRange(0, 0)
            return
        self._number.blockSignals(True)
        self._number.setRange(1, count)
        self._number.setValue(self._workbench.focus.probe + 1)
        self._number.blockSignals(False)
        self._count.setText(f"of {count:,}")

    @Slot(int)
    def _on_chosen(self, number: int) -> None:
        self._workbench.look_at(self._workbench.focus.replace(probe=number - 1))


class _Number(QSpinBox):
    """A number that a passing wheel does not change."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change only when focused."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()
