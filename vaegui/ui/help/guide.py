"""The user guide in a window of its own; it needs neither a network nor another program."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from vaegui.ui.help.guide_text import GuideText

__all__ = ["Guide", "open_guide"]

_Key = QKeySequence.StandardKey


class Guide(QWidget):
    """The window: a row to search with above the text.

    Attributes
    ----------
    text
        The text of the guide.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowFlag(Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("guide")
        self.setWindowTitle("User guide - vaegui")
        self.resize(760, 820)
        self.text = GuideText(self)
        self._wanted = QLineEdit(self)
        self._count = QLabel(self)
        self._found: list[QTextCursor] = []
        self._at = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._search_row())
        column.addWidget(self.text, 1)
        for keys, slot in (
            (_Key.Find, self._on_find),
            (_Key.FindNext, self._on_next),
            (_Key.FindPrevious, self._on_previous),
            (_Key.Cancel, self._on_cancel),
        ):
            QShortcut(keys, self).activated.connect(slot)
        self.text.setFocus()

    def go_to(self, heading: str) -> bool:
        """Show a heading at the upper edge; whether there is one of this name, but for case."""
        return self.text.go_to(heading)

    def _search_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(10, 8, 10, 8)
        self._wanted.setObjectName("guide.search")
        self._wanted.setPlaceholderText("Search the guide (Ctrl+F)")
        self._wanted.setAccessibleName("Search the guide")
        self._wanted.setClearButtonEnabled(True)
        self._wanted.textChanged.connect(self._on_changed)
        self.text.filled.connect(self._on_changed)
        self._wanted.returnPressed.connect(self._on_next)
        self._count.setObjectName("guide.found")
        self._count.setProperty("muted", True)
        self._count.setContentsMargins(4, 0, 8, 0)
        row.addWidget(self._wanted, 1)
        row.addWidget(self._count)
        self._buttons = []
        for name, text, tip, slot in (
            ("previous", "Previous", "Go to the place before (Shift+F3).", self._on_previous),
            ("next", "Next", "Go to the next place (F3, Enter).", self._on_next),
        ):
            button = QPushButton(text, self)
            button.setObjectName(f"guide.{name}")
            button.setToolTip(tip)
            button.setAutoDefault(False)
            button.setEnabled(False)
            button.clicked.connect(slot)
            row.addWidget(button)
            self._buttons.append(button)
        return row

    @Slot()
    def _on_find(self) -> None:
        self._wanted.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._wanted.selectAll()

    @Slot()
    def _on_changed(self) -> None:
        """Find every place, and go to the first one from the cursor on."""
        start = self.text.textCursor().selectionStart()
        self._found = _places(self.text.document(), self._wanted.text())
        after = (i for i, place in enumerate(self._found) if place.selectionStart() >= start)
        self._at = next(after, 0)
        self._show()

    @Slot()
    def _on_next(self) -> None:
        self._walk(1)

    @Slot()
    def _on_previous(self) -> None:
        self._walk(-1)

    @Slot()
    def _on_cancel(self) -> None:
        """End the search; without one, close the window."""
        if self._wanted.text():
            self._wanted.clear()
            self.text.setFocus()
        else:
            self.close()

    def _walk(self, step: int) -> None:
        if self._found:
            self._at = (self._at + step) % len(self._found)
            self._show()

    def _show(self) -> None:
        """Mark the places, and bring the present one into sight."""
        count = len(self._found)
        position = f"{self._at + 1} of {count}" if count else "Not found"
        self._count.setText(position if self._wanted.text() else "")
        for button in self._buttons:
            button.setEnabled(count > 0)
        self.text.setExtraSelections([self._marked(place) for place in self._found])
        if count:
            self.text.setTextCursor(self._found[self._at])
            self.text.ensureCursorVisible()
        else:
            cursor = self.text.textCursor()
            cursor.clearSelection()
            self.text.setTextCursor(cursor)

    def _marked(self, place: QTextCursor) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        mark.cursor = place
        ground = self.palette().accent().color()
        ground.setAlphaF(0.28)
        mark.format.setBackground(ground)
        return mark


def open_guide(window: QWidget, heading: str = "") -> Guide:
    """Open the guide, or bring the open one to the front, at a heading."""
    page = window.findChild(Guide) or Guide(window)
    page.show()
    page.raise_()
    page.activateWindow()
    if heading:
        page.go_to(heading)
    return page


def _places(document: QTextDocument, wanted: str) -> list[QTextCursor]:
    """Where a text stands in a document, upper and lower case alike."""
    found: list[QTextCursor] = []
    if wanted:
        place = document.find(wanted)
        while not place.isNull():
            found.append(place)
            place = document.find(wanted, place)
    return found
