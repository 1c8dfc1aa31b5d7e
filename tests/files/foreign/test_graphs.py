"""Models whose encoder, draw of z and decoder are connected in any way that Keras writes down."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from tests.files.foreign import keras2_models as keras2
from tests.files.foreign.models import (
    SHAPE,
    UNITS,
    Sampling,
    dense_decoder,
    lively,
    pictures,
    saved,
)
from tests.files.foreign.test_importing import check, imported
from vaegui.errors import FileError
from vaegui.files.foreign.halves.finding import inspect
from vaegui.files.foreign.roles.proposal import proposed
from vaegui.files.model.model_file import open_model, save
from vaegui.files.script.source import layers_of

X = pictures()


class Divergence(layers.Layer):
    """Adds the KL divergence to the loss, and gives what it takes."""

    def call(self, inputs):
        mean, log_var = inputs
        self.add_loss(-0.5 * ops.mean(1 + log_var - mean**2 - ops.exp(log_var)))
        return inputs


class Noise(layers.Layer):
    """Normal numbers, as many as it is given."""

    def call(self, inputs):
        return keras.random.normal(ops.shape(inputs))


class Drawing(layers.Layer):
    """Mean, log-variance and z at once, of one row of both."""

    def call(self, inputs):
        mean, log_var = ops.split(inputs, 2, axis=-1)
        return mean, log_var, mean + ops.exp(0.5 * log_var)


def hidden(x):
    return layers.Dense(8, activation="relu")(layers.Flatten()(x))


def read_outs(h, names=(None, None)):
    return [layers.Dense(UNITS, name=name)(h) for name in names]


def decoded(z):
    h = layers.Dense(8, activation="tanh")(z)
    return layers.Reshape(SHAPE)(layers.Dense(784, activation="sigmoid")(h))


def of_parts(x, mean, log_var, z, out):
    """What plain Keras computes: mean, log-variance, and the reconstruction of the mean.

    ``z`` and ``out`` belong to the graph; all between them is the decoder.
    """
    mean_, log_var_ = (np.asarray(keras.Model(x, each)(X)) for each in (mean, log_var))
    return mean_, log_var_, keras.Model(z, out)(mean_)


def test_layers_that_a_model_and_one_within_it_share_are_stored_once(tmp_path):
    x = keras.Input(SHAPE)
    mean, log_var = read_outs(hidden(x))
    encoder = keras.Model(x, [mean, log_var, Sampling()([mean, log_var])], name="encoder")
    decoder = dense_decoder()
    inner_first = keras.Model(x, [decoder(encoder(x)[2]), mean, log_var])
    outer_first = keras.Model(x, [mean, log_var, decoder(encoder(x)[2])])
    lively(encoder)
    mean_, log_var_, _ = encoder(X)
    for name, model in (("inner", inner_first), ("outer", outer_first)):
        (path,) = saved(tmp_path, **{name: model})
        check(imported(path), mean_, log_var_, decoder(mean_), 1e-6)


def test_a_decoder_whose_layers_also_lie_in_the_whole_is_read(tmp_path):
    x = keras.Input(SHAPE)
    mean, log_var = read_outs(hidden(x), ("z_mean", "z_log_var"))
    z = Sampling()([mean, log_var])
    body = [layers.Dense(8, "tanh"), layers.Dense(784, "sigmoid"), layers.Reshape(SHAPE)]
    out = z
    for layer in body:
        out = layer(out)
    alone = keras.Sequential([keras.Input((UNITS,)), *body], name="decoder")
    model = lively(keras.Model(x, [out, alone(mean)]))
    mean_, log_var_ = keras.Model(x, [mean, log_var])(X)
    check(imported(*saved(tmp_path, model=model)), mean_, log_var_, alone(mean_), 1e-6)


def test_a_decoder_that_is_used_twice_is_read(tmp_path):
    x = keras.Input(SHAPE)
    mean, log_var = read_outs(hidden(x), ("z_mean", "z_log_var"))
    decoder = dense_decoder()
    model = keras.Model(x, [decoder(Sampling()([mean, log_var])), decoder(mean)])
    lively(model)
    mean_, log_var_ = keras.Model(x, [mean, log_var])(X)
    check(imported(*saved(tmp_path, model=model)), mean_, log_var_, decoder(mean_), 1e-6)


def test_a_layer_that_adds_the_divergence_passes_mean_and_log_variance_on(tmp_path):
    x = keras.Input(SHAPE)
    mean, log_var = read_outs(hidden(x), ("z_mean", "z_log_var"))
    passed = Divergence()([mean, log_var])
    encoder = lively(keras.Model(x, [*passed, Sampling()(passed)], name="encoder"))
    decoder = dense_decoder()
    mean_, log_var_, _ = encoder(X)
    paths = saved(tmp_path, encoder=encoder, decoder=decoder)
    check(imported(*paths), mean_, log_var_, decoder(mean_), 1e-6)


def test_a_layer_that_gives_mean_log_variance_and_z_is_passed_over(tmp_path):
    x = keras.Input(SHAPE)
    both = layers.Dense(2 * UNITS, name="both")(hidden(x))
    encoder, decoder = (
        lively(keras.Model(x, list(Drawing()(both)), name="encoder")),
        dense_decoder(),
    )
    mean_, log_var_, _ = encoder(X)
    paths = saved(tmp_path, encoder=encoder, decoder=decoder)
    check(imported(*paths), mean_, log_var_, decoder(mean_), 1e-5)


def split(both):
    return ops.split(both, 2, axis=-1)


def sliced(both):
    return both[:, :UNITS], both[:, UNITS:]


def named_places(both):
    return ops.split(both, [UNITS], axis=1)


@pytest.mark.parametrize("halves", [split, sliced, named_places])
def test_one_layer_for_both_is_parted_by_operations(halves, tmp_path):
    x = keras.Input(SHAPE)
    mean, log_var = halves(layers.Dense(2 * UNITS)(hidden(x)))
    encoder = lively(keras.Model(x, [mean, log_var, Sampling()([mean, log_var])], name="encoder"))
    decoder = dense_decoder()
    mean_, log_var_, _ = encoder(X)
    paths = saved(tmp_path, encoder=encoder, decoder=decoder)
    assert len(inspect(*paths).read_outs) == 2
    check(imported(*paths), mean_, log_var_, decoder(mean_), 1e-5)


DRAWS = {
    "log_var": (lambda s: ops.exp(0.5 * s), lambda s: s),
    "divided": (lambda s: ops.exp(s / 2), lambda s: s),
    "root": (lambda s: ops.sqrt(ops.exp(s)), lambda s: s),
    "log_sd": (lambda s: ops.exp(s), lambda s: 2 * s),
    "sd": (lambda s: ops.softplus(s) + 1e-3, lambda s: 2 * np.log(np.log1p(np.exp(s)) + 1e-3)),
    "clipped": (lambda s: ops.exp(0.5 * ops.clip(s, -0.1, 0.1)), lambda s: np.clip(s, -0.1, 0.1)),
}


@pytest.mark.parametrize("kind", DRAWS)
def test_z_that_is_computed_in_the_open_says_what_is_what(kind, tmp_path):
    x = keras.Input(SHAPE)
    sd, log_var = DRAWS[kind]
    spread, mean = read_outs(hidden(x))  # Neither order nor names help.
    z = mean + sd(spread) * Noise()(mean)
    out = decoded(z)
    model = lively(keras.Model(x, out))
    foreign = inspect(*saved(tmp_path, model=model))
    assert proposed(foreign)[1], "the formula leaves no doubt"
    mean_, spread_, reconstruction = of_parts(x, mean, spread, z, out)
    truth = mean_, log_var(spread_), reconstruction
    check(imported(tmp_path / "model.keras"), *truth, 1e-5)


def test_an_encoder_whose_third_output_is_computed_says_what_is_what(tmp_path):
    x = keras.Input(SHAPE)
    spread, mean = read_outs(hidden(x))
    z = ops.add(ops.multiply(ops.exp(ops.multiply(spread, 0.5)), Noise()(mean)), mean)
    encoder = lively(keras.Model(x, [spread, mean, z], name="encoder"))
    decoder = dense_decoder()
    paths = saved(tmp_path, encoder=encoder, decoder=decoder)
    assert proposed(inspect(*paths))[1]
    log_var_, mean_, _ = encoder(X)
    check(imported(*paths), mean_, log_var_, decoder(mean_), 1e-6)


@pytest.mark.parametrize(
    "after",
    [
        lambda z: ops.reshape(z, (-1, UNITS)),
        lambda z: layers.Activation("linear")(layers.Dropout(0.1)(z)),
        lambda z: ops.concatenate([z, ops.square(z)], axis=-1),
    ],
)
@pytest.mark.parametrize("kind", ["layer", "lambda", "operations"])
def test_one_graph_is_cut_where_z_is_drawn_and_whatever_comes_after(kind, after, tmp_path):
    x = keras.Input(SHAPE)
    mean, log_var = read_outs(hidden(x), ("mu", "log_var"))
    if kind == "layer":
        z = Sampling()([mean, log_var])
    elif kind == "lambda":
        z = layers.Lambda(lambda both: both[0] + both[1], output_shape=(UNITS,))([mean, log_var])
    else:
        z = mean + ops.exp(0.5 * log_var) * Noise()(mean)
    out = decoded(after(z))
    model = lively(keras.Model(x, out))
    truth = of_parts(x, mean, log_var, z, out)
    check(imported(*saved(tmp_path, model=model)), *truth, 1e-5)


def joined(*parts):
    return ops.concatenate(parts, axis=-1)


class Loss(layers.Layer):
    """The last layer of old examples: adds the loss, and gives the reconstruction."""

    def call(self, inputs):
        x, reconstruction = inputs
        self.add_loss(ops.mean((x - reconstruction) ** 2))
        return reconstruction


@pytest.mark.parametrize("nested", [True, False])
@pytest.mark.parametrize("noise_comes_in", [True, False])
def test_a_graph_that_ends_with_a_layer_for_the_loss_is_cut(nested, noise_comes_in, tmp_path):
    x, noise = keras.Input(SHAPE), keras.Input((UNITS,))
    mean, log_var = read_outs(hidden(x), ("z_mean", "z_log_var"))
    if noise_comes_in:
        sd = layers.Lambda(lambda t: ops.exp(0.5 * t), output_shape=(UNITS,))(log_var)
        z = layers.Add()([mean, layers.Multiply()([sd, noise])])
    else:
        z = Sampling()([mean, log_var])
    decoder = dense_decoder()
    out = decoder(z) if nested else decoded(z)
    model = lively(keras.Model([x, noise] if noise_comes_in else x, Loss()([x, out])))
    truth = of_parts(x, mean, log_var, z, out)
    check(imported(*saved(tmp_path, model=model)), *truth, 1e-5)


OPERATIONS = {
    "arithmetic": lambda h: (2.0 - h * 3 / 4 + 1 - 0.5) / 2 - h,
    "quotient": lambda h: h / (1.0 + ops.exp(-h)) + 1.0 / (2.0 + ops.square(h)),
    "pointwise": lambda h: ops.tanh(h) + ops.sigmoid(h) * ops.softplus(h) - ops.silu(h),
    "roots": lambda h: ops.sqrt(ops.relu(h) + 1.0) * ops.abs(h) + ops.log(ops.exp(h) + 1.0),
    "bounds": lambda h: ops.maximum(ops.minimum(h, 0.1), -0.1) + ops.clip(h, -0.2, 0.2),
    "powers": lambda h: h**2 + ops.power(h, 3) + ops.negative(h) + ops.rsqrt(ops.square(h) + 1.0),
    "extremes": lambda h: ops.maximum(h, 1.0 - h) - ops.minimum(h, ops.elu(h)),
    "slices": lambda h: ops.concatenate(
        [h[..., 4:], h[:, :-4], ops.leaky_relu(h[:, 2:6])], axis=-1
    ),
    "axes": lambda h: ops.reshape(
        ops.transpose(ops.expand_dims(ops.reshape(h, (-1, 4, 2)), 1)[:, 0], (0, 2, 1)), (-1, 8)
    ),
    "parts": lambda h: ops.concatenate(
        [*ops.split(h, [2, 5], axis=1), *ops.split(h, 4, axis=1)], axis=1
    ),
    "squeezed": lambda h: ops.squeeze(ops.reshape(h, (-1, 8, 1)), axis=-1),
}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_operations_outside_of_layers_compute_what_keras_computes(operation, tmp_path):
    x = keras.Input(SHAPE)
    outputs = read_outs(
        OPERATIONS[operation](layers.Dense(8)(layers.Flatten()(x))), ("mean", "log_var")
    )
    z = keras.Input((UNITS,))
    last = layers.Dense(784)(OPERATIONS[operation](layers.Dense(8)(z)))
    encoder = lively(keras.Model(x, outputs, name="encoder"))
    decoder = lively(keras.Model(z, ops.reshape(ops.sigmoid(last), (-1, *SHAPE)), name="decoder"))
    mean_, log_var_ = encoder(X)
    paths = saved(tmp_path, encoder=encoder, decoder=decoder)
    check(imported(*paths), mean_, log_var_, decoder(mean_), 1e-5)


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        (ops.sin, "is the operation 'Sin', written outside of layers"),
        (lambda h: ops.mean(h, axis=1, keepdims=True), "is the operation 'Mean', written outside"),
        (lambda h: h[:, ::2], "is the operation 'GetItem' with arguments unknown"),
        (lambda h: h * np.arange(8.0, dtype="float32"), "is the operation 'Multiply' with arg"),
        (lambda h: ops.power(h, 99), "is the operation 'Power' with arguments unknown"),
    ],
)
def test_operations_that_are_unknown_are_named(operation, reason, tmp_path):
    x = keras.Input(SHAPE)
    h = operation(layers.Dense(8)(layers.Flatten()(x)))
    encoder = keras.Model(x, read_outs(h), name="encoder")
    paths = saved(tmp_path, encoder=encoder, decoder=dense_decoder())
    with pytest.raises(FileError, match=reason) as refused:
        inspect(*paths)
    assert "Rebuild encoder and decoder" in refused.value.remedy


def tensorflow_draw(mean, log_var, _):
    return mean + tf.exp(0.5 * log_var) * tf.random.normal(tf.shape(mean))


def layer_draw(mean, log_var, _):
    return keras2.layers.Lambda(keras2.draw)([mean, log_var])


def input_draw(mean, log_var, noise):
    """As scripts do that have the noise come in."""
    sd = keras2.layers.Lambda(lambda t: tf.exp(0.5 * t))(log_var)
    return keras2.layers.Add()([mean, keras2.layers.Multiply()([sd, noise])])


def second_half(both):
    return tf.split(both, 2, axis=1)


def lengths(both):
    return tf.split(both, [UNITS, UNITS], axis=-1)


@pytest.mark.parametrize(
    ("halves", "draw", "suffix"),
    [
        (second_half, tensorflow_draw, ".h5"),
        (lengths, layer_draw, ".keras"),
        (sliced, input_draw, ".h5"),
    ],
)
def test_one_graph_of_keras_2_is_cut_where_z_is_drawn(halves, draw, suffix, tmp_path):
    x = keras2.layers.Input(SHAPE)
    h = keras2.layers.Dense(8, activation="relu")(keras2.layers.Flatten()(x))
    mean, log_var = halves(keras2.layers.Dense(2 * UNITS)(h))
    noise = keras2.layers.Input((UNITS,))
    z = draw(mean, log_var, noise)
    out = tf.reshape(tf.nn.sigmoid(keras2.layers.Dense(784)(z) * 2.0), (-1, *SHAPE))
    inputs = [x, noise] if draw is input_draw else x
    model = lively(keras2.keras.Model(inputs, out))
    path = keras2.saved(tmp_path / f"model{suffix}", model)
    truth = [np.asarray(keras2.keras.Model(x, each)(X)) for each in (mean, log_var)]
    check(imported(path), *truth, keras2.keras.Model(z, out)(truth[0]), 1e-5)


def test_operations_are_written_into_scripts_and_saved_files(tmp_path):
    def computed(h):
        whole = ops.clip(h, -0.5, 0.5) ** 2 + ops.abs(h) / (ops.exp(h) + 1.0)
        return joined(ops.log(ops.square(h[:, 1:7]) + 1.0), whole[:, :3])

    x = keras.Input(SHAPE)
    outputs = read_outs(computed(layers.Dense(8)(layers.Flatten()(x))), ("mean", "log_var"))
    encoder, decoder = lively(keras.Model(x, outputs, name="encoder")), dense_decoder()
    mean_, log_var_ = encoder(X)
    trainer = imported(*saved(tmp_path, encoder=encoder, decoder=decoder))
    save(tmp_path / "ours.keras", trainer)
    check(open_model(tmp_path / "ours.keras"), mean_, log_var_, decoder(mean_), 1e-5)
    plain = keras.saving.load_model(tmp_path / "ours.keras")
    np.testing.assert_allclose(plain(X[..., 0])["mean"], mean_, 1e-5, 1e-5)
    graph = trainer.settings.architecture.encoder
    lines = layers_of(graph, "x", "hidden")
    names = {"keras": keras, "layers": layers, "x": keras.Input(graph.shape)}
    exec("\n".join(line.strip() for line in lines), names)
    written = keras.Model(names["x"], names["hidden"])
    ours = trainer.model.vae.encoder
    for layer in written.layers:
        layer.set_weights(ours.get_layer(layer.name).get_weights() if layer.weights else [])
    hidden_ = keras.Model(ours.input, ours.get_layer("mean").input)(X[..., 0])
    np.testing.assert_allclose(written(X.reshape(-1, *graph.shape)), hidden_, 1e-6, 1e-6)
