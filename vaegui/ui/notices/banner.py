"""A note above the pages of the window that stays until somebody does something about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QPushButton,
    QSizePolicy,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

__all__ = ["Banner"]


class Banner(QToolBar):
    """A picture, a heading, some words, and buttons at the right. It is hidden at first.

    Parameters
    ----------
    name
        Its object name; its parts are called ``name.heading``, ``name.words`` and so on.
    title
        What a screen reader calls it.
    window
        Where it is put.

    Attributes
    ----------
    picture, heading, words
        Hidden until something is put into them.
    """

    def __init__(self, name: str, title: str, window: QMainWindow) -> None:
        super().__init__(title, window)
        self.setObjectName(name)
        self.setMovable(False)
        self.toggleViewAction().setVisible(False)
        self.picture, self.heading, self.words = (QLabel(self) for _ in range(3))
        self.picture.setObjectName(f"{name}.picture")
        self.picture.hide()
        self.heading.setProperty("heading", True)
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addStretch()
        for label, part in ((self.heading, "heading"), (self.words, "words")):
            label.setObjectName(f"{name}.{part}")
            # A name of data or of a file is never taken for markup.
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            label.hide()
            text.addWidget(label)
        text.addStretch()
        content = QWidget(self)
        self._row = QHBoxLayout(content)
        self._row.setContentsMargins(6, 4, 6, 4)
        self._row.addWidget(self.picture)
        self._row.addLayout(text, 1)
        self.addWidget(content)
        window.addToolBarBreak(Qt.ToolBarArea.TopToolBarArea)
        window.addToolBar(Qt.ToolBarArea.TopToolBarArea, self)
        self.hide()

    def add_button(
        self, name: str, text: str, tip: str, slot: Callable[[], None] | None
    ) -> QPushButton:
        """A button at the right, called ``name`` after the banner's own name and a dot.

        One without ``slot`` gets a menu.
        """
        button = QPushButton(text, self)
        button.setObjectName(f"{self.objectName()}.{name}")
        button.setToolTip(tip)
        if slot is not None:
            button.clicked.connect(slot)
        self._row.addWidget(button)
        return button

    def show_text(self, heading: str, words: str) -> None:
        """Show other texts; the place of an empty one is left out."""
        for label, text in ((self.heading, heading), (self.words, words)):
            label.setText(text)
            label.setVisible(bool(text))
