"""The frame around what the tour is about; all around it is dimmed."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

__all__ = ["Overlay"]

DIMMED = 56
"""Of 255: how much of what is not meant is taken away."""
LINE = 3
ROUND = 8.0


class Overlay(QWidget):
    """Lies over a window, and lets mouse and keyboard through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("tour.overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._window = window
        self._frames: list[QRect] = []

    def frame(self, frames: list[QRect]) -> None:
        """Frame these places of the window, and nothing else."""
        whole = self._window.rect()
        if (frames, whole) == (self._frames, self.geometry()):
            return
        self._frames = frames
        self.setGeometry(whole)
        self.setVisible(bool(frames))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim everything but the frames."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dimmed = QPainterPath()
        dimmed.addRect(QRectF(self.rect()))
        for frame in self._frames:
            hole = QPainterPath()
            hole.addRoundedRect(QRectF(frame), ROUND, ROUND)
            dimmed -= hole
        painter.fillPath(dimmed, QColor(0, 0, 0, DIMMED))
        pen = QPen(self.palette().accent().color(), LINE)
        painter.setPen(pen)
        for frame in self._frames:
            inner = QRectF(frame).adjusted(LINE / 2, LINE / 2, -LINE / 2, -LINE / 2)
            painter.drawRoundedRect(inner, ROUND, ROUND)
        painter.end()
