"""Whoever writes into a mailbox may outlive the window that reads it."""

from __future__ import annotations

import threading

import shiboken6

from tests.ui.fake_worker import Bench
from vaegui.training.record.events import Status
from vaegui.ui.state.bridge import Bridge


def in_another_thread(work: object) -> None:
    thread = threading.Thread(target=work)  # type: ignore[arg-type]
    thread.start()
    thread.join()


def test_what_another_thread_leaves_is_told_in_the_bridges_own(qtbot: object) -> None:
    bridge = Bridge()
    with qtbot.waitSignal(bridge.woken):  # type: ignore[attr-defined]
        in_another_thread(bridge.wake)


def test_what_the_worker_tells_once_the_window_is_closed_and_gone_harms_nobody(
    bench: Bench,
) -> None:
    bench.answers.unsaved = "discard"
    bench.window.close()
    shiboken6.delete(bench.bridge)
    # An exception in the thread would be a warning, and warnings are errors here.
    in_another_thread(lambda: bench.mailbox.post(Status("closed")))
    assert [message.content for message in bench.mailbox.take()] == [Status("closed")]
