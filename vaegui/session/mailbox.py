"""Where the worker leaves events and the window takes them: at its own pace, merged."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from vaegui.queries.base import Result
from vaegui.training.record.events import (
    Event,
    Progress,
    Snapshot,
    Status,
    StepsDone,
)

__all__ = ["Mailbox", "Message"]

Message = Event | Result[Any]
"""What the worker tells: what happened, and what has come of a query."""

WAITING = 10
"""Snapshots that wait at most. They are made at the pace of a window that reads them: only while it
hangs are there more, and it then lacks the oldest of them."""


class Mailbox:
    """Events in order, merged while they wait, so that a slow reader never falls behind.

    Step records that follow each other become one. A newer snapshot of the same step, progress or
    result of the same query replaces an older one that waits. Other snapshots are kept, as the run
    keeps some of them: see `WAITING`.

    Parameters
    ----------
    wake
        Called, in the posting thread, when an event comes into an empty mailbox; never once an
        event. It must only pass the word on to the reader's thread.
    """

    def __init__(self, wake: Callable[[], object] = lambda: None) -> None:
        self._lock = threading.Lock()
        self._events: list[Message] = []
        self._wake = wake

    def post(self, event: Message) -> None:
        """Leave an event. Any thread may call it."""
        with self._lock:
            first = not self._events
            self._merge(event)
        if first:
            self._wake()

    def take(self) -> list[Message]:
        """All events that wait, oldest first; the mailbox is empty afterwards."""
        with self._lock:
            events, self._events = self._events, []
            return events

    def _merge(self, event: Message) -> None:
        last = self._events[-1] if self._events else None
        match event, last:
            case StepsDone(), StepsDone() if event.first == last.last + 1:
                self._events[-1] = _joined(last, event)
                return
            case Status(), Status():
                self._events[-1] = event
                return
            case ((Snapshot() | Progress() | Result()), _):
                self._events = [old for old in self._events if not _replaces(event, old)]
        self._events.append(event)
        if isinstance(event, Snapshot):
            self._drop_snapshots()

    def _drop_snapshots(self) -> None:
        """Forget the oldest snapshots if too many wait."""
        waiting = [event for event in self._events if isinstance(event, Snapshot)]
        for old in waiting[:-WAITING]:
            self._events.remove(old)


def _replaces(new: Message, old: Message) -> bool:
    """Whether ``old`` need not be read once ``new`` is there."""
    if isinstance(new, Result) and isinstance(old, Result):
        return bool(new.query == old.query)
    if isinstance(new, Snapshot) and isinstance(old, Snapshot):
        return new.step == old.step
    return type(new) is type(old)


def _joined(a: StepsDone, b: StepsDone) -> StepsDone:
    return StepsDone(
        first=a.first,
        epoch=b.epoch,
        total=np.concatenate([a.total, b.total]),
        reconstruction=np.concatenate([a.reconstruction, b.reconstruction]),
        kl=np.concatenate([a.kl, b.kl]),
        examples_per_s=b.examples_per_s,
    )
