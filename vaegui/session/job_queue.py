"""The jobs that wait for the worker's thread, and what the window is told that it does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic
from typing import ClassVar, Generic, TypeVar

from vaegui.errors import Cancelled
from vaegui.training.record.events import Event, Failed, Status
from vaegui.training.record.job_kind import JobKind
from vaegui.training.record.state import AT_WORK, State

__all__ = ["JobQueue", "Queued"]


class Queued:
    """What the queue knows of a job.

    Attributes
    ----------
    kind
        What it is.
    state
        What the window shows from the moment at which the job is asked for until it is done, or
        None for a job that nobody waits for. Those with a state can be cancelled.
    stores
        Whether it writes something that the user asked for: closing waits for it.
    once
        Whether asking for an equal job while one waits or runs asks for nothing.
    """

    kind: ClassVar[JobKind]
    state: ClassVar[State | None] = None
    stores: ClassVar[bool] = False
    once: ClassVar[bool] = False

    def replaces(self, other: Queued) -> bool:
        """Whether another job, asked for earlier, is of no use any more once this is asked for."""
        return False


J = TypeVar("J", bound=Queued)


class JobQueue(Generic[J]):
    """First in, first out, between any threads that ask and the one thread that does.

    The state that is posted is that of the first job which somebody waits for, or else the state
    at rest. So pressing a button shows at once, also while the thread is busy with something else,
    and so does cancelling: a job that is given up while it runs counts no more, whenever it ends.

    Parameters
    ----------
    post
        Takes events; from any thread.
    """

    def __init__(self, post: Callable[[Event], object]) -> None:
        self._post = post
        self._changed = threading.Condition()
        self._waiting: list[J] = []
        self._running: J | None = None
        self._given_up = self._closing = False
        self._rest: State = "loading"
        self._last_sign = monotonic()

    # --- for any thread ----------------------------------------------------------------------

    def put(self, job: J) -> None:
        """Ask for a job. Returns at once."""
        with self._changed:
            if self._closing or (job.once and job in self._asked()):
                return
            self._give_up(job.replaces)
            self._waiting.append(job)
            self._changed.notify()
            self._tell(job)

    def cancel(self) -> bool:
        """Give up, now, everything that somebody waits for; whether there was anything."""
        with self._changed:
            awaited = [job for job in self._asked() if job.state is not None]
            self._give_up(lambda job: job.state is not None)
            for job in awaited:
                message = f"{job.kind.value.capitalize()} was cancelled."
                self._post(Failed(message, "", cancelled=True, kind=job.kind))
            if awaited:
                self._post(Status(self._state()))
            return bool(awaited)

    def close(self) -> None:
        """Give up everything but what stores something, and take no more jobs."""
        with self._changed:
            self._closing = True
            self._give_up(lambda job: not job.stores)
            self._changed.notify()

    def silence(self) -> float:
        """Seconds since the last sign of life; 0 while nothing is to be done."""
        with self._changed:
            busy = self._state() in AT_WORK
            return monotonic() - self._last_sign if busy else 0.0

    @property
    def storing(self) -> bool:
        """Whether a job that stores something waits or runs."""
        with self._changed:
            return any(job.stores for job in self._asked())

    # --- for the thread that does the jobs ---------------------------------------------------

    def next(self, timeout: float | None) -> J | None:
        """Begin the next job, waiting for one at most so long (seconds).

        None if none came, or if the queue is closed and nothing has to be stored any more.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing, timeout)
            self._running = self._waiting.pop(0) if self._waiting else None
            self._given_up = False
            self._last_sign = monotonic()
            return self._running

    def end(self) -> None:
        """End the job that was begun last."""
        with self._changed:
            job, self._running = self._running, None
            self._last_sign = monotonic()
            if job is not None:
                self._tell(job)

    def check(self) -> None:
        """Raise `Cancelled` if the present job was given up, or the program is to end."""
        with self._changed:
            self._last_sign = monotonic()
            job = self._running
            if self._given_up or (self._closing and not (job is not None and job.stores)):
                raise Cancelled

    def set_state_between_jobs(self, state: State) -> None:
        """Say what the thread does when no job is asked for."""
        with self._changed:
            self._rest = state
            self._post(Status(self._state()))

    @property
    def given_up(self) -> bool:
        """Whether the job that was begun last was given up; who did it was told so at once."""
        with self._changed:
            return self._given_up

    @property
    def someone_waits(self) -> bool:
        """Whether a job waits that somebody waits for."""
        with self._changed:
            return any(job.state is not None for job in self._waiting)

    @property
    def closing(self) -> bool:
        """Whether it was closed."""
        with self._changed:
            return self._closing

    # --- with the lock held ------------------------------------------------------------------

    def _asked(self) -> list[J]:
        """The job that runs, unless it was given up, and those that wait."""
        running = [] if self._running is None or self._given_up else [self._running]
        return [*running, *self._waiting]

    def _give_up(self, useless: Callable[[J], bool]) -> None:
        self._waiting = [job for job in self._waiting if not useless(job)]
        if self._running is not None and useless(self._running):
            self._given_up = True

    def _state(self) -> State:
        if self._rest in ("loading", "closed"):
            return self._rest
        return next((job.state for job in self._asked() if job.state is not None), self._rest)

    def _tell(self, job: J) -> None:
        if job.state is not None:
            self._post(Status(self._state()))
