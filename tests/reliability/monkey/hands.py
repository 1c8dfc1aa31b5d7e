"""Mouse and keys as the window system delivers them, so that grabs, popups and docks behave."""

from __future__ import annotations

import random
from collections.abc import Sequence

import shiboken6
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QWheelEvent,
    QWindow,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

NO_KEYS = Qt.KeyboardModifier.NoModifier
MODIFIERS = {
    Qt.KeyboardModifier.ShiftModifier: Qt.Key.Key_Shift,
    Qt.KeyboardModifier.ControlModifier: Qt.Key.Key_Control,
    Qt.KeyboardModifier.AltModifier: Qt.Key.Key_Alt,
}
TYPING = (NO_KEYS, Qt.KeyboardModifier.ShiftModifier)
"""With which a key writes its character."""


def place_in(widget: QWidget, dice: random.Random) -> QPoint | None:
    """A place in the part of a widget that is seen, in its own pixels."""
    seen = widget.visibleRegion().boundingRect() & QRect(QPoint(0, 0), widget.size())
    if seen.isEmpty():
        return None
    return QPoint(dice.randint(seen.left(), seen.right()), dice.randint(seen.top(), seen.bottom()))


def click(widget: QWidget, at: QPoint, button: Qt.MouseButton, keys: Qt.KeyboardModifier) -> None:
    hover(widget, at)
    if (spot := _in_window(widget, at)) is not None:
        activate(widget)
        QTest.mousePress(spot[0], button, keys, spot[1])
        # A press may take its own window away, as that on an entry of a menu.
        if shiboken6.isValid(spot[0]):
            QTest.mouseRelease(spot[0], button, keys, spot[1])


def activate(widget: QWidget) -> None:
    """Give its window the keyboard, as window managers do for a new or clicked one.

    An Xvfb has none, and then no key reaches anything.
    """
    if not widget.isActiveWindow() and QApplication.activePopupWidget() is None:
        widget.activateWindow()


def double_click(widget: QWidget, at: QPoint) -> None:
    click(widget, at, Qt.MouseButton.LeftButton, NO_KEYS)
    if (spot := _in_window(widget, at)) is not None:
        QTest.mouseDClick(spot[0], Qt.MouseButton.LeftButton, NO_KEYS, spot[1])


def hover(widget: QWidget, at: QPoint) -> None:
    if (spot := _in_window(widget, at)) is not None:
        QTest.mouseMove(*spot)


def drag(widget: QWidget, way: Sequence[QPoint]) -> None:
    """Press at the first place, move to the others, and let go."""
    spot = _in_window(widget, way[0])
    if spot is None:
        return
    window, at = spot
    QTest.mousePress(window, Qt.MouseButton.LeftButton, NO_KEYS, at)
    for step in way[1:]:
        inside = _in_window(widget, step)
        if inside is None or inside[0] is not window:
            break
        at = inside[1]
        QTest.mouseMove(window, at)
    if shiboken6.isValid(window):
        QTest.mouseRelease(window, Qt.MouseButton.LeftButton, NO_KEYS, at)


def wheel(widget: QWidget, at: QPoint, turns: int, keys: Qt.KeyboardModifier) -> None:
    """Turn the wheel by so many notches."""
    if not shiboken6.isValid(widget):
        return
    event = QWheelEvent(
        QPointF(at),
        QPointF(widget.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * turns),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def drop(widget: QWidget, at: QPoint, paths: Sequence[str]) -> None:
    """Drag files over a widget, and let go where they are taken."""
    if not shiboken6.isValid(widget):
        return
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    rest = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, NO_KEYS)
    enter = QDragEnterEvent(at, *rest)
    QApplication.sendEvent(widget, enter)
    if not enter.isAccepted():
        return
    window = widget.window()
    spot = widget.mapTo(window, at)
    QApplication.sendEvent(window, QDragMoveEvent(spot, *rest))
    QApplication.sendEvent(window, QDropEvent(QPointF(spot), *rest))


def press(key: Qt.Key, keys: Qt.KeyboardModifier) -> None:
    """Press a key with others held, and let go, each in the window that has the keyboard then."""
    held = [modifier for flag, modifier in MODIFIERS.items() if keys & flag]
    text = chr(key).lower() if keys in TYPING and 32 <= key < 127 else ""
    downs = [*((each, NO_KEYS, "") for each in held), (key, keys, text)]
    for down, strokes in ((True, downs), (False, downs[::-1])):
        for stroke, modifiers, written in strokes:
            # QTest.keyPress would keep to the first window, which a stroke may delete.
            if (window := QApplication.focusWindow()) is not None:
                QTest.simulateEvent(window, down, stroke, modifiers, written, False)


def write(text: str) -> None:
    """Type a text where the keyboard is, of whatever characters."""
    for character in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            window = QApplication.focusWindow()
            if window is not None:
                QApplication.sendEvent(window, QKeyEvent(kind, 0, NO_KEYS, character))


def _in_window(widget: QWidget, at: QPoint) -> tuple[QWindow, QPoint] | None:
    """A place of a widget as one of its window, if it is there."""
    if not shiboken6.isValid(widget):
        return None  # what was done a moment ago took it away
    top = widget.window()
    window = top.windowHandle()
    if window is None or not window.isExposed():
        return None
    spot = widget.mapTo(top, at)
    # The window system may give the window another size a moment after Qt has asked for it.
    size = top.size().boundedTo(window.size())
    return (window, spot) if QRect(QPoint(0, 0), size).contains(spot) else None
