"""What is asked of the present model: queries, and the estimate of log p(x)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vaegui.progress import reported
from vaegui.queries.base import Query
from vaegui.session.jobs.job import Job
from vaegui.session.session import Session
from vaegui.training.record.job_kind import JobKind

__all__ = ["Estimate", "GoOnAnswering", "Want"]


@dataclass(frozen=True)
class Want(Job):
    """Answer these queries from now on, and no others: quick ones at once."""

    kind = JobKind.ANSWERING
    queries: tuple[Query[Any], ...]

    def run(self, session: Session) -> None:
        """Answer those that are new; the next chunks of steps are short, as more may follow."""
        if session.advancing:
            session.trainer.model.engine.hurry()
        session.broker.want(self.queries)


@dataclass(frozen=True)
class GoOnAnswering(Job):
    """Do the next piece of a query that takes long."""

    kind = JobKind.EXPERIMENT

    def title(self, session: Session) -> str:
        """The query's own name."""
        return f"the experiment '{session.broker.title}'"

    def run(self, session: Session) -> None:
        """Do it; if a model trains meanwhile, the time counts."""
        session.broker.advance(training=session.advancing)


@dataclass(frozen=True)
class Estimate(Job):
    """Estimate log p(x) with so many draws of z for each example; training rests meanwhile."""

    kind = JobKind.ESTIMATING
    state = "estimating"
    samples: int

    def run(self, session: Session) -> None:
        """Estimate it in pieces, between which it can be given up."""
        estimating = session.trainer.evidence(self.samples)
        session.post_for_run(reported(estimating, session.progress))
