"""VAEs as blogs and notebooks publish them in Keras 3, each with a kind of layer of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
from keras import layers, ops

from tests.files.foreign.scripts.documentation import Sampling
from tests.files.foreign.scripts.published import (
    VALUES,
    Published,
    kept,
    lively,
    pictures,
    quietly,
)

Part = Callable[[Any], Any]


def made(
    folder: Path, shape: tuple[int, ...], body: Part, end: Part, said: dict[str, Any] | None = None
) -> Published:
    """A script with this body of the encoder and this decoder, saved in pairs and as one model."""
    x = keras.Input(shape)
    h = body(x)
    mean, log_var = layers.Dense(2, name="z_mean")(h), layers.Dense(2, name="z_log_var")(h)
    z = Sampling(name="z")([mean, log_var])
    encoder = keras.Model(x, [mean, log_var, z], name="encoder")
    code = keras.Input((2,))
    decoder = keras.Model(code, end(code), name="decoder")
    return finished(folder, encoder, decoder, said)


def finished(
    folder: Path,
    encoder: Any,
    decoder: Any,
    said: dict[str, Any] | None = None,
    weights: bool = True,
) -> Published:
    """An encoder whose last output is z, and a decoder, saved in every way.

    Read-outs that are a part of a layer, or are changed after it, are others here than in files of
    ``weights`` alone, which then fit no model.
    """
    x = encoder.inputs[0]
    vae = keras.Model(x, decoder(encoder(x)[-1]), name="vae")
    lively(vae)
    values = pictures(*x.shape[1:])
    paths = kept(
        folder, encoder_keras=encoder, decoder_keras=decoder, vae_keras=vae, vae_h5=vae,
        encoder_h5=encoder, decoder_h5=decoder,
    )  # fmt: skip
    mean, log_var, _ = encoder(values)
    return Published(
        values, mean, log_var, decoder(mean),
        {"pair": (paths["encoder_keras"], paths["decoder_keras"]),
         "pair in HDF5": (paths["encoder_h5"], paths["decoder_h5"]),
         "whole": (paths["vae_keras"],), "whole in HDF5": (paths["vae_h5"],)},
        {"weights": quietly(vae.save_weights, folder / "vae.weights.h5")} if weights else {},
        said=said or {},
    )  # fmt: skip


def residual(folder: Path) -> Published:
    """Residual blocks with batch normalisation, and upsampling by pixels."""

    def block(h: Any, filters: int) -> Any:
        short = layers.Conv2D(filters, 1, padding="same")(h)
        h = layers.Activation("swish")(layers.BatchNormalization()(h))
        h = layers.Conv2D(filters, 3, padding="same")(h)
        return layers.Add()([short, h])

    def body(x: Any) -> Any:
        return layers.Flatten()(layers.AveragePooling2D(2)(block(block(x, 3), 4)))

    def end(z: Any) -> Any:
        g = layers.Reshape((4, 4, 4))(layers.Dense(64)(z))
        g = block(layers.UpSampling2D(interpolation="nearest")(g), 3)
        return layers.Conv2D(1, 3, padding="same", activation="sigmoid")(g)

    return made(folder, (8, 8, 1), body, end)


def lstm(folder: Path) -> Published:
    """Sequences: an LSTM reads them, RepeatVector and another write them."""
    return made(
        folder, (9, 3),
        lambda x: layers.LSTM(6)(layers.LSTM(5, return_sequences=True, activation="tanh")(x)),
        lambda z: layers.TimeDistributed(layers.Dense(3))(
            layers.LSTM(6, return_sequences=True)(layers.RepeatVector(9)(z))
        ),
        VALUES,
    )  # fmt: skip


def bidirectional(folder: Path) -> Published:
    """The same in both directions, with gated units in the decoder."""
    return made(
        folder, (9, 3),
        lambda x: layers.Dropout(0.2)(layers.Bidirectional(layers.LSTM(4))(x)),
        lambda z: layers.TimeDistributed(layers.Dense(3, activation="tanh"))(
            layers.Bidirectional(layers.GRU(4, return_sequences=True), merge_mode="sum")(
                layers.RepeatVector(9)(z)
            )
        ),
        VALUES,
    )  # fmt: skip


def signals(folder: Path) -> Published:
    """Convolutions of sequences, and their transpose."""

    def body(x: Any) -> Any:
        h = layers.Conv1D(4, 5, strides=2, padding="same", activation="relu")(x)
        return layers.Flatten()(layers.MaxPooling1D(2)(h))

    def end(z: Any) -> Any:
        g = layers.Reshape((4, 4))(layers.Dense(16, activation="relu")(z))
        g = layers.Conv1DTranspose(4, 3, strides=2, padding="same", activation="relu")(g)
        return layers.Conv1D(1, 3, padding="same")(layers.UpSampling1D(2)(g))

    return made(folder, (16, 1), body, end, VALUES)


def pooled(folder: Path) -> Published:
    """Pooling on the way down and upsampling on the way up."""

    def body(x: Any) -> Any:
        h = layers.MaxPooling2D((2, 2), padding="same")(layers.Conv2D(4, 3, padding="same")(x))
        h = layers.MaxPooling2D((2, 2), padding="same")(layers.Conv2D(4, 3, padding="same")(h))
        return layers.Flatten()(h)

    def end(z: Any) -> Any:
        g = layers.Reshape((2, 2, 4))(layers.Dense(16, activation="relu")(z))
        g = layers.UpSampling2D((2, 2))(layers.Conv2D(4, 3, padding="same")(g))
        g = layers.UpSampling2D((2, 2))(layers.Conv2D(4, 3, padding="same")(g))
        return layers.Conv2D(3, 3, padding="same", activation="sigmoid")(g)

    return made(folder, (8, 8, 3), body, end)


def rectified(folder: Path) -> Published:
    """Rectifiers whose slopes are learned."""

    def body(x: Any) -> Any:
        h = layers.PReLU(shared_axes=[1, 2])(layers.Conv2D(4, 3, strides=2, padding="same")(x))
        return layers.PReLU()(layers.Dense(6)(layers.Flatten()(h)))

    def end(z: Any) -> Any:
        g = layers.Reshape((8, 8, 1))(layers.PReLU()(layers.Dense(64)(z)))
        return layers.Conv2D(1, 3, padding="same", activation="sigmoid")(g)

    return made(folder, (8, 8, 1), body, end)


def tabular(folder: Path) -> Published:
    """Rows of features: they are normalised within the model, and normalised again in batches."""

    met = layers.Normalization()
    met.adapt(10 * pictures(11) - 3)

    def body(x: Any) -> Any:
        h = met(x)
        h = layers.Dropout(0.1)(layers.BatchNormalization()(layers.Dense(8, "elu")(h)))
        return layers.LayerNormalization()(layers.Dense(6, activation="gelu")(h))

    return made(
        folder, (11,), body,
        lambda z: layers.Dense(11)(layers.LeakyReLU(0.1)(layers.Dense(8)(z))), VALUES,
    )  # fmt: skip


def _dense_decoder() -> Any:
    z = keras.Input((2,))
    g = layers.Dense(8, activation="relu")(z)
    return keras.Model(z, layers.Dense(30, activation="sigmoid")(g), name="decoder")


def divergence_layer(folder: Path) -> Published:
    """A layer that adds the KL divergence to the loss and passes both on, as two outputs."""

    class KLDivergence(layers.Layer):
        def call(self, inputs: Any) -> Any:
            mean, log_var = inputs
            kl = -0.5 * ops.mean(1 + log_var - ops.square(mean) - ops.exp(log_var))
            self.add_loss(kl)
            return mean, log_var

        def compute_output_shape(self, shape: Any) -> Any:
            return shape

    x = keras.Input((30,))
    h = layers.Dense(8, activation="relu")(x)
    read = layers.Dense(2, name="z_mean")(h), layers.Dense(2, name="z_log_var")(h)
    mean, log_var = KLDivergence()(read)
    z = Sampling()([mean, log_var])
    return finished(folder, keras.Model(x, [mean, log_var, z], name="encoder"), _dense_decoder())


def split(folder: Path) -> Published:
    """One dense layer for both, parted by an operation."""
    x = keras.Input((30,))
    both = layers.Dense(4, name="parameters")(layers.Dense(8, activation="relu")(x))
    mean, log_var = ops.split(both, 2, axis=-1)
    z = Sampling()([mean, log_var])
    halves = [f"parameters, {half} half" for half in ("first", "second")]
    said = {"mean": halves[0], "spread": halves[1], "spread_is": "log_var"}
    encoder = keras.Model(x, [mean, log_var, z], name="encoder")
    return finished(folder, encoder, _dense_decoder(), said, weights=False)


def clipped(folder: Path) -> Published:
    """The log-variance is kept within bounds by an operation."""
    x = keras.Input((30,))
    h = layers.Dense(8, activation="relu")(x)
    mean = layers.Dense(2, name="z_mean")(h)
    log_var = ops.clip(layers.Dense(2, name="z_log_var")(h), -0.2, 0.3)
    z = Sampling()([mean, log_var])
    said = {"mean": "z_mean", "spread": "clip", "spread_is": "log_var"}
    encoder = keras.Model(x, [mean, log_var, z], name="encoder")
    return finished(folder, encoder, _dense_decoder(), said, weights=False)


def added_loss(folder: Path) -> Published:
    """One graph with z computed in the open, and a layer at its end that adds the loss."""

    class Loss(layers.Layer):
        def call(self, inputs: Any) -> Any:
            x, decoded, mean, log_var = inputs
            kl = -0.5 * ops.sum(1 + log_var - ops.square(mean) - ops.exp(log_var), axis=-1)
            error = ops.sum(keras.losses.binary_crossentropy(x, decoded)) * 30
            self.add_loss(ops.mean(error + kl))
            return decoded

        def compute_output_shape(self, shapes: Any) -> Any:
            return shapes[1]

    x = keras.Input((30,))
    h = layers.Dense(8, activation="relu")(x)
    mean, log_var = layers.Dense(2, name="z_mean")(h), layers.Dense(2, name="z_log_var")(h)
    z = Sampling()([mean, log_var])
    g = layers.Dense(8, activation="relu", name="decoder_h")(z)
    out = layers.Dense(30, activation="sigmoid", name="decoder_x")(g)
    vae = keras.Model(x, Loss()([x, out, mean, log_var]), name="vae")
    lively(vae)
    values = pictures(30)
    paths = kept(folder, vae_keras=vae, vae_h5=vae)
    means, log_vars = keras.Model(x, [mean, log_var])(values)
    decoded = vae.get_layer("decoder_x")(vae.get_layer("decoder_h")(means))
    return Published(
        values, means, log_vars, decoded,
        {"whole": (paths["vae_keras"],), "whole in HDF5": (paths["vae_h5"],)},
    )  # fmt: skip


def lambda_in_one_graph(folder: Path) -> Published:
    """Encoder, a Lambda layer that draws z, and decoder in one functional model."""

    def draw(arguments: Any) -> Any:
        mean, log_var = arguments
        return mean + ops.exp(0.5 * log_var) * keras.random.normal(ops.shape(mean))

    x = keras.Input((30,))
    h = layers.Dense(8, activation="relu")(x)
    mean, log_var = layers.Dense(2, name="mu")(h), layers.Dense(2, name="log_sigma_sq")(h)
    z = layers.Lambda(draw, output_shape=(2,))([mean, log_var])
    g = layers.Dense(8, activation="relu", name="decoder_h")(z)
    vae = keras.Model(x, layers.Dense(30, activation="sigmoid", name="decoder_x")(g))
    lively(vae)
    values = pictures(30)
    paths = kept(folder, vae_keras=vae, vae_h5=vae)
    means, log_vars = keras.Model(x, [mean, log_var])(values)
    decoded = vae.get_layer("decoder_x")(vae.get_layer("decoder_h")(means))
    return Published(
        values, means, log_vars, decoded,
        {"whole": (paths["vae_keras"],), "whole in HDF5": (paths["vae_h5"],)},
    )  # fmt: skip


def conditional(folder: Path) -> Published:
    """Encoder and decoder see the label, too, as a row of 0 and 1."""
    x, y = keras.Input((30,), name="x"), keras.Input((4,), name="label")
    h = layers.Dense(8, activation="relu")(layers.Concatenate()([x, y]))
    mean, log_var = layers.Dense(2, name="z_mean")(h), layers.Dense(2, name="z_log_var")(h)
    z = Sampling()([mean, log_var])
    encoder = keras.Model([x, y], [mean, log_var, z], name="encoder")
    code, y2 = keras.Input((2,), name="z"), keras.Input((4,), name="label")
    g = layers.Dense(8, activation="relu")(layers.Concatenate()([code, y2]))
    out = layers.Dense(30, activation="sigmoid")(g)
    decoder = keras.Model([code, y2], out, name="decoder")
    lively(encoder, decoder)
    values, labels = pictures(30), ops.one_hot(ops.zeros(5, "int32"), 4)
    paths = kept(folder, encoder_keras=encoder, decoder_keras=decoder)
    means, log_vars, _ = encoder([ops.convert_to_tensor(values), labels])
    return Published(
        values, means, log_vars, decoder([means, labels]), {"pair": tuple(paths.values())}
    )
