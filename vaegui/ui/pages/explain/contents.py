"""A list of explanations at the left, the open one beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QStyle,
    QWidget,
)

from vaegui.panels.explain.shared.base import PARTS, Explanation
from vaegui.ui.pages.explain.page import ExplanationView
from vaegui.ui.state.workbench import Workbench
from vaegui.ui.widgets.scrolling import scrolled

if TYPE_CHECKING:
    from vaegui.panels.style import Style

__all__ = ["ExplanationList"]

LINES = 12
"""Width of the list as a multiple of the height of its lines."""
NAME = Qt.ItemDataRole.UserRole


class _Titles(QListWidget):
    """The titles of all explanations under the questions that they answer."""

    _headings: tuple[QListWidgetItem, ...] = ()
    _room = 0

    def __init__(self, explanations: tuple[type[Explanation], ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("explain.list")
        self.setAccessibleName("Explanations")
        self.setWordWrap(True)
        self.setSpacing(1)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fill(explanations)
        self._colour_headings()
        self._widen()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make room for text that wraps otherwise beside a scroll bar."""
        super().resizeEvent(event)
        self._measure()

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme, and make room for larger text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour_headings()
        elif event.type() == QEvent.Type.FontChange:
            self._widen()

    def _fill(self, explanations: tuple[type[Explanation], ...]) -> None:
        for part, question in PARTS.items():
            heading = QListWidgetItem(question, self)
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            self._headings = (*self._headings, heading)
            for kind in explanations:
                if kind.part == part:
                    item = QListWidgetItem(kind.title, self)
                    item.setData(NAME, kind.name)
                    item.setToolTip(kind.question)

    def _colour_headings(self) -> None:
        # They cannot be chosen, and Qt would show them as disabled.
        for heading in self._headings:
            heading.setForeground(self.palette().windowText())

    def _widen(self) -> None:
        """Be wide enough for the font."""
        self.setFixedWidth(LINES * self.fontMetrics().lineSpacing())
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        for heading in self._headings:
            heading.setFont(bold)
        self._room = 0
        self._measure()

    def _measure(self) -> None:
        """Make each item high enough for its text."""
        margin = self.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin) + 1
        room = self.viewport().width() - 2 * (self.spacing() + margin)
        if room == self._room:
            return
        self._room = room
        for item in (self.item(row) for row in range(self.count())):
            is_heading = item in self._headings
            metrics = QFontMetrics(item.font()) if is_heading else self.fontMetrics()
            flags = int(Qt.TextFlag.TextWordWrap)
            high = metrics.boundingRect(0, 0, room, 1000, flags, item.text()).height()
            item.setSizeHint(QSize(room, high + (16 if is_heading else 8)))


class ExplanationList(QWidget):
    """Shows the explanation that the focus names as its topic.

    Parameters
    ----------
    explanations
        All of them, in the order of the list.
    make
        Makes the page of an explanation; called when it is first opened.
    """

    def __init__(
        self,
        explanations: tuple[type[Explanation], ...],
        make: Callable[[Explanation, QWidget], ExplanationView],
        workbench: Workbench,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._kinds = {kind.name: kind for kind in explanations}
        self._make = make
        self.pages: dict[str, ExplanationView] = {}
        self._list = _Titles(explanations, self)
        self._stack = QStackedWidget(self)
        self._stack.setObjectName("explain.page")
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._list)
        row.addWidget(self._stack, 1)
        self.setFocusProxy(self._list)
        self._list.currentItemChanged.connect(self._on_item)

    def set_style(self, style: Style) -> None:
        """Use other colours in the tables."""
        for page in self.pages.values():
            page.set_style(style)

    def parts(self) -> list[QWidget]:
        """The list and the open explanation."""
        page = self._stack.currentWidget()
        return [self._list, page] if page is not None else [self._list]

    def open(self, topic: str) -> str:
        """Show an explanation, the first one for a name that there is not; its name."""
        name = topic if topic in self._kinds else next(iter(self._kinds))
        page = self.pages.get(name)
        if page is None:
            page = self.pages[name] = self._make(self._kinds[name](), self._stack)
            self._stack.addWidget(scrolled(page))
        self._stack.setCurrentIndex(list(self.pages).index(name))
        page.refresh()
        for row in range(self._list.count()):
            if self._list.item(row).data(NAME) == name:
                self._list.setCurrentRow(row)
        return name

    @Slot(QListWidgetItem)
    def _on_item(self, item: QListWidgetItem | None) -> None:
        name = item.data(NAME) if item is not None else None
        if name and self._workbench.focus.topic not in ("", name):
            self._workbench.look_at(self._workbench.focus.replace(topic=name))
