"""How it will go: settings that suit the data, each one click to take, and how few units do."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from vaegui.data.advice.advice import Advice
from vaegui.data.advice.latent_units import LinearFloor
from vaegui.session.data_worker import Found
from vaegui.ui.pages.own_data.section import PAGE, Section, button, clear, label
from vaegui.ui.state.data_recipe import DataRecipe
from vaegui.ui.theme.theme import Theme

__all__ = ["AdviceSection"]

SUITS = "The settings suit the data: there is nothing to advise."


class AdviceSection(Section):
    """Each advice with its reason, and the curve of what principal components leave."""

    def __init__(self, recipe: DataRecipe, theme: Theme) -> None:
        super().__init__("advice", "How it will go", "", recipe, theme)
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        self.column.addLayout(self._list)
        self._curve = _Curve(theme, self)
        self._curve.setObjectName(f"{PAGE}.advice.curve")
        self.column.addWidget(self._curve)

    def show_found(self, found: Found) -> None:
        """Show advice, and what the present settings are."""
        check, settings = found.check, found.settings
        advice = () if check is None else check.advice
        suits = f" {SUITS}" if check is not None and not advice else ""
        self.words.setText(
            f"Now: likelihood {settings.likelihood.label}, scale {settings.rescale.label}, "
            f"{settings.latent_units} latent units.{suits}"
        )
        self.words.show()
        clear(self._list)
        for each in advice:
            self._list.addWidget(self._row(each))
        floor = None if check is None else check.floor
        self._curve.setVisible(floor is not None and bool(floor.errors[0]))
        if floor is not None:
            self._curve.show_floor(floor, settings.latent_units)

    def _row(self, advice: Advice) -> QWidget:
        row = QWidget(self)
        name = advice.kind.replace(" ", "_")
        row.setObjectName(f"{PAGE}.advice.{name}")
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(label(advice.sentence), 1)
        take = button(
            f"advice.{name}.take",
            advice.fix.label,
            "Put this into the settings. Can be undone.",
            partial(self.recipe.apply, advice.fix),
        )
        line.addWidget(take)
        return row


class _Curve(QWidget):
    """The share of the variance that 0, 1, 2 ... principal components leave."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._left: list[float] = []
        self._units = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_floor(self, floor: LinearFloor, units: int) -> None:
        """Show another curve, with the present number of units marked."""
        self._left = [floor.left(k) for k in range(len(floor.errors))]
        self._units = min(units, len(self._left) - 1)
        told = (
            f"{self._units} principal components leave {self._left[self._units]:.0%} of the "
            "variance; a VAE of as many latent units should leave less"
        )
        self.setAccessibleName(told)
        self.setToolTip(f"{told}. Found on {floor.examples:,} examples.")
        self.update()

    def sizeHint(self) -> QSize:
        """A strip."""
        return QSize(360, 8 * self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The curve, its axes, and a mark at the present number of units."""
        if len(self._left) < 2:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        high = self.fontMetrics().height()
        wide = min(self.width(), 620) - 60
        area = QRectF(48, high * 0.8, wide, self.height() - 3.2 * high)
        muted, text = self._theme.colour("muted"), self._theme.colour("text")
        painter.setPen(QPen(muted, 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.drawLine(area.topLeft(), area.bottomLeft())
        last = len(self._left) - 1
        for share in (0.0, 0.5, 1.0):
            y = area.bottom() - share * area.height()
            place = QRectF(0, y - high / 2, 42, high)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight, f"{share:.0%}")
        below = QRectF(area.left(), area.bottom() + 2, area.width(), high)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, "0")
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, f"{last}")
        painter.drawText(
            below,
            Qt.AlignmentFlag.AlignHCenter,
            "principal components → share of the variance left",
        )
        points = [
            QPointF(area.left() + k / last * area.width(), area.bottom() - left * area.height())
            for k, left in enumerate(self._left)
        ]
        painter.setPen(QPen(self._theme.colour("accent"), 2))
        painter.drawPolyline(QPolygonF(points))
        mark = points[self._units]
        painter.setBrush(self._theme.colour("accent"))
        painter.drawEllipse(mark, 4, 4)
        painter.setPen(text)
        units = "1 unit" if self._units == 1 else f"{self._units} units"
        painter.drawText(mark + QPointF(8, -5), f"{units}: {self._left[self._units]:.0%} left")
        painter.end()
