"""Nothing of Qt's is destroyed in another thread than the window's."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from vaegui.ui.shell.garbage import GarbageCollector


class Ring(QTimer):
    """A timer in a reference cycle."""

    def __init__(self) -> None:
        super().__init__()
        self.ring = self


def allocate() -> None:
    """Leave so much garbage that Python would collect it."""
    for _ in range(20_000):
        ring: list[object] = []
        ring.append(ring)


def test_a_timer_in_a_reference_cycle_goes_in_the_windows_thread(qtbot: QtBot) -> None:
    gc.enable()
    parent = QObject()
    collector = GarbageCollector(parent)
    where: list[int] = []
    ring = Ring()
    weakref.finalize(ring, lambda: where.append(threading.get_ident()))
    del ring
    other = threading.Thread(target=allocate)
    other.start()
    other.join()
    assert where == []
    collector.look()
    qtbot.waitUntil(lambda: bool(where), timeout=10_000)
    assert where == [threading.get_ident()]
