"""What can be moved up and down where there is too little room for it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

__all__ = ["scrolled"]


def scrolled(content: QWidget) -> QScrollArea:
    """A place for a widget, which is as wide as the place, and at least as high as it needs."""
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(content)
    scroll.setFocusProxy(content)
    scroll.setMinimumWidth(content.minimumSizeHint().width())
    return scroll
