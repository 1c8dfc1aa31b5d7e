from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import vaegui
from tests.training import tiny
from vaegui.data import Digits8x8
from vaegui.errors import Cancelled, DataError, SettingsError, SettingsWarning
from vaegui.model_run import ModelRun
from vaegui.queries.decode import Decode
from vaegui.queries.inspect import Inspect
from vaegui.training.model.inference import PIECE
from vaegui.training.record.events import (
    Computing,
    Event,
    Finished,
    Prepared,
)
from vaegui.training.record.losses import EpochDone, StepsDone


@pytest.fixture(scope="module")
def run() -> ModelRun:
    return vaegui.train(tiny.settings(latent_units=3))


@pytest.fixture(scope="module")
def x(run: ModelRun) -> np.ndarray:
    """Examples in the data's own scale, 0 to 16."""
    return np.asarray(run.begun.probes.x[:7])


def test_importing_vaegui_imports_nothing_heavy() -> None:
    script = """
import sys, vaegui
print(vaegui.__version__)
assert {"Settings", "Run", "train", "load"} <= set(dir(vaegui))
heavy = {"tensorflow", "keras", "matplotlib", "PySide6"}
assert not (heavy | {"numpy", "pydantic"}) & set(sys.modules)
vaegui.train, vaegui.load, vaegui.Settings, vaegui.Run
assert not heavy & set(sys.modules)
try:
    vaegui.nothing
except AttributeError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        vaegui.__version__,
        "module 'vaegui' has no attribute 'nothing'",
    ]


def test_training_gives_a_run_with_history_and_all_that_panels_draw(run: ModelRun) -> None:
    assert isinstance(run, vaegui.Run)
    assert run.finished == Finished("complete", 24)
    assert len(run.history.epochs) == 2
    assert run.history.total[-1] < run.history.total[0]
    assert run.snapshot is not None
    assert run.snapshot.mean.shape == (len(run.begun.probes), 3)
    assert run.result(Inspect(run.begun.probes.refs[0])) is not None
    assert run.latest(Decode) is not None
    assert run.unsaved


def test_events_come_in_order() -> None:
    events: list[Event] = []
    vaegui.train(tiny.settings(training__epochs=1), on_event=events.append)
    assert isinstance(events[0], Prepared)
    assert isinstance(events[-1], Finished)
    assert isinstance(events[1], Computing)
    assert isinstance(events[2], StepsDone)
    assert [type(event) for event in events].count(EpochDone) == 1


def test_cancelling_from_an_event_stops_and_keeps_what_was_learned() -> None:
    def stop(event: Event) -> None:
        if isinstance(event, StepsDone):
            raise Cancelled("Training")

    run = vaegui.train(tiny.settings(), on_event=stop)
    assert run.finished is not None
    assert run.finished.reason == "stopped"
    assert 0 < run.step < 24
    run.go_on()
    assert run.finished == Finished("complete", 24)


def test_a_saved_run_goes_on_with_more_epochs(run: ModelRun, tmp_path: Path) -> None:
    run.save(tmp_path / "run.keras")
    assert not run.unsaved
    opened = vaegui.load(tmp_path / "run.keras")
    assert not opened.unsaved
    opened.go_on(epochs=3)
    assert opened.step == 36
    assert opened.begun.settings.training.epochs == 3
    assert opened.unsaved
    whole = vaegui.train(tiny.settings(latent_units=3, training__epochs=3))
    assert opened.history.steps().tobytes() == whole.history.steps().tobytes()


def test_an_opened_run_encodes_and_decodes_as_before(
    run: ModelRun, x: np.ndarray, tmp_path: Path
) -> None:
    run.save(tmp_path / "run.keras")
    opened = vaegui.load(tmp_path / "run.keras")
    for before, after in zip(run.encode(x), opened.encode(x), strict=True):
        assert before.tobytes() == after.tobytes()
    assert run.reconstruct(x).tobytes() == opened.reconstruct(x).tobytes()
    assert run.sample(5, seed=3).tobytes() == opened.sample(5, seed=3).tobytes()


def test_an_opened_run_needs_no_data_until_they_are_looked_at(
    run: ModelRun, x: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(self: Digits8x8, progress: object) -> None:
        raise DataError("The data are gone.", "Look elsewhere.")

    run.save(tmp_path / "run.keras")
    monkeypatch.setattr(Digits8x8, "load", load)
    opened = vaegui.load(tmp_path / "run.keras")
    assert opened.encode(x)[0].tobytes() == run.encode(x)[0].tobytes()
    assert (opened.epoch, opened.total_steps) == (run.epoch, run.total_steps)
    opened.save(tmp_path / "again.keras")
    with pytest.raises(DataError, match="The data are gone"):
        opened.look()


def test_looking_at_an_opened_run_fills_in_what_panels_draw(run: ModelRun, tmp_path: Path) -> None:
    run.save(tmp_path / "run.keras")
    opened = vaegui.load(tmp_path / "run.keras")
    assert opened.snapshots.steps == run.snapshots.steps
    opened.look()
    assert opened.snapshot is not None
    assert run.snapshot is not None
    assert opened.snapshot.mean.tobytes() == run.snapshot.mean.tobytes()


def test_a_run_is_measured_as_after_its_last_epoch_and_stays_as_it_is(run: ModelRun) -> None:
    before = [np.array(weight) for weight in run.trainer.model.vae.get_weights()]
    measured, epoch = run.evaluate(), run.history.epochs[-1]
    assert measured.terms == epoch.validation
    assert (measured.active_units, measured.examples) == (epoch.active_units, 360)
    assert np.array_equal(measured.kl_by_unit, epoch.kl_by_unit)
    for weight, now in zip(before, run.trainer.model.vae.get_weights(), strict=True):
        assert np.array_equal(weight, now)


def test_log_p_is_estimated_kept_and_told_of(run: ModelRun) -> None:
    told: list[int] = []
    evidence = run.log_p(30, lambda what, done, total: told.append(done))
    assert run.evidence is evidence
    assert (evidence.samples, evidence.step) == (30, run.step)
    assert evidence.log_p > -run.evaluate().terms.total
    assert told == sorted(told)
    with pytest.raises(DataError, match="0 samples"):
        run.log_p(0)


def test_a_model_opened_in_the_midst_of_its_warm_up_is_weighed_as_there(tmp_path: Path) -> None:
    warm_up = {"kind": "linear", "length": 2.0}
    run = vaegui.train(tiny.settings(objective__warm_up=warm_up))
    with pytest.warns(SettingsWarning, match="only after 9 of 3 epochs"):
        run = vaegui.train(
            tiny.settings(objective__warm_up={**warm_up, "length": 9.0}, training__epochs=3)
        )
    run.save(tmp_path / "run.keras")
    assert vaegui.load(tmp_path / "run.keras").evaluate().terms == run.history.epochs[-1].validation


@pytest.mark.parametrize("n", [0, 1, 5, PIECE + 3])
def test_any_number_of_examples_goes_through(run: ModelRun, x: np.ndarray, n: int) -> None:
    many = np.resize(x, (n, 8, 8))
    mean, log_var = run.encode(many)
    assert mean.shape == log_var.shape == (n, 3)
    assert run.decode(mean).shape == run.reconstruct(many).shape == (n, 8, 8)
    assert run.sample(n).shape == (n, 8, 8)
    few = run.encode(x)[0]
    np.testing.assert_allclose(mean, np.resize(few, (n, 3)), rtol=1e-4, atol=1e-5)


def test_arrays_are_in_the_scale_of_the_data(run: ModelRun, x: np.ndarray) -> None:
    reconstruction = run.reconstruct(x)
    assert reconstruction.dtype == np.float32
    assert x.max() == 16
    direct = run.trainer.model.vae(x / 16)
    np.testing.assert_allclose(reconstruction, 16 * direct["reconstruction"].numpy(), rtol=1e-5)
    np.testing.assert_allclose(run.encode(x)[1], direct["log_var"].numpy(), rtol=1e-5)


def test_integers_and_lists_are_numbers_too(run: ModelRun, x: np.ndarray) -> None:
    expected = run.encode(x)[0].tobytes()
    assert run.encode(x.astype(np.uint8))[0].tobytes() == expected
    assert run.encode(x.tolist())[0].tobytes() == expected


def test_samples_depend_on_the_seed_alone(run: ModelRun) -> None:
    assert run.sample(4, seed=1).tobytes() == run.sample(4, seed=1).tobytes()
    assert run.sample(4, seed=1).tobytes() != run.sample(4, seed=2).tobytes()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (np.zeros((5, 8, 9)), r"x has the shape \(5, 8, 9\).*shape \(n, 8, 8\)"),
        (np.zeros((8, 8)), r"x is a single example.*x\[None\]"),
        (np.zeros(64), r"x has the shape \(64,\)"),
        (np.float32(1), r"x has the shape \(\)"),
        (np.zeros((1, 8, 8), complex), "x has values of type complex128"),
        (np.full((1, 8, 8), "a"), "x has values of type <U1"),
        (np.full((1, 8, 8), None), "x has values of type object"),
        ([[1.0], [1.0, 2.0]], "x has rows of different lengths"),
        (np.full((1, 8, 8), np.nan), "x has values that are not finite"),
    ],
)
def test_what_does_not_fit_is_explained(run: ModelRun, wrong: Any, message: str) -> None:
    for use in (run.encode, run.reconstruct):
        with pytest.raises(DataError, match=message):
            use(wrong)


def test_latent_points_that_do_not_fit_are_explained(run: ModelRun) -> None:
    with pytest.raises(DataError, match=r"z has the shape \(2, 2\).*shape \(n, 3\)"):
        run.decode(np.zeros((2, 2)))
    with pytest.raises(DataError, match="z is a single example"):
        run.decode(np.zeros(3))
    with pytest.raises(DataError, match="-1 samples"):
        run.sample(-1)


def test_settings_that_do_not_fit_the_data_are_refused_before_training() -> None:
    with pytest.raises(SettingsError):
        vaegui.train(tiny.settings()).go_on(epochs=0)


def test_encoding_and_decoding_happen_on_the_runs_device(tmp_path: Path) -> None:
    run = vaegui.train(tiny.settings(training__epochs=1))
    run.save(tmp_path / "run.keras")
    opened = vaegui.load(tmp_path / "run.keras")
    entered = []

    @contextmanager
    def scope() -> Iterator[None]:
        entered.append("device")
        yield

    opened.trainer.model.inference.scope = scope
    mean, _ = opened.encode(np.zeros((2, 8, 8)))
    assert entered == ["device"]
    opened.decode(mean)
    assert entered == ["device", "device"]
