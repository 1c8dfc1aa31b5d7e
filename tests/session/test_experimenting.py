"""Explanations and experiments, asked of the worker and of the workbench."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.session.watched import LONG, Watched
from tests.training import tiny
from vaegui.queries.base import Query, Result
from vaegui.queries.decode import Decode
from vaegui.queries.equal_rows import EqualRows
from vaegui.queries.explain import Explain
from vaegui.queries.inspect import Inspect
from vaegui.queries.line import Line
from vaegui.queries.many_times import RunManyTimes
from vaegui.queries.plain_autoencoder import PlainAutoencoder
from vaegui.queries.population import Population
from vaegui.training.record.events import (
    Failed,
    Finished,
    Prepared,
    Snapshot,
)
from vaegui.training.record.job_kind import JobKind
from vaegui.training.record.losses import StepsDone
from vaegui.training.trainer.trainer import Trainer


def done(watched: Watched) -> Result[Any]:
    """The first result that is complete."""
    event = watched.until(lambda e: isinstance(e, Result) and e.complete)
    assert isinstance(event, Result)
    return event


def result_of(query: Query[Any]) -> Callable[[object], bool]:
    """Whether an event is a result of a query."""
    return lambda event: isinstance(event, Result) and event.query == query


def test_an_explanation_follows_training_until_nobody_wants_it(watched: Watched) -> None:
    watched.worker.train(tiny.settings(**LONG), anew=True)
    watched.kind(StepsDone)
    watched.worker.want([Explain(tiny.probe(2)), Line(tiny.probe(0), tiny.probe(1))])
    for wanted in (Explain(tiny.probe(2)), Line(tiny.probe(0), tiny.probe(1))):
        watched.until(result_of(wanted))
    watched.worker.painted()
    shot = watched.kind(Snapshot)
    watched.until(lambda e: result_of(Explain(tiny.probe(2)))(e) and e.step == shot.step)
    watched.worker.want([Inspect(tiny.probe(0))])
    watched.until(result_of(Inspect(tiny.probe(0))))
    watched.worker.painted()
    watched.kind(Snapshot)
    watched.worker.stop()
    watched.kind(Finished)
    watched.state("idle")
    assert not any(result_of(Explain(tiny.probe(2)))(event) for event in watched.events)


@pytest.mark.parametrize(
    "query",
    [
        Explain(tiny.probe(10_000)),
        Explain(tiny.probe(0), ((99, 1.0),)),
        Line(tiny.probe(0), tiny.probe(10_000)),
    ],
)
def test_what_is_asked_about_another_model_is_passed_over(
    watched: Watched, query: Query[Any]
) -> None:
    watched.worker.step(tiny.settings())
    watched.kind(Finished)
    watched.worker.want([query, Inspect(tiny.probe(0))])
    assert watched.kind(Result).query == Inspect(tiny.probe(0))


def test_an_experiment_and_training_go_on_together(watched: Watched) -> None:
    watched.worker.train(tiny.settings(**LONG), anew=True)
    begun = watched.kind(StepsDone)
    query = RunManyTimes(tiny.probe(0), count=5000, seed=0)
    watched.worker.want([query])
    assert done(watched).query == query
    assert watched.kind(StepsDone).first > begun.last


@pytest.mark.parametrize("paused", [False, True])
def test_an_experiment_is_done_while_the_model_rests(watched: Watched, paused: bool) -> None:
    watched.worker.train(tiny.settings(**LONG), anew=True)
    watched.kind(StepsDone)
    if paused:
        watched.worker.pause()
        watched.state("paused")
    else:
        watched.worker.stop()
        watched.state("idle")
    watched.worker.want([Population()])
    found = done(watched).value
    assert (
        len(found.mean) == len(found.labels) == watched.worker.session.trainer.data.train_examples
    )


@pytest.mark.parametrize("compiler", ["graph", "xla"])
def test_a_run_is_the_same_to_the_bit_whatever_is_looked_at_tried_and_paused(
    watched: Watched, compiler: str
) -> None:
    settings = tiny.settings(**LONG, training__compiler=compiler)
    worker = watched.worker
    worker.train(settings, anew=True)
    watched.kind(StepsDone)
    zero, one = tiny.probe(0), tiny.probe(1)
    quick = [Explain(tiny.probe(2)), Line(zero, one), Inspect(zero), Decode((0.0, 1.0))]
    experiments = [RunManyTimes(zero, 5000, 0), EqualRows(20), PlainAutoencoder(20)]
    for _ in range(2):
        worker.want([*quick, *experiments, Population()])
        worker.painted()
        watched.kind(StepsDone)
        watched.until(result_of(Population()))
        worker.pause()
        watched.state("paused")
        worker.resume()
        watched.state("training")
    worker.stop()
    stopped = watched.kind(Finished)
    watched.state("idle")
    alone, present = Trainer.create(settings), worker.session.trainer
    list(alone.run(max_steps=stopped.step))
    assert np.array_equal(present.history.steps(), alone.history.steps())
    for ours, theirs in zip(present.model.vae.variables, alone.model.vae.variables, strict=True):
        assert np.array_equal(ours, theirs), ours.path
    state = alone.model.state()
    assert all(np.array_equal(value, state[name]) for name, value in present.model.state().items())


def test_an_experiment_that_fails_says_so_and_training_goes_on(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vaegui.queries.computing.row_gradients.equalise", lambda *_: 1 / 0)
    watched.worker.train(tiny.settings(**LONG), anew=True)
    watched.kind(StepsDone)
    watched.worker.want([EqualRows(steps=5)])
    failed = watched.kind(Failed)
    assert failed.kind is JobKind.EXPERIMENT
    assert "ZeroDivisionError" in failed.details
    step = watched.kind(StepsDone)
    watched.worker.want([RunManyTimes(tiny.probe(0), count=10, seed=0)])
    done(watched)
    assert watched.kind(StepsDone).first > step.last


def test_what_is_asked_without_a_model_is_passed_over(watched: Watched) -> None:
    watched.worker.want([Population()])
    watched.worker.step(tiny.settings())
    watched.kind(Finished)
    watched.worker.want([Inspect(tiny.probe(0))])
    assert watched.kind(Result).query == Inspect(tiny.probe(0))


def test_experiments_end_with_another_model(watched: Watched) -> None:
    watched.worker.step(tiny.settings())
    watched.kind(Finished)
    watched.worker.want([PlainAutoencoder(steps=100_000)])
    watched.kind(Result)
    watched.worker.reset(tiny.settings())
    watched.kind(Prepared)
    watched.state("idle")
    watched.worker.want([RunManyTimes(tiny.probe(0), count=10, seed=0)])
    done(watched)
    assert not any(isinstance(event, Result) for event in watched.events)


def test_an_experiment_ends_when_nobody_wants_it_any_more(watched: Watched) -> None:
    watched.worker.step(tiny.settings())
    watched.kind(Finished)
    watched.worker.want([PlainAutoencoder(steps=100_000)])
    watched.kind(Result)
    watched.worker.want([])
    watched.worker.step(tiny.settings())
    assert watched.kind(Finished).step == 2
    watched.worker.want([Inspect(tiny.probe(0))])
    watched.until(result_of(Inspect(tiny.probe(0))))
    assert not any(isinstance(event, Result) for event in watched.events)
