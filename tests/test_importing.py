"""Models and weights of other programs, in Python and on the command line, with real files."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from safetensors.numpy import load_file

import vaegui
from tests.hostile.archives import members
from tests.hostile.models.foreign import FIXTURES, FOREIGN, TENSORS
from vaegui.cli import main as cli
from vaegui.core.likelihoods import Bernoulli, Gaussian
from vaegui.data import Digits8x8
from vaegui.errors import FileError, SettingsError
from vaegui.model_run import ModelRun

OURS = FIXTURES / "format-2-dense.keras"
"""The model whose weights the exported ones are."""


def mean_by_hand(x: np.ndarray) -> np.ndarray:
    """What the encoder in the file makes of pictures from 0 to 16, from its weights alone."""
    with h5py.File(io.BytesIO(members(FOREIGN)["model.weights.h5"])) as file:
        group = file["layers/functional/layers"]
        hidden, mean = ([group[n]["vars"][i][()] for i in "01"] for n in ("dense", "dense_1"))
    a = np.maximum((x / 16).reshape(len(x), 64) @ hidden[0] + hidden[1], 0)
    return np.asarray(a @ mean[0] + mean[1])


@pytest.fixture(scope="module")
def imported() -> ModelRun:
    return vaegui.import_keras(FOREIGN)


@pytest.fixture
def x() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 17, (5, 8, 8)).astype(np.float32)


def test_an_imported_model_is_a_run_whose_numbers_are_those_of_the_file(
    imported: ModelRun, x: np.ndarray
) -> None:
    assert imported.begun.imported == "foreign"
    assert imported.begun.settings.data == Digits8x8()
    mean, log_var = imported.encode(x)
    np.testing.assert_allclose(mean, mean_by_hand(x), atol=1e-5)
    assert log_var.shape == (5, 2)
    decoded = imported.decode(mean)
    assert decoded.shape == (5, 8, 8)
    assert 0 <= decoded.min() < decoded.max() <= 16, "in the scale of the data"
    imported.look()
    assert imported.snapshot is not None


def test_what_is_said_of_a_model_counts_more_than_what_is_proposed() -> None:
    swapped = vaegui.import_keras(
        FOREIGN, mean="z_log_var", spread="z_mean", likelihood=Gaussian(), spread_is="log_sd"
    )
    x = np.zeros((1, 8, 8), np.float32)
    plain = vaegui.import_keras(FOREIGN)
    np.testing.assert_array_equal(swapped.encode(x)[0], plain.encode(x)[1])
    np.testing.assert_array_equal(swapped.encode(x)[1], 2 * plain.encode(x)[0])
    with pytest.raises(SettingsError, match="no output called 'z'"):
        vaegui.import_keras(FOREIGN, mean="z")
    with pytest.raises(FileError, match="was saved by vaegui"):
        vaegui.import_keras(OURS)


def test_whether_a_decoder_gives_logits_is_asked_and_not_guessed(tmp_path: Path) -> None:
    import keras

    z = keras.Input((2,))
    values = keras.layers.Reshape((8, 8))(keras.layers.Dense(64)(z))
    decoder = keras.Model(z, values, name="decoder")
    x = keras.Input((8, 8))
    h = keras.layers.Flatten()(x)
    read_outs = [keras.layers.Dense(2, name=name)(h) for name in ("mean", "log_var")]
    keras.Model(x, read_outs, name="encoder").save(tmp_path / "encoder.keras")
    decoder.save(tmp_path / "decoder.keras")
    paths = tmp_path / "encoder.keras", tmp_path / "decoder.keras"
    with pytest.raises(SettingsError, match="may give logits or the values themselves"):
        vaegui.import_keras(*paths)
    code = np.ones((1, 2), np.float32)
    given = np.asarray(decoder(code))
    as_logits = vaegui.import_keras(*paths, likelihood=Bernoulli()).decode(code)
    np.testing.assert_allclose(as_logits, 16 / (1 + np.exp(-given)), rtol=1e-5)
    as_values = vaegui.import_keras(*paths, likelihood=Gaussian()).decode(code)
    np.testing.assert_allclose(as_values, 16 * given, rtol=1e-5)


def test_exported_weights_go_into_another_run(tmp_path: Path, x: np.ndarray) -> None:
    run, path = vaegui.load(OURS), tmp_path / "w.safetensors"
    run.export(path)
    arrays = load_file(path)
    assert {name.split(".")[0] for name in arrays} == {"encoder", "decoder"}
    for name, array in load_file(TENSORS).items():
        np.testing.assert_array_equal(arrays[name], array)
    before = run.encode(x)[0]
    run.go_on(run.begun.settings.training.epochs + 1)
    assert not np.array_equal(run.encode(x)[0], before)
    run.import_weights(path)
    np.testing.assert_array_equal(run.encode(x)[0], before)
    assert run.history.marks[-1][1] == "weights of w.safetensors"


def test_weights_of_other_layers_change_nothing(imported: ModelRun, x: np.ndarray) -> None:
    before = imported.encode(x)
    with pytest.raises(FileError, match="do not fit the model: decoder"):
        imported.import_weights(TENSORS)
    np.testing.assert_array_equal(imported.encode(x), before)


def test_the_command_imports_and_exports(
    tmp_path: Path, x: np.ndarray, capfd: pytest.CaptureFixture[str]
) -> None:
    out, weights = tmp_path / "run.keras", tmp_path / "w.safetensors"
    assert cli.main(["import", str(FOREIGN), "--out", str(out), "--likelihood", "gaussian"]) == 0
    run = vaegui.load(out)
    assert run.begun.settings.likelihood == Gaussian()
    np.testing.assert_allclose(run.encode(x)[0], mean_by_hand(x), atol=1e-5)
    assert cli.main(["export", str(out), "--to", str(weights)]) == 0
    kernel = load_file(weights)["encoder.mean.kernel"]
    assert kernel.shape == (8, 2)
    said = capfd.readouterr()
    assert said.out == ""
    assert f"Imported to {out}." in said.err
    assert f"Exported to {weights}." in said.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["import", str(OURS), "--out", "OUT.keras"], "was saved by vaegui"),
        (["import", str(FOREIGN), "--out", "OUT.keras", "--mean", "z"], "no output called 'z'"),
        (["import", str(FOREIGN), "--out", "OUT.h5"], "does not end in .keras"),
        (["export", str(OURS), "--to", "OUT.txt"], "does not end in .safetensors"),
        (["export", str(FOREIGN), "--to", "OUT.safetensors"], "was not saved by vaegui"),
    ],
)
def test_the_command_says_what_is_wrong_and_writes_nothing(
    arguments: list[str], told: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    line: list[Any] = [a.replace("OUT", str(tmp_path / "out")) for a in arguments]
    assert cli.main(line) == 2
    assert told in capfd.readouterr().err
    assert not list(tmp_path.iterdir())
