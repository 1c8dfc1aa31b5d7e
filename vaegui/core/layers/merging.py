"""Layers of several inputs."""

from __future__ import annotations

from typing import ClassVar, Literal

from vaegui.core.layers.base import Axis, Layer, Shape, axis_of

__all__ = ["Concatenate", "Merging"]

MOST = 64


class _Merge(Layer):
    """Value by value, of inputs of one shape."""

    inputs: ClassVar[tuple[int, int]] = (2, MOST)

    def shape(self, *inputs: Shape) -> Shape:
        """The shape that all share."""
        if len(set(inputs)) > 1:
            raise ValueError(f"inputs of different shapes, {_listed(inputs)}, cannot be merged")
        return inputs[0]


class Add(_Merge):
    """The sum."""

    kind: Literal["Add"] = "Add"


class Subtract(_Merge):
    """The first less the second."""

    inputs: ClassVar[tuple[int, int]] = (2, 2)
    kind: Literal["Subtract"] = "Subtract"


class Multiply(_Merge):
    """The product."""

    kind: Literal["Multiply"] = "Multiply"


class Average(_Merge):
    """The mean."""

    kind: Literal["Average"] = "Average"


class Maximum(_Merge):
    """The largest."""

    kind: Literal["Maximum"] = "Maximum"


class Minimum(_Merge):
    """The smallest."""

    kind: Literal["Minimum"] = "Minimum"


class Concatenate(Layer):
    """One after the other, along an axis."""

    inputs: ClassVar[tuple[int, int]] = (2, MOST)

    kind: Literal["Concatenate"] = "Concatenate"
    axis: Axis = -1

    def shape(self, *inputs: Shape) -> Shape:
        """(..., a), (..., b) -> (..., a + b)."""
        place = axis_of(self.axis, inputs[0])
        others = {(len(shape), *shape[:place], *shape[place + 1 :]) for shape in inputs}
        if len(others) > 1:
            raise ValueError(f"inputs of the shapes {_listed(inputs)} cannot be joined")
        joined = sum(shape[place] for shape in inputs)
        return (*inputs[0][:place], joined, *inputs[0][place + 1 :])


class Dot(Layer):
    """Products of two inputs, summed along an axis of each."""

    inputs: ClassVar[tuple[int, int]] = (2, 2)

    kind: Literal["Dot"] = "Dot"
    axes: Axis | tuple[Axis, Axis]
    normalize: bool = False

    def shape(self, *inputs: Shape) -> Shape:
        """All other axes of the first and then of the second; (1,) if there are none."""
        axes = self.axes if isinstance(self.axes, tuple) else (self.axes, self.axes)
        first, second = (axis_of(axis, each) for axis, each in zip(axes, inputs, strict=True))
        if inputs[0][first] != inputs[1][second]:
            raise ValueError(f"inputs of the shapes {_listed(inputs)} have no common axis {axes}")
        left, right = list(inputs[0]), list(inputs[1])
        del left[first], right[second]
        return (*left, *right) or (1,)


def _listed(shapes: tuple[Shape, ...]) -> str:
    return ", ".join(map(str, dict.fromkeys(shapes)))


Merging = Add | Average | Concatenate | Dot | Maximum | Minimum | Multiply | Subtract
"""Any of them."""
