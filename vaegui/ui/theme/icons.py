"""Icons in the colours of a theme."""

from __future__ import annotations

from functools import cache
from typing import Literal

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from vaegui.paths import resource
from vaegui.ui.theme.theme import Theme

__all__ = ["app_icon", "icon"]

SIZES = (16, 20, 24, 32, 40, 48)
"""Pixels: the sizes that controls use, and their doubles for screens of scale 2."""


def icon(name: str, theme: Theme) -> QIcon:
    """The icon ``resources/icons/<name>.svg`` in the theme's colours.

    What the SVG draws in ``currentColor`` takes the colour of text: faded when disabled, the
    accent when checked. Ask again when the theme changed.
    """
    return _icon(name, *(theme.colour(role).name() for role in _ROLES))


_ROLES: tuple[Literal["text", "faint", "accent"], ...] = ("text", "faint", "accent")


@cache
def _icon(name: str, text: str, faint: str, accent: str) -> QIcon:
    svg = resource("icons", f"{name}.svg").read_text("utf-8")
    made = QIcon()
    for mode, state, colour in (
        (QIcon.Mode.Normal, QIcon.State.Off, text),
        (QIcon.Mode.Normal, QIcon.State.On, accent),
        (QIcon.Mode.Disabled, QIcon.State.Off, faint),
        (QIcon.Mode.Disabled, QIcon.State.On, faint),
    ):
        renderer = QSvgRenderer(QByteArray(svg.replace("currentColor", colour).encode()))
        for size in SIZES:
            made.addPixmap(_drawn(renderer, size), mode, state)
    return made


def _drawn(renderer: QSvgRenderer, size: int) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(QColor(Qt.GlobalColor.transparent))
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


@cache
def app_icon() -> QIcon:
    """The program's own icon, for windows and the task bar."""
    renderer = QSvgRenderer(str(resource("vaegui.svg")))
    made = QIcon()
    for size in (*SIZES, 64, 128, 256):
        made.addPixmap(_drawn(renderer, size))
    return made
