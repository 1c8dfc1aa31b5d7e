"""Layers of several inputs."""

from __future__ import annotations

from typing import ClassVar, Literal

from vaegui.core.layers.base import Layer, Shape

__all__ = ["Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply", "Subtract"]

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
    """One after the other, along the last axis."""

    inputs: ClassVar[tuple[int, int]] = (2, MOST)

    kind: Literal["Concatenate"] = "Concatenate"
    axis: Literal[-1] = -1

    def shape(self, *inputs: Shape) -> Shape:
        """(..., a), (..., b) -> (..., a + b)."""
        if len({shape[:-1] for shape in inputs}) > 1 or not inputs[0]:
            raise ValueError(f"inputs of the shapes {_listed(inputs)} cannot be joined")
        return (*inputs[0][:-1], sum(shape[-1] for shape in inputs))


def _listed(shapes: tuple[Shape, ...]) -> str:
    return ", ".join(map(str, dict.fromkeys(shapes)))
