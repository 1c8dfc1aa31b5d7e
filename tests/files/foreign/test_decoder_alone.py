"""A file with a decoder alone: points are decoded, and nothing pretends to be encoded."""

import keras
import numpy as np
import pytest

import vaegui
from tests.files.foreign.models import SHAPE, UNITS, dense_decoder, official, saved
from vaegui.core.likelihoods import Bernoulli
from vaegui.data import Digits8x8, NoData
from vaegui.errors import FileError, SettingsError, VaeguiError
from vaegui.files.foreign.halves.finding import inspect

Z = np.random.default_rng(0).normal(size=(5, UNITS)).astype(np.float32)


@pytest.fixture(scope="module")
def decoder():
    return official()[1]


@pytest.fixture
def path(decoder, tmp_path):
    (path,) = saved(tmp_path, generator=decoder)
    return path


def test_it_decodes_as_keras_does_and_draws_from_the_prior(decoder, path):
    run = vaegui.import_keras(path)
    assert run.begun.settings.data == NoData(shape=(28, 28))
    decoded = run.decode(Z).reshape(5, *SHAPE)
    np.testing.assert_allclose(decoded, decoder(Z), atol=1e-5)
    assert run.sample(3, seed=1).shape == (3, 28, 28)
    run.look()
    assert run.snapshot is not None
    assert len(run.snapshot.mean) == 0
    assert len(run.snapshot.samples) > 0


def test_logits_become_what_they_mean_once_that_is_said(tmp_path):
    decoder = dense_decoder(activation=None)
    (path,) = saved(tmp_path, decoder=decoder)
    with pytest.raises(SettingsError, match="logits"):
        vaegui.import_keras(path)
    run = vaegui.import_keras(path, likelihood=Bernoulli())
    wanted = keras.ops.sigmoid(decoder(Z))
    np.testing.assert_allclose(run.decode(Z).reshape(5, *SHAPE), wanted, atol=1e-5)


def test_it_is_saved_opened_and_exported_and_plain_keras_opens_it(decoder, path, tmp_path):
    run = vaegui.import_keras(path)
    run.save(tmp_path / "run.keras")
    run.export(tmp_path / "run.safetensors")
    again = vaegui.load(tmp_path / "run.keras")
    np.testing.assert_array_equal(again.decode(Z), run.decode(Z))
    opened = keras.models.load_model(tmp_path / "run.keras")
    np.testing.assert_allclose(opened(Z)["reconstruction"], run.decode(Z), atol=1e-5)
    weights = run.trainer.model.vae.get_weights()
    again.import_weights(tmp_path / "run.safetensors")
    for ours, theirs in zip(again.trainer.model.vae.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    "does",
    [
        lambda run: run.encode(np.zeros((1, 28, 28))),
        lambda run: run.reconstruct(np.zeros((1, 28, 28))),
        lambda run: run.evaluate(),
        lambda run: run.go_on(epochs=1),
        lambda run: run.with_data(x=np.zeros((9, 28, 28), np.float32)),
    ],
    ids=["encode", "reconstruct", "evaluate", "go on", "with data"],
)
def test_what_needs_an_encoder_says_so(does, path):
    with pytest.raises(VaeguiError, match="decoder alone"):
        does(vaegui.import_keras(path))


def test_data_cannot_be_given_with_it(path):
    with pytest.raises(SettingsError, match="decoder alone"):
        vaegui.import_keras(path, data=Digits8x8())


def test_an_encoder_alone_is_none(tmp_path):
    (path,) = saved(tmp_path, encoder=official()[0])
    with pytest.raises(FileError, match="No encoder and decoder"):
        inspect(path)


def test_something_that_gives_less_than_it_takes_is_none(tmp_path):
    x = keras.Input((20,))
    classifier = keras.Model(x, keras.layers.Dense(10, activation="softmax")(x))
    (path,) = saved(tmp_path, model=classifier)
    with pytest.raises(FileError, match="No encoder and decoder"):
        inspect(path)


def test_more_latent_units_than_the_program_takes_are_refused_with_their_number(tmp_path):
    z = keras.Input((1025,))
    decoder = keras.Model(z, keras.layers.Dense(2000, activation="sigmoid")(z))
    (path,) = saved(tmp_path, decoder=decoder)
    with pytest.raises(FileError, match=r"1,025 latent units; this program takes up to 1,024"):
        vaegui.import_keras(path)
