"""The VAEs of the documentation of Keras and TensorFlow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
import tf_keras
from keras import layers, ops
from tf_keras import backend as K
from tf_keras import layers as old

from tests.files.foreign.scripts.published import (
    LOGITS,
    Published,
    kept,
    lively,
    pictures,
    quietly,
)

SHAPE = (12, 12, 1)


class Sampling(layers.Layer):
    """A draw of z, from the mean and the log-variance."""

    def call(self, inputs: Any) -> Any:
        """z for each example."""
        mean, log_var = inputs
        return mean + ops.exp(0.5 * log_var) * keras.random.normal(ops.shape(mean))


def keras_example(folder: Path) -> Published:
    """keras.io: convolutions, a Sampling layer within the encoder, a class with a train_step."""

    class VAE(keras.Model):
        def __init__(self, encoder: Any, decoder: Any, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.encoder, self.decoder = encoder, decoder
            self.loss_tracker = keras.metrics.Mean(name="total_loss")

        def call(self, x: Any) -> Any:
            return self.decoder(self.encoder(x)[2])

    x = keras.Input(SHAPE)
    h = layers.Conv2D(4, 3, activation="relu", strides=2, padding="same")(x)
    h = layers.Conv2D(8, 3, activation="relu", strides=2, padding="same")(h)
    h = layers.Dense(8, activation="relu")(layers.Flatten()(h))
    mean, log_var = layers.Dense(2, name="z_mean")(h), layers.Dense(2, name="z_log_var")(h)
    encoder = keras.Model(x, [mean, log_var, Sampling()([mean, log_var])], name="encoder")
    z = keras.Input((2,))
    g = layers.Reshape((3, 3, 8))(layers.Dense(3 * 3 * 8, activation="relu")(z))
    g = layers.Conv2DTranspose(8, 3, activation="relu", strides=2, padding="same")(g)
    g = layers.Conv2DTranspose(4, 3, activation="relu", strides=2, padding="same")(g)
    g = layers.Conv2DTranspose(1, 3, activation="sigmoid", padding="same")(g)
    decoder = keras.Model(z, g, name="decoder")
    lively(encoder, decoder)
    vae, values = VAE(encoder, decoder), pictures(*SHAPE)
    vae(values)
    paths = kept(
        folder, encoder_keras=encoder, decoder_keras=decoder,
        encoder_h5=encoder, decoder_h5=decoder,
    )  # fmt: skip
    means, log_vars, _ = encoder(values)
    return Published(
        values, means, log_vars, decoder(means),
        {"pair": (paths["encoder_keras"], paths["decoder_keras"]),
         "pair in HDF5": (paths["encoder_h5"], paths["decoder_h5"])},
        {"weights": quietly(vae.save_weights, folder / "vae.weights.h5")},
    )  # fmt: skip


def own_layers_guide(folder: Path) -> Published:
    """The subclassing guide: encoder and decoder are layers of its own, made of Dense layers."""

    class Encoder(layers.Layer):
        def __init__(self) -> None:
            super().__init__(name="encoder")
            self.dense_proj = layers.Dense(8, activation="relu")
            self.dense_mean, self.dense_log_var = layers.Dense(3), layers.Dense(3)
            self.sampling = Sampling()

        def call(self, inputs: Any) -> Any:
            h = self.dense_proj(inputs)
            mean, log_var = self.dense_mean(h), self.dense_log_var(h)
            return mean, log_var, self.sampling((mean, log_var))

    class Decoder(layers.Layer):
        def __init__(self) -> None:
            super().__init__(name="decoder")
            self.dense_proj = layers.Dense(8, activation="relu")
            self.dense_output = layers.Dense(30, activation="sigmoid")

        def call(self, inputs: Any) -> Any:
            return self.dense_output(self.dense_proj(inputs))

    class VariationalAutoEncoder(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.encoder, self.decoder = Encoder(), Decoder()

        def call(self, inputs: Any) -> Any:
            return self.decoder(self.encoder(inputs)[2])

    vae, x = VariationalAutoEncoder(), pictures(30)
    vae(x)
    lively(vae)
    mean, log_var, _ = vae.encoder(x)
    decoded = vae.decoder(mean)
    # What the refusal says to do: models of the two layers, saved by themselves.
    inputs, z = keras.Input((30,)), keras.Input((3,))
    h = vae.encoder.dense_proj(inputs)
    outputs = [vae.encoder.dense_mean(h), vae.encoder.dense_log_var(h)]
    encoder = keras.Model(inputs, outputs, name="encoder")
    g = vae.decoder.dense_output(vae.decoder.dense_proj(z))
    paths = kept(
        folder, encoder_keras=encoder, decoder_keras=keras.Model(z, g, name="decoder"),
        vae_keras=vae,
    )  # fmt: skip
    said = {"mean": outputs[0]._keras_history.operation.name, "spread_is": "log_var"}
    return Published(
        x, mean, log_var, decoded,
        {"pair, as the refusal says": (paths["encoder_keras"], paths["decoder_keras"])},
        refused={
            "whole": ((paths["vae_keras"],), "of the class 'VariationalAutoEncoder', not of what")
        },
        said={**said, "spread": outputs[1]._keras_history.operation.name},
    )  # fmt: skip


def functional_guide(folder: Path) -> Published:
    """The same guide's functional version, with the loss added to the model (Keras 2)."""

    class Draw(old.Layer):
        def call(self, inputs: Any) -> Any:
            mean, log_var = inputs
            return mean + tf.exp(0.5 * log_var) * tf.random.normal(tf.shape(mean))

    x = tf_keras.Input((30,), name="encoder_input")
    h = old.Dense(8, activation="relu")(x)
    mean, log_var = old.Dense(3, name="z_mean")(h), old.Dense(3, name="z_log_var")(h)
    encoder = tf_keras.Model(inputs=x, outputs=Draw()((mean, log_var)), name="encoder")
    z = tf_keras.Input((3,), name="z_sampling")
    g = old.Dense(30, activation="sigmoid")(old.Dense(8, activation="relu")(z))
    decoder = tf_keras.Model(inputs=z, outputs=g, name="decoder")
    vae = tf_keras.Model(inputs=x, outputs=decoder(encoder(x)), name="vae")
    vae.add_loss(-0.5 * tf.reduce_mean(log_var - tf.square(mean) - tf.exp(log_var) + 1))
    lively(vae)
    values = pictures(30)
    paths = kept(folder, vae_h5=vae, vae_keras=vae, encoder_h5=encoder, decoder_h5=decoder)
    means, log_vars = tf_keras.Model(x, [mean, log_var])(values)
    return Published(
        values, means, log_vars, decoder(means),
        {"whole in HDF5": (paths["vae_h5"],), "whole": (paths["vae_keras"],),
         "pair": (paths["encoder_h5"], paths["decoder_h5"])},
        {"weights": quietly(vae.save_weights, folder / "weights.h5")},
    )  # fmt: skip


