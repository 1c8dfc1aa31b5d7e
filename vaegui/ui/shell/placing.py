"""Where on the screen the window comes up."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRect, QSize
from PySide6.QtWidgets import QStyle, QWidget

__all__ = ["PREFERRED", "fitted", "place_window"]

PREFERRED = QSize(1320, 840)
"""The window's size where the screen is large enough."""


def place_window(window: QWidget, remembered: QByteArray) -> None:
    """Give a window the geometry that is remembered, or the preferred size; within its screen."""
    window.resize(PREFERRED)
    known = window.restoreGeometry(remembered)
    if window.isMaximized() or window.isFullScreen():
        return
    available = window.screen().availableGeometry()
    # The frame is not there yet; its title bar is what takes room.
    title = window.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
    room = available.adjusted(0, title, 0, 0)
    fit = fitted(window.geometry(), room)
    if known:
        window.setGeometry(fit)
    else:
        window.resize(fit.size())


def fitted(wanted: QRect, room: QRect) -> QRect:
    """The rectangle nearest to the wanted one that lies within the room, smaller if it must."""
    size = wanted.size().boundedTo(room.size())
    x = min(max(wanted.x(), room.x()), room.right() + 1 - size.width())
    y = min(max(wanted.y(), room.y()), room.bottom() + 1 - size.height())
    return QRect(x, y, size.width(), size.height())
