"""Making a new model ready to train, when it is asked for or ahead of that."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vaegui.errors import VaeguiError
from vaegui.session.job_queue import Queued
from vaegui.session.jobs.job import Job
from vaegui.session.session import Session
from vaegui.training.record.events import Expected, Notice
from vaegui.training.record.job_kind import JobKind
from vaegui.training.settings.settings import Settings
from vaegui.training.settings.size import free_memory, size_of

if TYPE_CHECKING:
    from vaegui.training.trainer.trainer import Trainer

__all__ = ["Expect", "Preparing", "adopt", "prepare"]


@dataclass(frozen=True)
class Expect(Job):
    """Prepare to train with these settings, if there is no model yet and nothing to fetch.

    Compiling takes a second or two; done while the user still looks around, it is not missed. It
    is given up as soon as another model is asked for: between loading, building and compiling.
    """

    kind = JobKind.PREPARING_AHEAD
    of_run = False
    settings: Settings

    def replaces(self, other: Queued) -> bool:
        """Another model is expected now."""
        return isinstance(other, Expect) and not self.settings.same_model(other.settings)

    def run(self, session: Session) -> None:
        """Prepare wholly, or up to the first step if somebody waits for it."""
        if session.has_model or not self._worthwhile():
            return
        if session.ahead is not None and session.ahead.settings.same_model(self.settings):
            return
        session.ahead = None
        # What is wrong with the settings is told when training is asked for.
        with contextlib.suppress(VaeguiError):
            # Who presses Train meanwhile sees how far it is.
            trainer = _compiled(session, self.settings)
            session.check()
            session.ahead = trainer
            if not session.someone_waits:
                trainer.prepare(wholly=True)

    def _worthwhile(self) -> bool:
        """Whether it takes neither a download nor more memory than there is."""
        size = size_of(self.settings)
        return self.settings.data.local and size is not None and size.bytes <= free_memory()


@dataclass(frozen=True)
class Preparing(Job):
    """A job that may have to make a new model first."""

    state = "preparing"
    of_run = False
    settings: Settings

    def replaces(self, other: Queued) -> bool:
        """What is prepared ahead for another model only holds this up."""
        return isinstance(other, Expect) and not self.settings.same_model(other.settings)


def prepare(session: Session, settings: Settings) -> None:
    """Put a new model in place: the one prepared ahead, if it is such a one.

    Raises
    ------
    Cancelled
        If the present job is given up, at the latest when everything is ready.
    VaeguiError
        If data or settings do not allow it. The model before stays in both cases.
    """
    trainer, session.ahead = session.ahead, None
    if trainer is not None and trainer.settings.same_model(settings):
        trainer.adopt(settings)
    else:
        session.progress("Loading the data", 0, None)
        trainer = _compiled(session, settings)
    session.take(trainer, trainer.begun())


def adopt(session: Session, settings: Settings) -> None:
    """Take settings into the present run. One without its data may begin anew on others.

    Raises
    ------
    Cancelled
        If the present job is given up.
    VaeguiError
        If the settings are those of another model, or the data cannot be had. The run stays.
    """
    trainer = session.trainer
    if not trainer.examples.missing or trainer.settings.same_model(settings):
        session.post_for_run(trainer.adopt(settings))
        return
    session.progress("Loading the data", 0, None)
    given = trainer.with_data(settings, session.progress)
    begun = given.begun(session.path)
    session.take(given, replace(begun, imported=session.imported))
    session.show()
    session.post_for_run(Notice(f"The model has data now: {begun.data.name}."))


def _compiled(session: Session, settings: Settings) -> Trainer:
    """Load the data, build a model and compile its steps; it may be given up before each."""
    from vaegui.training.trainer.trainer import Trainer

    def progress(what: str, done: int, total: int | None) -> None:
        session.progress(what, done, total)

    trainer = Trainer.create(settings, progress)
    session.check()
    session.post(Expected(trainer.begun()))
    session.progress("Compiling the model", 0, None)
    trainer.prepare()
    return trainer
