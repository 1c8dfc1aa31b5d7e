"""Whole models in HDF5, of Keras 2 and 3, and Keras 2's own archives."""

import keras
import numpy as np
import pytest
from keras import layers

import vaegui
from tests.files.foreign import keras2_models as keras2
from tests.files.foreign.models import SHAPE, UNITS, lively, official, pictures
from tests.files.foreign.test_importing import check, imported
from vaegui.files.foreign.halves.finding import inspect
from vaegui.files.foreign.roles.proposal import proposed

X = pictures()
TOLERANCE = 1e-5


def truth(encoder, decoder, x=X):
    mean, log_var, *_ = encoder(x)
    return np.asarray(mean), np.asarray(log_var), np.asarray(decoder(mean))


@pytest.fixture(scope="module")
def old():
    return keras2.encoder_and_decoder()


@pytest.mark.parametrize("suffix", [".h5", ".hdf5", ".keras", ".model"])
def test_two_files_of_keras_2_are_told_by_what_is_in_them(suffix, old, tmp_path):
    paths = []
    for model in old:
        paths.append(keras2.saved(tmp_path / f"{model.name}.h5", model).rename(
            tmp_path / f"{model.name}{suffix}"
        ))  # fmt: skip
    assert proposed(inspect(*paths))[1], "its layers' names leave no doubt"
    check(imported(*paths), *truth(*old), TOLERANCE)


@pytest.mark.parametrize("suffix", [".h5", ".keras"])
def test_a_whole_model_of_keras_2_with_an_added_loss_is_imported(suffix, old, tmp_path):
    path = keras2.saved(tmp_path / f"vae{suffix}", keras2.with_loss(*old))
    check(imported(path), *truth(*old), TOLERANCE)


def test_a_sequential_of_keras_2_that_was_told_its_input_by_its_first_layer(old, tmp_path):
    decoder = lively(
        keras2.keras.Sequential(
            [
                keras2.layers.Dense(8, input_shape=(UNITS,), activation="elu"),
                keras2.layers.Dense(784, activation="sigmoid"),
                keras2.layers.Reshape(SHAPE),
            ]
        )
    )
    paths = [
        keras2.saved(tmp_path / "encoder.h5", old[0]),
        keras2.saved(tmp_path / "decoder.h5", decoder),
    ]
    check(imported(*paths), *truth(old[0], decoder), TOLERANCE)


def test_recurrent_attention_and_grouped_layers_of_keras_2_have_their_numbers(tmp_path):
    old = keras2.layers
    x = old.Input((12, 4))
    h = old.Conv1D(4, 3, groups=2, padding="same")(x)
    h = old.MultiHeadAttention(2, 3)(h, h)
    h = old.Bidirectional(old.LSTM(5, return_sequences=True))(h)
    h = old.GRU(6)(h)
    encoder = keras2.keras.Model(x, [old.Dense(2, name=n)(h) for n in ("z_mean", "z_log_var")])
    z = old.Input((2,))
    g = old.SimpleRNN(6, return_sequences=True)(old.RepeatVector(12)(z))
    decoder = keras2.keras.Model(z, old.TimeDistributed(old.Dense(4))(g))
    for model in (encoder, decoder):
        lively(model)
    paths = [
        keras2.saved(tmp_path / f"{name}.h5", model)
        for name, model in (("encoder", encoder), ("decoder", decoder))
    ]
    run = vaegui.import_keras(*paths)
    rows = np.random.default_rng(0).normal(size=(3, 12, 4)).astype(np.float32)
    mean, log_var = run.encode(rows)
    for found, expected in zip(
        (mean, log_var, run.decode(mean)), truth(encoder, decoder, rows), strict=True
    ):
        np.testing.assert_allclose(found.reshape(expected.shape), expected, atol=TOLERANCE)


@pytest.fixture(scope="module")
def new():
    return official()


def test_two_hdf5_files_of_keras_3_are_imported(new, tmp_path):
    paths = [keras2.saved(tmp_path / f"{model.name}.h5", model) for model in new]
    check(imported(*paths), *truth(*new), TOLERANCE)


def test_a_whole_hdf5_model_of_keras_3_is_imported(new, tmp_path):
    x = keras.Input(SHAPE)
    encoder, decoder = new
    mean, log_var, _ = encoder(x)
    vae = keras.Model(x, [mean, log_var, decoder(mean)])
    check(imported(keras2.saved(tmp_path / "vae.h5", vae)), *truth(*new), TOLERANCE)


def test_nested_models_with_layers_of_one_name_keep_their_own_weights(new, tmp_path):
    def half(name):
        return keras.Sequential([layers.Dense(6, activation="tanh", name="d")], name=name)

    x = keras.Input((6,))
    body = keras.Model(x, half("b")(half("a")(x)), name="body")
    x = keras.Input(SHAPE)
    h = body(layers.Dense(6, name="d")(layers.Flatten()(x)))
    outputs = [layers.Dense(UNITS, name=name)(h) for name in ("mean", "log_var")]
    encoder = lively(keras.Model(x, outputs, name="encoder"))
    paths = [keras2.saved(tmp_path / f"{m.name}.h5", m) for m in (encoder, new[1])]
    check(imported(*paths), *truth(encoder, new[1]), TOLERANCE)
