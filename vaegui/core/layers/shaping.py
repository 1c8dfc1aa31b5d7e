"""Layers that arrange values anew."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import Field

from vaegui.core.layers.base import Layer, Shape, Size, Wide

__all__ = [
    "Cropping2D",
    "Flatten",
    "Permute",
    "RepeatVector",
    "Reshape",
    "UpSampling2D",
    "ZeroPadding2D",
]

Sides = tuple[tuple[Wide, Wide], tuple[Wide, Wide]]
"""Top and bottom, left and right."""


class Flatten(Layer):
    """All in one row."""

    kind: Literal["Flatten"] = "Flatten"

    def shape(self, *inputs: Shape) -> Shape:
        """(...) -> (all,)."""
        return (math.prod(inputs[0]),)


class Reshape(Layer):
    """The same values in another shape."""

    kind: Literal["Reshape"] = "Reshape"
    target_shape: tuple[Annotated[int, Field(ge=-1, le=1 << 24)], ...] = Field(max_length=8)

    def shape(self, *inputs: Shape) -> Shape:
        """The target, in which one -1 stands for what remains."""
        count, known = math.prod(inputs[0]), math.prod(n for n in self.target_shape if n != -1)
        whole = tuple(count // known if n == -1 else n for n in self.target_shape) if known else ()
        if self.target_shape.count(-1) > 1 or math.prod(whole) != count:
            raise ValueError(f"the shape {inputs[0]} cannot become {self.target_shape}")
        return whole


class Permute(Layer):
    """Axes in another order."""

    kind: Literal["Permute"] = "Permute"
    dims: tuple[Size, ...] = Field(min_length=1, max_length=8)

    def shape(self, *inputs: Shape) -> Shape:
        """Axis ``dims[i]``, counted from 1, becomes axis i."""
        if sorted(self.dims) != list(range(1, len(inputs[0]) + 1)):
            raise ValueError(f"{self.dims} is no order of the axes of {inputs[0]}")
        return tuple(inputs[0][i - 1] for i in self.dims)


class RepeatVector(Layer):
    """A row again and again."""

    kind: Literal["RepeatVector"] = "RepeatVector"
    n: Size

    def shape(self, *inputs: Shape) -> Shape:
        """(features,) -> (n, features)."""
        if len(inputs[0]) != 1:
            raise ValueError(f"only rows can be repeated; got the shape {inputs[0]}")
        return self.n, inputs[0][0]


class UpSampling2D(Layer):
    """Every pixel several times."""

    kind: Literal["UpSampling2D"] = "UpSampling2D"
    size: tuple[Size, Size] = (2, 2)
    interpolation: Literal["nearest", "bilinear"] = "nearest"

    def shape(self, *inputs: Shape) -> Shape:
        """(height, width, channels) -> as many times as high and wide."""
        height, width, channels = _picture(inputs[0])
        return height * self.size[0], width * self.size[1], channels


class ZeroPadding2D(Layer):
    """Zeros around a picture."""

    kind: Literal["ZeroPadding2D"] = "ZeroPadding2D"
    padding: Sides = ((1, 1), (1, 1))

    def shape(self, *inputs: Shape) -> Shape:
        """(height, width, channels) -> so much larger."""
        height, width, channels = _picture(inputs[0])
        return height + sum(self.padding[0]), width + sum(self.padding[1]), channels


class Cropping2D(Layer):
    """A picture without its edges."""

    kind: Literal["Cropping2D"] = "Cropping2D"
    cropping: Sides = ((0, 0), (0, 0))

    def shape(self, *inputs: Shape) -> Shape:
        """(height, width, channels) -> so much smaller."""
        height, width, channels = _picture(inputs[0])
        rows, columns = height - sum(self.cropping[0]), width - sum(self.cropping[1])
        if min(rows, columns) < 1:
            raise ValueError(f"nothing remains of {inputs[0]} without its edges {self.cropping}")
        return rows, columns, channels


def _picture(shape: Shape) -> Shape:
    if len(shape) != 3:
        raise ValueError(f"pictures with channels are needed; got the shape {shape}")
    return shape
