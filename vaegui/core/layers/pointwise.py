"""Layers that work on each value, or on each row: non-linearities, scales and encodings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from vaegui.core.layers.base import Activations, Axis, Layer, Shape, Size, axis_of

__all__ = ["Pointwise", "Rescaling"]

Positive = Annotated[float, Field(ge=0.0, le=1e6)]
Factor = Annotated[float, Field(ge=-1e12, le=1e12)]
Factors = Annotated[tuple[Factor, ...], Field(min_length=1, max_length=65_536)]


class Activation(Layer):
    """A non-linearity by name."""

    kind: Literal["Activation"] = "Activation"
    activation: Activations


class ReLU(Layer):
    """A rectifier with a slope, a threshold and a ceiling."""

    kind: Literal["ReLU"] = "ReLU"
    max_value: Positive | None = None
    negative_slope: Positive = 0.0
    threshold: Positive = 0.0


class LeakyReLU(Layer):
    """A rectifier that lets a part of what is negative through."""

    kind: Literal["LeakyReLU"] = "LeakyReLU"
    negative_slope: Positive = 0.3


class ELU(Layer):
    """An exponential below zero, the value itself above."""

    kind: Literal["ELU"] = "ELU"
    alpha: Positive = 1.0


class PReLU(Layer):
    """A rectifier that lets a learned part of what is negative through."""

    kind: Literal["PReLU"] = "PReLU"
    shared_axes: tuple[Axis, ...] | None = None

    def shape(self, *inputs: Shape) -> Shape:
        """The shape of the input, unchanged."""
        self.weights(*inputs)
        return inputs[0]

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """``alpha``, one for each value, along a shared axis one for all."""
        shared = {axis_of(axis, inputs[0]) for axis in self.shared_axes or ()}
        return {"alpha": tuple(1 if i in shared else n for i, n in enumerate(inputs[0]))}


class Softmax(Layer):
    """Positive values along an axis that sum to one."""

    kind: Literal["Softmax"] = "Softmax"
    axis: Axis = -1

    def shape(self, *inputs: Shape) -> Shape:
        """The shape of the input, unchanged."""
        axis_of(self.axis, inputs[0])
        return inputs[0]


class Rescaling(Layer):
    """``x * scale + offset``, by numbers for all values or for each along the last axis."""

    kind: Literal["Rescaling"] = "Rescaling"
    scale: Factor | Factors
    offset: Factor | Factors = 0.0

    def shape(self, *inputs: Shape) -> Shape:
        """The shape of the input, unchanged."""
        for factors in (self.scale, self.offset):
            if isinstance(factors, tuple) and (len(factors),) != inputs[0][-1:]:
                raise ValueError(f"{len(factors)} factors do not fit the shape {inputs[0]}")
        return inputs[0]


class CategoryEncoding(Layer):
    """A row of 0 and 1 for numbers of categories."""

    kind: Literal["CategoryEncoding"] = "CategoryEncoding"
    num_tokens: Size
    output_mode: Literal["one_hot", "multi_hot", "count"] = "multi_hot"

    def shape(self, *inputs: Shape) -> Shape:
        """(1,) -> (num_tokens,), and if not one-hot (n,) -> (num_tokens,)."""
        if len(inputs[0]) != 1 or (self.output_mode == "one_hot" and inputs[0] != (1,)):
            raise ValueError(f"CategoryEncoding cannot take the shape {inputs[0]}")
        return (self.num_tokens,)


class Masking(Layer):
    """Steps of a sequence whose values are all the same number are passed over by what follows."""

    kind: Literal["Masking"] = "Masking"
    mask_value: Factor = 0.0


Pointwise = (
    ELU | Activation | CategoryEncoding | LeakyReLU | Masking | PReLU | ReLU | Rescaling | Softmax
)
"""Any of them."""
