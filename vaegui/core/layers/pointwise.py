"""Layers that leave the shape as it is: non-linearities, scales and normalisations."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from vaegui.core.layers.base import Activations, Layer, Shape, Size

__all__ = [
    "ELU",
    "Activation",
    "BatchNormalization",
    "GroupNormalization",
    "LayerNormalization",
    "LeakyReLU",
    "ReLU",
    "Rescaling",
    "Softmax",
]

Positive = Annotated[float, Field(ge=0.0, le=1e6)]
Epsilon = Annotated[float, Field(gt=0.0, le=1.0)]
Factor = Annotated[float, Field(ge=-1e12, le=1e12)]


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


class Softmax(Layer):
    """Positive values along the last axis that sum to one."""

    kind: Literal["Softmax"] = "Softmax"
    axis: Literal[-1] = -1


class Rescaling(Layer):
    """``x * scale + offset``."""

    kind: Literal["Rescaling"] = "Rescaling"
    scale: Factor
    offset: Factor = 0.0


class _Normalisation(Layer):
    """Brought to mean 0 and variance 1; ``scale`` and ``center`` are learned on top."""

    epsilon: Epsilon = 1e-3
    center: bool = True
    scale: bool = True

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """``gamma`` and ``beta``, one for each channel."""
        each = (inputs[0][-1],)
        learned = {"gamma": self.scale, "beta": self.center}
        return {name: each for name, there in learned.items() if there}


class BatchNormalization(_Normalisation):
    """By the mean and variance that were met in training, which stay as they are."""

    kind: Literal["BatchNormalization"] = "BatchNormalization"
    axis: Literal[-1] = -1

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """``gamma``, ``beta``, ``moving_mean`` and ``moving_variance``, one for each channel."""
        each = (inputs[0][-1],)
        return super().weights(*inputs) | {"moving_mean": each, "moving_variance": each}


class LayerNormalization(_Normalisation):
    """By the mean and variance of each position's channels."""

    kind: Literal["LayerNormalization"] = "LayerNormalization"
    axis: Literal[-1] = -1


class GroupNormalization(_Normalisation):
    """By the mean and variance of groups of channels."""

    kind: Literal["GroupNormalization"] = "GroupNormalization"
    groups: Size = 32
    axis: Literal[-1] = -1

    def shape(self, *inputs: Shape) -> Shape:
        """The shape of the input, unchanged."""
        if inputs[0][-1] % self.groups:
            raise ValueError(f"{inputs[0][-1]} channels do not go into {self.groups} groups")
        return inputs[0]
