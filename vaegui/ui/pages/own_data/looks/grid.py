"""Some examples side by side: pictures as pictures, all else as curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from vaegui.ui.theme.theme import Theme

__all__ = ["ExampleGrid"]

GAP = 4
_MOST_POINTS = 200
"""So many points of a curve are drawn at most: thumbnails have no more pixels."""


class ExampleGrid(QWidget):
    """Thumbnails in rows; pointing at one says what it is.

    Parameters
    ----------
    cell
        Width of a thumbnail in pixels; curves are half as high.
    rows
        So many rows are shown at most.
    """

    def __init__(self, theme: Theme, cell: int, rows: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._cell, self._rows = theme, cell, rows
        self._images: list[QImage] = []
        self._curves: list[QPolygonF] = []
        self._captions: Sequence[str] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.update)

    def show_examples(
        self, examples: NDArray[Any], low: float, high: float, captions: Sequence[str]
    ) -> None:
        """Show others, (n, *shape), drawn between two values; with what each of them is."""
        pictures = examples.ndim > 2
        self._images = [_image(x, low, high) for x in examples] if pictures else []
        self._curves = [] if pictures else [_curve(x, low, high) for x in examples]
        self._captions = captions
        what = "pictures" if pictures else "curves"
        self.setAccessibleDescription(f"{len(examples)} {what}, from the first to the last.")
        self.updateGeometry()
        self.update()

    @property
    def count(self) -> int:
        """How many there are, seen or not."""
        return len(self._images) or len(self._curves)

    def caption_at(self, point: QPoint) -> str:
        """What is said of the thumbnail at a point."""
        for i in range(min(self.count, len(self._captions))):
            if self._place(i).contains(point):
                return self._captions[i]
        return ""

    def event(self, event: QEvent) -> bool:
        """Say what is under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.caption_at(event.pos()), self)
            return True
        return super().event(event)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher, up to the number of rows."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Room for the rows."""
        rows = min(self._rows, -(-self.count // self._columns(width)))
        return max(0, rows * (self._high + GAP) - GAP)

    def sizeHint(self) -> QSize:
        """A few rows."""
        wide = min(self.count, 12) * (self._cell + GAP)
        return QSize(wide, self.heightForWidth(max(1, wide)))

    def minimumSizeHint(self) -> QSize:
        """At least one."""
        return QSize(self._cell, self._high)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw all that there is room for."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        most = self._columns(self.width()) * self._rows
        for i, image in enumerate(self._images[:most]):
            _draw(painter, image, self._place(i))
        for i, curve in enumerate(self._curves[:most]):
            self._draw_curve(painter, curve, self._place(i))
        painter.end()

    def _draw_curve(self, painter: QPainter, curve: QPolygonF, place: QRect) -> None:
        painter.setPen(QPen(self._theme.colour("faint"), 1))
        painter.drawRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.save()
        painter.translate(place.left() + 2, place.top() + 2)
        painter.scale(place.width() - 4, place.height() - 4)
        pen = QPen(self._theme.colour("accent"), 1.3)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawPolyline(curve)
        painter.restore()

    @property
    def _high(self) -> int:
        if self._curves:
            return max(24, self._cell * 2 // 5)
        if not self._images:
            return 0
        first = self._images[0]
        ratio = first.height() / max(1, first.width())
        return int(np.clip(self._cell * ratio, self._cell / 3, self._cell * 2))

    def _columns(self, width: int) -> int:
        return max(1, (width + GAP) // (self._cell + GAP))

    def _place(self, i: int) -> QRect:
        row, column = divmod(i, self._columns(self.width()))
        left, top = column * (self._cell + GAP), row * (self._high + GAP)
        return QRect(left, top, self._cell, self._high)


def _draw(painter: QPainter, image: QImage, place: QRect) -> None:
    size = image.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
    # Few pixels are shown as the squares that they are, many smoothly.
    painter.setRenderHint(
        QPainter.RenderHint.SmoothPixmapTransform, size.width() < 2 * image.width()
    )
    target = QRect(QPoint(0, 0), size)
    target.moveCenter(place.center())
    painter.drawImage(target, image)


def _image(x: NDArray[Any], low: float, high: float) -> QImage:
    """A picture (height, width) or (height, width, channels) in grey or colour."""
    with np.errstate(invalid="ignore"):
        values = (np.nan_to_num(x.astype(np.float32)) - low) * (255.0 / (high - low))
    pixels = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    if pixels.ndim == 3 and pixels.shape[2] < 3:
        pixels = pixels[..., 0]
    grey = pixels.ndim == 2
    pixels = np.ascontiguousarray(pixels if grey else pixels[..., :3])
    kind = QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_RGB888
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, pixels.strides[0], kind).copy()


def _curve(x: NDArray[Any], low: float, high: float) -> QPolygonF:
    """Values from left to right, in a square of side 1."""
    y = np.nan_to_num(x.ravel().astype(np.float64))
    y = y[:: max(1, len(y) // _MOST_POINTS)]
    up = 1.0 - np.clip((y - low) / (high - low), 0.0, 1.0)
    across = np.linspace(0.0, 1.0, max(2, len(y)))
    points = zip(across.tolist(), up.tolist(), strict=False)
    return QPolygonF([QPointF(a, b) for a, b in points])
