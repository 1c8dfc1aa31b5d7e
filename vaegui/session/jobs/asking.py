"""What is asked of the present model: questions, experiments, and the estimate of log p(x)."""

from __future__ import annotations

from dataclasses import dataclass

from vaegui.queries.experiments import Experiment
from vaegui.queries.questions import Question
from vaegui.session.jobs.job import Job
from vaegui.session.session import Session
from vaegui.training.record.job_kind import JobKind

__all__ = ["Answer", "EndExperiment", "Estimate", "GoOnTrying", "Try", "Withdraw"]


@dataclass(frozen=True)
class Answer(Job):
    """Answer a question, now and with each snapshot; it replaces the one of its class."""

    kind = JobKind.ANSWERING
    question: Question
    generation: int

    def run(self, session: Session) -> None:
        """Answer it; the next chunks of steps are short, as another may follow at once."""
        session.curiosity.stand(self.question, self.generation)
        if session.has_model:
            if session.state == "training":
                session.trainer.engine.hurry()
            session.curiosity.answer(session.trainer, self.question, self.generation)


@dataclass(frozen=True)
class Withdraw(Job):
    """Take back the question of a class: nobody looks at its answers."""

    kind = JobKind.ANSWERING
    question: type[Question]

    def run(self, session: Session) -> None:
        """Drop it."""
        session.curiosity.withdraw(self.question)


@dataclass(frozen=True)
class Try(Job):
    """Begin an experiment; it replaces the one of its class. Training goes on meanwhile."""

    kind = JobKind.EXPERIMENT
    experiment: Experiment
    generation: int

    def run(self, session: Session) -> None:
        """Begin it; its pieces follow in turn with the steps."""
        session.curiosity.experiment(session.trainer, self.experiment, self.generation)


@dataclass(frozen=True)
class GoOnTrying(Job):
    """Do the next piece of an experiment that is under way."""

    kind = JobKind.EXPERIMENT

    def title(self, session: Session) -> str:
        """The experiment's own name."""
        laboratory = session.curiosity.laboratory
        return self.kind.value if laboratory is None else laboratory.title

    def run(self, session: Session) -> None:
        """Do it; in smaller pieces while a model trains."""
        if session.curiosity.laboratory is not None:
            session.curiosity.laboratory.advance(session.advancing)


@dataclass(frozen=True)
class EndExperiment(Job):
    """End the experiment of a class, if one is under way."""

    kind = JobKind.EXPERIMENT
    experiment: type[Experiment]

    def run(self, session: Session) -> None:
        """End it; what has come of it stays."""
        session.curiosity.end_experiment(self.experiment)


@dataclass(frozen=True)
class Estimate(Job):
    """Estimate log p(x) with so many draws of z for each example; training rests meanwhile."""

    kind = JobKind.ESTIMATING
    state = "estimating"
    samples: int

    def run(self, session: Session) -> None:
        """Estimate it in pieces, between which it can be given up."""
        estimating = session.trainer.evidence(self.samples)
        while True:
            try:
                progress = next(estimating)
            except StopIteration as done:
                session.post(done.value)
                return
            session.progress(progress.what, progress.done, progress.total)
