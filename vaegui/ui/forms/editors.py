"""The controls of a form: one for each kind of value.

All speak the same few words: ``edited`` when the user changed something and ``committed`` when they
are done with it, ``raw`` and ``set_raw`` for what stands in it, right or wrong, ``read`` and
``show_value`` for the value.
"""

from __future__ import annotations

import contextlib
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QSizePolicy,
    QWidget,
)

from vaegui.ui.forms.controls import ComboBox, Unit, WithoutOwnUndo
from vaegui.ui.forms.rules import Flag, InvalidText, Number, NumberList, OneOf, Rule

__all__ = ["Editor", "editor_for"]


class NumberBox(QAbstractSpinBox):
    """A number: typed in any notation, stepped with arrows, wheel (when focused) and buttons."""

    edited = Signal()
    committed = Signal()

    def __init__(self, rule: Number, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rule = rule
        self._undo = WithoutOwnUndo(self)
        self.installEventFilter(self._undo)
        self.lineEdit().setTextMargins(5, 0, 0, 0)
        self.lineEdit().textEdited.connect(self.edited)
        self.editingFinished.connect(self._on_finished)
        if unit:
            Unit(unit, self.lineEdit())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def raw(self) -> str:
        """What stands there."""
        return self.text()

    def set_raw(self, text: str) -> None:
        """Put a text there, right or wrong."""
        self.lineEdit().setText(text)

    def show_value(self, value: float) -> None:
        """Show a number."""
        self.set_raw(self.rule.write(value))

    def read(self) -> int | float:
        """The number. Raises `InvalidText`."""
        return self.rule.read(self.text())

    def stepBy(self, steps: int) -> None:
        """Go up or down from what stands there."""
        text = self.rule.stepped(self.text(), steps)
        if text is not None and text != self.text():
            self.set_raw(text)
            self.selectAll()
            self.edited.emit()

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """Both ways; at a bound a step does nothing."""
        flags = QAbstractSpinBox.StepEnabledFlag
        return flags.StepUpEnabled | flags.StepDownEnabled

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Let everything be typed: what is wrong is said under the field, not refused."""
        return QValidator.State.Acceptable, text, position

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step only when focused, so that scrolling over a form changes nothing."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()

    def minimumSizeHint(self) -> QSize:
        """Room for a few digits."""
        digits = self.fontMetrics().horizontalAdvance("0.0001")
        return QSize(digits + 36, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """Room for a usual number and a unit."""
        unit = self.findChild(Unit)
        room = unit.sizeHint().width() if unit else 0
        return QSize(self.minimumSizeHint().width() + room, super().sizeHint().height())

    @Slot()
    def _on_finished(self) -> None:
        _tidy(self)
        self.committed.emit()


class NumbersEdit(QLineEdit):
    """Some numbers separated by commas."""

    edited = Signal()
    committed = Signal()

    def __init__(self, rule: NumberList, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rule = rule
        self._undo = WithoutOwnUndo(self)
        self.installEventFilter(self._undo)
        self.textEdited.connect(self.edited)
        self.editingFinished.connect(self._on_finished)
        if unit:
            Unit(unit, self)

    def raw(self) -> str:
        """What stands there."""
        return self.text()

    def set_raw(self, text: str) -> None:
        """Put a text there, right or wrong."""
        self.setText(text)
        self.setCursorPosition(0)

    def show_value(self, value: tuple[float, ...]) -> None:
        """Show some numbers."""
        self.set_raw(self.rule.write(value))

    def read(self) -> tuple[int | float, ...]:
        """The numbers. Raises `InvalidText`."""
        return self.rule.read(self.text())

    def minimumSizeHint(self) -> QSize:
        """Room for two numbers."""
        width = self.fontMetrics().horizontalAdvance("512, 256") + 16
        return QSize(width, super().minimumSizeHint().height())

    @Slot()
    def _on_finished(self) -> None:
        _tidy(self)
        self.committed.emit()


class OptionsBox(ComboBox):
    """One of a few values."""

    edited = Signal()
    committed = Signal()

    def __init__(self, rule: OneOf, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rule = rule
        for value in rule.values:
            self.addItem(f"{rule.word(value)} {unit}".rstrip(), value)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.activated.connect(self.edited)
        self.activated.connect(self.committed)

    def raw(self) -> str:
        """What is chosen, as text."""
        return str(self.currentData())

    def set_raw(self, text: str) -> None:
        """Choose by text."""
        self.setCurrentIndex([str(value) for value in self.rule.values].index(text))

    def show_value(self, value: object) -> None:
        """Choose a value."""
        self.set_raw(str(value))

    def read(self) -> Any:
        """The value that is chosen."""
        return self.rule.values[self.currentIndex()]


class FlagBox(QCheckBox):
    """Yes or no."""

    edited = Signal()
    committed = Signal()

    def __init__(self, rule: Flag, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(unit, parent)
        self.rule = rule
        self.clicked.connect(self.edited)
        self.clicked.connect(self.committed)

    def raw(self) -> str:
        """The state, as text."""
        return str(self.isChecked())

    def set_raw(self, text: str) -> None:
        """Set the state by text."""
        self.setChecked(text == str(True))

    def show_value(self, value: bool) -> None:
        """Show a value."""
        self.setChecked(value)

    def read(self) -> bool:
        """Whether it is checked."""
        return self.isChecked()


Editor = NumberBox | NumbersEdit | OptionsBox | FlagBox


def editor_for(rule: Rule, unit: str, parent: QWidget) -> Editor:
    """The control for a rule."""
    match rule:
        case Number():
            return NumberBox(rule, unit, parent)
        case NumberList():
            return NumbersEdit(rule, unit, parent)
        case OneOf():
            return OptionsBox(rule, unit, parent)
        case Flag():
            return FlagBox(rule, unit, parent)


def _tidy(editor: NumberBox | NumbersEdit) -> None:
    """Show the value in the usual notation, once the user is done typing it."""
    # What is wrong stays as it was typed, with its mark.
    with contextlib.suppress(InvalidText):
        text = editor.rule.tidied(editor.raw())
        if text != editor.raw():
            editor.set_raw(text)
