"""Explanations and experiments, asked of the worker and of the workbench."""

from __future__ import annotations

import numpy as np
import pytest

from tests.fakes import fake_prepared
from tests.session.watched import LONG, Watched
from tests.training import tiny
from tests.ui.fake_worker import FakeWorker
from vaegui.queries.experiments import (
    EqualRows,
    PlainAutoencoder,
    Population,
    PopulationFound,
    RunManyTimes,
)
from vaegui.queries.questions import Decode, Explain, Inspect, Line
from vaegui.session.mailbox import Mailbox
from vaegui.training.record.events import (
    Answer,
    Failed,
    Finished,
    Observed,
    Prepared,
    Snapshot,
    StepsDone,
)
from vaegui.training.record.job_kind import JobKind
from vaegui.training.trainer.trainer import Trainer
from vaegui.ui.state.workbench import Workbench


def done(watched: Watched) -> Observed:
    """The first finding that is complete."""
    event = watched.until(lambda e: isinstance(e, Observed) and e.done == e.total)
    assert isinstance(event, Observed)
    return event


def test_an_explanation_follows_training_until_it_is_withdrawn(watched: Watched) -> None:
    watched.worker.train(tiny.settings(**LONG), anew=True)
    watched.kind(StepsDone)
    watched.worker.ask(Explain(2), 1)
    watched.worker.ask(Line(0, 1), 1)
    for wanted in (Explain(2), Line(0, 1)):
        watched.until(lambda e, q=wanted: isinstance(e, Answer) and e.question == q)
    watched.worker.painted()
    shot = watched.kind(Snapshot)
    watched.until(
        lambda e: isinstance(e, Answer) and e.question == Explain(2) and e.step == shot.step
    )
    watched.worker.withdraw(Explain)
    watched.worker.ask(Inspect(0), 1)
    watched.until(lambda e: isinstance(e, Answer) and e.question == Inspect(0))
    watched.worker.painted()
    watched.kind(Snapshot)
    watched.worker.stop()
    watched.kind(Finished)
    watched.state("idle")
    assert not any(isinstance(e, Answer) and e.question == Explain(2) for e in watched.events)


@pytest.mark.parametrize("question", [Explain(10_000), Explain(0, ((99, 1.0),)), Line(0, 10_000)])
def test_what_is_asked_about_another_model_is_passed_over(
    watched: Watched, question: Explain | Line
) -> None:
    watched.worker.step(tiny.settings())
    watched.kind(Finished)
    watched.worker.ask(question, 1)
    watched.worker.ask(Inspect(0), 1)
    assert watched.kind(Answer).question == Inspect(0)


def test_an_experiment_and_training_go_on_together(watched: Watched) -> None:
    watched.worker.train(tiny.settings(**LONG), anew=True)
    begun = watched.kind(StepsDone)
    watched.worker.experiment(RunManyTimes(probe=0, count=5000, seed=0), 4)
    seen = done(watched)
    assert seen.generation == 4
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
    watched.worker.experiment(Population(), 1)
    finding = done(watched).finding
    assert isinstance(finding, PopulationFound)
    assert watched.worker.session.has_model
    assert len(finding.mean) == watched.worker.session.trainer.data.train_examples


@pytest.mark.parametrize("compiler", ["graph", "xla"])
def test_a_run_is_the_same_to_the_bit_whatever_is_looked_at_tried_and_paused(
    watched: Watched, compiler: str
) -> None:
    settings = tiny.settings(**LONG, training__compiler=compiler)
    worker = watched.worker
    worker.train(settings, anew=True)
    watched.kind(StepsDone)
    for question in (Explain(2), Line(0, 1), Inspect(0), Decode((0.0, 1.0))):
        worker.ask(question, 1)
    for experiment in (RunManyTimes(0, 5000, 0), EqualRows(20), PlainAutoencoder(20)):
        worker.experiment(experiment, 1)
    for _ in range(2):
        worker.experiment(Population(), 1)
        worker.painted()
        watched.kind(StepsDone)
        watched.until(lambda e: isinstance(e, Observed) and isinstance(e.experiment, Population))
        worker.pause()
        watched.state("paused")
        worker.resume()
        watched.state("training")
    worker.stop()
    stopped = watched.kind(Finished)
    watched.state("idle")
    alone, present = Trainer.create(settings), worker.session.trainer
    list(alone.run(max_steps=stopped.step))
    assert present is not None
    assert np.array_equal(present.history.steps(), alone.history.steps())
    for ours, theirs in zip(present.vae.variables, alone.vae.variables, strict=True):
        assert np.array_equal(ours, theirs), ours.path
    state = alone.state()
    assert all(np.array_equal(value, state[name]) for name, value in present.state().items())


