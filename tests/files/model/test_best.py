"""The best weights are a second set beside the run's own, in the program and in a file."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tests.training import tiny
from vaegui.files.model.model_file import open_model, save
from vaegui.training.model.state import TrainerState, trainable_weights
from vaegui.training.record.events import Event
from vaegui.training.trainer.trainer import Trainer

BEST_IS_EARLIER = {
    "training__keep": "best",
    "training__epochs": 6,
    "optimiser__learning_rate": 0.1,
    "likelihood__kind": "gaussian-learned",
}


@pytest.fixture(scope="module")
def never_finished() -> Trainer:
    """A run of eight epochs that never came to an end before."""
    trainer = tiny.trainer(**{**BEST_IS_EARLIER, "training__epochs": 8})
    list(trainer.run())
    return trainer


def finished(**values: Any) -> Trainer:
    """A run of six epochs whose best epoch is an earlier one."""
    trainer = tiny.trainer(**{**BEST_IS_EARLIER, **values})
    last = list(trainer.run())[-1]
    assert last.kept_epoch is not None
    assert last.kept_epoch < 6
    return trainer


def own(trainer: Trainer) -> dict[str, bytes]:
    """All that a run goes on from, whatever is shown."""
    trainer.model.best.put_back()
    arrays = trainable_weights(trainer.model.vae) | trainer.model.state()
    return {name: np.asarray(array).tobytes() for name, array in arrays.items()}


def weights(trainer: Trainer) -> list[bytes]:
    return [np.asarray(v).tobytes() for v in trainer.model.vae.trainable_variables]


def go_on(trainer: Trainer, epochs: int = 8) -> None:
    trainer.adopt(trainer.settings.with_values({"training.epochs": epochs}))
    list(trainer.run())


def assert_same_run(one: Trainer, other: Trainer) -> None:
    assert one.history.steps().tobytes() == other.history.steps().tobytes()
    assert one.history.epochs[-1].validation == other.history.epochs[-1].validation
    assert weights(one) == weights(other)
    assert one.model.best.shown
    assert other.model.best.shown
    assert one.model.best.state().keys() == other.model.best.state().keys()
    assert own(one) == own(other)
    one.model.best.show()
    other.model.best.show()


def test_what_is_rescued_has_no_best_weights_of_an_epoch_after_its_last_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trainer = tiny.trainer(**BEST_IS_EARLIER)
    best = until_better(trainer, trainer.run())
    copied = trainer.step
    # The last copy is from now, and then there are better weights.
    monkeypatch.setattr("vaegui.training.model.rewind.INTERVAL", 1e9)
    stuck = trainer.run()
    until_better(trainer, stuck)
    twin = trainer.at_last_copy()
    stuck.close()
    assert twin.step == copied < trainer.step
    assert alike(twin.model.best.state(), best)


def until_better(trainer: Trainer, events: Generator[Event, None, None]) -> TrainerState:
    """Train to the end of an epoch with the best weights so far, and return them."""
    before = trainer.model.best.state()
    for _ in events:
        if not alike(trainer.model.best.state(), before):
            return trainer.model.best.state()
    raise AssertionError("no epoch was better")


def alike(one: TrainerState, other: TrainerState) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(one[n], other[n]) for n in one)


def test_a_finished_run_goes_on_as_if_it_had_never_ended(never_finished: Trainer) -> None:
    trainer = finished()
    go_on(trainer)
    assert_same_run(trainer, never_finished)


def test_so_does_one_that_was_saved_and_opened_in_between(
    never_finished: Trainer, tmp_path: Path
) -> None:
    save(tmp_path / "run.keras", finished())
    opened = open_model(tmp_path / "run.keras")
    go_on(opened)
    assert_same_run(opened, never_finished)


def test_so_does_the_copy_that_is_made_when_the_run_is_stuck(never_finished: Trainer) -> None:
    twin = finished().at_last_copy()
    go_on(twin)
    assert_same_run(twin, never_finished)


def test_so_does_one_whose_settings_were_changed_and_changed_back(never_finished: Trainer) -> None:
    trainer = finished()
    shown = weights(trainer)
    settings = trainer.settings
    trainer.adopt(settings.with_values({"training.compiler": "xla"}))
    trainer.adopt(settings)
    assert weights(trainer) == shown
    go_on(trainer)
    assert_same_run(trainer, never_finished)


def test_so_does_one_that_is_moved_to_another_device(never_finished: Trainer) -> None:
    trainer = finished()
    shown = weights(trainer)
    trainer.adopt(trainer.settings.with_values({"training.device": "CPU"}))
    assert trainer.model.placement.device.reason == "The settings ask for it."
    assert weights(trainer) == shown
    go_on(trainer)
    assert_same_run(trainer, never_finished)


def test_what_is_shown_saved_and_exported_is_the_best(tmp_path: Path) -> None:
    trainer = finished()
    losses = [e.validation.total for e in trainer.history.epochs]
    kept = int(np.argmin(losses)) + 1
    stopped = tiny.trainer(**{**BEST_IS_EARLIER, "training__epochs": kept})
    list(stopped.run())
    assert weights(trainer) == weights(stopped)
    save(tmp_path / "run.keras", trainer)
    assert weights(open_model(tmp_path / "run.keras")) == weights(trainer)
    plain = keras.saving.load_model(tmp_path / "run.keras")
    x = trainer.data.scaling.to_model(trainer.examples.dataset.test.read(slice(9)).x)
    np.testing.assert_allclose(
        plain(x)["mean"], trainer.model.vae.encoder(x)["mean"], rtol=1e-6, atol=1e-6
    )


def test_new_weights_in_the_model_are_the_runs_own() -> None:
    trainer = finished()
    kernel = trainer.model.vae.encoder.get_layer("mean").kernel
    trainer.replace_weights([(kernel, np.zeros(kernel.shape, np.float32))], "zeros")
    assert not trainer.model.best.shown
    list(trainer.run(max_steps=1))
    assert np.abs(np.asarray(kernel)).max() < 0.2


def test_a_run_that_shall_no_longer_keep_its_best_ends_with_its_last(
    never_finished: Trainer,
) -> None:
    trainer = finished()
    trainer.adopt(trainer.settings.with_values({"training.keep": "last", "training.epochs": 8}))
    assert list(trainer.run())[-1].kept_epoch is None
    assert not trainer.model.best.state()
    never_finished.model.best.put_back()
    assert weights(trainer) == weights(never_finished)
    never_finished.model.best.show()
