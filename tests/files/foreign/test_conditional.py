"""Encoders and decoders of other programs that are told something beside x and z."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from keras import layers, ops

import vaegui
from tests.files.foreign.models import SHAPE, Sampling, dense_decoder, lively, pictures, saved
from vaegui.cli.main import main
from vaegui.errors import FileError, SettingsError
from vaegui.files.foreign.halves.finding import inspect
from vaegui.files.foreign.importing import import_model, settings_of
from vaegui.files.foreign.roles.proposal import proposed
from vaegui.files.model.model_file import open_model, save

X = pictures()
ROWS = X.reshape(len(X), 28, 28)
KINDS = "one-hot", "embedding", "category", "numbers"


def told_input(kind):
    length = {"one-hot": 10, "numbers": 3}.get(kind, 1)
    dtype = "float32" if length > 1 else "int32"
    given = keras.Input((length,), name="label", dtype=dtype)
    if kind == "embedding":
        return given, layers.Flatten()(layers.Embedding(10, 5)(given))
    if kind == "category":
        return given, layers.CategoryEncoding(10, output_mode="one_hot")(given)
    return given, given


def read_outs(h):
    return [layers.Dense(2, name=name)(h) for name in ("z_mean", "z_log_var")]


def pair(kind):
    x, (label, c) = keras.Input(SHAPE, name="picture"), told_input(kind)
    h = layers.Dense(12, activation="relu")(layers.Concatenate()([layers.Flatten()(x), c]))
    encoder = keras.Model([x, label], read_outs(h), name="encoder")
    z, (label, c) = keras.Input((2,), name="z"), told_input(kind)
    h = layers.Dense(12, activation="relu")(layers.Concatenate()([c, z]))
    picture = layers.Reshape(SHAPE)(layers.Dense(784, activation="sigmoid")(h))
    return lively(encoder), lively(keras.Model([label, z], picture, name="decoder"))


def truth(encoder, decoder, kind, condition):
    """Mean, log-variance and reconstruction as plain Keras computes them."""
    number = np.float32(condition)
    if kind == "one-hot":
        number = np.eye(10, dtype=np.float32)[condition[0]]
    c = ops.convert_to_tensor(np.tile(number, (len(X), 1)).astype(encoder.inputs[1].dtype))
    mean, log_var = encoder([ops.convert_to_tensor(X), c])
    return mean, log_var, decoder([c, mean])


def imported(*paths, **changes):
    foreign = inspect(*paths)
    assert foreign.conditional
    return import_model(foreign, replace(proposed(foreign)[0], **changes))


def check(trainer, wanted):
    found = trainer.model.vae(ROWS)
    for name, value in zip(("mean", "log_var", "reconstruction"), wanted, strict=True):
        got = np.asarray(found[name]).reshape(len(X), -1)
        np.testing.assert_allclose(got, np.reshape(value, (len(X), -1)), 1e-5, 1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_pair_gives_what_keras_gives_under_the_condition(kind, tmp_path):
    both = pair(kind)
    paths = saved(tmp_path, encoder=both[0], decoder=both[1])
    for condition in ((0.3, -2.0, 5.0),) if kind == "numbers" else ((0,), (7,)):
        trainer = imported(*paths, condition=tuple(map(float, condition)))
        check(trainer, truth(*both, kind, condition))
    save(tmp_path / "ours.keras", trainer)
    opened = open_model(tmp_path / "ours.keras")
    check(opened, truth(*both, kind, condition))
    outputs = keras.saving.load_model(tmp_path / "ours.keras")(ROWS)
    wanted = truth(*both, kind, condition)[2]
    np.testing.assert_allclose(np.ravel(outputs["reconstruction"]), np.ravel(wanted), 1e-5, 1e-5)


def test_a_decoder_alone_may_be_told(tmp_path):
    x = keras.Input(SHAPE)
    h = layers.Dense(12, activation="relu")(layers.Flatten()(x))
    encoder = lively(keras.Model(x, read_outs(h), name="encoder"))
    _, decoder = pair("one-hot")
    trainer = imported(*saved(tmp_path, encoder=encoder, decoder=decoder), condition=(4.0,))
    mean, log_var = encoder(X)
    c = ops.convert_to_tensor(np.eye(10, dtype=np.float32)[[4] * len(X)])
    check(trainer, (mean, log_var, decoder([c, mean])))


def test_both_are_found_within_one_model_and_in_one_graph(tmp_path):
    encoder, decoder = pair("one-hot")
    x, c = keras.Input(SHAPE, name="x"), keras.Input((10,), name="c")
    mean, log_var = encoder([x, c])
    nested = keras.Model([x, c], decoder([c, Sampling()([mean, log_var])]), name="cvae")
    check(
        imported(*saved(tmp_path, nested=nested), condition=(2.0,)),
        truth(encoder, decoder, "one-hot", (2,)),
    )
    x, c = keras.Input((784,), name="x"), keras.Input((10,), name="c")
    h = layers.Dense(12, activation="relu")(layers.Concatenate()([x, c]))
    mean, log_var = read_outs(h)
    z = Sampling()([mean, log_var])
    h = layers.Dense(12, activation="relu")(layers.Concatenate()([z, c]))
    flat = lively(keras.Model([x, c], layers.Dense(784, activation="sigmoid")(h)))
    trainer = imported(*saved(tmp_path, flat=flat), condition=(5.0,))
    told = keras.Model(flat.inputs, [mean, log_var])
    label = np.eye(10, dtype=np.float32)[[5] * len(X)]
    found = trainer.model.vae(ROWS)
    for name, wanted in zip(("mean", "log_var"), told([X.reshape(-1, 784), label]), strict=True):
        np.testing.assert_allclose(found[name], wanted, 1e-5, 1e-5)


def test_the_examples_are_those_of_the_class_where_data_have_as_many(tmp_path):
    paths = saved(tmp_path, **dict(zip(("encoder", "decoder"), pair("embedding"), strict=True)))
    trainer = imported(*paths, condition=(3.0,))
    assert trainer.data.name.endswith("class 3")
    assert set(trainer.examples.probes.labels) == {3}
    assert trainer.settings.architecture.told == "class 3"
    other = imported(
        *saved(tmp_path, **dict(zip(("encoder", "decoder"), pair("numbers"), strict=True))),
        condition=(0.3, 0.2, 0.1),
    )
    assert len(set(other.examples.probes.labels)) == 10


def test_another_condition_needs_no_opening(tmp_path):
    both = pair("one-hot")
    paths = saved(tmp_path, encoder=both[0], decoder=both[1])
    trainer = imported(*paths, condition=(3.0,))
    another = trainer.settings.with_values({"architecture.condition": [8]})
    assert trainer.settings.another_condition(another)
    changed = trainer.with_data(another)
    check(changed, truth(*both, "one-hot", (8,)))
    assert set(changed.examples.probes.labels) == {8}


def test_a_condition_that_is_none_is_refused_with_those_that_are(tmp_path):
    paths = saved(tmp_path, **dict(zip(("encoder", "decoder"), pair("embedding"), strict=True)))
    foreign = inspect(*paths)
    reading = proposed(foreign)[0]
    for wrong in ((10.0,), (-1.0,), (0.5,), (1.0, 2.0), ()):
        with pytest.raises(SettingsError) as refused:
            settings_of(foreign, replace(reading, condition=wrong))
        assert "condition" in refused.value.message.lower()


def test_training_and_scripts_are_refused_as_it_would_forget_the_others(tmp_path):
    paths = saved(tmp_path, **dict(zip(("encoder", "decoder"), pair("one-hot"), strict=True)))
    run = vaegui.import_keras(*paths, condition=[1])
    with pytest.raises(SettingsError, match="one condition at a time"):
        run.go_on()
    with pytest.raises(FileError, match="conditional"):
        run.export_script(tmp_path / "script.py")
    assert run.evaluate().examples > 0


def test_the_command_line_takes_a_condition(tmp_path, capsys):
    paths = saved(tmp_path, **dict(zip(("encoder", "decoder"), pair("one-hot"), strict=True)))
    out = tmp_path / "run.keras"
    told = ["import", *map(str, paths), "--out", str(out), "--condition"]
    assert main([*told, "three"]) == 2
    assert "number of a class" in capsys.readouterr().err
    assert main([*told, "3"]) == 0
    assert open_model(out).settings.architecture.told == "class 3"


def test_two_conditions_are_refused_in_a_sentence(tmp_path):
    x, c, d = keras.Input(SHAPE), keras.Input((3,)), keras.Input((4,))
    h = layers.Concatenate()([layers.Flatten()(x), c, d])
    encoder = keras.Model([x, c, d], read_outs(h), name="encoder")
    with pytest.raises(FileError, match="No encoder and decoder") as refused:
        inspect(*saved(tmp_path, encoder=encoder, decoder=dense_decoder()))
    assert "one further input" in refused.value.remedy
