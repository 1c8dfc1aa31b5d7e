"""A rehearsal: some steps on data that are looked at, beside the present model."""

from __future__ import annotations

from dataclasses import dataclass

import psutil

from vaegui.errors import Cancelled, VaeguiError
from vaegui.progress import reported
from vaegui.session.jobs.job import Job
from vaegui.session.session import Session
from vaegui.training.record.events import Rehearsed
from vaegui.training.record.job_kind import JobKind
from vaegui.training.settings.settings import Settings

__all__ = ["Rehearse"]


@dataclass(frozen=True)
class Rehearse(Job):
    """Train a model of these settings for some steps, and forget it; training rests meanwhile."""

    kind = JobKind.REHEARSING
    state = "rehearsing"
    of_run = False
    settings: Settings

    def run(self, session: Session) -> None:
        """Tell how it went, also if such a model cannot be trained: that is what was asked."""
        from vaegui.training.trainer.rehearsal import rehearse
        from vaegui.training.trainer.trainer import Trainer

        before = int(psutil.Process().memory_info().rss)
        try:
            session.progress("Loading the data", 0, None)
            trainer = Trainer.create(self.settings, session.progress)
            session.check()
            rehearsed = reported(rehearse(trainer, before), session.progress)
        except Cancelled:
            raise
        except VaeguiError as error:
            rehearsed = Rehearsed(self.settings, why_not=str(error))
        session.post(rehearsed)
