"""Help > Keyboard shortcuts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QMainWindow,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from vaegui.ui.widgets.scrolling import scrolled

__all__ = ["show_shortcuts"]

MOST = 0.9
"""Part of the screen's height that the dialog takes at most."""
_ELSEWHERE = (
    (
        "Arrow keys in a panel",
        "Pick the next or previous input, or row of the data",
    ),
    ("Ctrl+F in the user guide", "Search; F3 and Shift+F3 go on and back"),
    ("Tab, Shift+Tab", "Go to the next or previous control"),
)


def show_shortcuts(window: QMainWindow) -> QDialog:
    """Show all keys of the window's actions, without blocking it."""
    dialog = QDialog(window)
    dialog.setObjectName("shortcuts_dialog")
    dialog.setWindowTitle("Keyboard shortcuts")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    table = QWidget(dialog)
    grid = QGridLayout(table)
    grid.setHorizontalSpacing(24)
    for row, (keys, text) in enumerate([*_of_actions(window), *_ELSEWHERE]):
        grid.addWidget(QLabel(keys, table), row, 0)
        grid.addWidget(QLabel(text, table), row, 1)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, dialog)
    buttons.rejected.connect(dialog.close)
    column = QVBoxLayout(dialog)
    column.addWidget(scrolled(table))
    column.addWidget(buttons)
    most = int(MOST * dialog.screen().availableGeometry().height())
    room = table.sizeHint().grownBy(column.contentsMargins())
    beside = dialog.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
    below = column.spacing() + buttons.sizeHint().height()
    dialog.resize(room.width() + beside, min(most, room.height() + below))
    dialog.show()
    return dialog


def _of_actions(window: QMainWindow) -> list[tuple[str, str]]:
    found = []
    for action in window.findChildren(QAction):
        keys = [_written(key) for key in action.shortcuts() if _is_common(key)]
        text = action.text().replace("&", "").removesuffix(" ...")
        if keys and text and action.objectName():
            found.append((", ".join(keys), text))
    return found


def _written(keys: QKeySequence) -> str:
    return keys.toString(QKeySequence.SequenceFormat.NativeText)


def _is_common(keys: QKeySequence) -> bool:
    """Whether keyboards have such a key: few have one for Open, or an F14."""
    code = keys[0].key().value  # type: ignore[index]
    return code < Qt.Key.Key_Back.value and not (
        Qt.Key.Key_F13.value <= code <= Qt.Key.Key_F35.value
    )
