"""A card that can be clicked anywhere, and the picture on it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from vaegui.paths import resource

__all__ = ["Card", "Picture"]


class Card(QFrame):
    """A frame that hands clicks on to its button, which is what keyboard and screen readers use.

    Attributes
    ----------
    column
        Where its contents go; the button, too.
    """

    def __init__(self, button: QPushButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._button = button
        self.setProperty("card", True)
        self.setProperty("clickable", True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(14, 12, 14, 12)
        self.column.setSpacing(6)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Press the button, if the click ends on the card."""
        super().mouseReleaseEvent(event)
        inside = self.rect().contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and inside:
            self._button.click()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the click, so that its end comes here."""
        event.accept()


class Picture(QWidget):
    """A picture of a preset in the colours of a theme, as wide as there is room for."""

    def __init__(self, name: str, theme: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._pixmap = QPixmap()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_theme(theme)

    def set_theme(self, theme: str) -> None:
        """Show the picture made for a theme."""
        self._pixmap = QPixmap(str(resource("welcome", f"{self._name}-{theme}.png")))
        self.update()

    def hasHeightForWidth(self) -> bool:
        """It keeps its proportions."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height that goes with a width."""
        if self._pixmap.isNull():
            return 0
        return round(width * self._pixmap.height() / self._pixmap.width())

    def sizeHint(self) -> QSize:
        """Half the pixels of the file, which is made for screens of scale 2."""
        return self._pixmap.size() / 2

    def minimumSizeHint(self) -> QSize:
        """Small enough for a small window."""
        return QSize(120, 74)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it smoothly."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self._pixmap.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawPixmap(
            (self.width() - size.width()) // 2, 0, size.width(), size.height(), self._pixmap
        )
        painter.end()
