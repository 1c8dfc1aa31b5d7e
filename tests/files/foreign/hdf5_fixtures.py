"""Write the HDF5 files among the fixtures: ``python -m tests.files.foreign.hdf5_fixtures``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras

from tests.files.foreign import keras2_models as keras2
from tests.files.foreign.models import lively

FOLDER = Path(__file__).parents[1] / "fixtures"
SHAPE, UNITS = (8, 8), 2


def halves(module: Any, draw: Any) -> tuple[Any, Any]:
    """Encoder and decoder, by the layers of Keras 2 or 3."""
    layers = module.layers
    x = layers.Input(SHAPE, name="encoder_input")
    h = layers.Dense(6, activation="relu", name="hidden")(layers.Flatten(name="flat")(x))
    h = layers.Dropout(0.1, name="drop")(layers.BatchNormalization(name="norm")(h))
    mean, log_var = (layers.Dense(UNITS, name=name)(h) for name in ("z_mean", "z_log_var"))
    z = layers.Lambda(draw, output_shape=(UNITS,), name="z")([mean, log_var])
    encoder = module.Model(x, [mean, log_var, z], name="encoder")
    z = layers.Input((UNITS,), name="z_sampling")
    h = layers.LeakyReLU(0.2, name="leaky")(layers.Dense(6, name="hidden_2")(z))
    out = layers.Dense(64, activation="sigmoid", name="out")(h)
    decoder = module.Model(z, layers.Reshape(SHAPE, name="picture")(out), name="decoder")
    return lively(encoder), lively(decoder)


def main() -> None:
    encoder, decoder = halves(keras2.keras, keras2.draw)
    keras2.saved(FOLDER / "keras2-encoder.h5", encoder)
    keras2.saved(FOLDER / "keras2-decoder.h5", decoder)
    keras2.saved(FOLDER / "keras2-whole.h5", keras2.with_loss(encoder, decoder))
    encoder, decoder = halves(keras, lambda args: args[0])
    x = keras.Input(SHAPE)
    keras2.saved(FOLDER / "keras3-whole.h5", keras.Model(x, decoder(encoder(x)[2]), name="vae"))


if __name__ == "__main__":
    main()
