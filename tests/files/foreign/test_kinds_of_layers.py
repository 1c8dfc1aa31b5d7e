"""A model of recurrent, attending and other layers takes part in all that the program does."""

import keras
import numpy as np
import pytest
from keras import layers
from safetensors.numpy import load_file

import vaegui
from tests.files.foreign.models import dense_decoder, dense_encoder, lively, pictures, saved
from tests.panels.stand import Stand
from vaegui.data import Digits8x8, NoData
from vaegui.errors import FileError
from vaegui.panels.explain.network.network import NetworkPanel
from vaegui.panels.focus import Focus
from vaegui.queries.base import Result, run_to_end
from vaegui.queries.computing.subject import Subject
from vaegui.queries.explain import Explain

X = np.random.default_rng(0).random((5, 8, 8)).astype(np.float32)


def models():
    x = keras.Input((8, 8))
    h = layers.Conv1D(6, 3, padding="same", activation="relu")(x)
    h = layers.Add()([h, layers.MultiHeadAttention(2, 3)(h, h)])
    h = layers.SpectralNormalization(layers.Dense(6))(layers.LayerNormalization()(h))
    h = layers.PReLU(shared_axes=[1])(layers.SeparableConv1D(6, 3)(h))
    h = layers.RNN(layers.SimpleRNNCell(5))(
        layers.Bidirectional(layers.LSTM(4, return_sequences=True))(h)
    )
    outputs = [layers.Dense(3, name=name)(h) for name in ("z_mean", "z_log_var")]
    z = keras.Input((3,))
    g = layers.GRU(5, return_sequences=True)(layers.RepeatVector(8)(z))
    g = layers.MultiHeadAttention(2, 3)(query=g, value=layers.Masking()(g))
    g = layers.TimeDistributed(layers.Dense(8, activation="sigmoid"))(g)
    return lively(keras.Model(x, outputs, name="encoder")), lively(
        keras.Model(z, g, name="decoder")
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    encoder, decoder = models()
    paths = saved(tmp_path_factory.mktemp("models"), encoder=encoder, decoder=decoder)
    mean, log_var = (np.asarray(value) for value in encoder(X))
    return paths, mean, log_var, np.asarray(decoder(mean))


@pytest.fixture
def run(made):
    return vaegui.import_keras(*made[0], data=Digits8x8())


def numbers(run):
    mean, log_var = run.encode(16 * X)
    return mean, log_var, run.decode(mean) / 16


def test_its_numbers_are_keras_own_and_those_of_the_saved_file_the_same(made, run, tmp_path):
    found = numbers(run)
    for got, wanted in zip(found, made[1:], strict=True):
        np.testing.assert_allclose(got.reshape(wanted.shape), wanted, atol=1e-5)
    run.save(tmp_path / "run.keras")
    for got, wanted in zip(numbers(vaegui.load(tmp_path / "run.keras")), found, strict=True):
        np.testing.assert_array_equal(got, wanted)
    plain = keras.models.load_model(tmp_path / "run.keras")(X)
    np.testing.assert_allclose(plain["mean"], found[0], atol=1e-5)


def test_each_of_its_weights_is_exported_under_a_name_of_its_own(run, tmp_path):
    vae = run.trainer.model.vae
    run.export(tmp_path / "run.safetensors")
    assert len(load_file(tmp_path / "run.safetensors")) == len(vae.weights) - 2  # beta, capacity
    before = numbers(run)
    for weight in vae.trainable_weights:
        weight.assign(weight + 0.1)
    run.import_weights(tmp_path / "run.safetensors")
    np.testing.assert_array_equal(numbers(run)[0], before[0])


def test_it_trains_on(run):
    losses = [event.total for event in run.trainer.run(max_steps=3) if hasattr(event, "total")]
    assert np.isfinite(np.concatenate(losses)).all()


def test_its_network_is_explained_and_drawn(run):
    run.look()
    ref = run.begun.probes.refs[0]
    query = Explain(ref)
    explained = run_to_end(query.run(Subject(run.trainer)))
    run.add_result(Result(query, 0, explained))
    kinds = {layer.kind for layer in explained.encoder}
    assert {"MultiHeadAttention", "Bidirectional", "SimpleRNN"} <= kinds
    stand = Stand(NetworkPanel, run, Focus(example=ref), size=(900, 600))
    assert any("hidden" in text or "layers" in text for text in stand.texts())


def test_its_script_builds_the_same_network(run, tmp_path):
    run.export_script(tmp_path / "script.py")
    script = {"__name__": "script"}
    exec(compile((tmp_path / "script.py").read_text(), "script", "exec"), script)
    vae = run.trainer.model.vae
    parts = script["make_encoder"](), script["make_decoder"]()
    script["initialise"](parts)
    for part, ours in zip(parts, (vae.encoder, vae.decoder), strict=True):
        part.set_weights(ours.get_weights())
    np.testing.assert_allclose(parts[0](X)["mean"], numbers(run)[0], atol=1e-6)


def returning_state(uses):
    def body(x):
        out, *states = layers.LSTM(4, return_state=True, name="odd")(layers.Reshape((28, 28))(x))
        return layers.Concatenate()([out, *states]) if uses else out

    return dense_encoder(body), dense_decoder()


def test_a_recurrent_layer_may_return_its_state_only_if_nobody_uses_it(tmp_path):
    encoder, decoder = returning_state(uses=False)
    x = pictures()
    paths = saved(tmp_path, encoder=encoder, decoder=decoder)
    run = vaegui.import_keras(*paths, data=NoData(shape=x.shape[1:]))
    np.testing.assert_allclose(run.encode(x)[0], encoder(x)[0], atol=1e-5)
    encoder, decoder = returning_state(uses=True)
    with pytest.raises(FileError, match="'odd' has several outputs"):
        vaegui.import_keras(*saved(tmp_path, encoder=encoder, decoder=decoder))
