"""A square in which points are drawn with the mouse, from -1 to 1 across and up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from vaegui.data.sources.generated.drawn import MOST, DrawnPoint
from vaegui.panels.style import style
from vaegui.ui.theme.theme import Theme

__all__ = ["DrawingPad", "Points"]

Points = tuple[DrawnPoint, ...]

SIDE, MARGIN = 420, 12
DOT = 2.6
"""Radius in pixels."""
APART = 5.0
"""Pixels between two points along a stroke."""
SPREAD = 5.0
"""Standard deviation in pixels by which the points of a stroke lie beside it."""
ERASER = 14.0
"""Radius in pixels."""
DECIMALS = 4


class DrawingPad(QWidget):
    """The left button draws points of the present class, the right one erases."""

    stroked = Signal(object, object)
    """A button was released: the points before and after it was pressed."""
    edited = Signal()
    """There are other points."""
    class_chosen = Signal(int)
    """A number key chose a class."""

    def __init__(self, theme: Theme, points: Points) -> None:
        super().__init__()
        self._theme = theme
        self._points: list[DrawnPoint] = list(points)
        self._before: Points = points
        self._last: QPointF | None = None
        self._random = np.random.Generator(np.random.Philox(len(points)))
        self.kind = 1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName("Points")
        theme.changed.connect(self.update)

    @property
    def points(self) -> Points:
        """All points, in the order in which they were drawn."""
        return tuple(self._points)

    def set_points(self, points: Points) -> None:
        """Show others."""
        self._points = list(points)
        self.edited.emit()
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(SIDE, SIDE)

    def minimumSizeHint(self) -> QSize:
        """Half as wide."""
        return QSize(SIDE // 2, SIDE // 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A number chooses the class."""
        if event.text() and event.text() in "123456789":
            self.class_chosen.emit(int(event.text()))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke: a click alone draws one point, just there."""
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            return
        if self._last is None:
            self._before = self.points
        self._last = event.position()
        if event.button() == Qt.MouseButton.LeftButton:
            self._draw(np.array([[self._last.x(), self._last.y()]]))
        else:
            self._erase(self._last)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw along the way, or erase."""
        if self._last is None:
            return
        if event.buttons() & Qt.MouseButton.RightButton:
            self._last = event.position()
            self._erase(self._last)
            return
        way = event.position() - self._last
        count = int(np.hypot(way.x(), way.y()) / APART)
        if not count:
            return
        share = np.arange(1, count + 1)[:, None] / count
        places = [self._last.x(), self._last.y()] + share * [way.x(), way.y()]
        self._last = event.position()
        self._draw(places + SPREAD * self._random.standard_normal(places.shape))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the stroke."""
        if self._last is not None and not event.buttons():
            self._last = None
            if self.points != self._before:
                self.stroked.emit(self._before, self.points)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A frame with both axes, and the points in the colours of their classes."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self._area
        painter.setPen(QPen(self._theme.colour("muted"), 1))
        painter.drawRect(area)
        painter.setPen(QPen(self._theme.colour("muted"), 0.5, Qt.PenStyle.DotLine))
        centre = area.center()
        painter.drawLine(QPointF(area.left(), centre.y()), QPointF(area.right(), centre.y()))
        painter.drawLine(QPointF(centre.x(), area.top()), QPointF(centre.x(), area.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        colours = style(self._theme.current).classes
        places = self._places()
        kinds = np.array([kind for *_, kind in self._points], np.int64)
        for kind in np.unique(kinds).tolist():
            painter.setBrush(QColor(colours[(kind - 1) % len(colours)]))
            for x, y in places[kinds == kind].tolist():
                painter.drawEllipse(QPointF(x, y), DOT, DOT)
        painter.end()

    @property
    def _area(self) -> QRectF:
        """The square, in pixels."""
        side = min(self.width(), self.height()) - 2 * MARGIN
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def _places(self) -> NDArray[np.float64]:
        """Where the points are in pixels, (n, 2)."""
        area = self._area
        x, y = np.array([point[:2] for point in self._points]).reshape(-1, 2).T
        across = area.left() + (x + 1) / 2 * area.width()
        return np.stack([across, area.bottom() - (y + 1) / 2 * area.height()], axis=1)

    def _draw(self, places: NDArray[np.float64]) -> None:
        """Add points at pixels (n, 2); those outside lie on the edge."""
        area = self._area
        x = 2 * (places[:, 0] - area.left()) / area.width() - 1
        y = 2 * (area.bottom() - places[:, 1]) / area.height() - 1
        room = MOST - len(self._points)
        for across, up in np.clip(np.stack([x, y], axis=1), -1, 1).round(DECIMALS)[:room].tolist():
            self._points.append((across, up, self.kind))
        self.edited.emit()
        self.update()

    def _erase(self, at: QPointF) -> None:
        """Take away the points near a place."""
        near = np.hypot(*(self._places() - (at.x(), at.y())).T) <= ERASER
        if near.any():
            self._points = [p for p, gone in zip(self._points, near, strict=True) if not gone]
            self.edited.emit()
            self.update()
