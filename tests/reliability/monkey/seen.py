"""What the monkey sees, and how it calls it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

__all__ = ["named", "tops"]


def tops() -> list[QWidget]:
    """The windows that are on screen, tips and menus apart."""
    passing = (Qt.WindowType.ToolTip, Qt.WindowType.Popup, Qt.WindowType.SplashScreen)
    return [
        w for w in QApplication.topLevelWidgets() if w.isVisible() and w.windowType() not in passing
    ]


def named(widget: QWidget) -> str:
    """What it is, what it is called, and where it belongs."""
    names = [f"{type(widget).__name__} {widget.objectName() or _text(widget)!r}"]
    above = widget.parentWidget()
    while above is not None and len(names) < 4:
        if above.objectName():
            names.append(above.objectName())
        above = above.parentWidget()
    return " in ".join(names)


def _text(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    return str(text())[:40] if callable(text) else widget.windowTitle()
