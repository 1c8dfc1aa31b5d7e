"""Keras models as scripts make them, to be imported. Imports TensorFlow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers, ops

SHAPE = (28, 28, 1)
UNITS = 2


class Sampling(layers.Layer):
    """The layer of the official example: a draw of z from mean and log-variance."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seed_generator = keras.random.SeedGenerator(1337)

    def call(self, inputs: Any) -> Any:
        mean, log_var = inputs
        noise = keras.random.normal(shape=ops.shape(mean), seed=self.seed_generator)
        return mean + ops.exp(0.5 * log_var) * noise


class Vae(keras.Model):
    """The model around encoder and decoder; ``says`` is how much its configuration tells."""

    def __init__(self, encoder: Any, decoder: Any, says: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.encoder, self.decoder, self.says = encoder, decoder, says

    def call(self, x: Any) -> Any:
        return self.decoder(self.encoder(x)[0])

    def get_config(self) -> dict[str, Any]:
        models = {"encoder": self.encoder, "decoder": self.decoder}
        if self.says == "models":
            return {**super().get_config(), **models}
        if self.says == "configurations":
            return {name: model.get_config() for name, model in models.items()}
        return {"latent_dim": UNITS}


def official() -> tuple[Any, Any]:
    """Encoder and decoder of https://keras.io/examples/generative/vae/, with random biases."""
    x = keras.Input(SHAPE)
    h = layers.Conv2D(32, 3, activation="relu", strides=2, padding="same")(x)
    h = layers.Conv2D(64, 3, activation="relu", strides=2, padding="same")(h)
    h = layers.Dense(16, activation="relu")(layers.Flatten()(h))
    mean = layers.Dense(UNITS, name="z_mean")(h)
    log_var = layers.Dense(UNITS, name="z_log_var")(h)
    encoder = keras.Model(x, [mean, log_var, Sampling()([mean, log_var])], name="encoder")
    z = keras.Input((UNITS,))
    h = layers.Reshape((7, 7, 64))(layers.Dense(7 * 7 * 64, activation="relu")(z))
    h = layers.Conv2DTranspose(64, 3, activation="relu", strides=2, padding="same")(h)
    h = layers.Conv2DTranspose(32, 3, activation="relu", strides=2, padding="same")(h)
    h = layers.Conv2DTranspose(1, 3, activation="sigmoid", padding="same")(h)
    decoder = keras.Model(z, h, name="decoder")
    return lively(encoder), lively(decoder)


def lively(model: Any) -> Any:
    """The model with no weight at its trivial start, so that none can be mixed up unnoticed."""
    random = np.random.default_rng(len(model.weights))
    for weight in model.weights:
        if "float" in getattr(weight.dtype, "name", weight.dtype):  # Keras 2 gives a DType
            noise = random.normal(0.0, 0.1, weight.shape)
            weight.assign(np.abs(noise) + 0.5 if "variance" in weight.name else weight + noise)
    return model


def pictures(count: int = 5) -> np.ndarray[Any, Any]:
    """Values from 0 to 1, (count, 28, 28, 1)."""
    return np.random.default_rng(0).random((count, *SHAPE)).astype(np.float32)


def dense_decoder(units: int = UNITS, activation: str | None = "sigmoid") -> Any:
    """A small decoder to go with an encoder that a test is about."""
    z = keras.Input((units,))
    h = layers.Dense(8, activation="tanh")(z)
    h = layers.Reshape(SHAPE)(layers.Dense(784, activation=activation)(h))
    return lively(keras.Model(z, h, name="decoder"))


def dense_encoder(body: Any, names: tuple[str, str] = ("mean", "log_var")) -> Any:
    """An encoder whose hidden layers are made by ``body``."""
    x = keras.Input(SHAPE)
    h = body(x)
    read_outs = [layers.Dense(UNITS, name=name)(h) for name in names]
    return lively(keras.Model(x, read_outs, name="encoder"))


def saved(folder: Path, **models: Any) -> list[Path]:
    """Each model saved under its name."""
    paths = []
    for name, model in models.items():
        paths.append(folder / f"{name}.keras")
        model.save(paths[-1])
    return paths
