"""Plain autoencoders of other programs, which give each input a point."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

import vaegui
from tests.files.foreign.models import SHAPE, dense_decoder, lively, pictures, saved
from vaegui.errors import SettingsError
from vaegui.files.foreign.halves.finding import inspect
from vaegui.files.foreign.importing import import_model
from vaegui.files.foreign.roles.proposal import proposed
from vaegui.files.model.model_file import open_model, save

X = pictures()
ROWS = X.reshape(len(X), 28, 28)


def encoder(activation=None):
    x = keras.Input(SHAPE)
    h = layers.Dense(16, activation="relu")(layers.Flatten()(x))
    code = layers.Dense(3, activation=activation, name="code")(h)
    return lively(keras.Model(x, code, name="encoder"))


def convolutional():
    """As Keras' blog has it: the code is a picture of several channels."""
    half = {"padding": "same", "strides": 2, "activation": "relu"}
    return lively(
        keras.Sequential(
            [
                keras.Input(SHAPE),
                layers.Conv2D(8, 3, **half),
                layers.Conv2D(4, 3, **half),
                layers.Conv2DTranspose(8, 3, **half),
                layers.Conv2DTranspose(1, 3, padding="same", strides=2, activation="sigmoid"),
            ]
        )
    )


def stack():
    """One row of dense layers, narrowest in the middle."""
    widths = ((64, "relu"), (8, None), (64, "relu"), (784, "sigmoid"))
    row = [layers.Dense(width, activation=bend) for width, bend in widths]
    row.insert(2, layers.LeakyReLU())
    return lively(keras.Sequential([keras.Input((784,)), *row]))


def imported(*paths, **changes):
    foreign = inspect(*paths)
    assert foreign.plain
    return import_model(foreign, replace(proposed(foreign)[0], **changes))


def outputs(trainer):
    return {
        name: np.asarray(value).reshape(len(X), -1)
        for name, value in trainer.model.vae(ROWS).items()
    }


def check(trainer, code, reconstruction):
    found = outputs(trainer)
    assert sorted(found) == ["mean", "reconstruction"], "there is no spread"
    np.testing.assert_allclose(found["mean"], np.reshape(code, (len(X), -1)), 1e-5, 1e-5)
    wanted = np.reshape(reconstruction, (len(X), -1))
    np.testing.assert_allclose(found["reconstruction"], wanted, 1e-5, 1e-5)
    assert not trainer.settings.has_spread


@pytest.mark.parametrize("activation", [None, "relu"])
def test_a_pair_with_one_output_opens_as_what_it_is(activation, tmp_path):
    both = encoder(activation), dense_decoder(3)
    paths = saved(tmp_path, encoder=both[0], decoder=both[1])
    check(imported(*reversed(paths)), both[0](X), both[1](both[0](X)))


def test_encoder_and_decoder_within_one_model_are_found(tmp_path):
    both = encoder(), dense_decoder(3)
    whole = keras.Sequential([keras.Input(SHAPE), *both])
    check(imported(*saved(tmp_path, whole=whole)), both[0](X), whole(X))


def test_one_row_of_layers_is_cut_where_it_is_narrowest(tmp_path):
    model = stack()
    trainer = imported(*saved(tmp_path, stack=model))
    code = keras.Model(model.inputs[0], model.layers[2].output)
    assert trainer.settings.latent_units == 8
    check(trainer, code(X.reshape(-1, 784)), model(X.reshape(-1, 784)))


def test_it_can_be_cut_elsewhere(tmp_path):
    model = stack()
    (path,) = saved(tmp_path, stack=model)
    foreign = inspect(path)
    labels = [read_out.label.split("/")[-1] for read_out in foreign.read_outs]
    assert labels[0] == model.layers[2].name, "after its non-linearity"
    wide = labels.index(model.layers[0].name)
    trainer = imported(path, mean=wide)
    assert trainer.settings.latent_units == 64
    code = keras.Model(model.inputs[0], model.layers[0].output)
    check(trainer, code(X.reshape(-1, 784)), model(X.reshape(-1, 784)))


def test_a_code_of_several_axes_becomes_a_row(tmp_path):
    model = convolutional()
    trainer = imported(*saved(tmp_path, conv=model))
    assert trainer.settings.latent_units == 7 * 7 * 4
    code = keras.Model(model.inputs[0], model.layers[1].output)
    check(trainer, code(X), model(X))


def test_it_is_saved_opened_and_trained_further_without_a_spread(tmp_path):
    paths = saved(tmp_path, encoder=encoder(), decoder=dense_decoder(3))
    trainer = imported(*paths)
    before = outputs(trainer)
    save(tmp_path / "ours.keras", trainer)
    opened = open_model(tmp_path / "ours.keras")
    np.testing.assert_array_equal(outputs(opened)["mean"], before["mean"])
    for _ in opened.run(max_steps=3):
        pass
    np.testing.assert_array_equal(opened.history.total, opened.history.reconstruction)
    assert not np.array_equal(outputs(opened)["mean"], before["mean"])


def test_what_speaks_for_it_is_said(tmp_path):
    paths = saved(tmp_path, encoder=encoder(), decoder=dense_decoder(3), stack=stack())
    reading, evident = proposed(inspect(*paths[:2]))
    assert evident
    assert reading.spread is None


def test_python_opens_it_without_saying_more(tmp_path: Path):
    paths = saved(tmp_path, encoder=encoder(), decoder=dense_decoder(3))
    run = vaegui.import_keras(*paths)
    mean, log_var = run.encode(ROWS)
    assert mean.shape == (len(X), 3)
    assert np.all(log_var == -np.inf)
    with pytest.raises(SettingsError, match="no output called"):
        vaegui.import_keras(*paths, spread="z_log_var")
