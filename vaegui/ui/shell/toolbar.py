"""The toolbar: the pages at the left, then what one does with files and with training."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtWidgets import QMenu, QToolBar, QToolButton, QWidget

from vaegui.ui.commands.actions import Actions
from vaegui.ui.pages.pages import Pages, PageSwitch

__all__ = ["Toolbar"]

ORDER = ("open", "save", "", "train", "pause", "step", "stop", "", "reset")
"""Names of commands; '' is a line between two groups."""


class Toolbar(QToolBar):
    """Train's arrow offers a new model. What does not fit is behind the arrow at the right."""

    def __init__(self, pages: Pages, actions: Actions, parent: QWidget) -> None:
        super().__init__("Toolbar", parent)
        self._actions = actions
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.toggleViewAction().setVisible(False)
        self.setIconSize(QSize(20, 20))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.addWidget(PageSwitch(pages, actions, self))
        self.addSeparator()
        for name in ORDER:
            if name:
                self.addAction(actions[name])
            else:
                self.addSeparator()
        train = self._button("train")
        menu = QMenu(train)
        menu.addActions([actions["train"], actions["train_anew"]])
        menu.aboutToHide.connect(self._on_menu_hidden)
        train.setMenu(menu)
        train.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)

    @Slot()
    def _on_menu_hidden(self) -> None:
        """Forget that the mouse was there: a dialog that follows keeps the news that it left."""
        train = self._button("train")
        train.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
        train.update()

    def _button(self, name: str) -> QToolButton:
        button = self.widgetForAction(self._actions[name])
        assert isinstance(button, QToolButton)
        return button

    def _keep_widths(self) -> None:
        """Give each button room for all that it ever says: nothing moves under the mouse."""
        for name in filter(None, ORDER):
            button = self._button(name)
            button.setMinimumWidth(0)
            width = button.fontMetrics().horizontalAdvance
            more = max(map(width, map(_shown, self._actions.texts(name)))) - width(button.text())
            button.setMinimumWidth(button.sizeHint().width() + more)

    def event(self, event: QEvent) -> bool:
        """Measure when it gets its look, and again with another font."""
        done = super().event(event)
        if event.type() in (QEvent.Type.Polish, QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._keep_widths()
        return done


def _shown(text: str) -> str:
    """What a button shows of a command's text."""
    return text.replace("&", "").removesuffix(" ...")
