"""What a page of the window is, and what every page is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QUndoGroup
from PySide6.QtWidgets import QWidget

from vaegui.ui.commands.actions import Actions
from vaegui.ui.commands.data_commands import DataCommands
from vaegui.ui.commands.file_commands import FileCommands
from vaegui.ui.commands.import_commands import ImportCommands
from vaegui.ui.commands.preset_commands import PresetCommands
from vaegui.ui.forms.setup_panel import SetupPanel
from vaegui.ui.plots.panel_maker import PanelMaker
from vaegui.ui.state.preferences import Preferences
from vaegui.ui.state.workbench import Workbench
from vaegui.ui.theme.theme import Theme

__all__ = ["Page", "Shared"]


@dataclass(frozen=True, slots=True)
class Shared:
    """What the pages have in common: each takes of it what it needs."""

    workbench: Workbench
    theme: Theme
    preferences: Preferences
    actions: Actions
    panels: PanelMaker
    setup: SetupPanel
    files: FileCommands
    imports: ImportCommands
    presets: PresetCommands
    data: DataCommands
    undo: QUndoGroup
    """Undo and redo of what is seen: Setup's, or that of the data that are looked at."""


class Page(QWidget):
    """One of the pages of the window, of which exactly one is seen."""

    name: ClassVar[str]
    """Its object name; the button that leads to it is called ``page.<name>``."""
    title: ClassVar[str]
    """What the button says."""
    tip: ClassVar[str]
    """What one finds there."""
    command: ClassVar[str] = ""
    """The command that leads there, too, and says whether one can go there; '' if there is none."""

    wanted = Signal()
    """Something happened that is to be seen on this page."""
    left = Signal()
    """The user is done with this page."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared = shared
        self.setObjectName(self.name)
        self.setAccessibleName(self.title)

    def enter(self) -> None:
        """Do what is to be done when the page comes into sight."""

    def leave(self) -> None:
        """Do what is to be done when another page has come into sight."""

    def parts(self) -> list[QWidget]:
        """The visible parts through which F6 leads, in that order."""
        return []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves the page, unless what has the keyboard needs that key itself."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