def tensorflow_cvae(folder: Path) -> Published:
    """tensorflow.org: two Sequentials in a class; one output in halves, and logits."""

    class CVAE(tf_keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = tf_keras.Sequential(
                [
                    old.InputLayer(input_shape=SHAPE),
                    old.Conv2D(4, 3, strides=(2, 2), activation="relu"),
                    old.Conv2D(8, 3, strides=(2, 2), activation="relu"),
                    old.Flatten(),
                    old.Dense(2 + 2),
                ]
            )
            self.decoder = tf_keras.Sequential(
                [
                    old.InputLayer(input_shape=(2,)),
                    old.Dense(3 * 3 * 4, activation="relu"),
                    old.Reshape((3, 3, 4)),
                    old.Conv2DTranspose(8, 3, strides=2, padding="same", activation="relu"),
                    old.Conv2DTranspose(4, 3, strides=2, padding="same", activation="relu"),
                    old.Conv2DTranspose(1, 3, strides=1, padding="same"),
                ]
            )

        def call(self, x: Any) -> Any:
            return self.decoder(tf.split(self.encoder(x), 2, axis=1)[0])

    vae, x = CVAE(), pictures(*SHAPE)
    vae(x)
    lively(vae)
    both = vae.encoder(x).numpy()
    paths = kept(
        folder, encoder_h5=vae.encoder, decoder_h5=vae.decoder,
        encoder_keras=vae.encoder, decoder_keras=vae.decoder,
    )  # fmt: skip
    name = vae.encoder.layers[-1].name
    said = {"mean": f"{name}, first half", "spread": f"{name}, second half"}
    return Published(
        x, both[:, :2], both[:, 2:], tf.sigmoid(vae.decoder(both[:, :2])),
        {"pair": (paths["encoder_keras"], paths["decoder_keras"]),
         "pair in HDF5": (paths["encoder_h5"], paths["decoder_h5"])},
        said={**LOGITS, **said, "spread_is": "log_var"},
    )  # fmt: skip


def _example(folder: Path, name: str, shape: tuple[int, ...], body: Any, end: Any) -> Published:
    """An example of Keras 2's repository: Lambda, added loss, weights saved under their name."""

    def draw(arguments: Any) -> Any:
        mean, log_var = arguments
        return mean + K.exp(0.5 * log_var) * K.random_normal(shape=(K.shape(mean)[0], 2))

    x = old.Input(shape=shape, name="encoder_input")
    h = body(x)
    mean, log_var = old.Dense(2, name="z_mean")(h), old.Dense(2, name="z_log_var")(h)
    z = old.Lambda(draw, output_shape=(2,), name="z")([mean, log_var])
    encoder = tf_keras.Model(x, [mean, log_var, z], name="encoder")
    code = old.Input(shape=(2,), name="z_sampling")
    decoder = tf_keras.Model(code, end(code), name="decoder")
    vae = tf_keras.Model(x, decoder(encoder(x)[2]), name="vae")
    error = tf_keras.losses.binary_crossentropy(K.flatten(x), K.flatten(vae.outputs[0]))
    kl = -0.5 * K.sum(1 + log_var - K.square(mean) - K.exp(log_var), axis=-1)
    vae.add_loss(K.mean(error * np.prod(shape) + kl))
    lively(vae)
    values = pictures(*shape)
    paths = kept(folder, vae_h5=vae, encoder_h5=encoder, decoder_h5=decoder)
    means, log_vars, _ = encoder(values)
    return Published(
        values, means, log_vars, decoder(means),
        {"whole": (paths["vae_h5"],), "pair": (paths["encoder_h5"], paths["decoder_h5"])},
        {"weights": quietly(vae.save_weights, folder / name)},
    )  # fmt: skip


def example_mlp(folder: Path) -> Published:
    """variational_autoencoder.py of Keras 2, which saves vae_mlp_mnist.h5."""
    return _example(
        folder, "vae_mlp_mnist.h5", (30,),
        lambda x: old.Dense(8, activation="relu")(x),
        lambda z: old.Dense(30, activation="sigmoid")(old.Dense(8, activation="relu")(z)),
    )  # fmt: skip


def example_cnn(folder: Path) -> Published:
    """variational_autoencoder_deconv.py of Keras 2, which saves vae_cnn_mnist.h5."""

    def body(x: Any) -> Any:
        for filters in (4, 8):
            x = old.Conv2D(filters, 3, activation="relu", strides=2, padding="same")(x)
        return old.Dense(8, activation="relu")(old.Flatten()(x))

    def end(z: Any) -> Any:
        g = old.Reshape((3, 3, 8))(old.Dense(3 * 3 * 8, activation="relu")(z))
        for filters in (8, 4):
            g = old.Conv2DTranspose(filters, 3, activation="relu", strides=2, padding="same")(g)
        return old.Conv2DTranspose(
            1, 3, activation="sigmoid", padding="same", name="decoder_output"
        )(g)

    return _example(folder, "vae_cnn_mnist.h5", SHAPE, body, end)
