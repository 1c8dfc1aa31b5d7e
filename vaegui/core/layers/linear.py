"""Layers that weigh their inputs: dense ones and convolutions."""

from __future__ import annotations

from typing import Any, Literal

from vaegui.core.layers.base import Activations, Layer, Padding, Shape, Size, windows
from vaegui.core.starts import Starts

__all__ = ["Conv1D", "Conv2D", "Conv2DTranspose", "Dense", "DepthwiseConv2D", "Linear"]

Pair = tuple[Size, Size]


class Linear(Layer):
    """Weighted sums, perhaps with a bias, and a non-linearity."""

    activation: Activations = "linear"
    use_bias: bool = True

    def initialisers(self, starts: Starts) -> dict[str, Any]:
        """Glorot's, as in Keras."""
        return {"kernel_initializer": starts.glorot()}

    def _with_bias(self, kernel: Shape, outputs: int) -> dict[str, Shape]:
        return {"kernel": kernel} | ({"bias": (outputs,)} if self.use_bias else {})


class Dense(Linear):
    """Every output from every input, along the last axis."""

    kind: Literal["Dense"] = "Dense"
    units: Size

    def shape(self, *inputs: Shape) -> Shape:
        """(..., n) -> (..., units)."""
        return (*_axes(inputs[0], 1, "Dense", least=True)[:-1], self.units)

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """``kernel`` (n, units) and ``bias`` (units,)."""
        return self._with_bias((inputs[0][-1], self.units), self.units)


class Conv1D(Linear):
    """Convolution of sequences."""

    kind: Literal["Conv1D"] = "Conv1D"
    filters: Size
    kernel_size: tuple[Size]
    strides: tuple[Size] = (1,)
    padding: Literal["valid", "same", "causal"] = "valid"
    dilation_rate: tuple[Size] = (1,)
    groups: Size = 1

    def shape(self, *inputs: Shape) -> Shape:
        """(length, channels) -> (windows, filters)."""
        length, channels = _axes(inputs[0], 2, "Conv1D")
        _check_groups(channels, self.filters, self.groups)
        _check_dilation(self.strides, self.dilation_rate)
        padding = "valid" if self.padding == "valid" else "same"
        (size,), (stride,), (rate,) = self.kernel_size, self.strides, self.dilation_rate
        return windows(length, size, stride, padding, rate), self.filters

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """``kernel`` (size, channels / groups, filters) and ``bias`` (filters,)."""
        kernel = (*self.kernel_size, inputs[0][-1] // self.groups, self.filters)
        return self._with_bias(kernel, self.filters)


class Conv2D(Linear):
    """Convolution of pictures."""

    kind: Literal["Conv2D"] = "Conv2D"
    filters: Size
    kernel_size: Pair
    strides: Pair = (1, 1)
    padding: Padding = "valid"
    dilation_rate: Pair = (1, 1)
    groups: Size = 1

    def shape(self, *inputs: Shape) -> Shape:
        """(height, width, channels) -> (windows, windows, filters)."""
        *sides, channels = _axes(inputs[0], 3, "Conv2D")
        _check_groups(channels, self.filters, self.groups)
        _check_dilation(self.strides, self.dilation_rate)
        steps = zip(sides, self.kernel_size, self.strides, self.dilation_rate, strict=True)
        return *(windows(n, k, s, self.padding, d) for n, k, s, d in steps), self.filters

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """``kernel`` (rows, columns, channels / groups, filters) and ``bias`` (filters,)."""
        kernel = (*self.kernel_size, inputs[0][-1] // self.groups, self.filters)
        return self._with_bias(kernel, self.filters)


class DepthwiseConv2D(Linear):
    """Convolution of each channel of a picture for itself."""

    kind: Literal["DepthwiseConv2D", "Linear"] = "DepthwiseConv2D"
    kernel_size: Pair
    strides: Pair = (1, 1)
    padding: Padding = "valid"
    dilation_rate: Pair = (1, 1)
    depth_multiplier: Size = 1

    def initialisers(self, starts: Starts) -> dict[str, Any]:
        """Glorot's, as in Keras, where this kernel has another name."""
        return {"depthwise_initializer": starts.glorot()}

    def shape(self, *inputs: Shape) -> Shape:
        """(height, width, channels) -> (windows, windows, channels * depth_multiplier)."""
        *sides, channels = _axes(inputs[0], 3, "DepthwiseConv2D")
        if len(set(self.strides)) > 1:
            raise ValueError("the strides of both axes have to be the same")
        _check_dilation(self.strides, self.dilation_rate)
        steps = zip(sides, self.kernel_size, self.strides, self.dilation_rate, strict=True)
        lengths = (windows(n, k, s, self.padding, d) for n, k, s, d in steps)
        return *lengths, channels * self.depth_multiplier

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """``kernel`` (rows, columns, channels, depth_multiplier) and ``bias``."""
        channels = inputs[0][-1]
        kernel = (*self.kernel_size, channels, self.depth_multiplier)
        return self._with_bias(kernel, channels * self.depth_multiplier)


class Conv2DTranspose(Linear):
    """Transposed convolution of pictures, which makes them larger."""

    kind: Literal["Conv2DTranspose"] = "Conv2DTranspose"
    filters: Size
    kernel_size: Pair
    strides: Pair = (1, 1)
    padding: Padding = "valid"

    def shape(self, *inputs: Shape) -> Shape:
        """(height, width, channels) -> (rows, columns, filters), about strides as large."""
        *sides, _ = _axes(inputs[0], 3, "Conv2DTranspose")
        steps = zip(sides, self.kernel_size, self.strides, strict=True)
        extra = self.padding == "valid"
        return *(n * s + max(k - s, 0) * extra for n, k, s in steps), self.filters

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """``kernel`` (rows, columns, filters, channels) and ``bias`` (filters,)."""
        return self._with_bias((*self.kernel_size, self.filters, inputs[0][-1]), self.filters)


def _axes(shape: Shape, count: int, what: str, *, least: bool = False) -> Shape:
    if len(shape) < count or (len(shape) > count and not least):
        raise ValueError(f"{what} cannot take the shape {shape}")
    return shape


def _check_groups(channels: int, filters: int, groups: int) -> None:
    if channels % groups or filters % groups:
        raise ValueError(f"{channels} channels and {filters} filters do not divide by {groups}")


def _check_dilation(strides: tuple[int, ...], rates: tuple[int, ...]) -> None:
    if max(strides) > 1 and max(rates) > 1:
        raise ValueError("strides and dilation cannot be combined")
