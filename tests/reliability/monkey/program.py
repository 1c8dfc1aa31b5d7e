"""The program with the monkey in it.

``python -m tests.reliability.monkey.program FOLDER SEED ACTIONS FROZEN`` writes FOLDER/journal:
each action before it is done, what is found, and at last that it ended in order.
"""

from __future__ import annotations

import faulthandler
import logging
import random
import sys
import textwrap
import threading
import time
import traceback
import warnings
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, QtMsgType, QUrl, Slot, qInstallMessageHandler
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

from tests.reliability.monkey.deeds import Monkey
from vaegui.app import build
from vaegui.errors import VaeguiError
from vaegui.ui.shell.window import Window

HARMLESS = ("This plugin does not support",)
"""What Qt says of its platform offscreen."""
INSIDE = 0.2
"""Seconds after which an action counts as one that waits in an event loop of its own."""
DEEPEST = 6
"""Actions within actions."""
ENDING = 60.0
"""Seconds that the program may take to end."""


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
    """Notes all that goes wrong, by whatever way it is told."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(logging.WARNING)
        self._journal = journal
        qInstallMessageHandler(self._on_qt)
        sys.excepthook = self._on_exception
        sys.unraisablehook = lambda args: self._tell(args.err_msg or "unraisable", args.exc_value)
        threading.excepthook = lambda args: self._tell("in a thread", args.exc_value)
        warnings.showwarning = self._on_warning
        logging.getLogger().addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not isinstance(error, VaeguiError):
            self._tell(record.getMessage(), error)
        elif record.name.startswith("matplotlib") and "font cache" not in record.msg:
            self._journal.find(record.getMessage())

    def _on_exception(self, kind: Any, error: BaseException, trace: Any) -> None:
        self._tell("nobody caught", error)

    def _on_warning(self, message: Any, category: Any, filename: str, line: int, *_: Any) -> None:
        if "site-packages" not in filename or "matplotlib" in filename:
            self._journal.find(f"{category.__name__}: {message}", f"{filename}:{line}")

    def _on_qt(self, kind: QtMsgType, context: Any, message: str) -> None:
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and not any(
            message.startswith(harmless) for harmless in HARMLESS
        ):
            self._journal.find(f"Qt: {message}", "".join(traceback.format_stack()))

    def _tell(self, what: str, error: BaseException | None) -> None:
        details = "".join(traceback.format_exception(error)) if error is not None else ""
        self._journal.find(what, details)


class Play(QObject):
    """One action after another, also within the event loops of dialogs and menus."""

    def __init__(
        self, window: Window, dice: random.Random, folder: Path, actions: int, frozen: float
    ) -> None:
        super().__init__(window)
        self._window, self._dice = window, dice
        self._monkey = Monkey(window, dice, folder / "files")
        self.journal = Journal(folder / "journal")
        self._left, self._frozen = actions, frozen
        self._done = 0
        self._begun: list[float] = []
        self._due = time.monotonic()
        self._ending: float | None = None
        self.slowest = 0.0
        window.closing.connect(self._on_closing)

    @Slot()
    def next(self) -> None:
        """Do the next thing, unless the last one is still being done."""
        faulthandler.dump_traceback_later(self._frozen, exit=True)
        now = time.monotonic()
        self.slowest = max(self.slowest, now - self._due)
        # TensorFlow has to come some time: a window that is never at rest keeps it waiting.
        loading = self._window.workbench.state == "loading"
        pause = self._dice.choice((0, 0, 1, 5, 20, 60)) + (150 if loading else 0)
        self._due = now + pause / 1000
        # Before anything is done: what is done may wait for what comes next.
        QTimer.singleShot(pause, self, self.next)
        if self._begun and now - self._begun[-1] < INSIDE:
            return
        self._begun.append(now)
        try:
            self._end() if self._over() else self._act()
        finally:
            self._begun.pop()

    def _over(self) -> bool:
        return self._ending is not None or self._done >= self._left or self.journal.found

    def _act(self) -> None:
        if len(self._begun) > DEEPEST and not QApplication.activeModalWidget():
            return
        words, deed = self._monkey.choose()
        self._done += 1
        self.journal.note(f"{self._done} [{self._window.workbench.state}] {words}")
        deed()

    def _end(self) -> None:
        """Close what is open, giving up what is not saved, and then the window."""
        now = time.monotonic()
        self._ending = self._ending or now
        if now - self._ending > ENDING:
            self.journal.find("the program does not end")
            faulthandler.dump_traceback(all_threads=True)
            sys.exit(1)
        popup, modal = QApplication.activePopupWidget(), QApplication.activeModalWidget()
        if popup is not None:
            popup.close()
        elif isinstance(modal, QDialog):
            discard = modal.findChild(QPushButton, "discard")
            discard.click() if discard is not None else modal.reject()
        else:
            self._window.close()

    @Slot()
    def _on_closing(self) -> None:
        self._ending = self._ending or time.monotonic()

    @Slot(QUrl)
    def open_url(self, url: QUrl) -> None:
        """In place of other programs."""
        self.journal.note(f"(would open {url.toString()})")


def main(folder: Path, seed: str, actions: int, frozen: float) -> int:
    """Let the monkey play until it has done all, found something, or closed the window."""
    faulthandler.enable()
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    app, window = build(["vaegui"])
    play = Play(window, random.Random(seed), folder, actions, frozen)
    collector = Collector(play.journal)
    for scheme in ("file", "http", "https"):
        QDesktopServices.setUrlHandler(scheme, play, "open_url")
    window.show()
    QTimer.singleShot(0, play.next)
    app.exec()
    faulthandler.cancel_dump_traceback_later()
    for scheme in ("file", "http", "https"):
        QDesktopServices.unsetUrlHandler(scheme)
    logging.getLogger().removeHandler(collector)
    left = [thread for thread in threading.enumerate() if thread.name.startswith("vaegui")]
    if left:
        play.journal.find(f"threads left running: {left}")
    play.journal.note(f"slowest {play.slowest:.2f}")
    play.journal.note("ended")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
