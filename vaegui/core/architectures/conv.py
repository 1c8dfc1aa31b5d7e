"""Convolutional encoder and decoder for pictures of any size."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from vaegui.core.initialisers import Initialisers
from vaegui.declared import Choice, setting

__all__ = ["Convolutional"]

STRIDE = 2
"""Each convolution halves, each transposed one doubles height and width."""

Filters = Annotated[int, Field(ge=1, le=4096)]


class Convolutional(Choice):
    """Strided convolutions down to a hidden vector, transposed ones back up.

    The default layers are those of the Keras documentation's VAE example
    (https://keras.io/examples/generative/vae/). A picture whose sides cannot be halved evenly is
    decoded slightly larger and cropped.
    """

    label: ClassVar[str] = "Convolutional layers"

    kind: Literal["conv"] = "conv"
    filters: tuple[Filters, ...] = setting(
        (32, 64),
        title="Filters",
        help="Filters of each convolution; each halves the picture's height and width.",
        min_length=1,
        max_length=8,
    )
    hidden: int = setting(
        16,
        title="Hidden vector",
        term="hidden-vector",
        help="Length of the hidden vector a from which mean and log-variance are read.",
        unit="units",
        ge=1,
        le=65536,
    )
    kernel: Literal[3, 5, 7] = setting(
        3, title="Kernel", help="Height and width of each filter.", unit="pixels", more=True
    )

    def encode(self, x: Any, seeded: Initialisers) -> Any:
        """Keras tensor (batch, height, width[, channels]) -> hidden vector a (batch, hidden)."""
        from keras import layers

        h = x if len(x.shape) == 4 else layers.Reshape((*x.shape[1:], 1), name="channel")(x)
        for i, filters in enumerate(self.filters, 1):
            h = layers.Conv2D(
                filters,
                self.kernel,
                STRIDE,
                padding="same",
                activation="relu",
                kernel_initializer=seeded.he(),
                name=f"conv_{i}",
            )(h)
        h = layers.Flatten(name="flatten")(h)
        return layers.Dense(
            self.hidden, activation="relu", kernel_initializer=seeded.he(), name="hidden"
        )(h)

    def decode(self, z: Any, shape: tuple[int, ...], seeded: Initialisers) -> Any:
        """Keras tensor (batch, units) -> likelihood parameters (batch, *shape), unbounded."""
        from keras import layers

        channels = shape[2] if len(shape) == 3 else 1
        rows, columns = self.grid(shape)
        h = layers.Dense(
            rows * columns * self.filters[-1],
            activation="relu",
            kernel_initializer=seeded.he(),
            name="hidden",
        )(z)
        h = layers.Reshape((rows, columns, self.filters[-1]), name="grid")(h)
        for i, filters in enumerate(reversed(self.filters), 1):
            h = layers.Conv2DTranspose(
                filters,
                self.kernel,
                STRIDE,
                padding="same",
                activation="relu",
                kernel_initializer=seeded.he_transposed(STRIDE),
                name=f"conv_{i}",
            )(h)
        h = layers.Conv2DTranspose(
            channels,
            self.kernel,
            padding="same",
            dtype="float32",
            kernel_initializer=seeded.glorot(),
            name="output",
        )(h)
        if crop := self.crop(shape):
            h = layers.Cropping2D(crop, dtype="float32", name="crop")(h)
        return layers.Reshape(shape, dtype="float32", name="parameters")(h)

    def parameters(self, shape: tuple[int, ...], units: int, read_outs: int = 2) -> int:
        """Number of weights of encoder, its read-outs and decoder, known before they are built."""
        rows, columns = self.grid(shape)
        channels = shape[2] if len(shape) == 3 else 1
        grid, area = rows * columns * self.filters[-1], self.kernel**2
        down, up = (channels, *self.filters), (*reversed(self.filters), channels)
        # The first transposed convolution keeps the number of filters.
        up = (up[0], *up)
        convolutions = [(area * a + 1) * b for ends in (down, up) for a, b in pairwise(ends)]
        hidden = (grid + 1) * self.hidden + read_outs * (self.hidden + 1) * units
        return hidden + (units + 1) * grid + sum(convolutions)

    def outputs(self, shape: tuple[int, ...], units: int) -> int:
        """How many numbers all layers give for one example."""
        channels = shape[2] if len(shape) == 3 else 1
        rows, columns = self.grid(shape)
        given = 0
        for i, filters in enumerate(reversed(self.filters)):
            pixels = rows * columns << 2 * i
            # Down once to this size, and up from it to twice the height and width.
            given += 5 * filters * pixels
        whole = channels * rows * columns << 2 * len(self.filters)
        return given + 2 * whole + 2 * self.hidden + 3 * units

    def check(self, shape: tuple[int, ...], units: int) -> str:
        """Why data of this shape cannot be used, or an empty string."""
        if len(shape) in (2, 3):
            return ""
        return f"Convolutional layers need pictures; these data have the shape {shape}."

    def grid(self, shape: tuple[int, ...]) -> tuple[int, int]:
        """Rows and columns that are left after the last convolution."""
        factor = STRIDE ** len(self.filters)
        return math.ceil(shape[0] / factor), math.ceil(shape[1] / factor)

    def crop(self, shape: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
        """Rows above and below, columns left and right that are cut off; () if none are."""
        factor = STRIDE ** len(self.filters)
        extra = [n * factor - m for n, m in zip(self.grid(shape), shape[:2], strict=True)]
        return tuple((n // 2, n - n // 2) for n in extra) if any(extra) else ()
