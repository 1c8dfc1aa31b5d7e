"""A row of controls that goes on below when it is wider than its place."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

__all__ = ["Wrapping"]

BETWEEN, BELOW = 16, 6
"""Pixels between controls and between rows."""


class Wrapping(QLayout):
    """Lays items out from left to right, in as many rows as they need.

    An item that is wider than a row has one of its own, and may wrap within it.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item."""
        self._items.append(item)

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """An item, or None behind the last."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give an item away."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It wants no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of the rows."""
        margins = self.contentsMargins()
        return self._arrange(QRect(0, 0, width, 0), move=False) + margins.top() + margins.bottom()

    def setGeometry(self, rect: QRect) -> None:
        """Put the items in their places."""
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        """All in one row."""
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() + BETWEEN for size in sizes)
        return self._with_margins(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        """Room for the widest item."""
        sizes = [item.minimumSize() for item in self._items if not item.isEmpty()]
        width = max((size.width() for size in sizes), default=0)
        return self._with_margins(width, max((size.height() for size in sizes), default=0))

    def _with_margins(self, width: int, height: int) -> QSize:
        return QSize(width, height).grownBy(self.contentsMargins())

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        """Place the items, or only find the height that they need."""
        rect = rect.marginsRemoved(self.contentsMargins())
        y = rect.y()
        for row in self._rows(rect.width()):
            sizes = [_fitted(item, rect.width()) for item in row]
            x, height = rect.x(), max(size.height() for size in sizes)
            for item, size in zip(row, sizes, strict=True):
                if move:
                    down = (height - size.height()) // 2
                    item.setGeometry(QRect(QPoint(x, y + down), size))
                x += size.width() + BETWEEN
            y += height + BELOW
        return max(0, y - BELOW - rect.y())

    def _rows(self, width: int) -> list[list[QLayoutItem]]:
        """The items of each row."""
        rows: list[list[QLayoutItem]] = []
        used = 0
        for item in self._items:
            if item.isEmpty():
                continue
            wide = item.sizeHint().width()
            if not rows or used + wide > width:
                rows.append([])
                used = 0
            rows[-1].append(item)
            used += wide + BETWEEN
        return rows


def _fitted(item: QLayoutItem, width: int) -> QSize:
    """The size of an item in a row of a width."""
    size = item.sizeHint()
    if size.width() <= width:
        return size
    high = item.heightForWidth(width) if item.hasHeightForWidth() else size.height()
    return QSize(width, high)
