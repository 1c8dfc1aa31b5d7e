"""The pages of the window: all that there are, which one is seen, and the buttons between them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QToolButton, QWidget

from vaegui.ui.commands.actions import Actions
from vaegui.ui.pages.base import Page, Shared
from vaegui.ui.pages.explain.explain import ExplainPage
from vaegui.ui.pages.own_data.page import OwnDataPage
from vaegui.ui.pages.welcome import Welcome
from vaegui.ui.pages.workbench import WorkbenchPage

__all__ = ["PAGES", "PageSwitch", "Pages"]

PAGES: tuple[type[Page], ...] = (Welcome, OwnDataPage, WorkbenchPage, ExplainPage)
"""In the order of their buttons. A new page is a file in ui/pages and a name here."""
HOME = WorkbenchPage.name


class Pages(QStackedWidget):
    """The pages, one above the other. They share the window's menus, toolbar and status bar."""

    turned = Signal(str)
    """Another page is seen now: its name."""

    def __init__(self, shared: Shared, parent: QWidget) -> None:
        super().__init__(parent)
        self._pages: dict[str, Page] = {}
        for kind in PAGES:
            page = kind(shared)
            self._pages[page.name] = page
            self.addWidget(page)
            page.wanted.connect(partial(self.turn_to, page.name))
            page.left.connect(partial(self.leave, page.name))
            if page.command:
                self._obey(shared.actions[page.command], page.name)
        self.setCurrentWidget(self._pages[HOME])

    @property
    def current(self) -> Page:
        """The page that is seen."""
        page = self.currentWidget()
        assert isinstance(page, Page)
        return page

    @property
    def home(self) -> WorkbenchPage:
        """The page to which one comes back from the others."""
        page = self._pages[HOME]
        assert isinstance(page, WorkbenchPage)
        return page

    def __getitem__(self, name: str) -> Page:
        return self._pages[name]

    def _obey(self, action: QAction, name: str) -> None:
        """Let a command lead to a page; a checkable one leads away from it, too."""
        if action.isCheckable():
            action.triggered.connect(partial(self.toggle, name))
            self.turned.connect(lambda current: action.setChecked(current == name))
        else:
            action.triggered.connect(partial(self.turn_to, name))

    def turn_to(self, name: str, _checked: bool = True) -> None:
        """Show a page, and no other."""
        before, page = self.current, self._pages[name]
        if page is before:
            return
        self.setCurrentWidget(page)
        before.leave()
        page.enter()
        self.turned.emit(name)

    def focus_panel(self, name: str, _checked: bool = True) -> None:
        """Go to a dock of the workbench: bring it to the front and give it the keyboard."""
        self.turn_to(HOME)
        self.home.focus(name)

    def leave(self, name: str) -> None:
        """Go home, if this page is the one that is seen."""
        if self.current.name == name:
            self.turn_to(HOME)

    def toggle(self, name: str, _checked: bool = True) -> None:
        """Show a page, or go home where that page is seen."""
        self.turn_to(HOME if self.current.name == name else name)

    def walk(self, step: int, _checked: bool = True) -> None:
        """Give the keyboard to the next part of the page that is seen, or to the one before."""
        parts, focus = self.current.parts(), self.focusWidget()
        here = next(
            (i for i, p in enumerate(parts) if focus and (p is focus or p.isAncestorOf(focus))),
            -1 if step > 0 else 0,
        )
        if parts:
            parts[(here + step) % len(parts)].setFocus(Qt.FocusReason.ShortcutFocusReason)


class PageSwitch(QWidget):
    """A button for each page, of which the present one's is down."""

    def __init__(self, pages: Pages, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("pages.switch")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._buttons: dict[str, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for kind in PAGES:
            button = self._buttons[kind.name] = self._button(kind)
            button.clicked.connect(partial(pages.turn_to, kind.name))
            row.addWidget(button)
            if kind.command:
                self._follow(actions[kind.command], button)
        pages.turned.connect(self._on_turned)
        self._on_turned(pages.current.name)

    def _button(self, kind: type[Page]) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"page.{kind.name}")
        button.setText(kind.title)
        button.setToolTip(kind.tip)
        button.setCheckable(True)
        button.setAutoExclusive(True)
        return button

    def _follow(self, action: QAction, button: QToolButton) -> None:
        """One can go to a page when its command can be used; why not, it says itself."""

        def follow() -> None:
            button.setEnabled(action.isEnabled())
            button.setToolTip(action.toolTip())

        action.changed.connect(follow)
        follow()

    @Slot(str)
    def _on_turned(self, name: str) -> None:
        self._buttons[name].setChecked(True)