def test_an_experiment_that_fails_says_so_and_training_goes_on(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vaegui.queries.laboratory.rows.equalise", lambda *_: 1 / 0)
    watched.worker.train(tiny.settings(**LONG), anew=True)
    watched.kind(StepsDone)
    watched.worker.experiment(EqualRows(steps=5), 1)
    failed = watched.kind(Failed)
    assert failed.kind is JobKind.EXPERIMENT
    assert "ZeroDivisionError" in failed.details
    step = watched.kind(StepsDone)
    watched.worker.experiment(RunManyTimes(probe=0, count=10, seed=0), 1)
    done(watched)
    assert watched.kind(StepsDone).first > step.last


def test_an_experiment_without_a_model_says_what_to_do(watched: Watched) -> None:
    watched.worker.experiment(Population(), 1)
    failed = watched.kind(Failed)
    assert failed.kind is JobKind.EXPERIMENT
    assert "Train one" in failed.remedy


def test_experiments_end_with_another_model(watched: Watched) -> None:
    watched.worker.step(tiny.settings())
    watched.kind(Finished)
    watched.worker.experiment(PlainAutoencoder(steps=100_000), 1)
    watched.kind(Observed)
    watched.worker.reset(tiny.settings())
    watched.kind(Prepared)
    watched.state("idle")
    watched.worker.experiment(RunManyTimes(probe=0, count=10, seed=0), 1)
    done(watched)
    assert not any(isinstance(e, Observed) for e in watched.events)


def test_an_experiment_ends_when_it_is_told_to(watched: Watched) -> None:
    watched.worker.step(tiny.settings())
    watched.kind(Finished)
    watched.worker.experiment(PlainAutoencoder(steps=100_000), 1)
    watched.kind(Observed)
    watched.worker.end_experiment(PlainAutoencoder)
    watched.worker.step(tiny.settings())
    assert watched.kind(Finished).step == 2
    assert watched.worker.session.curiosity.laboratory is not None
    assert not watched.worker.session.curiosity.laboratory.active


@pytest.fixture
def workbench(qapp: object) -> Workbench:
    mailbox = Mailbox()
    return Workbench(FakeWorker(mailbox), mailbox)  # type: ignore[arg-type]


def worker_of(workbench: Workbench) -> FakeWorker:
    worker = workbench._worker
    assert isinstance(worker, FakeWorker)
    return worker


def asked(workbench: Workbench, kind: type) -> list[object]:
    """All questions of a class that were asked."""
    return [q for q, _ in worker_of(workbench).called("ask") if isinstance(q, kind)]


def begin(workbench: Workbench) -> None:
    worker_of(workbench).post(fake_prepared())
    workbench.take()


def test_nothing_is_explained_while_no_explanation_is_open(workbench: Workbench) -> None:
    begin(workbench)
    workbench.select(workbench.selection.but(probe=3, held=((0, 1.0),), noise=2))
    assert asked(workbench, Explain) == []


def test_the_open_explanation_is_asked_for_and_withdrawn_when_it_is_closed(
    workbench: Workbench,
) -> None:
    begin(workbench)
    workbench.select(workbench.selection.but(topic="diagram"))
    workbench.select(workbench.selection.but(probe=3))
    workbench.select(workbench.selection.but(held=((1, 0.0),), noise=2))
    workbench.select(workbench.selection.but(topic="table"))
    assert asked(workbench, Explain) == [Explain(0), Explain(3), Explain(3, ((1, 0.0),), 2)]
    assert worker_of(workbench).called("withdraw") == []
    workbench.select(workbench.selection.but(topic=""))
    assert worker_of(workbench).called("withdraw") == [(Explain,)]


def test_the_line_is_asked_for_only_by_its_own_explanation(workbench: Workbench) -> None:
    begin(workbench)
    workbench.select(workbench.selection.but(topic="diagram", other=4))
    assert asked(workbench, Line) == []
    workbench.select(workbench.selection.but(topic="line"))
    workbench.select(workbench.selection.but(other=5))
    assert asked(workbench, Line) == [Line(0, 4), Line(0, 5)]
    workbench.select(workbench.selection.but(topic="diagram"))
    assert worker_of(workbench).called("withdraw") == [(Line,)]


def test_an_open_explanation_stays_open_for_another_model(workbench: Workbench) -> None:
    begin(workbench)
    workbench.select(workbench.selection.but(topic="diagram", probe=3, held=((1, 0.0),)))
    begin(workbench)
    assert asked(workbench, Explain)[-1] == Explain(0)


def observed(generation: int, count: int = 10) -> Observed:
    found = PopulationFound(
        np.zeros((count, 2), np.float32), np.zeros((count, 2), np.float32), None
    )
    return Observed(Population(), generation, 0, found, count, 100)


def test_findings_of_the_present_experiment_are_kept(workbench: Workbench) -> None:
    begin(workbench)
    workbench.experiment(Population())
    ((experiment, generation),) = worker_of(workbench).called("experiment")
    assert experiment == Population()
    news: list[frozenset[type]] = []
    workbench.changed.connect(news.append)
    seen = observed(generation)
    worker_of(workbench).post(seen)
    workbench.take()
    assert workbench.run is not None
    assert workbench.run.observed == {Population: seen}
    assert news == [frozenset({Observed})]


def test_findings_of_an_experiment_that_was_ended_are_dropped(workbench: Workbench) -> None:
    begin(workbench)
    workbench.experiment(Population())
    seen = observed(worker_of(workbench).called("experiment")[0][1])
    workbench.end_experiment(Population)
    assert worker_of(workbench).called("end_experiment") == [(Population,)]
    worker_of(workbench).post(seen)
    workbench.take()
    assert workbench.run is not None
    assert workbench.run.observed == {}


def test_findings_about_the_former_model_are_dropped(workbench: Workbench) -> None:
    begin(workbench)
    workbench.experiment(Population())
    seen = observed(worker_of(workbench).called("experiment")[0][1])
    begin(workbench)
    worker_of(workbench).post(seen)
    workbench.take()
    assert workbench.run is not None
    assert workbench.run.observed == {}


def test_a_newer_finding_replaces_one_that_waits() -> None:
    mailbox = Mailbox()
    first, second = observed(1, 10), observed(1, 20)
    mailbox.post(first)
    mailbox.post(second)
    assert mailbox.take() == [second]
