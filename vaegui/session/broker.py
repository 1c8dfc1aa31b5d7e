"""What is asked of the present model: quick queries with each snapshot, long ones between steps."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vaegui.queries.base import Partial, Query, Repeat, Result, Steps, run_to_end
from vaegui.session.time_account import TimeAccount

if TYPE_CHECKING:
    from vaegui.queries.computing.subject import Subject
    from vaegui.training.trainer.trainer import Trainer

__all__ = ["QueryBroker"]

INTERVAL = 0.1
"""Seconds between two partial results of one query."""
LEAST = 5.0
"""Seconds at least between two beginnings of a query that is repeated now and then."""
RARELY = 25
"""Such a query is repeated only after so many times what it took, so that it costs some per cent
of the training's time altogether."""


@dataclass(slots=True, eq=False)
class _Task:
    """A long query that somebody wants answered, and how it goes."""

    query: Query[Any]
    steps: Steps[Any] | None = None
    step: int = 0
    began: float = 0.0
    took: float = 0.0
    posted: float = 0.0
    total: int = 1

    def begin(self, subject: Subject) -> None:
        """Begin, or begin anew."""
        self.end()
        self.steps = self._run(subject)
        self.began, self.posted = time.monotonic(), 0.0

    def _run(self, subject: Subject) -> Steps[Any]:
        # The model may have trained on until the first piece is done.
        self.step = subject.trainer.step
        return (yield from self.query.run(subject))

    def end(self) -> None:
        """End it, finished or not."""
        if self.steps is not None:
            self.steps.close()
            self.steps = None

    @property
    def is_old(self) -> bool:
        """Whether it is time to repeat it while the model trains."""
        pause = max(LEAST, RARELY * self.took)
        return self.steps is None and time.monotonic() - self.began >= pause


class QueryBroker:
    """Has queries about the model answered. For the thread only that owns TensorFlow.

    Parameters
    ----------
    post
        Takes results.
    """

    def __init__(self, post: Callable[[Result[Any]], object]) -> None:
        self._post = post
        self._subject: Subject | None = None
        self._quick: tuple[Query[Any], ...] = ()
        self._tasks: dict[Query[Any], _Task] = {}
        self._account = TimeAccount()

    def serve(self, trainer: Trainer) -> None:
        """Take another model as the one that is asked; what was asked of the last is forgotten."""
        # TensorFlow comes with it.
        from vaegui.queries.computing.subject import Subject

        self.close()
        self._subject = Subject(trainer)

    def close(self) -> None:
        """Ask nothing any more."""
        for task in self._tasks.values():
            task.end()
        self._quick, self._tasks, self._subject = (), {}, None

    def want(self, queries: Sequence[Query[Any]]) -> None:
        """Answer these queries from now on and no others; those that are new at once.

        Queries that do not fit the model were made for one that has been given up meanwhile.
        """
        subject = self._subject
        if subject is None:
            return
        fitting = [query for query in dict.fromkeys(queries) if query.fits(subject)]
        before = self._quick
        self._quick = tuple(q for q in fitting if q.repeat is Repeat.WITH_SNAPSHOTS)
        for gone in self._tasks.keys() - set(fitting):
            self._tasks.pop(gone).end()
        for query in fitting:
            if query.repeat is not Repeat.WITH_SNAPSHOTS and query not in self._tasks:
                self._tasks[query] = _Task(query)
                self._tasks[query].begin(subject)
        for query in self._quick:
            if query not in before:
                self._answer(subject, query)

    def refresh(self, *, resting: bool) -> None:
        """Answer again what may have another answer: a snapshot of the model was made.

        ``resting`` says that training rests, so that a long query can have the model as it is.
        """
        subject = self._subject
        if subject is None:
            return
        started = time.perf_counter()
        for query in self._quick:
            self._answer(subject, query)
        subject.trainer.state.pace.answered(time.perf_counter() - started)
        for task in self._tasks.values():
            if task.query.repeat is Repeat.NOW_AND_THEN and (resting or task.is_old):
                task.begin(subject)

    @property
    def active(self) -> bool:
        """Whether there is a long query to go on with."""
        return any(task.steps is not None for task in self._tasks.values())

    @property
    def due(self) -> bool:
        """Whether it is the queries' turn while the model trains."""
        return self.active and self._account.due

    @property
    def title(self) -> str:
        """What the query is called whose turn it is."""
        return self._next().query.title

    def trained(self, seconds: float) -> None:
        """Note that the model trained for so long, of which long queries get their share."""
        self._account.trained(seconds)

    def advance(self, *, training: bool) -> None:
        """Do one piece of the long query whose turn it is. An error ends that query.

        ``training`` says whether the model trains meanwhile and the time counts.
        """
        task, started = self._next(), time.perf_counter()
        assert task.steps is not None
        try:
            self._take(task, next(task.steps))
        except StopIteration as end:
            task.steps, task.took = None, time.monotonic() - task.began
            self._post(Result(task.query, task.step, end.value, task.total, task.total))
        except BaseException:
            task.end()
            raise
        finally:
            if training:
                self._account.spent(time.perf_counter() - started)
        # To the end of the line.
        self._tasks[task.query] = self._tasks.pop(task.query)

    def _next(self) -> _Task:
        return next(task for task in self._tasks.values() if task.steps is not None)

    def _take(self, task: _Task, partial: Partial[Any]) -> None:
        now, task.total = time.monotonic(), partial.total
        if now - task.posted > INTERVAL:
            task.posted = now
            # Only the end says that it is complete.
            done = min(partial.done, partial.total - 1)
            value, total, doing = partial.value(), partial.total, partial.doing
            self._post(Result(task.query, task.step, value, done, total, doing))

    def _answer(self, subject: Subject, query: Query[Any]) -> None:
        try:
            value = run_to_end(query.run(subject))
        except BaseException:
            # It would fail with each snapshot.
            self._quick = tuple(other for other in self._quick if other != query)
            raise
        self._post(Result(query, subject.trainer.step, value))
