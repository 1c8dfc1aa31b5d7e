"""What the Help menu offers to whom something went wrong."""

from __future__ import annotations

import contextlib

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from vaegui.paths import log_folder
from vaegui.ui.commands.actions import Actions
from vaegui.ui.help.diagnostics import diagnostics
from vaegui.ui.help.guide_text import FormulaMaker
from vaegui.ui.state.workbench import Workbench
from vaegui.ui.theme.theme import Theme

__all__ = ["HelpCommands"]


class HelpCommands(QObject):
    """Opens the folder of logs, and copies diagnostics."""

    notified = Signal(str)
    """A word for the status bar."""

    def __init__(
        self, workbench: Workbench, theme: Theme, actions: Actions, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._workbench, self._theme = workbench, theme
        formulas = FormulaMaker(parent)
        workbench.drawing_ready.connect(formulas.start)
        theme.changed.connect(formulas.start)
        actions["log_folder"].triggered.connect(self._on_log_folder)
        actions["diagnostics"].triggered.connect(self._on_diagnostics)

    @Slot()
    def _on_log_folder(self) -> None:
        folder = log_folder()
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        if not folder.is_dir():
            self.notified.emit(f"There is no log: {folder} cannot be made.")
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self.notified.emit(f"The log is in {folder}.")

    @Slot()
    def _on_diagnostics(self) -> None:
        QGuiApplication.clipboard().setText(diagnostics(self._workbench, self._theme))
        self.notified.emit("Diagnostics are in the clipboard; they hold no data and no file names.")
