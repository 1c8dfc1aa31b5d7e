"""Layers that bring values to a mean, a variance or a length."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from vaegui.core.layers.base import Axis, Layer, Shape, axis_of

__all__ = ["BatchNormalization", "Normalising"]

Epsilon = Annotated[float, Field(gt=0.0, le=1.0)]
Axes = Axis | Annotated[tuple[Axis, ...], Field(min_length=1, max_length=8)]


class _AlongAxes(Layer):
    """A layer that leaves the shape as it is."""

    axis: Axes = -1

    def shape(self, *inputs: Shape) -> Shape:
        """The shape of the input, unchanged."""
        self.lengths(inputs[0])
        return inputs[0]

    def lengths(self, shape: Shape) -> Shape:
        """Lengths of the axes. Raises `ValueError` if the shape has them not, or one is twice."""
        axes = self.axis if isinstance(self.axis, tuple) else (self.axis,)
        places = [axis_of(axis, shape) for axis in axes]
        if len(set(places)) < len(places):
            raise ValueError(f"an axis is there twice in {axes}")
        return tuple(shape[place] for place in places)


class _Normalisation(_AlongAxes):
    """Brought to mean 0 and variance 1; ``scale`` and ``center`` are learned on top."""

    epsilon: Epsilon = 1e-3
    center: bool = True
    scale: bool = True

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """``gamma`` and ``beta``, one for each place along the axes."""
        each = self.lengths(inputs[0])
        learned = {"gamma": self.scale, "beta": self.center}
        return {name: each for name, there in learned.items() if there}


class BatchNormalization(_Normalisation):
    """By the mean and variance that were met in training, which stay as they are."""

    kind: Literal["BatchNormalization"] = "BatchNormalization"
    axis: Axis = -1

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """``gamma``, ``beta``, ``moving_mean`` and ``moving_variance``, one for each channel."""
        each = self.lengths(inputs[0])
        return super().weights(*inputs) | {"moving_mean": each, "moving_variance": each}


class LayerNormalization(_Normalisation):
    """By the mean and variance along the axes, which are those of the channels by default."""

    kind: Literal["LayerNormalization"] = "LayerNormalization"


class GroupNormalization(_Normalisation):
    """By the mean and variance of groups of channels; -1 groups are as many as channels."""

    kind: Literal["GroupNormalization"] = "GroupNormalization"
    groups: Annotated[int, Field(ge=-1, le=65_536)] = 32
    axis: Axis = -1

    def shape(self, *inputs: Shape) -> Shape:
        """The shape of the input, unchanged."""
        (channels,) = self.lengths(inputs[0])
        if self.groups == 0 or channels % self.groups:
            raise ValueError(f"{channels} channels do not go into {self.groups} groups")
        return inputs[0]


class RMSNormalization(_AlongAxes):
    """By the root mean square along the axes; ``scale`` is learned on top."""

    kind: Literal["RMSNormalization"] = "RMSNormalization"
    epsilon: Epsilon = 1e-6

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """``scale``, one for each place along the axes."""
        return {"scale": self.lengths(inputs[0])}


class UnitNormalization(_AlongAxes):
    """To the length 1 along the axes."""

    kind: Literal["UnitNormalization"] = "UnitNormalization"


Normalising = (
    BatchNormalization
    | GroupNormalization
    | LayerNormalization
    | RMSNormalization
    | UnitNormalization
)
"""Any of them."""
