"""What happens to files that are dragged onto the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtWidgets import QWidget

from vaegui.training.record.events import Failed
from vaegui.training.record.job_kind import JobKind
from vaegui.ui.notices.dialogs import show_failure

__all__ = ["Drops"]

SUFFIX = ".keras"
REMEDY = (
    "Drop one model file, whose name ends with .keras: one of vaegui's, or a VAE that a Keras "
    "script saved. Import weights in the File menu takes .safetensors and .weights.h5 files."
)


class Drops:
    """Takes every drag, and says of what cannot be opened why not, and what can be.

    Parameters
    ----------
    open_file
        Opens the model file of a path.
    action
        The command that opens models: it says whether that can be done now.
    """

    def __init__(self, open_file: Callable[[str], None], action: QAction, window: QWidget) -> None:
        self._open_file = open_file
        self._action = action
        self._window = window

    def accept(self, event: QDropEvent) -> None:
        """Let the user drop what is dragged. It is copied: whose file it is keeps it."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def take(self, event: QDropEvent) -> None:
        """Open what was dropped, or say why it cannot be opened."""
        self.accept(event)
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if why_not := self._why_not(paths):
            show_failure(self._window, Failed(why_not, REMEDY, kind=JobKind.OPENING))
        else:
            self._open_file(paths[0])

    def _why_not(self, paths: list[str]) -> str:
        """Why the files cannot be opened, in a sentence; '' if they can."""
        if not paths:
            return "What was dropped is no file on this computer."
        if len(paths) > 1:
            return f"{len(paths)} files cannot be opened at once."
        if not paths[0].lower().endswith(SUFFIX):
            return f"{Path(paths[0]).name} is no model file."
        if not self._action.isEnabled():
            return f"{Path(paths[0]).name} cannot be opened now: {self._action.toolTip()}"
        return ""
