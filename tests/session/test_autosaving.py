"""The worker keeps what is not saved, and only that."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.session.watched import LONG, Watched
from tests.training import tiny
from vaegui.errors import FileError
from vaegui.files import autosave as autosave_module
from vaegui.files.autosave import Autosave
from vaegui.files.model.model_file import open_model
from vaegui.files.recovery import take_left_runs
from vaegui.session import job_thread as module
from vaegui.session.mailbox import Mailbox
from vaegui.session.worker import Worker
from vaegui.training.record.events import (
    Failed,
    Finished,
    Prepared,
    Saved,
)
from vaegui.training.record.job_kind import JobKind
from vaegui.training.record.losses import EpochDone, StepsDone


class Keeping(Watched):
    """A watched worker that keeps its run at the end of every epoch."""

    def __init__(self, folder: Path, interval: float = 0.0) -> None:
        super().__init__()
        self.folder = folder
        self.autosave = Autosave(folder, interval)
        self.mailbox = Mailbox(self.awake.set)
        self.worker = Worker(self.mailbox, self.autosave)
        self.worker.start()
        self.state("idle")

    def models(self) -> list[Path]:
        return sorted(self.folder.glob("*/[0-9]*.keras"))

    def as_left(self) -> Path:
        """The folder as another program finds it if this process dies now: nothing is locked."""
        copy = self.folder.with_name("left")
        shutil.copytree(self.folder, copy)
        return copy


@pytest.fixture
def keeping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keeping]:
    monkeypatch.setattr(autosave_module, "SHARE", 1e9)  # however long keeping takes
    it = Keeping(tmp_path / "autosave")
    yield it
    assert it.worker.close(30)


def test_a_run_is_kept_while_it_trains_and_until_the_program_closes(keeping: Keeping) -> None:
    keeping.worker.train(tiny.settings(**LONG), anew=True)
    for _ in range(3):
        keeping.kind(EpochDone)
    assert len(keeping.models()) >= 1
    assert keeping.worker.close(30)
    assert list(keeping.folder.iterdir()) == []


def test_nothing_is_kept_before_the_interval_is_over(tmp_path: Path) -> None:
    it = Keeping(tmp_path, interval=1e6)
    it.worker.train(tiny.settings(training__epochs=5), anew=True)
    it.kind(Finished)
    assert it.models() == []
    assert it.worker.close(30)


def test_what_trains_no_more_is_kept_after_a_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REST", 0.01)
    it = Keeping(tmp_path / "autosave", interval=1e6)
    it.worker.step(tiny.settings())
    step = it.kind(Finished).step
    for _ in range(500):
        if not it.autosave.has_unkept(step) and it.models():
            break
        it.awake.wait(0.02)
    assert len(it.models()) == 1
    (left,) = take_left_runs(it.as_left())
    assert it.worker.close(30)
    assert left.about.step == step == 1
    left.discard()


@pytest.mark.parametrize("end", ["save", "anew"])
def test_a_run_that_is_saved_or_given_up_is_kept_no_longer(
    keeping: Keeping, tmp_path: Path, end: str
) -> None:
    keeping.worker.train(tiny.settings(training__epochs=2), anew=True)
    keeping.kind(Finished)
    assert len(keeping.models()) == 1
    if end == "save":
        keeping.worker.save(tmp_path / "model.keras")
        keeping.kind(Saved)
    else:
        keeping.worker.reset(tiny.settings())
        keeping.kind(Prepared)
    assert keeping.models() == []


def test_training_gives_the_same_bits_with_and_without_keeping(keeping: Keeping) -> None:
    plain = tiny.trainer(training__epochs=4)
    list(plain.run())
    keeping.worker.train(tiny.settings(training__epochs=4), anew=True)
    keeping.kind(Finished)
    kept = keeping.worker.session.trainer
    assert kept is not None
    assert int(keeping.models()[0].stem) >= 3  # models are numbered as they are kept
    assert np.array_equal(kept.history.steps(), plain.history.steps())
    for one, other in zip(kept.model.vae.variables, plain.model.vae.variables, strict=True):
        assert np.array_equal(one, other), one.path
    ours, theirs = kept.model.state(), plain.model.state()
    assert ours.keys() == theirs.keys()
    assert all(np.array_equal(ours[name], theirs[name]) for name in ours)


def test_a_run_that_was_left_behind_is_recovered_as_unsaved(keeping: Keeping) -> None:
    keeping.worker.train(tiny.settings(training__epochs=2), anew=True)
    keeping.kind(Finished)
    expected = keeping.worker.session.trainer.history.steps()  # type: ignore[union-attr]
    folder = keeping.as_left()
    assert keeping.worker.close(30)

    again = Keeping(folder)
    (left,) = take_left_runs(folder)
    assert left.about.step == len(expected)
    again.worker.recover(left)
    begun = again.kind(Prepared)
    assert begun.recovered
    assert begun.path is None
    assert np.array_equal(begun.history.steps(), expected)
    again.state("idle")
    assert len(again.models()) == 1
    assert take_left_runs(folder) == []
    again.worker.train(begun.settings, anew=False)
    assert again.kind(StepsDone).first == len(expected) + 1
    assert again.worker.close(30)
    assert again.models() == []


def test_a_failure_to_keep_is_told_once_and_training_goes_on(
    keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def fail(*_: object) -> None:
        tries.append(1)
        raise FileError("The disk is full.", "Free some space.")

    monkeypatch.setattr(keeping.autosave, "keep", fail)
    keeping.worker.train(tiny.settings(training__epochs=6), anew=True)
    failed = keeping.kind(Failed)
    assert (failed.kind, failed.message) == (JobKind.AUTOSAVING, "The disk is full.")
    assert keeping.kind(Finished).reason == "complete"
    assert len(tries) > 2
    assert not any(isinstance(m.content, Failed) for m in keeping.mailbox.take())


def test_a_damaged_run_that_was_left_behind_is_told_and_the_present_one_stays(
    keeping: Keeping,
) -> None:
    keeping.worker.train(tiny.settings(training__epochs=1), anew=True)
    keeping.kind(Finished)
    (left,) = take_left_runs(keeping.as_left())
    left.model.write_bytes(left.model.read_bytes()[:2000])
    keeping.worker.recover(left)
    failed = keeping.kind(Failed)
    assert failed.kind is JobKind.RECOVERING
    assert "damaged" in failed.message
    keeping.state("idle")
    assert keeping.worker.session.has_model
    left.discard()


def test_a_run_is_kept_within_an_epoch_and_goes_on_with_the_same_bits(
    keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tiny.settings(training__epochs=1, training__batch_size=16)
    keeping.worker.train(settings, anew=True)
    keeping.until(lambda e: isinstance(e, StepsDone))
    keeping.worker.pause()
    keeping.state("paused")
    (model,) = keeping.models()
    kept = open_model(model)
    assert 0 < kept.step < kept.state.batches.steps
    monkeypatch.setattr(keeping.autosave, "due", lambda: False)  # once is enough
    list(kept.run())
    keeping.worker.resume()
    keeping.kind(Finished)
    whole = keeping.worker.session.trainer
    assert np.array_equal(kept.history.steps(), whole.history.steps())
    for ours, theirs in zip(
        kept.model.vae.get_weights(), whole.model.vae.get_weights(), strict=True
    ):
        assert np.array_equal(ours, theirs)
