"""Qt's controls, adapted to forms: eliding, with a unit, without an undo of their own."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLabel, QLineEdit, QWidget

__all__ = ["ComboBox", "ElidingLabel", "Unit", "WithoutOwnUndo"]


class ElidingLabel(QLabel):
    """A label of one line that ends in an ellipsis where room is short, and then goes away."""

    def minimumSizeHint(self) -> QSize:
        """No width is needed."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as much of the text as there is room for."""
        mode = Qt.TextElideMode.ElideRight
        text = self.fontMetrics().elidedText(self.text(), mode, self.contentsRect().width())
        if text != self.text() and len(text) < 4:
            return
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


class Unit(QLabel):
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
        self.setVisible(text + 12 + self.width() <= room)
        inset = (self._edit.width() - room) // 2
        self.move(
            self._edit.width() - self.width() - inset, (self._edit.height() - self.height()) // 2
        )


class WithoutOwnUndo(QObject):
    """Leaves undo and redo to the window: an edit's own history knows of no other field."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Refuse the two shortcuts, so that the window's actions get them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = QKeySequence.StandardKey
            if event.matches(keys.Undo) or event.matches(keys.Redo):
                event.ignore()
                return True
        return False


class ComboBox(QComboBox):
    """A combo box that never asks for more room than it gets, and ignores a passing wheel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMaxVisibleItems(20)  # of a longer list nothing would say that it goes on
        self.setMinimumContentsLength(5)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change only when focused, so that scrolling over a form changes nothing."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()
