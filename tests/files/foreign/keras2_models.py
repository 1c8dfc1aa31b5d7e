"""Keras 2 models as its scripts make them, by the package tf_keras, to be imported."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import tf_keras as keras
from tf_keras import backend, layers

from tests.files.foreign.models import SHAPE, UNITS, lively

__all__ = ["draw", "encoder_and_decoder", "keras", "layers", "saved", "with_loss"]


def draw(arguments: Any) -> Any:
    """The function of the old examples' Lambda layer."""
    mean, log_var = arguments
    return mean + backend.exp(0.5 * log_var) * backend.random_normal(backend.shape(mean))


def encoder_and_decoder() -> tuple[Any, Any]:
    """Of the convolutional example of Keras 2, with layers whose settings had other names."""
    x = layers.Input(SHAPE, name="encoder_input")
    h = layers.Conv2D(4, 3, strides=2, padding="same")(x)
    h = layers.LeakyReLU(alpha=0.2)(layers.BatchNormalization()(h))
    h = layers.Dropout(0.1)(layers.Flatten()(h))
    h = layers.Dense(8, activation=keras.activations.relu)(h)
    mean, log_var = layers.Dense(UNITS, name="z_mean")(h), layers.Dense(UNITS, name="z_log_var")(h)
    z = layers.Lambda(draw, output_shape=(UNITS,), name="z")([mean, log_var])
    encoder = keras.Model(x, [mean, log_var, z], name="encoder")
    z = layers.Input((UNITS,), name="z_sampling")
    h = layers.Reshape((7, 7, 4))(layers.Dense(7 * 7 * 4, activation="tanh")(z))
    h = layers.ThresholdedReLU(0.05)(layers.Conv2DTranspose(4, 3, strides=2, padding="same")(h))
    h = layers.BatchNormalization()(layers.UpSampling2D()(h))
    out = layers.Conv2DTranspose(1, 3, activation="sigmoid", padding="same")(h)
    return lively(encoder), lively(keras.Model(z, out, name="decoder"))


def with_loss(encoder: Any, decoder: Any) -> Any:
    """Both as one model, with the loss added to it as the examples do.

    It is computed from the encoder's own outputs, so that the outer model has its layers, too.
    """
    x = encoder.inputs[0]
    mean, log_var = encoder.outputs[:2]
    vae = keras.Model(x, decoder(encoder(x)[-1]), name="vae")
    error = keras.losses.mse(backend.flatten(x), backend.flatten(vae.outputs[0])) * 784
    kl = -0.5 * backend.sum(1 + log_var - backend.square(mean) - backend.exp(log_var), axis=-1)
    vae.add_loss(backend.mean(error + kl))
    return vae


def saved(path: Path, model: Any) -> Path:
    """The file that ``model.save`` writes; in HDF5 it warns that this is old."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        model.save(path)
    return path
