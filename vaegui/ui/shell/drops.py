"""What happens to files that are dragged onto the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from vaegui.errors import FileError
from vaegui.files.foreign.document.document import holds_model
from vaegui.reading.kinds import known_kind
from vaegui.training.record.events import Failed
from vaegui.training.record.job_kind import JobKind
from vaegui.ui.notices.dialogs import show_failure

__all__ = ["Drops"]

SUFFIX = ".keras"
WEIGHTS = (".safetensors", ".weights.h5")
REMEDY = (
    "Drop one model file, encoder and decoder together, or one file or folder of data. Import "
    "weights in the File menu takes .safetensors and .h5 files of weights."
)


class Drops:
    """Accepts files dragged onto the window: models are opened, all else is looked at as data.

    Parameters
    ----------
    open_file
        Opens the model file of a path.
    import_files
        Asks how encoder and decoder in two files are to be read.
    open_data
        Looks at data of a path, whatever is going on.
    not_now
        Says why no model can be opened now, in a phrase; '' if one can.
    """

    def __init__(
        self,
        open_file: Callable[[str], None],
        import_files: Callable[[list[str]], None],
        open_data: Callable[[str], None],
        not_now: Callable[[], str],
        window: QWidget,
    ) -> None:
        self._open_file, self._import_files = open_file, import_files
        self._open_data = open_data
        self._not_now = not_now
        self._window = window

    def accept(self, event: QDropEvent) -> None:
        """Let the user drop what is dragged. It is copied: whose file it is keeps it."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def take(self, event: QDropEvent) -> None:
        """Open what was dropped, or say why it cannot be opened."""
        self.accept(event)
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if why_not := _why_not(paths):
            self._refuse(why_not, REMEDY)
        elif not (len(paths) > 1 or _is_model(paths[0])):
            self._take_data(paths[0])
        elif not_now := self._not_now():
            name = Path(paths[0]).name
            self._refuse(f"{name} cannot be opened now: {not_now}", "Drop it again after that.")
        elif len(paths) > 1:
            self._import_files(paths)
        else:
            self._open_file(paths[0])

    def _take_data(self, path: str) -> None:
        """Look at it as data, unless it is a kind of file that is known to be none."""
        if known := known_kind(Path(path)):
            self._refuse(known.message, known.remedy)
        else:
            self._open_data(path)

    def _refuse(self, message: str, remedy: str) -> None:
        show_failure(self._window, Failed(message, remedy, kind=JobKind.OPENING))


def _why_not(paths: list[str]) -> str:
    """Why no such files can be opened, in a sentence; '' if they can."""
    if not paths:
        return "What was dropped is no file on this computer."
    if len(paths) == 2 and all(map(_is_foreign, paths)):
        return ""
    if len(paths) > 1:
        return f"{len(paths)} files cannot be opened at once."
    if paths[0].lower().endswith(WEIGHTS):
        return f"{Path(paths[0]).name} holds weights, neither a model nor data."
    return ""


def _is_model(path: str) -> bool:
    """Whether it is to be opened as a model, or told why it is none."""
    return path.lower().endswith(SUFFIX) or _is_foreign(path)


def _is_foreign(path: str) -> bool:
    """Whether it is a model of another program, or its weights."""
    try:
        return holds_model(Path(path))
    except FileError:
        return False
