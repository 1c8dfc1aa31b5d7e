"""The way from other threads into the window's: a signal, delivered by the event loop."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Qt, Signal, Slot

__all__ = ["Bridge"]


class Bridge(QObject):
    """Passes the word on that a mailbox has something in it.

    `wake` may be called in any thread; `woken` is then emitted in the bridge's own. The mailbox
    calls it once however much comes in before it is emptied, so that no queue can grow.

    Whoever writes into the mailbox may outlive the bridge: `close` it before it is destroyed.
    """

    woken = Signal()
    _called = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock, self._closed = threading.Lock(), False
        self._called.connect(self._on_called, Qt.ConnectionType.QueuedConnection)

    def wake(self) -> None:
        """Tell the bridge's thread. Returns at once."""
        with self._lock:
            if not self._closed:
                self._called.emit()

    def close(self) -> None:
        """Wake nobody any more; later calls of `wake` do nothing."""
        with self._lock:
            self._closed = True

    @Slot()
    def _on_called(self) -> None:
        if not self._closed:
            self.woken.emit()
