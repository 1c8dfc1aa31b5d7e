"""A list of explanations at the left, the open one beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QWidget,
)

from vaegui.panels.explain.shared.base import PARTS, Explanation
from vaegui.ui.pages.explain.page import ExplanationView
from vaegui.ui.state.workbench import Workbench
from vaegui.ui.widgets.scrolling import scrolled

if TYPE_CHECKING:
    from vaegui.panels.style import Style

__all__ = ["Contents"]

LIST = 180
"""Width of the list in pixels."""
NAME = Qt.ItemDataRole.UserRole


class Contents(QWidget):
    """Shows the explanation that the focus names as its topic.

    Parameters
    ----------
    explanations
        All of them, in the order of the list.
    make
        Makes the page of an explanation; called when it is first opened.
    """

    _headings: tuple[QListWidgetItem, ...] = ()

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
        self._list = QListWidget(self)
        self._list.setObjectName("explain.list")
        self._list.setAccessibleName("Explanations")
        self._list.setFixedWidth(LIST)
        self._list.setWordWrap(True)
        self._list.setSpacing(1)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fill(explanations)
        self._colour_headings()
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

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour_headings()

    def _fill(self, explanations: tuple[type[Explanation], ...]) -> None:
        for part, question in PARTS.items():
            heading = QListWidgetItem(question, self._list)
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            font = QFont(self._list.font())
            font.setWeight(QFont.Weight.DemiBold)
            heading.setFont(font)
            self._headings = (*self._headings, heading)
            self._measure(heading, 16)
            for kind in explanations:
                if kind.part == part:
                    item = QListWidgetItem(kind.title, self._list)
                    item.setData(NAME, kind.name)
                    item.setToolTip(kind.question)
                    self._measure(item, 8)

    def _colour_headings(self) -> None:
        # They cannot be chosen, and Qt would show them as disabled.
        for heading in self._headings:
            heading.setForeground(self.palette().windowText())

    def _measure(self, item: QListWidgetItem, space: int) -> None:
        """Give an item the height of its wrapped text and some space."""
        metrics = self._list.fontMetrics()
        flags = Qt.TextFlag.TextWordWrap
        box = metrics.boundingRect(0, 0, LIST - 26, 1000, int(flags), item.text())
        item.setSizeHint(QSize(LIST - 20, box.height() + space))

    @Slot(QListWidgetItem)
    def _on_item(self, item: QListWidgetItem | None) -> None:
        name = item.data(NAME) if item is not None else None
        if name and self._workbench.focus.topic not in ("", name):
            self._workbench.look_at(self._workbench.focus.replace(topic=name))
