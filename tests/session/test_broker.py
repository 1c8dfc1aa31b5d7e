"""What is asked of a model, when it is answered, and when it is answered again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.training.tiny import probe, trainer
from vaegui.queries.base import Result
from vaegui.queries.decode import Decode
from vaegui.queries.inspect import Inspect
from vaegui.queries.many_times import RunManyTimes
from vaegui.queries.population import Population
from vaegui.session import broker as module
from vaegui.session.broker import QueryBroker
from vaegui.training.trainer.trainer import Trainer

Z = Decode((0.0, 0.0))


class Bench:
    """A broker, its model, and the results that it gave."""

    def __init__(self) -> None:
        self.trainer: Trainer = trainer()
        self.results: list[Result[Any]] = []
        self.broker = QueryBroker(self.results.append)
        self.broker.serve(self.trainer)

    def finish(self) -> None:
        """Answer what takes long."""
        while self.broker.active:
            self.broker.advance(training=False)

    def taken(self) -> list[Any]:
        """The queries of the results since the last time, those that are complete."""
        found = [result.query for result in self.results if result.complete]
        self.results.clear()
        return found


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_quick_query_is_answered_at_once_and_with_each_snapshot(bench: Bench) -> None:
    bench.broker.want([Z, Inspect(probe(0))])
    assert bench.taken() == [Z, Inspect(probe(0))]
    bench.broker.want([Z, Inspect(probe(1))])
    assert bench.taken() == [Inspect(probe(1))]
    bench.broker.refresh(resting=False)
    assert bench.taken() == [Z, Inspect(probe(1))]


def test_what_nobody_wants_any_more_is_not_answered_again(bench: Bench) -> None:
    bench.broker.want([Z])
    bench.broker.want([])
    bench.taken()
    bench.broker.refresh(resting=True)
    assert bench.taken() == []


def test_a_query_about_another_model_is_passed_over(bench: Bench) -> None:
    bench.broker.want([Decode((0.0,)), Inspect(probe(10_000)), Population()])
    bench.finish()
    assert bench.taken() == [Population()]


def test_without_the_data_nothing_is_asked_that_only_they_could_answer(bench: Bench) -> None:
    bench.trainer.examples.missing = "They cannot be had."
    bench.broker.want([Z, Population()])
    bench.finish()
    assert bench.taken() == [Z]


def test_with_another_model_all_that_was_asked_is_forgotten(bench: Bench) -> None:
    bench.broker.want([Z, RunManyTimes(probe(0), 100_000, 0)])
    bench.taken()
    bench.broker.serve(bench.trainer)
    bench.broker.refresh(resting=True)
    assert not bench.broker.active
    assert bench.taken() == []


def test_an_experiment_is_done_once(bench: Bench) -> None:
    query = RunManyTimes(probe(0), 10, 0)
    for _ in range(2):
        bench.broker.want([query])
        bench.finish()
    bench.broker.refresh(resting=True)
    bench.finish()
    assert bench.taken() == [query]


def test_the_population_is_encoded_again_whenever_training_rests(bench: Bench) -> None:
    bench.broker.want([Population()])
    bench.finish()
    bench.taken()
    list(bench.trainer.run(max_steps=3))
    bench.broker.refresh(resting=True)
    bench.finish()
    assert [result.step for result in bench.results if result.complete] == [3]


def test_while_the_model_trains_the_population_is_encoded_again_only_now_and_then(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.broker.want([Population()])
    bench.finish()
    bench.taken()
    bench.broker.refresh(resting=False)
    assert not bench.broker.active
    monkeypatch.setattr(module, "LEAST", 0.0)
    monkeypatch.setattr(module, "RARELY", 0)
    bench.broker.refresh(resting=False)
    bench.finish()
    assert bench.taken() == [Population()]


def test_a_query_that_fails_is_not_tried_again_with_each_snapshot(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Decode, "run", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        bench.broker.want([Z])
    bench.broker.refresh(resting=False)
    assert bench.taken() == []
