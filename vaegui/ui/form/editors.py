"""The controls of a form: one for each kind of value.

All speak the same few words: ``edited`` when the user changed something and ``committed`` when they
are done with it, ``raw`` and ``set_raw`` for what stands in it, right or wrong, ``read`` and
``show_value`` for the value.
"""

from __future__ import annotations

import contextlib
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QValidator,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QComboBox, QLabel, QLineEdit, QWidget

from vaegui.ui.form.rules import Flag, Number, Numbers, Options, Rule, Wrong

__all__ = ["ComboBox", "Editor", "ElidingLabel", "editor_for"]


class ElidingLabel(QLabel):
    """A label of one line that ends in an ellipsis where room is short."""

    def minimumSizeHint(self) -> QSize:
        """Room for the ellipsis alone."""
        return QSize(self.fontMetrics().horizontalAdvance("x…"), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as much of the text as there is room for."""
        mode = Qt.TextElideMode.ElideRight
        text = self.fontMetrics().elidedText(self.text(), mode, self.contentsRect().width())
        painter = QPainter(self)
        self.style().drawItemText(
            painter,
            self.contentsRect(),
            int(self.alignment()),
            self.palette(),
            self.isEnabled(),
            text,
            self.foregroundRole(),
        )
        painter.end()


class _Unit(QLabel):
    """The unit at the right end of a line edit; it goes away where the text needs its room."""

    def __init__(self, unit: str, edit: QLineEdit) -> None:
        super().__init__(unit, edit)
        self.setProperty("muted", True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._edit = edit
        edit.textChanged.connect(self._on_changed)
        edit.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to the right end."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.StyleChange):
            self._on_changed()
        return False

    @Slot()
    def _on_changed(self) -> None:
        self.adjustSize()
        room = self._edit.width() - 8
        if not isinstance(self._edit.parent(), QAbstractSpinBox):
            room -= 8
        text = self._edit.fontMetrics().horizontalAdvance(self._edit.text())
        self.setVisible(text + 8 + self.width() <= room)
        inset = (self._edit.width() - room) // 2
        self.move(
            self._edit.width() - self.width() - inset, (self._edit.height() - self.height()) // 2
        )


class _UndoElsewhere(QObject):
    """Leaves undo and redo to the window: an edit's own history knows of no other field."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Refuse the two shortcuts, so that the window's actions get them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = QKeySequence.StandardKey
            if event.matches(keys.Undo) or event.matches(keys.Redo):
                event.ignore()
                return True
        return False


class NumberBox(QAbstractSpinBox):
    """A number: typed in any notation, stepped with arrows, wheel (when focused) and buttons."""

    edited = Signal()
    committed = Signal()

    def __init__(self, rule: Number, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rule = rule
        self._undo = _UndoElsewhere(self)
        self.installEventFilter(self._undo)
        self.lineEdit().textEdited.connect(self.edited)
        self.editingFinished.connect(self._on_finished)
        if unit:
            _Unit(unit, self.lineEdit())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

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
        """The number. Raises `Wrong`."""
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
        return QSize(self.minimumSizeHint().width() + 44, super().sizeHint().height())

    @Slot()
    def _on_finished(self) -> None:
        _tidy(self)
        self.committed.emit()


class NumbersEdit(QLineEdit):
    """Some numbers separated by commas."""

    edited = Signal()
    committed = Signal()

    def __init__(self, rule: Numbers, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rule = rule
        self._undo = _UndoElsewhere(self)
        self.installEventFilter(self._undo)
        self.textEdited.connect(self.edited)
        self.editingFinished.connect(self._on_finished)
        if unit:
            _Unit(unit, self)

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
        """The numbers. Raises `Wrong`."""
        return self.rule.read(self.text())

    def minimumSizeHint(self) -> QSize:
        """Room for two numbers."""
        width = self.fontMetrics().horizontalAdvance("512, 256") + 16
        return QSize(width, super().minimumSizeHint().height())

    @Slot()
    def _on_finished(self) -> None:
        _tidy(self)
        self.committed.emit()


class ComboBox(QComboBox):
    """A combo box that never asks for more room than it gets, and ignores a passing wheel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(5)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change only when focused, so that scrolling over a form changes nothing."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class OptionsBox(ComboBox):
    """One of a few values."""

    edited = Signal()
    committed = Signal()

    def __init__(self, rule: Options, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rule = rule
        for value in rule.values:
            self.addItem(f"{value} {unit}".rstrip(), value)
        self.setMinimumContentsLength(
            min(12, max(len(self.itemText(i)) for i in range(self.count())))
        )
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
        case Numbers():
            return NumbersEdit(rule, unit, parent)
        case Options():
            return OptionsBox(rule, unit, parent)
        case Flag():
            return FlagBox(rule, unit, parent)


def _tidy(editor: NumberBox | NumbersEdit) -> None:
    """Show the value in the usual notation, once the user is done typing it."""
    # What is wrong stays as it was typed, with its mark.
    with contextlib.suppress(Wrong):
        text = editor.rule.tidied(editor.raw())
        if text != editor.raw():
            editor.set_raw(text)
