"""The model at work in the worker's thread: its trainer, its steps, and what is asked of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from vaegui.errors import VaeguiError
from vaegui.files.autosave import Autosave
from vaegui.session.broker import QueryBroker
from vaegui.session.job_queue import JobQueue
from vaegui.session.mailbox import Content, Mailbox
from vaegui.training.record.events import (
    Event,
    Finished,
    Notice,
    Prepared,
    Progress,
    Snapshot,
)
from vaegui.training.record.run_id import RunId
from vaegui.training.record.state import State

if TYPE_CHECKING:
    from vaegui.training.trainer.trainer import Trainer

__all__ = ["Session"]


class Session:
    """What the jobs work on. It belongs to the worker's thread, except for what says otherwise.

    Parameters
    ----------
    queue
        Where the jobs come from; it is told the state at rest and asked whether to go on.
    mailbox
        Takes messages.
    autosave
        Keeps the run that is going on.
    wants_snapshot
        Set by whoever painted the last snapshot, so that another may be made; from any thread.

    Attributes
    ----------
    state
        What it does while no job is asked for: "loading", "idle", "training" or "paused".
    broker
        Has queries about the model answered.
    ahead
        A model that was prepared in case it is asked for.
    keep_due
        Whether it is time to keep the run, before it trains on.
    path
        The file that the present model came from or was saved to, or None.
    imported
        What the present model was called where it was made, if that was elsewhere.
    """

    def __init__(
        self,
        queue: JobQueue[Any],
        mailbox: Mailbox,
        autosave: Autosave,
        wants_snapshot: threading.Event,
    ) -> None:
        self._mailbox = mailbox
        self.autosave = autosave
        self.state: State = "loading"
        self.ahead: Trainer | None = None
        self.keep_due = False
        self.path: str | None = None
        self.imported = ""
        self.broker = QueryBroker(self.post_for_run)
        self._queue = queue
        self._wants_snapshot = wants_snapshot
        self._trainer: Trainer | None = None
        self._steps: Generator[Event, None, None] | None = None

    @property
    def has_model(self) -> bool:
        """Whether there is a model."""
        return self._trainer is not None

    @property
    def trainer(self) -> Trainer:
        """The present model's trainer. Raises `VaeguiError` if there is none."""
        if self._trainer is None:
            raise VaeguiError("There is no model yet.", "Train one or open one first.")
        return self._trainer

    @property
    def run(self) -> RunId | None:
        """The present run, or None if there is no model."""
        return None if self._trainer is None else self._trainer.id

    @property
    def advancing(self) -> bool:
        """Whether it trains while no job is asked for."""
        return self._steps is not None and self.state == "training"

    @property
    def has_unkept_steps(self) -> bool:
        """Whether the present model has steps that are neither saved nor kept."""
        return self._trainer is not None and self.autosave.has_unkept(self._trainer.step)

    @property
    def someone_waits(self) -> bool:
        """Whether somebody waits for another job."""
        return self._queue.someone_waits

    def post(self, event: Event) -> None:
        """Post what concerns no run, or one that is not the present one."""
        self._mailbox.post(event)

    def post_for_run(self, content: Content) -> None:
        """Post what concerns the present run."""
        self._mailbox.post(content, self.run)

    def check(self) -> None:
        """Raise `Cancelled` if the present job was given up. Call it between two long pieces."""
        self._queue.check()

    def progress(self, what: str, done: int, total: int | None) -> None:
        """Say how far the present job has come. Raises `Cancelled` if it was given up."""
        self.check()
        self.post(Progress(what, done, total))

    def set_state_between_jobs(self, state: State) -> None:
        """Say what is done from here on while no job is asked for."""
        self.state = state
        self._queue.set_state_between_jobs(state)

    def take(self, trainer: Trainer, begun: Prepared) -> None:
        """Make a trainer the present one; only now is the one before it given up.

        Raises
        ------
        Cancelled
            If the present job was given up; the model before then stays.
        """
        self.check()
        self.end_steps()
        self._trainer, self.path, self.imported = trainer, begun.path, begun.imported
        self.autosave.forget(trainer.step)
        self.broker.serve(trainer)
        self._wants_snapshot.set()
        self.post_for_run(begun)
        if note := trainer.model.placement.note:
            self.post_for_run(Notice(note))
        self.set_state_between_jobs("idle")

    def begin_steps(self, max_steps: int | None = None) -> None:
        """Train from here on, whenever no job is asked for: to the end, or so many steps.

        Raises
        ------
        Cancelled
            If the present job was given up.
        """
        self.check()
        trainer = self.trainer
        self.end_steps()
        wanted = self._wants_snapshot.is_set
        self._steps = trainer.run(max_steps=max_steps, wants_snapshot=wanted)
        self.set_state_between_jobs("training")

    def end_steps(self) -> None:
        """Train no further; the model stays as it is after the last step."""
        if self._steps is not None:
            self._steps.close()
            self._steps = None

    def advance(self) -> None:
        """Train up to the next event of the run."""
        assert self._steps is not None
        started = time.perf_counter()
        event = next(self._steps)
        self.broker.trained(time.perf_counter() - started)
        if isinstance(event, Finished):
            self.end_steps()
            self.show()
            self.post_for_run(event)
            self.set_state_between_jobs("paused" if event.reason == "stepped" else "idle")
            return
        self.post_for_run(event)
        self.keep_due = self.autosave.due()
        if isinstance(event, Snapshot):
            self._wants_snapshot.clear()
            self.broker.refresh(resting=False)

    def show(self) -> None:
        """Post how the model stands now, whether or not the last snapshot was painted."""
        self.post_for_run(self.trainer.snapshot())
        self.broker.refresh(resting=True)
