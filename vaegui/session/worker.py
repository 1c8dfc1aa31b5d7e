"""What the window can ask of the thread that owns everything TensorFlow. No Qt in here."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vaegui.files.autosave import Autosave
from vaegui.files.recovery import LeftRun
from vaegui.queries.base import Query
from vaegui.session.job_queue import JobQueue
from vaegui.session.job_thread import JobThread
from vaegui.session.jobs.asking import Estimate, Want
from vaegui.session.jobs.files import Open, Recover, Save
from vaegui.session.jobs.foreign import ExportWeights, ImportModel, ImportWeights
from vaegui.session.jobs.job import Job
from vaegui.session.jobs.preparing import Expect
from vaegui.session.jobs.rehearsing import Rehearse
from vaegui.session.jobs.running import (
    ChangeSettings,
    GiveData,
    Pause,
    Reset,
    Resume,
    Step,
    Stop,
    Train,
)
from vaegui.session.mailbox import Mailbox
from vaegui.session.rescue import Rescue
from vaegui.session.session import Session
from vaegui.training.settings.settings import Settings

if TYPE_CHECKING:
    from vaegui.files.foreign.halves.finding import Foreign
    from vaegui.files.foreign.roles.proposal import Reading

__all__ = ["Worker"]


class Worker:
    """Loads TensorFlow, trains, answers queries, opens and saves, one after another.

    All methods may be called from any thread and return at once: each puts a job into the queue,
    where the job's class says what it does. What comes of it is posted to the mailbox. Between two
    chunks of steps (some 25 ms) waiting jobs are done.

    Parameters
    ----------
    mailbox
        Where events are left.
    autosave
        What keeps the run that is going on; without it nothing does.

    Attributes
    ----------
    session
        What the thread works on. It belongs to that thread; others may look when it rests.
    """

    def __init__(self, mailbox: Mailbox, autosave: Autosave | None = None) -> None:
        self._mailbox = mailbox
        self._queue: JobQueue[Job] = JobQueue(mailbox.post)
        self._wants_snapshot = threading.Event()
        self._wants_snapshot.set()
        self.session = Session(self._queue, mailbox, autosave or Autosave(), self._wants_snapshot)
        self._thread = JobThread(self._queue, self.session)
        self._rescues: list[Rescue] = []

    def start(self) -> None:
        """Start the thread; it loads matplotlib, then TensorFlow, and ends if it cannot."""
        self._thread.start()

    def train(self, settings: Settings, anew: bool) -> None:
        """Train a new model, or go on with the one there is."""
        self._queue.put(Train(settings, anew))

    def expect(self, settings: Settings) -> None:
        """Prepare to train with these settings, if there is no model yet."""
        self._queue.put(Expect(settings))

    def pause(self) -> None:
        """Rest between two chunks of steps."""
        self._queue.put(Pause())

    def resume(self) -> None:
        """Go on after a pause."""
        self._queue.put(Resume())

    def change(self, settings: Settings) -> None:
        """Take settings that may change within a run, from the next step on."""
        self._queue.put(ChangeSettings(settings))

    def give_data(self, settings: Settings) -> None:
        """Let the present model, whose data are not here, have those that the settings name."""
        self._queue.put(GiveData(settings))

    def step(self, settings: Settings) -> None:
        """Do one update, on a new model if there is none, and rest."""
        self._queue.put(Step(settings))

    def stop(self) -> None:
        """Cancel what is being prepared, or else end training; the model stays."""
        if not self._queue.cancel():
            self._queue.put(Stop())

    def reset(self, settings: Settings) -> None:
        """Put a new, untrained model in place."""
        self._queue.cancel()
        self._queue.put(Reset(settings))

    def want(self, queries: Sequence[Query[Any]]) -> None:
        """Answer these queries about the present model from now on, and no others."""
        self._queue.put(Want(tuple(queries)))

    def estimate(self, samples: int) -> None:
        """Estimate log p(x) with so many draws of z for each example; training rests meanwhile."""
        self._queue.put(Estimate(samples))

    def rehearse(self, settings: Settings) -> None:
        """Do some steps with a model of these settings beside the present one, which stays."""
        self._queue.put(Rehearse(settings))

    def painted(self) -> None:
        """Say that the last snapshot is on screen: another may be made."""
        self._wants_snapshot.set()

    def save(self, path: str | Path) -> None:
        """Write the model as it is to a file."""
        self._queue.put(Save(Path(path)))

    def open(self, path: str | Path, data: str = "") -> None:
        """Read a model from a file; training ends if that succeeds.

        ``data`` says where its data are: a file or folder that the user named.
        """
        self._queue.put(Open(Path(path), data))

    def import_model(self, foreign: Foreign, reading: Reading) -> None:
        """Rebuild a model that was made elsewhere; training ends if that succeeds."""
        self._queue.put(ImportModel(foreign, reading))

    def import_weights(self, path: str | Path) -> None:
        """Put the weights of a file into the present model."""
        self._queue.put(ImportWeights(Path(path)))

    def export_weights(self, path: str | Path) -> None:
        """Write the weights of the present model as they are to a safetensors file."""
        self._queue.put(ExportWeights(Path(path)))

    def recover(self, left: LeftRun) -> None:
        """Go on with a run that was left behind; it is this program's from then on."""
        self._queue.put(Recover(left))

    def rescue(self, path: str | Path) -> None:
        """Write the model as it was last copied, in a thread of its own."""
        rescue = Rescue(Path(path), self.session, self._mailbox)
        self._rescues.append(rescue)
        rescue.start()

    def silence(self) -> float:
        """Seconds since the thread last gave a sign of life; 0 while it has nothing to do."""
        return self._queue.silence()

    def cancel(self) -> None:
        """Give up preparing, opening, saving and estimating, now and for all that waits."""
        self._queue.cancel()

    def close(self, timeout: float = 0.0) -> bool:
        """End the thread once it has stored what it was asked to, and wait for that (seconds).

        Everything else is given up, in the midst of it where that is possible: TensorFlow can be
        interrupted neither while it loads nor while it compiles.

        Returns
        -------
        bool
            Whether it has ended. Later calls only wait.
        """
        self._queue.close()
        if self._thread.is_alive():
            self._thread.join(timeout)
        return not self._thread.is_alive()

    @property
    def storing(self) -> bool:
        """Whether something is being stored that the user asked for."""
        rescuing = any(rescue.is_alive() for rescue in self._rescues)
        return rescuing or self._queue.storing
