"""Models of any shape open without data, and can be given some later."""

import math

import keras
import numpy as np
import pytest
from keras import layers

import vaegui
from tests.files.foreign.models import lively, saved
from vaegui.data import Digits8x8, NoData
from vaegui.data.rescale import Symmetric
from vaegui.errors import DataError, SettingsError
from vaegui.files.foreign.halves.finding import inspect
from vaegui.files.foreign.roles.proposal import proposed
from vaegui.panels.drawing.classes import example_name
from vaegui.queries.base import run_to_end
from vaegui.queries.computing.subject import Subject
from vaegui.queries.explain import Explain


def stranger(shape, units=2, activation="sigmoid"):
    """An encoder and a decoder for examples of a shape, with names that say what is what."""
    x = keras.Input(shape)
    h = layers.Dense(5, activation="tanh")(layers.Flatten()(x))
    outputs = [layers.Dense(units, name=name)(h) for name in ("z_mean", "z_log_var")]
    z = keras.Input((units,))
    out = layers.Dense(math.prod(shape), activation=activation)(z)
    decoder = keras.Model(z, layers.Reshape(shape)(out), name="decoder")
    return lively(keras.Model(x, outputs, name="encoder")), lively(decoder)


@pytest.fixture(params=[(40, 32, 3), (7,), (120, 1), (6, 6, 6, 2), (10, 12, 5), (16, 5), (1,)])
def shape(request):
    return request.param


def test_a_model_of_any_shape_opens_without_data_and_its_numbers_are_those_of_keras(
    shape, tmp_path
):
    encoder, decoder = stranger(shape)
    x = np.random.default_rng(0).random((3, *shape)).astype(np.float32)
    z = np.random.default_rng(1).normal(size=(4, 2)).astype(np.float32)
    run = vaegui.import_keras(*saved(tmp_path, encoder=encoder, decoder=decoder))
    assert isinstance(run.begun.settings.data, NoData)
    mean, log_var = run.encode(x)
    np.testing.assert_allclose(mean, encoder(x)[0], atol=1e-5)
    np.testing.assert_allclose(log_var, encoder(x)[1], atol=1e-5)
    np.testing.assert_allclose(run.decode(z).reshape(4, *shape), decoder(z), atol=1e-5)
    assert len(run.sample(2)) == 2


def test_it_can_be_saved_opened_and_exported_without_data(tmp_path):
    shape = (40, 32, 3)
    encoder, decoder = stranger(shape)
    run = vaegui.import_keras(*saved(tmp_path, encoder=encoder, decoder=decoder))
    run.save(tmp_path / "run.keras")
    run.export(tmp_path / "run.safetensors")
    again = vaegui.load(tmp_path / "run.keras")
    assert again.begun.settings == run.begun.settings
    z = np.ones((1, 2), np.float32)
    np.testing.assert_array_equal(again.decode(z), run.decode(z))
    again.look()
    assert again.snapshot is not None
    drawn = again.begun.probes.x
    np.testing.assert_allclose(again.snapshot.mean, again.encode(drawn)[0], atol=1e-5)
    opened = keras.models.load_model(tmp_path / "run.keras")
    logits = opened.get_layer("decoder")(z)
    np.testing.assert_allclose(keras.ops.sigmoid(logits), run.decode(z), atol=1e-5)


@pytest.mark.parametrize("does", ["evaluate", "go_on", "log_p"])
def test_what_needs_data_says_so_and_what_to_do(does, tmp_path):
    encoder, decoder = stranger((40, 32, 3))
    run = vaegui.import_keras(*saved(tmp_path, encoder=encoder, decoder=decoder))
    with pytest.raises(DataError, match=r"without data.*\n*.*40 × 32 × 3 values"):
        getattr(run, does)()


def test_in_place_of_inputs_draws_from_the_prior_are_looked_at_and_explained(tmp_path):
    encoder, decoder = stranger((40, 32, 3))
    run = vaegui.import_keras(*saved(tmp_path, encoder=encoder, decoder=decoder))
    run.look()
    probes = run.begun.probes
    assert example_name(run.begun, probes.refs[4]) == "draw 5"
    explained = run_to_end(Explain(probes.refs[4], (), 0).run(Subject(run.trainer)))
    np.testing.assert_allclose(explained.passed.mean, encoder(probes.x[4:5])[0][0], atol=1e-5)
    again = vaegui.import_keras(*saved(tmp_path, encoder=encoder, decoder=decoder))
    again.look()
    np.testing.assert_array_equal(again.begun.probes.x, probes.x)


def test_data_can_be_given_with_the_file_or_later_and_it_trains_on(tmp_path):
    encoder, decoder = stranger((12,), activation=None)
    paths = saved(tmp_path, encoder=encoder, decoder=decoder)
    x = np.random.default_rng(0).normal(size=(40, 12)).astype(np.float32)
    at_once, without = vaegui.import_keras(*paths, x=x), vaegui.import_keras(*paths)
    later = without.with_data(x=x)
    for run in (at_once, later):
        assert run.begun.imported == "encoder and decoder"
        np.testing.assert_array_equal(run.encode(x)[0], without.encode(x)[0])
        run.go_on(epochs=1)
        assert np.isfinite(run.evaluate().terms.total)
        assert not np.array_equal(run.encode(x)[0], without.encode(x)[0])
    np.testing.assert_array_equal(at_once.encode(x)[0], later.encode(x)[0])
    later.save(tmp_path / "later.keras")
    assert vaegui.load(tmp_path / "later.keras", x=x).step == later.step


def test_data_of_another_shape_are_refused_in_words_and_the_model_stays(tmp_path):
    encoder, decoder = stranger((12,))
    run = vaegui.import_keras(*saved(tmp_path, encoder=encoder, decoder=decoder))
    with pytest.raises(SettingsError, match=r"shape \(12,\); these data have the shape \(8, 8\)"):
        run.with_data(Digits8x8())
    assert run.decode(np.zeros((1, 2))).shape == (1, 12)


def test_the_scale_that_was_said_is_kept_for_the_data_that_come_later(tmp_path):
    encoder, decoder = stranger((8, 8, 1), activation="tanh")
    paths = saved(tmp_path, encoder=encoder, decoder=decoder)
    run = vaegui.import_keras(*paths, data=NoData.of_shape((8, 8, 1)))
    assert run.begun.settings.rescale == Symmetric()
    x = np.random.default_rng(0).uniform(-1, 1, (2, 8, 8, 1)).astype(np.float32)
    np.testing.assert_allclose(run.encode(x)[0], encoder(x)[0], atol=1e-5)
    given = run.with_data(Digits8x8())
    scaled = given.begun.data.scaling.to_data(x.reshape(2, 8, 8))
    np.testing.assert_allclose(given.encode(scaled)[0], encoder(x)[0], atol=1e-5)


def test_pictures_of_the_program_are_proposed_where_they_fit_and_tables_are_not(tmp_path):
    ten = NoData(shape=(10,))  # as many columns as one of the program's tables has
    wanted = {(12,): NoData(shape=(12,)), (10,): ten, (8, 8, 1): Digits8x8()}
    for number, (shape, data) in enumerate(wanted.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        encoder, decoder = stranger(shape)
        foreign = inspect(*saved(folder, encoder=encoder, decoder=decoder))
        assert proposed(foreign)[0].data == data
