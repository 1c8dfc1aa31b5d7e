"""Layers that take many values to one."""

from __future__ import annotations

from typing import Literal

from vaegui.core.layers.base import Layer, Padding, Shape, Size, windows

__all__ = ["AveragePooling2D", "GlobalAveragePooling2D", "GlobalMaxPooling2D", "MaxPooling2D"]


class _Pooling(Layer):
    """One value for each window of a picture."""

    pool_size: tuple[Size, Size] = (2, 2)
    strides: tuple[Size, Size] = (2, 2)
    padding: Padding = "valid"

    def shape(self, *inputs: Shape) -> Shape:
        """(height, width, channels) -> (windows, windows, channels)."""
        *sides, channels = _picture(inputs[0])
        steps = zip(sides, self.pool_size, self.strides, strict=True)
        return *(windows(n, k, s, self.padding) for n, k, s in steps), channels


class MaxPooling2D(_Pooling):
    """The largest value of each window."""

    kind: Literal["MaxPooling2D"] = "MaxPooling2D"


class AveragePooling2D(_Pooling):
    """The mean of each window."""

    kind: Literal["AveragePooling2D"] = "AveragePooling2D"


class _Global(Layer):
    """One value for each channel of a picture."""

    keepdims: bool = False

    def shape(self, *inputs: Shape) -> Shape:
        """(height, width, channels) -> (channels,), or (1, 1, channels)."""
        *_, channels = _picture(inputs[0])
        return (1, 1, channels) if self.keepdims else (channels,)


class GlobalAveragePooling2D(_Global):
    """The mean of each channel."""

    kind: Literal["GlobalAveragePooling2D"] = "GlobalAveragePooling2D"


class GlobalMaxPooling2D(_Global):
    """The largest value of each channel."""

    kind: Literal["GlobalMaxPooling2D"] = "GlobalMaxPooling2D"


def _picture(shape: Shape) -> Shape:
    if len(shape) != 3:
        raise ValueError(f"pooling needs pictures with channels; got the shape {shape}")
    return shape
