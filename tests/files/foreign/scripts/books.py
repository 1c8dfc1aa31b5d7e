"""The VAEs of the textbooks: Chollet's three editions, Generative Deep Learning's two.

The first edition of each is in Keras 2, with a Lambda layer that draws z.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf
import tf_keras
from keras import layers, ops
from tf_keras import backend as K
from tf_keras import layers as old

from tests.files.foreign.scripts.published import Published, kept, lively, pictures, quietly

SHAPE = (12, 12, 1)


def draw(arguments: Any) -> Any:
    """The body of the old books' Lambda layers."""
    mean, log_var = arguments
    return mean + K.exp(log_var / 2) * K.random_normal(K.shape(mean))


def first_edition(folder: Path) -> Published:
    """Chollet 2017: encoder, sampling and decoder in one graph that ends in a layer of the loss."""

    class VariationalLoss(old.Layer):
        def call(self, inputs: Any) -> Any:
            x, decoded = inputs
            self.add_loss(K.mean(tf_keras.losses.mse(K.flatten(x), K.flatten(decoded))))
            return x

    x = old.Input(SHAPE)
    h = old.Conv2D(4, 3, padding="same", activation="relu")(x)
    h = old.Conv2D(6, 3, padding="same", activation="relu", strides=(2, 2))(h)
    h = old.Dense(8, activation="relu")(old.Flatten()(h))
    mean, log_var = old.Dense(2)(h), old.Dense(2)(h)
    z = old.Lambda(draw)([mean, log_var])
    code = old.Input((2,))
    g = old.Dense(6 * 6 * 4, activation="relu")(code)
    g = old.Conv2DTranspose(4, 3, padding="same", activation="relu", strides=(2, 2))(
        old.Reshape((6, 6, 4))(g)
    )
    g = old.Conv2D(1, 3, padding="same", activation="sigmoid")(g)
    decoder = tf_keras.Model(code, g)
    vae = tf_keras.Model(x, VariationalLoss()([x, decoder(z)]))
    lively(vae)
    values, encoder = pictures(*SHAPE), tf_keras.Model(x, [mean, log_var])
    paths = kept(folder, encoder_h5=encoder, decoder_h5=decoder, vae_h5=vae)
    weights = quietly(vae.save_weights, folder / "vae_weights.h5")
    means, log_vars = encoder(values)
    return Published(
        values, means, log_vars, decoder(means),
        {"pair": (paths["encoder_h5"], paths["decoder_h5"]), "whole": (paths["vae_h5"],)},
        {"weights": weights},
        said={"mean": mean.node.layer.name, "spread": log_var.node.layer.name,
              "spread_is": "log_var"},
    )  # fmt: skip


