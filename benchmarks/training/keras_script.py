"""The default network as a user of Keras would train it: `model.fit`, validation, a saved file.

``python keras_script.py TRAIN TEST EPOCHS FOLDER``; the first two are ``.npy`` files of
pictures (n, 28, 28); encoder and decoder are saved in the folder.
"""

from __future__ import annotations

import sys
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import Input, Model, layers, ops

__all__ = ["Net", "dense"]


class Net(keras.Model):  # type: ignore[misc]
    """Encoder and decoder of pictures, trained on the negative ELBO."""

    def __init__(self, encoder: Any, decoder: Any) -> None:
        super().__init__()
        self.encoder, self.decoder = encoder, decoder
        self.tracker = keras.metrics.Mean(name="loss")

    @property
    def metrics(self) -> list[Any]:
        """The running mean of the loss."""
        return [self.tracker]

    def loss_of(self, data: Any) -> Any:
        """The negative ELBO of a batch in nats per picture, ()."""
        mean, log_var = self.encoder(data)
        z = mean + ops.exp(0.5 * log_var) * keras.random.normal(ops.shape(mean))
        error = keras.losses.binary_crossentropy(data, self.decoder(z))
        reconstruction = ops.mean(ops.sum(error, axis=tuple(range(1, len(error.shape)))))
        if len(data.shape) == 3:
            reconstruction *= 28.0
        kl = -0.5 * (1 + log_var - ops.square(mean) - ops.exp(log_var))
        return reconstruction + ops.mean(ops.sum(kl, axis=1))

    def train_step(self, data: Any) -> dict[str, Any]:
        """One step, for `fit`."""
        with tf.GradientTape() as tape:
            loss = self.loss_of(data)
        gradients = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_weights, strict=True))
        self.tracker.update_state(loss)
        return {"loss": self.tracker.result()}

    def test_step(self, data: Any) -> dict[str, Any]:
        """The loss of a batch, for validation."""
        (data,) = data
        self.tracker.update_state(self.loss_of(data))
        return {"loss": self.tracker.result()}


def dense() -> Net:
    """784-512-256-2, written like the Keras VAE example."""
    x = Input((28, 28))
    h = layers.Flatten()(x)
    h = layers.Dense(512, activation="relu")(h)
    h = layers.Dense(256, activation="relu")(h)
    encoder = Model(x, [layers.Dense(2)(h), layers.Dense(2)(h)])
    z = Input((2,))
    h = layers.Dense(256, activation="relu")(z)
    h = layers.Dense(512, activation="relu")(h)
    h = layers.Dense(784, activation="sigmoid")(h)
    net = Net(encoder, Model(z, layers.Reshape((28, 28))(h)))
    net.compile(optimizer=keras.optimizers.Adam())
    return net


def main() -> None:
    """Train as the command line says."""
    train, test = (np.load(path).astype(np.float32) / 255 for path in sys.argv[1:3])
    net = dense()
    data = tf.data.Dataset.from_tensor_slices((test,)).batch(128)
    net.fit(train, epochs=int(sys.argv[3]), batch_size=128, validation_data=data, verbose=2)
    for name, model in (("encoder", net.encoder), ("decoder", net.decoder)):
        model.save(f"{sys.argv[4]}/{name}.keras")


if __name__ == "__main__":
    main()
