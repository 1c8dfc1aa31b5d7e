"""Where a panel's Figure becomes pixels of the window. The only place with a matplotlib backend."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import takewhile
from typing import Any, Literal, cast

import shiboken6
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from vaegui.panels.base import Panel, Pointer
from vaegui.panels.style import Style
from vaegui.training.events import Snapshot
from vaegui.ui.workbench import Workbench

__all__ = ["Canvas"]

DPI = 100
"""Pixels of an inch at scale 1: 8 points of text are 11 pixels."""
DESCRIBE_EVERY = 1.0
"""Seconds between two descriptions for screen readers."""

_BUTTONS = {
    Qt.MouseButton.LeftButton: 1,
    Qt.MouseButton.MiddleButton: 2,
    Qt.MouseButton.RightButton: 3,
}
_BY_KEYBOARD = {
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
}
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class Canvas(QWidget):
    """A widget that shows one panel.

    The static part is drawn once and kept; a repaint puts the panel's moving artists on a copy of
    it. It draws with Agg into memory that Qt reads as it is, at the pixels of the screen.
    """

    spoiled = Signal()
    """It must be painted anew: another size, another screen, other colours."""
    uncovered = Signal()
    """It came on screen or left it."""
    handled = Signal()
    """The user presses, drags or turns the wheel on it."""

    def __init__(
        self, panel: Panel, workbench: Workbench, style: Style, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.panel = panel
        self._workbench = workbench
        self._style = style
        self._figure = Figure(dpi=DPI)
        self._agg: Any = FigureCanvasAgg(self._figure)
        self._set_up = False
        self._background: Any = None
        # How many of the moving artists are painted on a copy of the background, and that copy.
        self._layer: tuple[int, Any] = 0, None
        self._painted: list[Artist] = []
        self._drawn_at: tuple[int, int, float] | None = None
        # The image reads the buffer, which must live as long.
        self._buffer: Any = None
        self._image = QImage()
        self._ring = False
        self._pressed: tuple[float, float] | None = None
        self._described = -DESCRIBE_EVERY
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(panel.title)

    @property
    def shows(self) -> frozenset[type]:
        """The classes of events after which the picture is another."""
        return self.panel.shows

    @property
    def follows(self) -> frozenset[str]:
        """The attributes of the selection on which the picture depends."""
        return self.panel.follows

    def set_style(self, style: Style) -> None:
        """Use other colours from the next paint on."""
        self._style = style
        self._set_up = False
        self.spoiled.emit()

    def on_screen(self) -> bool:
        """Whether anything of it can be seen: not closed, not behind another tab."""
        return (
            shiboken6.isValid(self)
            and self.isVisible()
            and not self.window().isMinimized()
            and not self.visibleRegion().isEmpty()
        )

    def paint(self) -> None:
        """Bring the picture up to date, and show it."""
        run, selection = self._workbench.run, self._workbench.selection
        resized = self._fit()
        fresh = not self._set_up
        if fresh:
            self._figure.clear()
            self.panel.setup(self._figure, self._style)
            self._set_up = True
        changed = self.panel.draw(run, selection)
        if changed or fresh or resized or self._background is None:
            self._draw_static()
        self._repaint()
        self.update()
        if time.monotonic() - self._described >= DESCRIBE_EVERY:
            self._describe()

    def _fit(self) -> bool:
        """Give the figure the widget's pixels; whether they are others than before."""
        size = self._size()
        if size == self._drawn_at:
            return False
        width, height, ratio = self._drawn_at = size
        self._figure.set_dpi(DPI * ratio)
        # A little more than the pixels, because matplotlib rounds them down.
        self._figure.set_size_inches((width + 1e-3) / DPI, (height + 1e-3) / DPI)
        return True

    def _size(self) -> tuple[int, int, float]:
        """Width and height in Qt's pixels, at least what a figure can bear, and the scale."""
        return max(self.width(), 16), max(self.height(), 16), self.devicePixelRatioF()

    def _draw_static(self) -> None:
        for artist in self.panel.artists():
            artist.set_animated(True)
        self._agg.draw()
        self._background = self._copy()
        self._layer, self._painted = (0, self._background), []
        self._buffer = self._agg.buffer_rgba()
        height, width = self._buffer.shape[:2]
        self._image = QImage(self._buffer, width, height, QImage.Format.Format_RGBA8888)

    def _repaint(self) -> None:
        """Paint the moving artists from the first one on that is another than before.

        Those below it are kept as a layer: what follows the mouse lies above what is costly.
        """
        artists = list(self.panel.artists())
        if artists == self._painted and not any(artist.stale for artist in artists):
            return
        pairs = zip(artists, self._painted, strict=False)
        same = len(list(takewhile(lambda pair: pair[0] is pair[1] and not pair[0].stale, pairs)))
        kept, picture = self._layer
        if kept > same:
            kept, picture = 0, self._background
        self._agg.restore_region(picture)
        self._draw_moving(artists[kept:same])
        self._layer = same, picture if same == kept else self._copy()
        self._draw_moving(artists[same:])
        self._painted = artists

    def _draw_moving(self, artists: Sequence[Artist]) -> None:
        renderer = self._agg.get_renderer()
        for artist in artists:
            artist.draw(renderer)
            # One that is invisible or empty does not say so itself.
            artist.stale = False

    def _copy(self) -> Any:
        return self._agg.copy_from_bbox(self._figure.bbox)

    def _describe(self) -> None:
        self._described = time.monotonic()
        text = self.panel.describe(self._workbench.run, self._workbench.selection)
        self.setAccessibleDescription(text)

    def sizeHint(self) -> QSize:
        """Room for a picture that can be read."""
        return QSize(360, 280)

    def minimumSizeHint(self) -> QSize:
        """Small enough for a crowded window."""
        return QSize(140, 110)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the picture; stretched, for the moment until a resized one is drawn."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._style.background))
        if self._drawn_at == self._size():
            # Exactly pixel upon pixel, also where the scale is a fraction.
            ratio = self.devicePixelRatioF()
            target = QSizeF(self._image.size()) / ratio
            painter.drawImage(QRectF(QPointF(0, 0), target), self._image)
        else:
            painter.drawImage(self.rect(), self._image)
        if self._ring:
            painter.setPen(QPen(self.palette().highlight().color(), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Have the picture drawn anew."""
        super().resizeEvent(event)
        self.spoiled.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Have what was missed while hidden drawn."""
        super().showEvent(event)
        self.uncovered.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody need wait for this panel any more."""
        super().hideEvent(event)
        self.uncovered.emit()

    def event(self, event: QEvent) -> bool:
        """Have the picture drawn anew when the window comes to a screen of another scale."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.spoiled.emit()
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say what is shown to someone who cannot see it."""
        super().focusInEvent(event)
        if self._set_up:
            self._describe()
        self._ring = event.reason() in _BY_KEYBOARD
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self._ring = False
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pass it on to the panel."""
        self._pressed = self._pixels(event.position())
        self._point("press", event.position(), _BUTTONS.get(event.button(), 0))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pass a drag on to the panel."""
        held = next((n for button, n in _BUTTONS.items() if event.buttons() & button), 0)
        if held:
            self._point("drag", event.position(), held)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Pass it on to the panel."""
        self._point("release", event.position(), _BUTTONS.get(event.button(), 0))
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Pass it on to the panel."""
        self._point("double", event.position(), _BUTTONS.get(event.button(), 0))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Pass it on to the panel."""
        self._point("wheel", event.position(), 0, event.angleDelta().y() / 120)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """With the arrows, pick the next or previous probe, where probes are shown."""
        step = _STEPS.get(cast("Qt.Key", event.key()))
        run = self._workbench.run
        if step is None or run is None or Snapshot not in self.shows:
            super().keyPressEvent(event)
            return
        selection = self._workbench.selection
        probe = (selection.probe + step) % len(run.begun.probes)
        self.handled.emit()
        self._workbench.select(selection.but(probe=probe))

    def _pixels(self, at: QPointF) -> tuple[float, float]:
        """A place in the widget -> figure pixels from the lower left."""
        ratio = self.devicePixelRatioF()
        return at.x() * ratio, (self.height() - at.y()) * ratio

    def _point(
        self,
        kind: Literal["press", "drag", "release", "double", "wheel"],
        at: QPointF,
        button: int,
        turns: float = 0.0,
    ) -> None:
        if not self._set_up:
            return
        x, y = self._pixels(at)
        # The topmost axes: those made last lie above.
        axes = next((a for a in reversed(self._figure.axes) if a.bbox.contains(x, y)), None)
        data = None
        if axes is not None:
            across, up = axes.transData.inverted().transform((x, y))
            data = float(across), float(up)
        pointer = Pointer(kind, x, y, axes, data, button, turns, self._pressed)
        self.handled.emit()
        before = self._workbench.selection
        self._workbench.select(self.panel.point(pointer, self._workbench.run, before))
