"""What the monkey did and what was found, and where findings come from."""

from __future__ import annotations

import logging
import sys
import textwrap
import threading
import traceback
from pathlib import Path
from typing import Any

from PySide6.QtCore import QtMsgType, qInstallMessageHandler

from vaegui.errors import VaeguiError

__all__ = ["Collector", "Journal"]

HARMLESS = "This plugin does not support"
"""How Qt begins to say what its platform offscreen does not have."""
CUT_SHORT = "Ended in the midst of what could not be interrupted"
"""What the program logs as it ends itself without waiting any longer."""
SLOW_CODE = ("/tensorflow/", "/keras/", "/h5py/")
"""Where a worker may be then: TensorFlow can be interrupted neither in loading nor compiling."""


class Journal:
    """What was done and what was found, kept even if the process dies."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", buffering=1, errors="backslashreplace")
        self.found = False

    def note(self, line: str) -> None:
        self._file.write(line.replace("\n", "\\n").replace("\r", "\\r") + "\n")

    def find(self, what: str, details: str = "") -> None:
        self.found = True
        self._file.write(f"FOUND {what}\n{textwrap.indent(details.strip(), '    ')}\n")


class Collector(logging.Handler):
    """Notes all that goes wrong. Exceptions that nobody caught are in the program's own log."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(logging.WARNING)
        self._journal = journal
        qInstallMessageHandler(self._on_qt)
        sys.unraisablehook = lambda args: self._tell(args.err_msg or "unraisable", args.exc_value)
        logging.getLogger().addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if record.getMessage() == CUT_SHORT:
            self._on_cut_short()
        elif error is not None and not isinstance(error, VaeguiError):
            self._tell(record.getMessage(), error)
        elif _is_ours(record):
            self._journal.find(record.getMessage())

    def _on_cut_short(self) -> None:
        """Find out what the worker was doing that took so long."""
        frames = sys._current_frames()
        workers = [t.ident or 0 for t in threading.enumerate() if t.name == "vaegui-worker"]
        stack = "".join(line for w in workers for line in traceback.format_stack(frames[w]))
        self._journal.note("cut short")
        if not any(place in stack for place in SLOW_CODE):
            self._journal.find(CUT_SHORT, stack)
        self._journal.note("over")  # the process ends there and then

    def _on_qt(self, kind: QtMsgType, context: Any, message: str) -> None:
        harmless = kind in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg)
        if not harmless and not message.startswith(HARMLESS):
            self._journal.find(f"Qt: {message}", "".join(traceback.format_stack()))

    def _tell(self, what: str, error: BaseException | None) -> None:
        details = "".join(traceback.format_exception(error)) if error is not None else ""
        self._journal.find(what, details)


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether a warning is of this program or of what it draws with, and means something."""
    told = record.getMessage()
    if record.name == "py.warnings":
        return "/vaegui/" in told or "/matplotlib/" in told
    return record.name.startswith("matplotlib") and "font cache" not in told
