"""The same networks, written as a user would write them with other tools.

Each function returns a contestant, which does updates on batches of 128 of the bundled digits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from vaegui.data import BundledMnist
from vaegui.progress import no_progress

__all__ = [
    "Contestant",
    "fit_convolutional",
    "fit_dense",
    "jax_dense",
    "torch_convolutional",
    "torch_dense",
]

BATCH = 128
STEPS_PER_EPOCH = 60_000 // BATCH


@dataclass(frozen=True, slots=True)
class Contestant:
    """``run(steps)`` does so many updates, a multiple of ``unit``, one after another."""

    run: Callable[[int], None]
    unit: int = 1


def _digits() -> Any:
    sample = BundledMnist().load(no_progress).train.read(slice(None)).x
    return np.tile(sample.astype(np.float32) / 255, (6, 1, 1))


def fit_dense() -> Contestant:
    """Give `model.fit` on the dense net, written like the Keras VAE example."""
    from keras import Input, Model, layers

    x = Input((28, 28))
    h = layers.Flatten()(x)
    h = layers.Dense(512, activation="relu")(h)
    h = layers.Dense(256, activation="relu")(h)
    encoder = Model(x, [layers.Dense(2)(h), layers.Dense(2)(h)])
    z = Input((2,))
    h = layers.Dense(256, activation="relu")(z)
    h = layers.Dense(512, activation="relu")(h)
    h = layers.Dense(784, activation="sigmoid")(h)
    return _fit(encoder, Model(z, layers.Reshape((28, 28))(h)), _digits())


def fit_convolutional() -> Contestant:
    """Give `model.fit` on the convolutional net of the Keras VAE example."""
    from keras import Input, Model, layers

    x = Input((28, 28, 1))
    h = layers.Conv2D(32, 3, activation="relu", strides=2, padding="same")(x)
    h = layers.Conv2D(64, 3, activation="relu", strides=2, padding="same")(h)
    h = layers.Dense(16, activation="relu")(layers.Flatten()(h))
    encoder = Model(x, [layers.Dense(2)(h), layers.Dense(2)(h)])
    z = Input((2,))
    h = layers.Reshape((7, 7, 64))(layers.Dense(7 * 7 * 64, activation="relu")(z))
    h = layers.Conv2DTranspose(64, 3, activation="relu", strides=2, padding="same")(h)
    h = layers.Conv2DTranspose(32, 3, activation="relu", strides=2, padding="same")(h)
    h = layers.Conv2DTranspose(1, 3, activation="sigmoid", padding="same")(h)
    return _fit(encoder, Model(z, h), _digits()[..., None])


def _fit(encoder: Any, decoder: Any, x: Any) -> Contestant:
    import keras
    import tensorflow as tf
    from keras import ops

    class Net(keras.Model):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.encoder, self.decoder = encoder, decoder
            self.tracker = keras.metrics.Mean(name="loss")

        @property
        def metrics(self) -> list[Any]:
            return [self.tracker]

        def train_step(self, data: Any) -> dict[str, Any]:
            with tf.GradientTape() as tape:
                mean, log_var = self.encoder(data)
                z = mean + ops.exp(0.5 * log_var) * keras.random.normal(ops.shape(mean))
                error = keras.losses.binary_crossentropy(data, self.decoder(z))
                reconstruction = ops.mean(ops.sum(error, axis=tuple(range(1, len(error.shape)))))
                if len(data.shape) == 3:
                    reconstruction *= 28.0
                kl = -0.5 * (1 + log_var - ops.square(mean) - ops.exp(log_var))
                loss = reconstruction + ops.mean(ops.sum(kl, axis=1))
            gradients = tape.gradient(loss, self.trainable_weights)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_weights, strict=True))
            self.tracker.update_state(loss)
            return {"loss": self.tracker.result()}

    net = Net()
    net.compile(optimizer=keras.optimizers.Adam())

    def run(steps: int) -> None:
        epochs, rest = divmod(steps, STEPS_PER_EPOCH)
        if epochs:
            whole = x[: STEPS_PER_EPOCH * BATCH]
            net.fit(whole, epochs=epochs, batch_size=BATCH, verbose=0)
        if rest:
            net.fit(x[: rest * BATCH], batch_size=BATCH, verbose=0)

    return Contestant(run)


def jax_dense() -> Contestant:
    """Give a `jax.lax.scan` loop over the dense net with a hand-written Adam."""
    import jax
    import jax.numpy as jnp

    def layer(key: Any, n: int, m: int) -> tuple[Any, Any]:
        return jax.random.normal(key, (n, m)) * np.sqrt(2 / n), jnp.zeros(m)

    sizes = [(784, 512), (512, 256), (256, 2), (256, 2), (2, 256), (256, 512), (512, 784)]
    keys = jax.random.split(jax.random.key(0), len(sizes))
    parameters = [layer(key, *size) for key, size in zip(keys, sizes, strict=True)]

    def network(p: Any, x: Any, key: Any) -> Any:
        h = jax.nn.relu(x @ p[0][0] + p[0][1])
        h = jax.nn.relu(h @ p[1][0] + p[1][1])
        mean, log_var = h @ p[2][0] + p[2][1], h @ p[3][0] + p[3][1]
        z = mean + jnp.exp(log_var / 2) * jax.random.normal(key, mean.shape)
        h = jax.nn.relu(z @ p[4][0] + p[4][1])
        h = jax.nn.relu(h @ p[5][0] + p[5][1])
        return h @ p[6][0] + p[6][1], mean, log_var

    return _jax(parameters, network, _digits().reshape(-1, 784), 20)


def _jax(parameters: Any, network: Callable[..., Any], x: Any, call: int) -> Contestant:
    """Give a scan over ``call`` steps; only that length is ever compiled."""
    import jax
    import jax.numpy as jnp

    def loss(p: Any, batch: Any, key: Any) -> Any:
        logits, mean, log_var = network(p, batch, key)
        error = jnp.logaddexp(0.0, logits) - logits * batch
        kl = 0.5 * jnp.sum(jnp.exp(log_var) + mean**2 - 1 - log_var, axis=1)
        return jnp.mean(error.reshape(BATCH, -1).sum(axis=1) + kl)

    def step(carry: Any, rows: Any) -> Any:
        p, m, v, t, key = carry
        key, use = jax.random.split(key)
        value, gradient = jax.value_and_grad(loss)(p, data[rows], use)
        t = t + 1
        m = jax.tree.map(lambda a, g: 0.9 * a + 0.1 * g, m, gradient)
        v = jax.tree.map(lambda a, g: 0.999 * a + 0.001 * g * g, v, gradient)
        rate = 1e-3 * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        p = jax.tree.map(lambda a, b, c: a - rate * b / (jnp.sqrt(c) + 1e-7), p, m, v)
        return (p, m, v, t, key), value

    data = jnp.asarray(x)
    scan = jax.jit(lambda carry, rows: jax.lax.scan(step, carry, rows))
    zeros = jax.tree.map(jnp.zeros_like, parameters)
    state = [(parameters, zeros, zeros, 0.0, jax.random.key(1))]
    random = np.random.default_rng(0)

    def run(steps: int) -> None:
        for _ in range(steps // call):
            rows = random.permutation(len(x))[: call * BATCH].reshape(-1, BATCH)
            state[0], values = scan(state[0], jnp.asarray(rows))
            values.block_until_ready()

    return Contestant(run, call)


def torch_dense() -> Contestant:
    """Give a `torch.compile` loop over the dense net."""
    from torch import nn

    encoder = nn.Sequential(
        nn.Flatten(), nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(),
        nn.Linear(256, 4),
    )  # fmt: skip
    decoder = nn.Sequential(
        nn.Linear(2, 256), nn.ReLU(), nn.Linear(256, 512), nn.ReLU(), nn.Linear(512, 784)
    )
    return _torch(encoder, decoder, _digits().reshape(-1, 784))


def torch_convolutional() -> Contestant:
    """Give a `torch.compile` loop over the convolutional net."""
    from torch import nn

    encoder = nn.Sequential(
        nn.Conv2d(1, 32, 3, 2, 1), nn.ReLU(), nn.Conv2d(32, 64, 3, 2, 1), nn.ReLU(), nn.Flatten(),
        nn.Linear(3136, 16), nn.ReLU(), nn.Linear(16, 4),
    )  # fmt: skip
    decoder = nn.Sequential(
        nn.Linear(2, 3136), nn.ReLU(), nn.Unflatten(1, (64, 7, 7)),
        nn.ConvTranspose2d(64, 64, 3, 2, 1, 1), nn.ReLU(),
        nn.ConvTranspose2d(64, 32, 3, 2, 1, 1), nn.ReLU(), nn.ConvTranspose2d(32, 1, 3, 1, 1),
    )  # fmt: skip
    return _torch(encoder, decoder, _digits()[:, None])


def _torch(encoder: Any, decoder: Any, x: Any) -> Contestant:
    import torch
    from torch.nn import functional

    optimiser = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()])
    data = torch.from_numpy(np.ascontiguousarray(x))

    @torch.compile
    def loss_of(batch: Any) -> Any:
        mean, log_var = encoder(batch).chunk(2, dim=1)
        z = mean + torch.exp(log_var / 2) * torch.randn_like(mean)
        error = functional.binary_cross_entropy_with_logits(decoder(z), batch, reduction="sum")
        return (error + 0.5 * torch.sum(log_var.exp() + mean**2 - 1 - log_var)) / BATCH

    def run(steps: int) -> None:
        order = torch.randperm(len(data))
        for i in range(steps):
            first = i % STEPS_PER_EPOCH * BATCH
            optimiser.zero_grad()
            loss_of(data[order[first : first + BATCH]]).backward()
            optimiser.step()

    return Contestant(run)
