"""What is shown while the worker is busy with something that cannot be interrupted."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.session.watched import LONG, Watched
from tests.training import tiny
from vaegui.training.record.events import Failed, Finished, Prepared
from vaegui.training.record.job_kind import JobKind
from vaegui.training.record.losses import StepsDone
from vaegui.training.trainer.trainer import Trainer

AT_ONCE = 0.1
OTHER = {"latent_units": 3}


@dataclass
class Compiling:
    """Compiling that takes until `go` is set."""

    began: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)
    times: int = 0


@pytest.fixture
def compiling(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> Iterator[Compiling]:
    it, prepare = Compiling(), Trainer.prepare

    def slow(trainer: Trainer, *, wholly: bool = False) -> None:
        it.times += 1
        it.began.set()
        assert it.go.wait(60)
        prepare(trainer, wholly=wholly)

    monkeypatch.setattr(Trainer, "prepare", slow)
    yield it
    it.go.set()


def test_train_shows_at_once_that_it_prepares_whatever_is_prepared_ahead(
    watched: Watched, compiling: Compiling
) -> None:
    watched.worker.expect(tiny.settings())
    assert compiling.began.wait(60)
    asked = time.monotonic()
    watched.worker.train(tiny.settings(**OTHER), anew=True)
    watched.state("preparing")
    assert time.monotonic() - asked < AT_ONCE
    compiling.go.set()
    assert watched.kind(Prepared).settings.latent_units == 3
    watched.kind(Finished)


def test_cancel_counts_at_once_while_it_compiles_and_the_result_is_thrown_away(
    watched: Watched, compiling: Compiling
) -> None:
    watched.worker.train(tiny.settings(), anew=True)
    assert compiling.began.wait(60)
    watched.state("preparing")
    asked = time.monotonic()
    watched.worker.stop()
    failed = watched.kind(Failed)
    assert (failed.cancelled, failed.kind) == (True, JobKind.TRAINING)
    watched.state("idle")
    assert time.monotonic() - asked < AT_ONCE
    assert watched.worker.silence() == 0.0
    watched.worker.train(tiny.settings(**OTHER), anew=True)
    watched.state("preparing")
    compiling.go.set()
    assert watched.kind(Prepared).settings.latent_units == 3
    watched.kind(Finished)


def test_what_is_cancelled_leaves_the_model_that_there_is(
    watched: Watched, compiling: Compiling
) -> None:
    compiling.go.set()
    watched.worker.step(tiny.settings())
    watched.state("paused")
    compiling.go.clear()
    compiling.began.clear()
    watched.worker.train(tiny.settings(**OTHER), anew=True)
    assert compiling.began.wait(60)
    watched.worker.cancel()
    watched.state("paused")
    compiling.go.set()
    watched.worker.step(tiny.settings())
    assert watched.kind(Finished).step == 2


def test_what_is_prepared_ahead_for_another_model_is_given_up(
    watched: Watched, compiling: Compiling
) -> None:
    watched.worker.expect(tiny.settings())
    assert compiling.began.wait(60)
    watched.worker.expect(tiny.settings(latent_units=4))
    watched.worker.train(tiny.settings(**OTHER), anew=True)
    compiling.go.set()
    assert watched.kind(Prepared).settings.latent_units == 3
    # The rest of the first was not prepared, nor anything of the second.
    assert compiling.times == 2
    watched.kind(Finished)


def test_a_run_that_does_not_fit_into_memory_is_not_prepared_ahead(
    watched: Watched, compiling: Compiling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vaegui.session.jobs.preparing.free_memory", lambda: 1000)
    watched.worker.expect(tiny.settings())
    compiling.go.set()
    watched.worker.train(tiny.settings(**LONG), anew=True)
    watched.kind(StepsDone)
    assert compiling.times == 1


def test_what_is_being_saved_is_finished_before_it_closes(watched: Watched, tmp_path: Path) -> None:
    watched.worker.step(tiny.settings())
    watched.kind(Finished)
    watched.worker.save(tmp_path / "one.keras")
    watched.worker.export_weights(tmp_path / "two.safetensors")
    watched.worker.open(tmp_path / "three.keras")
    assert watched.worker.close(60)
    assert not watched.worker.storing
    assert {path.name for path in tmp_path.iterdir()} == {"one.keras", "two.safetensors"}
