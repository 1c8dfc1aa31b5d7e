"""The page "Explain": an explanation, with the latent map and the input beside it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QSplitter, QVBoxLayout, QWidget

from vaegui.panels.style import style
from vaegui.ui.pages.base import Page, Shared
from vaegui.ui.plots.panel_view import PanelView
from vaegui.ui.widgets.scrolling import scrolled

if TYPE_CHECKING:
    from vaegui.panels.explain.shared.base import Explanation
    from vaegui.ui.pages.explain.contents import ExplanationList
    from vaegui.ui.pages.explain.page import ExplanationView

__all__ = ["ExplainPage"]

BESIDE = {"latent": "Latent space", "input": "Input"}
"""Panels in a column at the right, with their titles: there the next input is picked."""
COLUMN = 300
"""Pixels that the column at the right has at first."""
LEAST = 470
"""Pixels of height that both need."""


class ExplainPage(Page):
    """It is seen while the focus has a topic, and the focus has one while it is seen.

    Attributes
    ----------
    contents
        The list of explanations and the open one; None until something can be drawn.
    beside
        The panels in the column at the right.
    """

    name = "explain"
    title = "Explain"
    tip = "Take the network apart for the picked input."
    command = "explain"

    def __init__(self, shared: Shared) -> None:
        super().__init__(shared)
        self._workbench = shared.workbench
        self._can_draw = False
        self._is_open = False
        self._last = ""
        self.contents: ExplanationList | None = None
        self.beside: list[PanelView] = []
        self._sides = QSplitter(Qt.Orientation.Horizontal, self)
        self._sides.setChildrenCollapsible(False)
        self._waiting = QLabel("Getting ready to draw ...", self)
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._waiting.setEnabled(False)
        self._sides.addWidget(self._waiting)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._sides)
        self._workbench.drawing_ready.connect(self._on_drawing_ready)
        self._workbench.focus_changed.connect(self._on_focus_changed)
        shared.theme.changed.connect(self._on_theme_changed)

    def enter(self) -> None:
        """Show the topic, or the last one."""
        self._is_open = True
        self._follow()
        self.setFocus()

    def leave(self) -> None:
        """Ask no more about the topic: nobody sees the answers."""
        self._is_open = False
        self._select("")

    def parts(self) -> list[QWidget]:
        """The list, the explanation, and the panels beside it."""
        if self.contents is None:
            return []
        return [*self.contents.parts(), *self.beside]

    @Slot()
    def _on_drawing_ready(self) -> None:
        self._can_draw = True
        self._follow()

    @Slot(object)
    def _on_focus_changed(self, names: frozenset[str]) -> None:
        if "topic" not in names:
            return
        topic = self._workbench.focus.topic
        self._last = topic or self._last
        if topic and not self._is_open:
            self.wanted.emit()
        elif topic:
            self._follow()
        elif self._is_open:
            self.left.emit()

    def _follow(self) -> None:
        """Show what the topic names, or the last one, once something can be drawn."""
        if not self._is_open or not self._can_draw:
            return
        topic = self._workbench.focus.topic or self._last
        contents = self.contents or self._filled(topic)
        self._select(contents.open(topic))

    def _select(self, topic: str) -> None:
        self._workbench.look_at(self._workbench.focus.replace(topic=topic))

    def _filled(self, topic: str) -> ExplanationList:
        """Put everything in its place."""
        # Not before matplotlib was loaded by another thread: it would hold the window up.
        from vaegui.panels.explain.all import EXPLANATIONS
        from vaegui.ui.pages.explain.contents import ExplanationList

        self.contents = ExplanationList(EXPLANATIONS, self._explanation, self._workbench, self)
        # Before it can have the keyboard: a list without a current item would choose one.
        self.contents.open(topic)
        beside = QSplitter(Qt.Orientation.Vertical, self)
        beside.setChildrenCollapsible(False)
        for name, title in BESIDE.items():
            beside.addWidget(self._titled(name, title))
        self._sides.replaceWidget(0, self.contents)
        self._waiting.deleteLater()
        beside.setMinimumHeight(LEAST)
        self._sides.addWidget(scrolled(beside))
        self._sides.setStretchFactor(0, 1)
        column = min(COLUMN, self.width() // 4)
        self._sides.setSizes([self.width() - column, column])
        self.setFocusProxy(self.contents)
        return self.contents

    def _titled(self, name: str, title: str) -> QWidget:
        """A view of a panel under its title, as in a dock."""
        whole = QWidget(self)
        whole.setObjectName(name)
        view = PanelView(name, self._workbench, whole)
        heading = QLabel(title, whole)
        heading.setProperty("dock", True)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(heading)
        column.addWidget(view, 1)
        self._shared.panels.place(view)
        self.beside.append(view)
        return whole

    def _explanation(self, explanation: Explanation, parent: QWidget) -> ExplanationView:
        from vaegui.ui.pages.explain.page import ExplanationView

        panels, shared = self._shared.panels, self._shared
        canvas = panels.canvas(explanation, parent)
        pending = partial(panels.repainter.awaits, canvas)
        colours = style(shared.theme.current)
        return ExplanationView(explanation, canvas, pending, self._workbench, colours, parent)

    @Slot()
    def _on_theme_changed(self) -> None:
        if self.contents is not None:
            self.contents.set_style(style(self._shared.theme.current))
