"""Where the worker leaves events and the window takes them: at its own pace, merged."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from vaegui.queries.base import Result
from vaegui.training.record.events import (
    Event,
    Progress,
    Snapshot,
    Status,
)
from vaegui.training.record.losses import StepsDone
from vaegui.training.record.run_id import RunId

__all__ = ["Content", "Mailbox", "Message"]

Content = Event | Result[Any]
"""What the worker tells: what happened, and what has come of a query."""

WAITING = 10
"""Snapshots that wait at most. They are made at the pace of a window that reads them: only while it
hangs are there more, and it then lacks the oldest of them."""


@dataclass(frozen=True, eq=False, slots=True)
class Message:
    """What the worker tells, and of which run; ``run`` is None for what concerns no run."""

    content: Content
    run: RunId | None = None


class Mailbox:
    """Messages in order, merged while they wait, so that a slow reader never falls behind.

    Step records that follow each other become one. A newer snapshot of the same step, progress or
    result of the same query replaces an older one that waits. Other snapshots are kept, as the run
    keeps some of them: see `WAITING`. Messages of different runs are never merged.

    Parameters
    ----------
    wake
        Called, in the posting thread, when a message comes into an empty mailbox; never once a
        message. It must only pass the word on to the reader's thread.
    """

    def __init__(self, wake: Callable[[], object] = lambda: None) -> None:
        self._lock = threading.Lock()
        self._messages: list[Message] = []
        self._wake = wake

    def post(self, content: Content, run: RunId | None = None) -> None:
        """Leave a message, about a run or about none. Any thread may call it."""
        with self._lock:
            first = not self._messages
            self._merge(Message(content, run))
        if first:
            self._wake()

    def take(self) -> list[Message]:
        """All messages that wait, oldest first; the mailbox is empty afterwards."""
        with self._lock:
            messages, self._messages = self._messages, []
            return messages

    def _merge(self, new: Message) -> None:
        last = self._messages[-1] if self._messages else None
        if last is not None and last.run == new.run:
            joined = _joined(last.content, new.content)
            if joined is not None:
                self._messages[-1] = Message(joined, new.run)
                return
        if isinstance(new.content, Snapshot | Progress | Result):
            self._messages = [old for old in self._messages if not _replaces(new, old)]
        self._messages.append(new)
        if isinstance(new.content, Snapshot):
            self._drop_snapshots(new.run)

    def _drop_snapshots(self, run: RunId | None) -> None:
        """Forget the oldest snapshots of a run if too many wait."""
        of_run = [message for message in self._messages if message.run == run]
        waiting = [message for message in of_run if isinstance(message.content, Snapshot)]
        for old in waiting[:-WAITING]:
            self._messages.remove(old)


def _replaces(new: Message, old: Message) -> bool:
    """Whether ``old`` need not be read once ``new`` is there."""
    if new.run != old.run:
        return False
    if isinstance(new.content, Result) and isinstance(old.content, Result):
        return bool(new.content.query == old.content.query)
    if isinstance(new.content, Snapshot) and isinstance(old.content, Snapshot):
        return new.content.step == old.content.step
    return type(new.content) is type(old.content)


def _joined(last: Content, new: Content) -> Content | None:
    """Return what says as much as both, one after the other; None if nothing does."""
    match last, new:
        case StepsDone(), StepsDone() if new.first == last.last + 1:
            return _joined_steps(last, new)
        case Status(), Status():
            return new
    return None


def _joined_steps(a: StepsDone, b: StepsDone) -> StepsDone:
    return StepsDone(
        first=a.first,
        epoch=b.epoch,
        total=np.concatenate([a.total, b.total]),
        reconstruction=np.concatenate([a.reconstruction, b.reconstruction]),
        kl=np.concatenate([a.kl, b.kl]),
        examples_per_s=b.examples_per_s,
    )
