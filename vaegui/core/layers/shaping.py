"""Layers that arrange values anew."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from vaegui.core.layers.base import Layer, Shape, Size, Sizes, Spatial, Wide

__all__ = ["Cropping2D", "Flatten", "Permute", "Reshape", "Shaping"]

Sides = tuple[Wide, Wide]
"""How much at the beginning and at the end of an axis."""

Interpolation = Literal["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"]


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


class _UpSampling(Spatial):
    """Every value several times along each axis."""

    def shape(self, *inputs: Shape) -> Shape:
        """(*lengths, channels) -> so many times as long."""
        steps = zip(self.sides(inputs[0]), self._times(), strict=True)
        return *(n * times for n, times in steps), inputs[0][-1]

    def _times(self) -> Sizes:
        raise NotImplementedError


class UpSampling1D(_UpSampling):
    """Every value of a sequence several times."""

    rank: ClassVar[int] = 1
    kind: Literal["UpSampling1D"] = "UpSampling1D"
    size: Size = 2

    def _times(self) -> Sizes:
        return (self.size,)


class UpSampling2D(_UpSampling):
    """Every pixel several times."""

    rank: ClassVar[int] = 2
    each: ClassVar[dict[str, int]] = {"size": 2}
    kind: Literal["UpSampling2D"] = "UpSampling2D"
    size: Sizes = (2, 2)
    interpolation: Interpolation = "nearest"

    def _times(self) -> Sizes:
        return self.size


class UpSampling3D(_UpSampling):
    """Every value of a volume several times."""

    rank: ClassVar[int] = 3
    each: ClassVar[dict[str, int]] = {"size": 2}
    kind: Literal["UpSampling3D"] = "UpSampling3D"
    size: Sizes = (2, 2, 2)

    def _times(self) -> Sizes:
        return self.size


class Resizing(Spatial):
    """A picture in another size."""

    rank: ClassVar[int] = 2
    kind: Literal["Resizing"] = "Resizing"
    height: Size
    width: Size
    interpolation: Interpolation = "bilinear"
    antialias: bool = False

    def shape(self, *inputs: Shape) -> Shape:
        """(height, width, channels) -> the other height and width."""
        self.sides(inputs[0])
        return self.height, self.width, inputs[0][-1]


class ZeroPadding1D(Spatial):
    """Zeros at both ends of a sequence."""

    rank: ClassVar[int] = 1
    kind: Literal["ZeroPadding1D"] = "ZeroPadding1D"
    padding: Sides = (1, 1)

    def shape(self, *inputs: Shape) -> Shape:
        """(length, channels) -> so much longer."""
        return _longer(self.sides(inputs[0]), (self.padding,)) + inputs[0][-1:]


class ZeroPadding2D(Spatial):
    """Zeros around a picture."""

    rank: ClassVar[int] = 2
    kind: Literal["ZeroPadding2D"] = "ZeroPadding2D"
    padding: tuple[Sides, Sides] = ((1, 1), (1, 1))

    def shape(self, *inputs: Shape) -> Shape:
        """(height, width, channels) -> so much larger."""
        return _longer(self.sides(inputs[0]), self.padding) + inputs[0][-1:]


class ZeroPadding3D(Spatial):
    """Zeros around a volume."""

    rank: ClassVar[int] = 3
    kind: Literal["ZeroPadding3D"] = "ZeroPadding3D"
    padding: tuple[Sides, Sides, Sides] = ((1, 1), (1, 1), (1, 1))

    def shape(self, *inputs: Shape) -> Shape:
        """(*lengths, channels) -> so much longer."""
        return _longer(self.sides(inputs[0]), self.padding) + inputs[0][-1:]


class Cropping1D(Spatial):
    """A sequence without its ends."""

    rank: ClassVar[int] = 1
    kind: Literal["Cropping1D"] = "Cropping1D"
    cropping: Sides = (1, 1)

    def shape(self, *inputs: Shape) -> Shape:
        """(length, channels) -> so much shorter."""
        return _shorter(self.sides(inputs[0]), (self.cropping,)) + inputs[0][-1:]


class Cropping2D(Spatial):
    """A picture without its edges."""

    rank: ClassVar[int] = 2
    kind: Literal["Cropping2D"] = "Cropping2D"
    cropping: tuple[Sides, Sides] = ((0, 0), (0, 0))

    def shape(self, *inputs: Shape) -> Shape:
        """(height, width, channels) -> so much smaller."""
        return _shorter(self.sides(inputs[0]), self.cropping) + inputs[0][-1:]


class Cropping3D(Spatial):
    """A volume without its edges."""

    rank: ClassVar[int] = 3
    kind: Literal["Cropping3D"] = "Cropping3D"
    cropping: tuple[Sides, Sides, Sides] = ((1, 1), (1, 1), (1, 1))

    def shape(self, *inputs: Shape) -> Shape:
        """(*lengths, channels) -> so much shorter."""
        return _shorter(self.sides(inputs[0]), self.cropping) + inputs[0][-1:]


def _longer(lengths: Shape, more: tuple[Sides, ...]) -> Shape:
    return tuple(n + sum(ends) for n, ends in zip(lengths, more, strict=True))


def _shorter(lengths: Shape, less: tuple[Sides, ...]) -> Shape:
    found = tuple(n - sum(ends) for n, ends in zip(lengths, less, strict=True))
    if min(found) < 1:
        raise ValueError(f"nothing remains of {lengths} without the ends {less}")
    return found


Shaping = (
    Cropping1D
    | Cropping2D
    | Cropping3D
    | Flatten
    | Permute
    | RepeatVector
    | Reshape
    | Resizing
    | UpSampling1D
    | UpSampling2D
    | UpSampling3D
    | ZeroPadding1D
    | ZeroPadding2D
    | ZeroPadding3D
)
"""Any of them."""
