"""Wires everything: the one place that knows the worker, the workbench and the window alike."""

from __future__ import annotations

import logging
import os
import platform
import sys
import threading
import time
import traceback
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from vaegui.errors import VaeguiError
from vaegui.files.autosave import Autosave
from vaegui.files.foreign.document.document import is_foreign
from vaegui.files.recovery import autosave_folder, take_left_runs
from vaegui.files.stale import clear_stale
from vaegui.machine.log import start_log
from vaegui.session.mailbox import Mailbox
from vaegui.session.worker import Worker
from vaegui.training.record.events import Failed
from vaegui.ui.commands.asking import Asking
from vaegui.ui.notices.recovery import RecoveryBar
from vaegui.ui.shell.garbage import GarbageCollector
from vaegui.ui.shell.window import Window
from vaegui.ui.state.bridge import Bridge
from vaegui.ui.state.preferences import Preferences
from vaegui.ui.state.workbench import Workbench
from vaegui.ui.theme.icons import app_icon
from vaegui.ui.theme.theme import Theme
from vaegui.version import __version__

__all__ = ["build", "main"]

_LOG = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds that the worker may take to end after the window was closed."""
TURN = 0.1
"""Seconds between two looks whether it has."""

LATEST_START = 1_000
"""Milliseconds after which the worker starts even if the window was never painted."""


def build(argv: list[str], asking: Asking | None = None) -> tuple[QApplication, Window]:
    """Build the program, neither shown nor running: the caller shows the window and runs the app.

    Parameters
    ----------
    argv
        The program's name, Qt's own options, and perhaps a model file to open, and ``--data`` with
        a file or folder: the model's data, or data to look at.
    asking
        How the user is asked; with dialogs if None.

    Returns
    -------
    app, window
        Closing the window tells the worker to end; `Window.worker` says when it has. The worker
        begins to load TensorFlow after the window was first painted.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(argv)
        argv = app.arguments()
    app.setApplicationName("vaegui")
    app.setDesktopFileName("vaegui")
    app.setWindowIcon(app_icon())
    preferences = Preferences()
    theme = Theme(app, preferences.theme, preferences.text)
    bridge = Bridge()
    mailbox = Mailbox(bridge.wake)
    worker = Worker(mailbox, Autosave(autosave_folder()))
    workbench = Workbench(worker, mailbox)
    window = Window(workbench, worker, bridge, theme, preferences, asking)
    _Starter(worker, window)
    if left := take_left_runs(autosave_folder()):
        recovery = RecoveryBar(left, workbench, worker, window.files.confirm_discard, window)
        window.closing.connect(recovery.give_back)
    model, data = _named(argv[1:])
    if model and not data and is_foreign(Path(model)):
        # Once there is a window to ask in how it is to be read.
        QTimer.singleShot(0, partial(window.files.open, model))
    elif model:
        worker.open(model, data)
    elif data:
        window.data.open(data)
    elif preferences.welcome:
        window.pages.turn_to("welcome")
    return app, window


def _named(arguments: list[str]) -> tuple[str, str]:
    """The model's file and the data that the command line names; '' for each that it does not."""
    rest, data = list(arguments), ""
    if "--data" in rest:
        i = rest.index("--data")
        data = next(iter(rest[i + 1 : i + 2]), "")
        del rest[i : i + 2]
    return next((word for word in rest if not word.startswith("-")), ""), data


def main(argv: list[str]) -> int:
    """Open the window and stay until all is done after it was closed; the program's exit code.

    Where there is no display Qt aborts; `vaegui.machine.display.why_no_display` tells before.
    """
    start_log()
    _LOG.info("vaegui %s, Python %s", __version__, platform.python_version())
    app, window = build(argv)
    GarbageCollector(app)
    catcher = _Catcher(window)
    sys.excepthook = catcher.on_exception
    threading.excepthook = catcher.on_thread_exception
    window.show()
    _clear_stale()
    try:
        code = int(app.exec())
        _end(window, code)
        _LOG.info("Ended")
        return code
    finally:
        sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__


def _end(window: Window, code: int) -> None:
    """Wait for the threads to end, as the interpreter must not go away while TensorFlow is at work.

    The window is gone by now and nothing can be lost any more: what the user asked to be stored is
    waited for however long it takes. TensorFlow can be interrupted neither while it loads nor
    while it compiles; if that takes longer than `PATIENCE` the process ends there and then, which
    only leaves an autosave that the next start offers.
    """
    asked = time.monotonic()
    while not (window.worker.close(TURN) and window.data.close(TURN)):
        if time.monotonic() - asked > PATIENCE and not window.worker.storing:
            _LOG.warning("Ended in the midst of what could not be interrupted")
            logging.shutdown()
            os._exit(code)


def _clear_stale() -> None:
    """Clear away what was left where files were saved lately, by programs that were killed."""
    folders = [Path(path).parent for path in Preferences().recent]
    # One of them may be on a network disk that takes its time.
    threading.Thread(
        target=clear_stale, args=(folders,), name="vaegui-clear-stale", daemon=True
    ).start()


class _Starter(QObject):
    """Starts the worker once the window is on screen: loading slows everything else down."""

    def __init__(self, worker: Worker, window: Window) -> None:
        super().__init__(window)
        self._worker = worker
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time)
        self._timer.start(LATEST_START)
        window.painted.connect(self._on_painted)
        window.closing.connect(self._timer.stop)

    @Slot()
    def _on_painted(self) -> None:
        self._timer.start(0)

    @Slot()
    def _on_time(self) -> None:
        self._worker.start()


class _Catcher(QObject):
    """Shows exceptions that nobody caught in the program's own dialog, from whatever thread."""

    _caught = Signal(Failed)

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._caught.connect(window.fail, Qt.ConnectionType.QueuedConnection)

    def on_exception(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        """For `sys.excepthook`."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        details = "".join(traceback.format_exception(kind, error, trace))
        print(details, file=sys.stderr)
        _LOG.error("Nobody caught an exception", exc_info=error)
        if isinstance(error, VaeguiError):
            self._caught.emit(Failed(error.message, error.remedy, details))
        else:
            message = f"{kind.__name__}: {error}"
            remedy = "The program goes on. Copy the details if you want to report it."
            self._caught.emit(Failed(message, remedy, details))

    def on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        """For `threading.excepthook`."""
        if args.exc_value is not None:
            self.on_exception(args.exc_type, args.exc_value, args.exc_traceback)
