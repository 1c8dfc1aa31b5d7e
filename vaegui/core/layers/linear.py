"""Layers that weigh their inputs: dense ones, and tables of weights."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field

from vaegui.core.initialisers import Initialisers
from vaegui.core.layers.base import Activations, Layer, Shape, Size

__all__ = ["Dense", "Linear", "Weighing"]


class Linear(Layer):
    """Weighted sums, perhaps with a bias, and a non-linearity."""

    activation: Activations = "linear"
    use_bias: bool = True

    def initialisers(self, seeded: Initialisers) -> dict[str, Any]:
        """Glorot's, as in Keras."""
        return {"kernel_initializer": seeded.glorot()}

    def _with_bias(self, kernel: Shape, outputs: int) -> dict[str, Shape]:
        return {"kernel": kernel} | ({"bias": (outputs,)} if self.use_bias else {})


class Dense(Linear):
    """Every output from every input, along the last axis."""

    kind: Literal["Dense"] = "Dense"
    units: Size

    def shape(self, *inputs: Shape) -> Shape:
        """(..., n) -> (..., units)."""
        if not inputs[0]:
            raise ValueError(f"Dense cannot take the shape {inputs[0]}")
        return (*inputs[0][:-1], self.units)

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """``kernel`` (n, units) and ``bias`` (units,)."""
        return self._with_bias((inputs[0][-1], self.units), self.units)


class EinsumDense(Layer):
    """Weighted sums along the axes that an equation names, such as ``abc,cd->abd``."""

    kind: Literal["EinsumDense"] = "EinsumDense"
    equation: str = Field(pattern=r"^[a-z]{1,8},[a-z]{1,8}->[a-z]{1,8}$")
    output_shape: Annotated[tuple[Size | None, ...], Field(min_length=1, max_length=8)]
    activation: Activations = "linear"
    bias_axes: str | None = Field(None, pattern=r"^[a-z]{1,8}$")

    def initialisers(self, seeded: Initialisers) -> dict[str, Any]:
        """Glorot's, as in Keras."""
        return {"kernel_initializer": seeded.glorot()}

    def shape(self, *inputs: Shape) -> Shape:
        """Lengths of the equation's last part, without the batch, which is its first letter."""
        lengths, _, last = self._lengths(inputs[0])
        return tuple(lengths[letter] for letter in last[1:])

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """``kernel`` of the shape of the equation's second part, and ``bias`` of its axes."""
        lengths, kernel, last = self._lengths(inputs[0])
        found = {"kernel": tuple(lengths[letter] for letter in kernel)}
        if self.bias_axes:
            first = min(map(last.index, self.bias_axes))
            found["bias"] = tuple(lengths[x] if x in self.bias_axes else 1 for x in last[first:])
        return found

    def _lengths(self, shape: Shape) -> tuple[dict[str, int], str, str]:
        """Length of each letter's axis, and the equation's second and last part."""
        given, kernel, last = re.split(",|->", self.equation)
        repeats = any(len(set(part)) < len(part) for part in (given, kernel, last))
        stated = self.output_shape
        if repeats or len(given) != len(shape) + 1 or len(last) != len(stated) + 1:
            raise ValueError(f"{self.equation} does not fit the shape {shape}")
        lengths = dict(zip(given[1:], shape, strict=True))
        for letter, length in zip(last[1:], stated, strict=True):
            if length is not None and lengths.setdefault(letter, length) != length:
                raise ValueError(f"{self.equation} does not give the shape {stated}")
        unknown = set(kernel + last[1:] + (self.bias_axes or "")) - set(lengths)
        if unknown or given[0] != last[0] or not set(self.bias_axes or "") <= set(last[1:]):
            raise ValueError(f"{self.equation} has axes of no known length")
        return lengths, kernel, last


class Embedding(Layer):
    """A row of a table for each number, which says what row."""

    kind: Literal["Embedding"] = "Embedding"
    input_dim: Annotated[int, Field(ge=1, le=1 << 24)]
    output_dim: Size
    mask_zero: bool = False

    def initialisers(self, seeded: Initialisers) -> dict[str, Any]:
        """Small numbers, as in Keras."""
        return {"embeddings_initializer": seeded.small()}

    def shape(self, *inputs: Shape) -> Shape:
        """(...) -> (..., output_dim)."""
        return (*inputs[0], self.output_dim)

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """``embeddings`` (input_dim, output_dim)."""
        return {"embeddings": (self.input_dim, self.output_dim)}


Weighing = Dense | EinsumDense | Embedding
"""Any of them."""
