"""Convolutions of sequences, pictures and volumes."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from vaegui.core.initialisers import Initialisers
from vaegui.core.layers.base import Padding, Shape, Size, Sizes, Spatial, Wide, windows
from vaegui.core.layers.linear import Linear

__all__ = ["Conv2D", "Convolution", "DepthwiseConv2D"]


class _Windowed(Spatial, Linear):
    """Weighted sums of the values within windows."""

    each: ClassVar[dict[str, int]] = {"kernel_size": 0, "strides": 1, "dilation_rate": 1}

    kernel_size: Sizes
    strides: Sizes = (1,)
    padding: Padding | Literal["causal"] = "valid"
    dilation_rate: Sizes = (1,)

    def _windows(self, shape: Shape) -> Shape:
        """How many windows there are along each axis."""
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ValueError("strides and dilation cannot be combined")
        if self.padding == "causal" and self.rank > 1:
            raise ValueError("only convolutions of sequences can be causal")
        padding = "valid" if self.padding == "valid" else "same"
        sides = self.sides(shape)
        steps = zip(sides, self.kernel_size, self.strides, self.dilation_rate, strict=True)
        return tuple(windows(n, k, s, padding, d) for n, k, s, d in steps)


class _Conv(_Windowed):
    """Convolution with filters that see all channels, or those of their group."""

    filters: Size
    groups: Size = 1

    def shape(self, *inputs: Shape) -> Shape:
        """(*lengths, channels) -> (*windows, filters)."""
        found = (*self._windows(inputs[0]), self.filters)
        channels = inputs[0][-1]
        if channels % self.groups or self.filters % self.groups:
            raise ValueError(
                f"{channels} channels and {self.filters} filters do not divide by {self.groups}"
            )
        return found

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """``kernel`` (*kernel_size, channels / groups, filters) and ``bias`` (filters,)."""
        kernel = (*self.kernel_size, inputs[0][-1] // self.groups, self.filters)
        return self._with_bias(kernel, self.filters)


class Conv1D(_Conv):
    """Convolution of sequences."""

    rank: ClassVar[int] = 1
    kind: Literal["Conv1D"] = "Conv1D"


class Conv2D(_Conv):
    """Convolution of pictures."""

    rank: ClassVar[int] = 2
    kind: Literal["Conv2D"] = "Conv2D"


class Conv3D(_Conv):
    """Convolution of volumes, or of pictures in a row."""

    rank: ClassVar[int] = 3
    kind: Literal["Conv3D"] = "Conv3D"


class _Depthwise(_Windowed):
    """Convolution of each channel for itself."""

    depth_multiplier: Size = 1

    def initialisers(self, seeded: Initialisers) -> dict[str, Any]:
        """Glorot's, as in Keras, where this kernel has another name."""
        return {"depthwise_initializer": seeded.glorot()}

    def shape(self, *inputs: Shape) -> Shape:
        """(*lengths, channels) -> (*windows, channels * depth_multiplier)."""
        if len(set(self.strides)) > 1:
            raise ValueError("the strides of both axes have to be the same")
        return *self._windows(inputs[0]), inputs[0][-1] * self.depth_multiplier

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """``kernel`` (*kernel_size, channels, depth_multiplier) and ``bias``."""
        channels = inputs[0][-1]
        kernel = (*self.kernel_size, channels, self.depth_multiplier)
        return self._with_bias(kernel, channels * self.depth_multiplier)


class DepthwiseConv1D(_Depthwise):
    """Convolution of each channel of a sequence for itself."""

    rank: ClassVar[int] = 1
    kind: Literal["DepthwiseConv1D"] = "DepthwiseConv1D"


class DepthwiseConv2D(_Depthwise):
    """Convolution of each channel of a picture for itself."""

    rank: ClassVar[int] = 2
    kind: Literal["DepthwiseConv2D"] = "DepthwiseConv2D"


class _Separable(_Depthwise):
    """Convolution of each channel for itself, whose results are then mixed at each place."""

    filters: Size

    def initialisers(self, seeded: Initialisers) -> dict[str, Any]:
        """Glorot's for both kernels, as in Keras."""
        return {f"{name}_initializer": seeded.glorot() for name in ("depthwise", "pointwise")}

    def shape(self, *inputs: Shape) -> Shape:
        """(*lengths, channels) -> (*windows, filters)."""
        return *super().shape(*inputs)[:-1], self.filters

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """``depthwise_kernel``, ``pointwise_kernel`` (1, ..., channels, filters) and ``bias``."""
        each = (*self.kernel_size, inputs[0][-1], self.depth_multiplier)
        mixing = (*(1,) * self.rank, each[-2] * each[-1], self.filters)
        found = {"depthwise_kernel": each, "pointwise_kernel": mixing}
        return found | ({"bias": (self.filters,)} if self.use_bias else {})


class SeparableConv1D(_Separable):
    """Separable convolution of sequences."""

    rank: ClassVar[int] = 1
    kind: Literal["SeparableConv1D"] = "SeparableConv1D"


class SeparableConv2D(_Separable):
    """Separable convolution of pictures."""

    rank: ClassVar[int] = 2
    kind: Literal["SeparableConv2D"] = "SeparableConv2D"


class _Transposed(_Windowed):
    """Transposed convolution, which makes what it is given larger."""

    filters: Size
    output_padding: tuple[Wide, ...] | None = None

    def shape(self, *inputs: Shape) -> Shape:
        """(*lengths, channels) -> (*lengths, filters), about strides as long."""
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ValueError("strides and dilation cannot be combined")
        if self.padding == "causal":
            raise ValueError("transposed convolutions cannot be causal")
        sides = self.sides(inputs[0])
        more = self.output_padding or (None,) * self.rank
        steps = zip(sides, self.kernel_size, self.strides, self.dilation_rate, more, strict=True)
        return *(self._longer(n, s, d * (k - 1) + 1, p) for n, k, s, d, p in steps), self.filters

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """``kernel`` (*kernel_size, filters, channels) and ``bias`` (filters,)."""
        return self._with_bias((*self.kernel_size, self.filters, inputs[0][-1]), self.filters)

    def _longer(self, length: int, stride: int, reach: int, more: int | None) -> int:
        """The length of an axis whose kernel reaches so far, with ``more`` at its end."""
        if more is not None and more >= stride:
            raise ValueError("output_padding has to be less than the stride")
        if self.padding == "same":
            return length * stride if more is None else (length - 1) * stride + reach % 2 + more
        return (length - 1) * stride + reach + (max(stride - reach, 0) if more is None else more)


class Conv1DTranspose(_Transposed):
    """Transposed convolution of sequences."""

    rank: ClassVar[int] = 1
    kind: Literal["Conv1DTranspose"] = "Conv1DTranspose"


class Conv2DTranspose(_Transposed):
    """Transposed convolution of pictures."""

    rank: ClassVar[int] = 2
    kind: Literal["Conv2DTranspose"] = "Conv2DTranspose"


class Conv3DTranspose(_Transposed):
    """Transposed convolution of volumes."""

    rank: ClassVar[int] = 3
    kind: Literal["Conv3DTranspose"] = "Conv3DTranspose"


Convolution = (
    Conv1D
    | Conv1DTranspose
    | Conv2D
    | Conv2DTranspose
    | Conv3D
    | Conv3DTranspose
    | DepthwiseConv1D
    | DepthwiseConv2D
    | SeparableConv1D
    | SeparableConv2D
)
"""Any of them."""
