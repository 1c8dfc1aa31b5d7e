"""A new model that cannot be prepared costs nobody the training that is under way."""

from __future__ import annotations

import psutil
import pytest

from tests.session.watched import LONG, Watched
from tests.training import tiny
from vaegui.training.record.events import Failed, Finished, Prepared
from vaegui.training.record.job_kind import JobKind
from vaegui.training.record.losses import StepsDone
from vaegui.training.settings.settings import Settings

NOT_HERE = tiny.settings(training__device="GPU:3")
GONE = tiny.settings().with_values({"data": {"kind": "own", "path": "/nowhere/x.npy"}})


@pytest.mark.parametrize("impossible", [NOT_HERE, GONE], ids=["no such device", "data gone"])
def test_a_new_model_that_cannot_be_made_is_told_and_the_training_goes_on(
    watched: Watched, impossible: Settings
) -> None:
    watched.worker.train(tiny.settings(**LONG), anew=True)
    begun = watched.kind(Prepared)
    watched.kind(StepsDone)
    watched.worker.train(impossible, anew=True)
    assert watched.kind(Failed).kind is JobKind.TRAINING
    watched.state("training")
    assert_it_trains_on(watched)
    assert watched.worker.session.run == begun.id


def test_a_new_model_too_large_for_the_memory_is_refused_before_the_one_before_is_given_up(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.worker.train(tiny.settings(**LONG), anew=True)
    begun = watched.kind(Prepared)
    watched.kind(StepsDone)
    memory = type("Memory", (), {"available": 10})
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    watched.worker.train(tiny.settings(latent_units=3), anew=True)
    assert "too little memory" in watched.kind(Failed).message
    watched.state("training")
    assert_it_trains_on(watched)
    assert watched.worker.session.run == begun.id


def test_a_paused_training_stays_paused_and_can_be_resumed(watched: Watched) -> None:
    watched.worker.train(tiny.settings(**LONG), anew=True)
    watched.kind(StepsDone)
    watched.worker.pause()
    watched.state("paused")
    watched.worker.reset(NOT_HERE)
    watched.kind(Failed)
    watched.state("paused")
    watched.worker.train(NOT_HERE, anew=True)
    watched.kind(Failed)
    watched.state("paused")
    watched.worker.resume()
    assert_it_trains_on(watched)


def assert_it_trains_on(watched: Watched) -> None:
    last = watched.kind(StepsDone).last
    after = watched.until(lambda e: isinstance(e, StepsDone | Finished | Prepared))
    assert isinstance(after, StepsDone)
    assert after.first == last + 1
