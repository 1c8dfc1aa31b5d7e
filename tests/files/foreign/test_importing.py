from dataclasses import replace

import keras
import numpy as np
import pytest
from keras import layers, ops

from tests.files.foreign.models import (
    SHAPE,
    UNITS,
    Vae,
    dense_decoder,
    dense_encoder,
    lively,
    official,
    pictures,
    saved,
)
from vaegui.core.likelihoods import Bernoulli, Gaussian
from vaegui.data import Digits8x8
from vaegui.errors import FileError, SettingsError
from vaegui.files.foreign.halves.finding import inspect
from vaegui.files.foreign.importing import import_model, settings_of
from vaegui.files.foreign.roles.proposal import proposed
from vaegui.files.model.model_file import open_model, save

X = pictures()


def imported(*paths, **changes):
    foreign = inspect(*paths)
    return import_model(foreign, replace(proposed(foreign)[0], **changes))


def numbers(trainer, x=X):
    outputs = trainer.model.vae(x.reshape(len(x), *trainer.data.shape))
    return [np.asarray(outputs[name]) for name in ("mean", "log_var", "reconstruction")]


def check(trainer, mean, log_var, reconstruction, tolerance=0.0):
    for got, wanted in zip(numbers(trainer), (mean, log_var, reconstruction), strict=True):
        wanted = np.asarray(wanted)
        np.testing.assert_allclose(got.reshape(wanted.shape), wanted, tolerance, tolerance)


@pytest.fixture(scope="module")
def example():
    encoder, decoder = official()
    mean, log_var, _ = encoder(X)
    return encoder, decoder, (mean, log_var, decoder(mean))


def test_the_official_example_gives_the_same_bits_in_two_files_in_either_order(example, tmp_path):
    encoder, decoder, truth = example
    paths = saved(tmp_path, encoder=encoder, decoder=decoder)
    foreign = inspect(*paths)
    assert proposed(foreign)[1], "its layers' names leave no doubt"
    assert foreign.shape == SHAPE
    check(imported(*paths), *truth)
    check(imported(*reversed(paths)), *truth)


@pytest.mark.parametrize("says", ["models", "configurations"])
def test_a_subclassed_model_is_imported_by_what_its_configuration_says(example, says, tmp_path):
    encoder, decoder, truth = example
    vae = Vae(encoder, decoder, says)
    vae.build((None, *SHAPE))
    check(imported(*saved(tmp_path, vae=vae)), *truth)


def test_a_model_that_keeps_its_encoder_by_another_name_is_imported(example, tmp_path):
    encoder, decoder, truth = example

    class Renamed(Vae):
        def __init__(self, encoder, decoder):
            super().__init__(encoder, decoder, "models")
            self.enc, self.dec = encoder, decoder

    # Keras keeps the weights under the attribute that comes first, and that is "dec" and "enc".
    vae = Renamed(encoder, decoder)
    vae.build((None, *SHAPE))
    check(imported(*saved(tmp_path, vae=vae)), *truth)


def test_one_functional_model_of_both_is_imported(example, tmp_path):
    encoder, decoder, truth = example
    x = keras.Input(SHAPE)
    mean, log_var, _ = encoder(x)
    check(imported(*saved(tmp_path, vae=keras.Model(x, [mean, log_var, decoder(mean)]))), *truth)


def test_one_row_of_layers_is_cut_where_z_is_drawn(tmp_path):
    x = keras.Input(SHAPE)
    h = layers.Dense(8, activation="relu")(layers.Flatten()(x))
    mean, log_var = layers.Dense(UNITS, name="mu")(h), layers.Dense(UNITS, name="log_var")(h)
    z = mean + ops.exp(0.5 * log_var)
    out = layers.Reshape(SHAPE)(layers.Dense(784, activation="sigmoid", name="out")(z))
    model = lively(keras.Model(x, out))
    inner = keras.Model(x, [mean, log_var])
    mean_, log_var_ = inner(X)
    reconstruction = model.get_layer("out")(mean_)
    check(imported(*saved(tmp_path, model=model)), mean_, log_var_, reconstruction)


def test_an_encoder_of_one_layer_for_both_is_split_in_halves(tmp_path):
    encoder = keras.Sequential(
        [keras.Input(SHAPE), layers.Flatten(), layers.Dense(2 * UNITS, name="both")]
    )
    decoder = dense_decoder(activation=None)
    lively(encoder)
    paths = saved(tmp_path, encoder=encoder, decoder=decoder)
    assert not proposed(inspect(*paths))[1], "which half is what is not evident"
    both = np.asarray(encoder(X))
    trainer = imported(*paths, likelihood=Bernoulli())
    mean = both[:, :UNITS]
    check(trainer, mean, both[:, UNITS:], keras.ops.sigmoid(decoder(mean)), 1e-5)


def branches(h):
    """Two of unequal length: what is nearer to the input is not what Keras counts first."""
    short = layers.Dense(8, "relu")(h)
    return layers.Concatenate()([layers.Dense(8, "relu")(layers.Dense(8)(h)), short])


