"""The one thread that owns everything TensorFlow: it does one job after another."""

from __future__ import annotations

import logging
import threading
import traceback

from vaegui.errors import Cancelled, DivergedError, VaeguiError
from vaegui.session.job_queue import JobQueue
from vaegui.session.jobs.asking import GoOnAnswering
from vaegui.session.jobs.files import AutosaveRun
from vaegui.session.jobs.job import Job
from vaegui.session.jobs.loading import Load
from vaegui.session.jobs.running import Advance
from vaegui.session.preloading import lower_priority
from vaegui.session.session import Session
from vaegui.training.record.events import Failed
from vaegui.training.record.job_kind import JobKind

__all__ = ["JobThread", "failed"]

_LOG = logging.getLogger(__name__)

REST = 2.0
"""Seconds without anything to do after which steps that are not kept yet are autosaved."""


class JobThread(threading.Thread):
    """Loads TensorFlow, then does what the queue has, and trains while it has nothing.

    Parameters
    ----------
    queue
        Where the jobs come from. The thread ends when it is closed, or if loading fails.
    session
        What the jobs work on; nobody else touches it.
    """

    def __init__(self, queue: JobQueue[Job], session: Session) -> None:
        super().__init__(name="vaegui-worker", daemon=True)
        self._queue, self._session = queue, session

    def run(self) -> None:
        """Live until the queue is closed."""
        lower_priority()
        self._attempt(Load())
        if self._session.state == "loading":
            self._queue.close()
        while True:
            job = self._queue.next(self._patience())
            if job is not None:
                self._attempt(job)
            elif self._queue.closing:
                break
            elif (own := self._own_job()) is not None:
                self._attempt(own)
        self._session.end_steps()
        self._session.autosave.close()
        self._session.set_state_between_jobs("closed")

    def _patience(self) -> float | None:
        """Seconds to wait for a job before something else is done."""
        if self._session.advancing or self._session.broker.active:
            return 0.0
        return REST if self._session.has_unkept_steps else None

    def _own_job(self) -> Job | None:
        """What is done when nothing was asked for; long queries take turns with the steps."""
        session = self._session
        if session.broker.due if session.advancing else session.broker.active:
            return GoOnAnswering()
        if session.has_unkept_steps and (session.keep_due or not session.advancing):
            return AutosaveRun()
        return Advance() if session.advancing else None

    def _attempt(self, job: Job) -> None:
        """The job boundary: whatever goes wrong is told, and the thread lives on."""
        title = job.title(self._session)
        try:
            job.run(self._session)
        except Exception as error:  # noqa: BLE001 - one of the two places where any is caught
            self._tell(job, title, error)
        finally:
            self._queue.end()

    def _tell(self, job: Job, title: str, error: Exception) -> None:
        session = self._session
        if self._queue.given_up:
            _LOG.info("%s ended after it had been given up", job.kind.value, exc_info=error)
            return
        if isinstance(error, DivergedError):
            session.show()
        if job.ends_training:
            session.end_steps()
        if job.is_failure_told(session, error):
            post = session.post_for_run if job.of_run else session.post
            post(failed(error, job.kind, title))
        if job.ends_training:
            session.set_state_between_jobs("idle")


def failed(error: Exception, kind: JobKind, title: str = "") -> Failed:
    """What is told of an error that came up in doing something, and noted in the log."""
    title = title or kind.value
    if isinstance(error, Cancelled):
        _LOG.info("%s was cancelled", title)
    else:
        _LOG.error("%s did not work", title, exc_info=error)
    if isinstance(error, VaeguiError):
        cancelled, fix = isinstance(error, Cancelled), getattr(error, "fix", None)
        return Failed(error.message, error.remedy, "", cancelled, title, fix, kind)
    message = f"{type(error).__name__}: {error}"
    remedy = "The program goes on. Copy the details if you want to report it."
    return Failed(
        message, remedy, "".join(traceback.format_exception(error)), False, title, None, kind
    )
