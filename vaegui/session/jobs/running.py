"""Starting, pausing, changing and ending a training."""

from __future__ import annotations

from dataclasses import dataclass

from vaegui.session.jobs.job import Job
from vaegui.session.jobs.preparing import Preparing, adopt, prepare
from vaegui.session.session import Session
from vaegui.training.record.events import Finished
from vaegui.training.record.job_kind import JobKind
from vaegui.training.record.state import UNDER_WAY
from vaegui.training.settings.settings import Settings

__all__ = [
    "Advance",
    "ChangeSettings",
    "GiveData",
    "Pause",
    "Reset",
    "Resume",
    "Step",
    "Stop",
    "Train",
]


@dataclass(frozen=True)
class Train(Preparing):
    """Train a new model, or go on with the one there is (for more epochs, if it was done).

    A model that cannot be prepared leaves everything as it is: the one before trains on.

    The same again, while it waits or is being prepared, asks for nothing: a double click must not
    begin a second model.
    """

    kind = JobKind.TRAINING
    once = True
    anew: bool

    def run(self, session: Session) -> None:
        """Prepare the model, or take the settings into the present run, and begin."""
        if self.anew or not session.has_model:
            prepare(session, self.settings)
        else:
            self._go_on(session)
        session.begin_steps()

    def _go_on(self, session: Session) -> None:
        trainer, settings = session.trainer, self.settings
        if trainer.examples.missing:
            adopt(session, settings)
            return
        done = trainer.step // trainer.state.batches.steps
        if done >= settings.training.epochs:
            settings = settings.with_values({"training.epochs": done + settings.training.epochs})
        adopt(session, settings)


@dataclass(frozen=True)
class Step(Preparing):
    """Do one update, on a new model if there is none, and rest."""

    kind = JobKind.TRAINING

    def run(self, session: Session) -> None:
        """Prepare a model if there is none, and begin a run of one step."""
        if not session.has_model:
            prepare(session, self.settings)
        elif session.trainer.examples.missing:
            adopt(session, self.settings)
        session.begin_steps(max_steps=1)


@dataclass(frozen=True)
class GiveData(Preparing):
    """Let the present model, whose data are not here, have those that settings name."""

    kind = JobKind.GIVING_DATA
    of_run = True

    def run(self, session: Session) -> None:
        """Begin a run of the same weights on them."""
        adopt(session, self.settings)


@dataclass(frozen=True)
class Reset(Preparing):
    """Put a new, untrained model in place."""

    kind = JobKind.BUILDING

    def run(self, session: Session) -> None:
        """Prepare it and show it."""
        prepare(session, self.settings)
        session.show()


@dataclass(frozen=True)
class Advance(Job):
    """Train up to the next event of the run: one chunk of steps."""

    kind = JobKind.TRAINING
    ends_training = True

    def run(self, session: Session) -> None:
        """Take the next event."""
        session.advance()


@dataclass(frozen=True)
class Pause(Job):
    """Rest between two chunks of steps; the model stays as it is."""

    kind = JobKind.PAUSING

    def run(self, session: Session) -> None:
        """Show the model as it is, and rest."""
        if session.state == "training":
            session.show()
            session.set_state_between_jobs("paused")


@dataclass(frozen=True)
class Resume(Job):
    """Go on after a pause."""

    kind = JobKind.TRAINING

    def run(self, session: Session) -> None:
        """Begin the steps again, to the end this time."""
        if session.state == "paused":
            session.begin_steps()


@dataclass(frozen=True)
class Stop(Job):
    """End training; the model stays."""

    kind = JobKind.STOPPING

    def run(self, session: Session) -> None:
        """End the steps, and show where the model stands."""
        if session.state in UNDER_WAY:
            session.end_steps()
            session.show()
            session.post_for_run(Finished("stopped", session.trainer.step))
            session.set_state_between_jobs("idle")


@dataclass(frozen=True)
class ChangeSettings(Job):
    """Take settings that may change within a run, from the next step on."""

    kind = JobKind.CHANGING
    settings: Settings

    def run(self, session: Session) -> None:
        """Adopt them; a run that went on keeps its number of epochs."""
        trainer, settings = session.trainer, self.settings
        epochs = trainer.settings.training.epochs
        # A run that went on has more epochs to do than Setup, which asks for as many again, says.
        if settings.training.epochs <= trainer.step // trainer.state.batches.steps < epochs:
            settings = settings.with_values({"training.epochs": epochs})
        adopt(session, settings)
