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
    from benchmarks.training.keras_script import dense

    return _fit(dense(), _digits())


def fit_convolutional() -> Contestant:
    """Give `model.fit` on the convolutional net of the Keras VAE example."""
    from keras import Input, Model, layers, optimizers

    from benchmarks.training.keras_script import Net

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
    net = Net(encoder, Model(z, h))
    net.compile(optimizer=optimizers.Adam())
    return _fit(net, _digits()[..., None])


def _fit(net: Any, x: Any) -> Contestant:
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
    from benchmarks.training.jax_script import scan_of

    call = 20
    scan, _ = scan_of(_digits().reshape(-1, 784), call)

    def run(steps: int) -> None:
        for _ in range(steps // call):
            scan()

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
