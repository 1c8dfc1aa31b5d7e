"""The program with the monkey in it.

``python -m tests.reliability.monkey.program FOLDER SEED ACTIONS`` writes FOLDER/journal: each
action before it is done, what is found, and at last that it was closed and that all was over.
FOLDER/beat is touched whenever the window's thread is free for what comes next.
"""

from __future__ import annotations

import faulthandler
import gc
import random
import sys
import threading
import time
import warnings
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

import vaegui.app
from tests.reliability.monkey import hands
from tests.reliability.monkey.deeds import SIX, Monkey
from tests.reliability.monkey.journal import Collector, Journal
from vaegui.machine.log import start_log
from vaegui.training.settings.settings import Settings
from vaegui.ui.shell.window import Window

ENOUGH = {"loading": 20, "preparing": 5, "opening": 5, "saving": 5, "estimating": 10}
"""Actions after which it looks on until the worker has done what it does, which needs Python."""
PATIENCE = 20.0
"""Seconds for which it looks on at most before it acts again."""
SPELL = 50
"""Milliseconds between two looks."""
ENDING = 60.0
"""Seconds that the program may take to end."""


class Play(QObject):
    """One action after another, also within the event loops of dialogs and menus."""

    def __init__(
        self,
        window: Window,
        dice: random.Random,
        journal: Journal,
        files: Path,
        actions: int,
        beat: Path,
    ) -> None:
        super().__init__(window)
        self._window, self._dice, self._journal = window, dice, journal
        self._monkey = Monkey(window, dice, files)
        self._left, self._beat = actions, beat
        self._done = 0
        self._last = "begin"
        # When the worker's state began, and what was done since.
        self._entered, self._done_since = time.monotonic(), 0
        # The depth of event loops in which each action began that is not done yet.
        self._levels: list[int] = []
        self._due = time.monotonic()
        self._spent = time.process_time()
        self._ending: float | None = None
        self._slowest, self._slowest_was = 0.0, ""

    def begin(self) -> None:
        """Do the first thing soon."""
        self._window.closing.connect(self._on_closing)
        self._window.workbench.state_changed.connect(self._on_state)
        for scheme in ("file", "http", "https"):
            QDesktopServices.setUrlHandler(scheme, self, "open_url")
        QTimer.singleShot(0, self, self.next)

    @Slot()
    def next(self) -> None:
        """Do the next thing, unless the last one is still being done."""
        self._beat.touch()
        self._time()
        waits = self._waits()
        pause = SPELL if waits else self._dice.choice((0, 0, 1, 5, 20, 60))
        self._due, self._spent = time.monotonic() + pause / 1000, time.process_time()
        # Before anything is done: what is done may wait for what comes next.
        QTimer.singleShot(pause, self, self.next)
        if waits:
            return
        level = self.thread().loopLevel()
        if self._levels and level <= self._levels[-1]:
            return  # not in a loop of what is done, as that of a dialog, but in the midst of it
        self._levels.append(level)
        try:
            self._end() if self._over() else self._act()
        finally:
            self._levels.pop()

    def _time(self) -> None:
        """Note how long the window took to answer.

        Seconds by the clock, or of the processor if those are fewer: the machine may have other
        work.
        """
        late = min(time.monotonic() - self._due, time.process_time() - self._spent)
        if late > self._slowest:
            self._slowest, self._slowest_was = late, self._last

    @Slot()
    def _on_state(self) -> None:
        self._entered, self._done_since = time.monotonic(), 0

    def _waits(self) -> bool:
        """Whether it looks on until the worker has done what it does."""
        if self._over() or QApplication.activeModalWidget() or QApplication.activePopupWidget():
            return False
        if self._done_since < ENOUGH.get(self._window.workbench.state, self._left):
            return False
        if time.monotonic() - self._entered < PATIENCE:
            return True
        self._on_state()
        return False

    def _over(self) -> bool:
        return self._ending is not None or self._done >= self._left or self._journal.found

    def _act(self) -> None:
        modal = QApplication.activeModalWidget()
        if modal is not None or QApplication.focusWindow() is None:
            hands.activate(modal or self._window)
        words, deed = self._monkey.choose()
        self._done += 1
        self._done_since += 1
        where = f"[{self._window.workbench.state}] [{self._window.pages.current.name}]"
        self._last = f"{self._done} {where} {words}"
        self._journal.note(self._last)
        deed()

    def _end(self) -> None:
        """Close what is open, giving up what is not saved, and then the window."""
        now = time.monotonic()
        self._ending = self._ending or now
        if now - self._ending > ENDING:
            self._journal.find("the program does not end")
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
        self._journal.note(
            f"answered within {self._slowest:.2f} s, at worst after {self._slowest_was}"
        )
        self._journal.note("closed")

    @Slot(QUrl)
    def open_url(self, url: QUrl) -> None:
        """In place of other programs."""
        self._journal.note(f"(would open {url.toString()})")


def main(folder: Path, seed: str, actions: int) -> int:
    """Let the monkey play until it has done all, found something, or closed the window."""
    # Libraries' own, as pyproject.toml says for all tests; the program's are findings.
    warnings.filterwarnings(
        "ignore",
        category=DeprecationWarning,
        module=r"(tensorflow|keras|google|flatbuffers|astunparse|gast|h5py)\.",
    )
    journal = Journal(folder / "journal")
    Collector(journal)
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    app = QApplication(["vaegui"])

    def begin() -> None:
        window = next(w for w in app.topLevelWidgets() if isinstance(w, Window))
        window.setup.set_value(Settings().with_values(SIX))
        dice, files = random.Random(seed), folder / "files"
        Play(window, dice, journal, files, actions, folder / "beat").begin()

    # Crashes are told where they are read, on stderr, and not in the log.
    vaegui.app.start_log = partial(start_log, crashes=False)
    QTimer.singleShot(0, begin)  # in the program's own event loop
    code = vaegui.app.main(["vaegui"])
    # For those that are no daemons the interpreter waits.
    threads = [thread for thread in threading.enumerate() if thread.daemon]
    left = [thread for thread in threads if thread.name.startswith("vaegui")]
    if left:
        journal.find(f"threads left running: {left}")
    if gc.isenabled():
        journal.find("garbage, and in it windows, is collected in whatever thread makes some")
    journal.note("over")
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
