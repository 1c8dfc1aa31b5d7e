"""Saving, opening and recovering this program's own model files."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from vaegui.files.recovery import LeftRun
from vaegui.session.job_queue import Queued
from vaegui.session.jobs.job import Job
from vaegui.session.jobs.preparing import Expect
from vaegui.session.session import Session
from vaegui.training.record.events import Saved
from vaegui.training.record.job_kind import JobKind

if TYPE_CHECKING:
    from vaegui.training.trainer.trainer import Trainer

__all__ = ["AutosaveRun", "Open", "Opening", "Recover", "Save"]

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Save(Job):
    """Write the model as it is to a file."""

    kind = JobKind.SAVING
    state = "saving"
    stores = True
    path: Path

    def run(self, session: Session) -> None:
        """Write it; what was kept of the run is of no use any more then."""
        from vaegui.files.model import model_file

        trainer = session.trainer
        model_file.save(self.path, trainer, session.progress)
        session.path = str(self.path)
        session.autosave.forget(trainer.step)
        _LOG.info("Saved step %d as %s", trainer.step, self.path)
        session.post_for_run(Saved(str(self.path), trainer.step))


@dataclass(frozen=True)
class AutosaveRun(Job):
    """Keep the run in the user's data folder, in case the program ends unexpectedly."""

    kind = JobKind.AUTOSAVING

    def run(self, session: Session) -> None:
        """Keep it as it is now; whether or not that works, it trains on."""
        session.keep_due = False
        session.autosave.keep(session.trainer, session.path)

    def is_failure_told(self, session: Session, error: Exception) -> bool:
        """See `Job.is_failure_told`; once is enough for the same failure."""
        return session.autosave.is_new_failure(error)


class Opening(Job):
    """A job that brings a model from elsewhere; training ends if that succeeds."""

    state = "opening"
    of_run = False

    def replaces(self, other: Queued) -> bool:
        """Nothing need be prepared ahead any more."""
        return isinstance(other, Expect)


@dataclass(frozen=True)
class Open(Opening):
    """Read a model from a file."""

    kind = JobKind.OPENING
    path: Path
    data: str = ""
    """Where its data are: a file or folder that the user named."""

    def run(self, session: Session) -> None:
        """Read it, bring its data, and show it."""
        trainer = _opened(session, self.path, self.data)
        session.take(trainer, trainer.begun(str(self.path)))
        session.show()


@dataclass(frozen=True)
class Recover(Opening):
    """Go on with a run that was left behind; it is this program's from then on."""

    kind = JobKind.RECOVERING
    left: LeftRun

    def run(self, session: Session) -> None:
        """Read it, show it, and keep it as this program's."""
        trainer = _opened(session, self.left.model)
        begun = replace(trainer.begun(self.left.about.origin), recovered=True)
        session.take(trainer, begun)
        session.autosave.adopt(self.left)
        session.show()


def _opened(session: Session, path: Path, data: str = "") -> Trainer:
    """The trainer in a file, with its data; without them, if they cannot be had."""
    from vaegui.files.model import model_file

    trainer = model_file.open_model(path, session.progress)
    if data:
        from vaegui.training.trainer.own_file import with_file

        trainer = with_file(trainer, Path(data), session.progress)
    trainer.examples.look_for(session.progress)
    return trainer
