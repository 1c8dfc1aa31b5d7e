"""A model file names its data by a path: nothing at that path is read unless the user says so."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

import vaegui
from tests.hostile.models.opening import Watch
from vaegui.cli.main import main
from vaegui.data.own.known import is_known, remember
from vaegui.errors import DataError
from vaegui.files.model.model_file import open_model
from vaegui.paths import data_folder

QUICK = {
    "architecture.widths": [4],
    "training.epochs": 1,
    "training.compiler": "graph",
    "likelihood.kind": "gaussian",
}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that was trained on x.npy beside it."""
    folder = tmp_path_factory.mktemp("stranger")
    np.save(folder / "x.npy", np.random.default_rng(0).normal(size=(60, 3)).astype(np.float32))
    check = vaegui.open_data(folder / "x.npy")
    vaegui.train(check.settings.with_values(QUICK)).save(folder / "m.keras")
    return folder / "m.keras"


@pytest.fixture
def stranger(model: Path) -> Path:
    """The same model for a user who never opened its data."""
    shutil.rmtree(data_folder() / "known-data", ignore_errors=True)
    return model


def test_what_the_user_named_is_known_whether_or_not_it_is_there(tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    assert not is_known(path)
    remember(path)
    assert is_known(path)
    assert is_known(tmp_path / "sub" / ".." / "x.npy")
    assert not is_known(tmp_path / "y.npy")


def test_where_nothing_can_be_kept_it_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr("vaegui.data.own.known.data_folder", lambda: tmp_path / "file")
    remember(tmp_path / "x.npy")
    assert not is_known(tmp_path / "x.npy")


def test_the_data_of_ones_own_model_are_read_without_asking(model: Path) -> None:
    remember(model.parent / "x.npy")
    assert np.isfinite(vaegui.load(model).evaluate().terms.total)


def test_data_that_only_a_file_names_are_not_even_looked_at(stranger: Path) -> None:
    run = vaegui.load(stranger)
    watch = Watch()
    watch.on = True
    with pytest.raises(DataError, match=r"x\.npy.*never opened"):
        run.evaluate()
    watch.on = False
    assert not [event for event in watch.events if "x.npy" in event]
    with pytest.raises(DataError, match="never opened"):
        run.go_on(epochs=2)
    trainer = open_model(stranger)
    trainer.examples.look_for(lambda *_: None)
    assert "never opened" in trainer.examples.missing


def test_a_stranger_who_saves_the_model_again_is_no_reader_of_its_data(
    stranger: Path, tmp_path: Path
) -> None:
    vaegui.load(stranger).save(tmp_path / "again.keras")
    assert not is_known(stranger.parent / "x.npy")


def test_data_that_are_named_are_read_and_known_from_then_on(stranger: Path) -> None:
    run = vaegui.load(stranger, data=stranger.parent / "x.npy")
    assert np.isfinite(run.evaluate().terms.total)
    assert np.isfinite(vaegui.load(stranger).evaluate().terms.total)


def test_the_command_line_wants_them_named_too(
    stranger: Path, capsys: pytest.CaptureFixture
) -> None:
    assert main(["evaluate", str(stranger), "--samples", "0"]) == 2
    told = capsys.readouterr().err
    assert "never opened" in told
    assert "--data" in told
    named = ["--data", str(stranger.parent / "x.npy")]
    assert main(["evaluate", str(stranger), "--samples", "0", *named]) == 0
