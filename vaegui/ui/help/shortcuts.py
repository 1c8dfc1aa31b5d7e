"""Help > Keyboard shortcuts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QMainWindow

__all__ = ["show_shortcuts"]

_ELSEWHERE = (
    ("Arrow keys in a panel", "Pick the next or previous input"),
    ("Ctrl+F in the user guide", "Search; F3 and Shift+F3 go on and back"),
    ("Tab, Shift+Tab", "Go to the next or previous control"),
)


def show_shortcuts(window: QMainWindow) -> QDialog:
    """Show all keys of the window's actions, without blocking it."""
    dialog = QDialog(window)
    dialog.setObjectName("shortcuts_dialog")
    dialog.setWindowTitle("Keyboard shortcuts")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    grid = QGridLayout(dialog)
    grid.setHorizontalSpacing(24)
    for row, (keys, text) in enumerate([*_of_actions(window), *_ELSEWHERE]):
        grid.addWidget(QLabel(keys, dialog), row, 0)
        grid.addWidget(QLabel(text, dialog), row, 1)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, dialog)
    buttons.rejected.connect(dialog.close)
    grid.addWidget(buttons, grid.rowCount(), 0, 1, 2)
    dialog.show()
    return dialog


def _of_actions(window: QMainWindow) -> list[tuple[str, str]]:
    found = []
    for action in window.findChildren(QAction):
        keys = [key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts()]
        text = action.text().replace("&", "").removesuffix(" ...")
        if keys and text and action.objectName():
            found.append((", ".join(keys), text))
    return found
