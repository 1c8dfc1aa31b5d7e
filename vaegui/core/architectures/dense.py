"""Fully connected encoder and decoder."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from vaegui.declared import Choice, setting

__all__ = ["Dense"]

Width = Annotated[int, Field(ge=1, le=65536)]


class Dense(Choice):
    """Fully connected layers; the decoder mirrors the encoder."""

    label: ClassVar[str] = "Dense layers"

    kind: Literal["dense"] = "dense"
    widths: tuple[Width, ...] = setting(
        (512, 256),
        title="Hidden layers",
        help="Width of each hidden layer of the encoder; the decoder has the same in reverse.",
        unit="units",
        min_length=1,
        max_length=16,
    )
    activation: Literal["relu", "gelu", "silu", "tanh"] = setting(
        "relu", title="Activation", help="The non-linearity after each hidden layer.", more=True
    )

    def encode(self, x: Any) -> Any:
        """Keras tensor (batch, *shape) -> hidden vector a (batch, widths[-1])."""
        from keras import layers

        a = layers.Flatten(name="flatten")(x)
        for i, width in enumerate(self.widths, 1):
            a = layers.Dense(width, activation=self.activation, name=f"hidden_{i}")(a)
        return a

    def decode(self, z: Any, shape: tuple[int, ...]) -> Any:
        """Keras tensor (batch, units) -> likelihood parameters (batch, *shape), unbounded."""
        from keras import layers

        h = z
        for i, width in enumerate(reversed(self.widths), 1):
            h = layers.Dense(width, activation=self.activation, name=f"hidden_{i}")(h)
        h = layers.Dense(math.prod(shape), name="output")(h)
        return layers.Reshape(shape, name="parameters")(h)

    def check(self, shape: tuple[int, ...]) -> str:
        """Why data of this shape cannot be used, or an empty string: dense layers take any."""
        return ""
