"""The way from other threads into the window's: a signal, delivered by the event loop."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot

__all__ = ["Bridge", "InBackground"]


class Bridge(QObject):
    """Passes the word on that a mailbox has something in it.

    `wake` may be called in any thread; `woken` is then emitted in the bridge's own. The mailbox
    calls it once however much comes in before it is emptied, so that no queue can grow.
    """

    woken = Signal()
    _called = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._called.connect(self._on_called, Qt.ConnectionType.QueuedConnection)

    def wake(self) -> None:
        """Tell the bridge's thread. Returns at once."""
        self._called.emit()

    @Slot()
    def _on_called(self) -> None:
        self.woken.emit()


class InBackground(QObject):
    """Runs a function in a thread of its own, once, and tells when it has returned.

    Parameters
    ----------
    function
        What to run; it must not touch Qt. An exception reaches `threading.excepthook`.
    """

    done = Signal()
    """In the thread of this object; also after an exception."""
    _returned = Signal()

    def __init__(self, function: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._function = function
        self._thread = threading.Thread(target=self._run, name="background", daemon=True)
        self._returned.connect(self._on_returned, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Begin. Returns at once."""
        self._thread.start()

    def join(self, timeout: float) -> bool:
        """Wait for the end, at most so many seconds; whether it is over (or never began)."""
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._function()
        finally:
            self._returned.emit()

    @Slot()
    def _on_returned(self) -> None:
        self.done.emit()