BODIES = {
    "pooled": lambda x: layers.Flatten()(
        layers.AveragePooling2D(2)(
            layers.MaxPooling2D(2, padding="same")(layers.ZeroPadding2D(1)(layers.Conv2D(3, 3)(x)))
        )
    ),
    "normalised": lambda x: layers.LayerNormalization()(
        layers.GlobalAveragePooling2D()(
            layers.LeakyReLU()(layers.BatchNormalization()(layers.Conv2D(4, 5, dilation_rate=2)(x)))
        )
    ),
    "residual": lambda x: layers.GlobalMaxPooling2D()(
        layers.Concatenate(axis=3)(
            [
                layers.Add()([x, layers.DepthwiseConv2D(3, padding="same", activation="elu")(x)]),
                layers.UpSampling2D(2)(layers.Cropping2D(7)(x)),
            ]
        )
    ),
    "dropped": lambda x: layers.Dropout(0.5)(
        layers.Dense(6, activation=layers.LeakyReLU(0.1))(
            layers.Flatten()(layers.Rescaling(2.0, -1.0)(layers.GaussianNoise(0.1)(x)))
        )
    ),
    "sequence": lambda x: layers.Flatten()(
        layers.Conv1D(4, 3, strides=2, padding="causal")(
            layers.Permute((2, 1))(layers.Reshape((28, -1))(x))
        )
    ),
    "grouped": lambda x: layers.Flatten()(
        layers.GroupNormalization(2)(layers.Conv2D(4, 3, strides=3, groups=1, use_bias=False)(x))
    ),
    "branches": lambda x: branches(layers.Dense(8, "tanh")(layers.Flatten()(x))),
    "nested": lambda x: keras.Sequential([layers.Flatten(), layers.Dense(5, activation="gelu")])(x),
}


@pytest.mark.parametrize("body", BODIES)
def test_layers_compute_what_keras_computes(body, tmp_path):
    encoder, decoder = dense_encoder(BODIES[body]), dense_decoder()
    mean, log_var = encoder(X)
    trainer = imported(*saved(tmp_path, encoder=encoder, decoder=decoder))
    check(trainer, mean, log_var, decoder(mean), 1e-6)


@pytest.mark.parametrize(
    ("activation", "spread_is", "log_var"),
    [
        ("linear", "log_sd", lambda s: 2 * s),
        ("softplus", "sd", lambda s: 2 * np.log(s)),
        ("exponential", "sd", lambda s: 2 * np.log(s)),
        ("softplus", "var", np.log),
    ],
)
def test_any_kind_of_spread_becomes_the_log_variance(activation, spread_is, log_var, tmp_path):
    x = keras.Input(SHAPE)
    h = layers.Dense(8)(layers.Flatten()(x))
    outputs = layers.Dense(UNITS, name="one")(h), layers.Dense(UNITS, activation, name="two")(h)
    encoder, decoder = lively(keras.Model(x, outputs, name="encoder")), dense_decoder()
    mean, spread = encoder(X)
    paths = saved(tmp_path, encoder=encoder, decoder=decoder)
    trainer = imported(*paths, mean=0, spread=1, spread_is=spread_is)
    check(trainer, mean, log_var(np.asarray(spread)), decoder(mean), 1e-5)


def test_a_decoder_keeps_its_sigmoid_under_a_gaussian_likelihood(example, tmp_path):
    encoder, decoder, truth = example
    paths = saved(tmp_path, encoder=encoder, decoder=decoder)
    check(imported(*paths, likelihood=Gaussian()), *truth)


def test_an_imported_model_is_saved_opened_and_trained_like_any_other(tmp_path):
    encoder, decoder = dense_encoder(BODIES["normalised"]), dense_decoder()
    trainer = imported(*saved(tmp_path, encoder=encoder, decoder=decoder))
    before = numbers(trainer)
    save(tmp_path / "ours.keras", trainer)
    opened = open_model(tmp_path / "ours.keras")
    np.testing.assert_equal(numbers(opened), before)
    plain = keras.saving.load_model(tmp_path / "ours.keras")
    np.testing.assert_array_equal(plain(X[..., 0])["reconstruction"], before[2])
    losses = [event.total for event in opened.run(max_steps=2) if hasattr(event, "total")]
    assert np.isfinite(losses[0]).all()
    assert not np.array_equal(numbers(opened)[0], before[0])


def test_data_of_another_shape_are_refused_before_they_are_loaded(example, tmp_path):
    paths = saved(tmp_path, encoder=example[0], decoder=example[1])
    with pytest.raises(SettingsError, match=r"take examples of the shape \(28, 28, 1\)"):
        imported(*paths, data=Digits8x8())


def test_mean_and_spread_cannot_be_the_same(example, tmp_path):
    foreign = inspect(*saved(tmp_path, encoder=example[0], decoder=example[1]))
    with pytest.raises(SettingsError, match="cannot be the same"):
        settings_of(foreign, replace(proposed(foreign)[0], spread=0))


def test_a_bernoulli_likelihood_needs_a_sigmoid_or_logits(tmp_path):
    encoder, decoder = dense_encoder(BODIES["dropped"]), dense_decoder(activation="tanh")
    foreign = inspect(*saved(tmp_path, encoder=encoder, decoder=decoder))
    reading, _ = proposed(foreign)
    assert (reading.likelihood.kind, reading.rescale.kind) == ("gaussian", "symmetric")
    with pytest.raises(SettingsError, match="ends with a sigmoid"):
        settings_of(foreign, replace(reading, likelihood=Bernoulli()))


def test_weights_that_are_missing_are_named(example, tmp_path):
    import zipfile

    paths = saved(tmp_path, encoder=example[0], decoder=example[1])
    with zipfile.ZipFile(paths[0]) as one, zipfile.ZipFile(paths[1]) as other:
        mixed = tmp_path / "mixed.keras"
        with zipfile.ZipFile(mixed, "w") as archive:
            archive.writestr("config.json", one.read("config.json"))
            archive.writestr("model.weights.h5", other.read("model.weights.h5"))
    with pytest.raises(FileError, match=r"weights layers/conv2d/vars/0 of the layer 'conv2d"):
        imported(mixed, paths[1])
