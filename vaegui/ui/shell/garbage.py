"""Collects Python's garbage in the window's thread, and in no other."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

__all__ = ["GarbageCollector"]

LOOK = 500
"""Milliseconds between two looks at how much there is."""


class GarbageCollector(QObject):
    """Takes over from Python, which collects in whichever thread makes an object at that moment.

    That is mostly the worker's, as tracing a graph makes millions of them. A window, timer or
    dialog in a reference cycle would then be destroyed there, while Qt delivers events to it in
    its own thread: the process dies of it. Everything Qt is made, used and destroyed here instead.

    Parameters
    ----------
    parent
        As long as it lives, Python itself does not collect.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    @Slot()
    def look(self) -> None:
        """Collect the oldest generation that is due, by Python's own thresholds."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if 0 < thresholds[generation] < counts[generation]:
                gc.collect(generation)
                return