def _second(api: Any, library: Any, sampler: Any) -> tuple[Any, Any, Any]:
    """Encoder, decoder and the class around both that the later editions share."""

    class VAE(library.Model):
        def __init__(self, encoder: Any, decoder: Any, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.encoder, self.decoder, self.sampler = encoder, decoder, sampler()

        def call(self, inputs: Any) -> Any:
            return self.encoder(inputs)

    x = library.Input(SHAPE)
    h = api.Conv2D(4, 3, activation="relu", strides=2, padding="same")(x)
    h = api.Conv2D(8, 3, activation="relu", strides=2, padding="same")(h)
    h = api.Dense(8, activation="relu")(api.Flatten()(h))
    mean, log_var = api.Dense(2, name="z_mean")(h), api.Dense(2, name="z_log_var")(h)
    encoder = library.Model(x, [mean, log_var], name="encoder")
    z = library.Input((2,))
    g = api.Reshape((3, 3, 8))(api.Dense(3 * 3 * 8, activation="relu")(z))
    g = api.Conv2DTranspose(8, 3, activation="relu", strides=2, padding="same")(g)
    g = api.Conv2DTranspose(4, 3, activation="relu", strides=2, padding="same")(g)
    g = api.Conv2D(1, 3, activation="sigmoid", padding="same")(g)
    decoder = library.Model(z, g, name="decoder")
    lively(encoder, decoder)
    return encoder, decoder, VAE(encoder, decoder)


def second_edition(folder: Path) -> Published:
    """Chollet 2021: a subclass of tf.keras' Model with encoder, decoder and a sampler layer."""

    class Sampler(old.Layer):
        def call(self, mean: Any, log_var: Any) -> Any:
            return mean + tf.exp(0.5 * log_var) * tf.random.normal(tf.shape(mean))

    encoder, decoder, vae = _second(old, tf_keras, Sampler)
    x = pictures(*SHAPE)
    vae(x)
    quietly(vae.save, folder / "vae")
    paths = kept(folder, encoder_h5=encoder, decoder_h5=decoder)
    more = kept(folder, encoder_keras=encoder, decoder_keras=decoder)
    mean, log_var = encoder(x)
    return Published(
        x, mean, log_var, decoder(mean),
        {"pair in HDF5": (paths["encoder_h5"], paths["decoder_h5"]), "pair": tuple(more.values())},
        {"weights": quietly(vae.save_weights, folder / "vae.h5")},
        {"folder": ((folder / "vae",), "it is a folder|SavedModel")},
    )  # fmt: skip


def third_edition(folder: Path) -> Published:
    """Chollet 2025: the same in Keras 3, with a seed generator in the sampler."""

    class Sampler(keras.Layer):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.seed_generator = keras.random.SeedGenerator()

        def call(self, mean: Any, log_var: Any) -> Any:
            noise = keras.random.normal(ops.shape(mean), seed=self.seed_generator)
            return mean + ops.exp(0.5 * log_var) * noise

    encoder, decoder, vae = _second(layers, keras, Sampler)
    x = pictures(*SHAPE)
    with warnings.catch_warnings():  # Keras doubts a class that has no build()
        warnings.simplefilter("ignore", UserWarning)
        vae(x)
    paths = kept(folder, encoder_keras=encoder, decoder_keras=decoder)
    mean, log_var = encoder(x)
    return Published(
        x, mean, log_var, decoder(mean),
        {"pair": (paths["encoder_keras"], paths["decoder_keras"])},
        {"weights": quietly(vae.save_weights, folder / "vae.weights.h5")},
    )  # fmt: skip


def generative_first(folder: Path) -> Published:
    """Foster 2019: leaky rectifiers, batch normalisation and dropout; z by a Lambda layer."""
    x = old.Input(SHAPE, name="encoder_input")
    h = x
    for i, filters in enumerate((4, 8)):
        h = old.Conv2D(filters, 3, strides=2, padding="same", name=f"encoder_conv_{i}")(h)
        h = old.Dropout(0.25)(old.LeakyReLU()(old.BatchNormalization()(h)))
    h = old.Flatten()(h)
    mean, log_var = old.Dense(2, name="mu")(h), old.Dense(2, name="log_var")(h)
    encoder = tf_keras.Model(x, old.Lambda(draw, name="encoder_output")([mean, log_var]))
    z = old.Input((2,), name="decoder_input")
    g = old.Reshape((3, 3, 8))(old.Dense(3 * 3 * 8)(z))
    g = old.Conv2DTranspose(4, 3, strides=2, padding="same", name="decoder_conv_t_0")(g)
    g = old.LeakyReLU()(old.BatchNormalization()(g))
    g = old.Conv2DTranspose(1, 3, strides=2, padding="same", name="decoder_conv_t_1")(g)
    decoder = tf_keras.Model(z, old.Activation("sigmoid")(g))
    vae = tf_keras.Model(x, decoder(encoder(x)))
    lively(vae)
    values, read = pictures(*SHAPE), tf_keras.Model(x, [mean, log_var])
    paths = kept(folder, encoder_h5=encoder, decoder_h5=decoder, vae_h5=vae)
    means, log_vars = read(values)
    return Published(
        values, means, log_vars, decoder(means),
        {"pair": (paths["encoder_h5"], paths["decoder_h5"]), "whole": (paths["vae_h5"],)},
        {"weights": quietly(vae.save_weights, folder / "weights.h5")},
    )  # fmt: skip


def generative_second(folder: Path) -> Published:
    """Foster 2023: a Sampling layer and a subclass, saved as folders; also in one file each."""

    class Sampling(old.Layer):
        def call(self, inputs: Any) -> Any:
            mean, log_var = inputs
            return mean + tf.exp(0.5 * log_var) * K.random_normal(tf.shape(mean))

    x = old.Input(SHAPE, name="encoder_input")
    h = old.Conv2D(4, (3, 3), strides=2, activation="relu", padding="same")(x)
    h = old.Flatten()(old.Conv2D(8, (3, 3), strides=2, activation="relu", padding="same")(h))
    mean, log_var = old.Dense(2, name="z_mean")(h), old.Dense(2, name="z_log_var")(h)
    encoder = tf_keras.Model(x, [mean, log_var, Sampling()([mean, log_var])], name="encoder")
    z = old.Input((2,), name="decoder_input")
    g = old.Reshape((3, 3, 8))(old.Dense(3 * 3 * 8)(z))
    g = old.Conv2DTranspose(4, (3, 3), strides=2, activation="relu", padding="same")(g)
    g = old.Conv2DTranspose(4, (3, 3), strides=2, activation="relu", padding="same")(g)
    decoder = tf_keras.Model(
        z, old.Conv2D(1, (3, 3), activation="sigmoid", padding="same", name="decoder_output")(g)
    )
    lively(encoder, decoder)
    values = pictures(*SHAPE)
    paths = kept(folder, encoder_h5=encoder, decoder_h5=decoder)
    more = kept(folder, encoder_keras=encoder, decoder_keras=decoder)
    quietly(decoder.save, folder / "decoder")
    means, log_vars, _ = encoder(values)
    return Published(
        values, means, log_vars, decoder(means),
        {"pair in HDF5": tuple(paths.values()), "pair": tuple(more.values())},
        refused={"folders": ((folder / "decoder",), "it is a folder|SavedModel")},
    )  # fmt: skip
