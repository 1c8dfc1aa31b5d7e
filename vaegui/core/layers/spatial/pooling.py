"""Layers that take many values to one."""

from __future__ import annotations

from typing import ClassVar, Literal

from vaegui.core.layers.base import Padding, Shape, Sizes, Spatial, windows

__all__ = ["Pooling"]


class _Pooling(Spatial):
    """One value for each window."""

    each: ClassVar[dict[str, int]] = {"pool_size": 2, "strides": 2}

    pool_size: Sizes = (2,)
    strides: Sizes = (2,)
    padding: Padding = "valid"

    def shape(self, *inputs: Shape) -> Shape:
        """(*lengths, channels) -> (*windows, channels)."""
        steps = zip(self.sides(inputs[0]), self.pool_size, self.strides, strict=True)
        return *(windows(n, k, s, self.padding) for n, k, s in steps), inputs[0][-1]


class _Global(Spatial):
    """One value for each channel."""

    keepdims: bool = False

    def shape(self, *inputs: Shape) -> Shape:
        """(*lengths, channels) -> (channels,), or (1, ..., channels)."""
        sides = self.sides(inputs[0])
        return (*(1,) * len(sides) * self.keepdims, inputs[0][-1])


class _Adaptive(Spatial):
    """So many windows, each as large as that takes."""

    each: ClassVar[dict[str, int]] = {"output_size": 1}

    output_size: Sizes

    def shape(self, *inputs: Shape) -> Shape:
        """(*lengths, channels) -> (*output_size, channels)."""
        if any(n > m for n, m in zip(self.output_size, self.sides(inputs[0]), strict=True)):
            raise ValueError(f"{self.output_size} windows do not fit into the shape {inputs[0]}")
        return *self.output_size, inputs[0][-1]


class MaxPooling1D(_Pooling):
    """The largest value of each window of a sequence."""

    rank: ClassVar[int] = 1
    kind: Literal["MaxPooling1D"] = "MaxPooling1D"


class MaxPooling2D(_Pooling):
    """The largest value of each window of a picture."""

    rank: ClassVar[int] = 2
    kind: Literal["MaxPooling2D"] = "MaxPooling2D"


class MaxPooling3D(_Pooling):
    """The largest value of each window of a volume."""

    rank: ClassVar[int] = 3
    kind: Literal["MaxPooling3D"] = "MaxPooling3D"


class AveragePooling1D(_Pooling):
    """The mean of each window of a sequence."""

    rank: ClassVar[int] = 1
    kind: Literal["AveragePooling1D"] = "AveragePooling1D"


class AveragePooling2D(_Pooling):
    """The mean of each window of a picture."""

    rank: ClassVar[int] = 2
    kind: Literal["AveragePooling2D"] = "AveragePooling2D"


class AveragePooling3D(_Pooling):
    """The mean of each window of a volume."""

    rank: ClassVar[int] = 3
    kind: Literal["AveragePooling3D"] = "AveragePooling3D"


class GlobalMaxPooling1D(_Global):
    """The largest value of each channel of a sequence."""

    rank: ClassVar[int] = 1
    kind: Literal["GlobalMaxPooling1D"] = "GlobalMaxPooling1D"


class GlobalMaxPooling2D(_Global):
    """The largest value of each channel of a picture."""

    rank: ClassVar[int] = 2
    kind: Literal["GlobalMaxPooling2D"] = "GlobalMaxPooling2D"


class GlobalMaxPooling3D(_Global):
    """The largest value of each channel of a volume."""

    rank: ClassVar[int] = 3
    kind: Literal["GlobalMaxPooling3D"] = "GlobalMaxPooling3D"


class GlobalAveragePooling1D(_Global):
    """The mean of each channel of a sequence."""

    rank: ClassVar[int] = 1
    kind: Literal["GlobalAveragePooling1D"] = "GlobalAveragePooling1D"


class GlobalAveragePooling2D(_Global):
    """The mean of each channel of a picture."""

    rank: ClassVar[int] = 2
    kind: Literal["GlobalAveragePooling2D"] = "GlobalAveragePooling2D"


class GlobalAveragePooling3D(_Global):
    """The mean of each channel of a volume."""

    rank: ClassVar[int] = 3
    kind: Literal["GlobalAveragePooling3D"] = "GlobalAveragePooling3D"


class AdaptiveMaxPooling1D(_Adaptive):
    """The largest value of each of so many windows of a sequence."""

    rank: ClassVar[int] = 1
    kind: Literal["AdaptiveMaxPooling1D"] = "AdaptiveMaxPooling1D"


class AdaptiveMaxPooling2D(_Adaptive):
    """The largest value of each of so many windows of a picture."""

    rank: ClassVar[int] = 2
    kind: Literal["AdaptiveMaxPooling2D"] = "AdaptiveMaxPooling2D"


class AdaptiveMaxPooling3D(_Adaptive):
    """The largest value of each of so many windows of a volume."""

    rank: ClassVar[int] = 3
    kind: Literal["AdaptiveMaxPooling3D"] = "AdaptiveMaxPooling3D"


class AdaptiveAveragePooling1D(_Adaptive):
    """The mean of each of so many windows of a sequence."""

    rank: ClassVar[int] = 1
    kind: Literal["AdaptiveAveragePooling1D"] = "AdaptiveAveragePooling1D"


class AdaptiveAveragePooling2D(_Adaptive):
    """The mean of each of so many windows of a picture."""

    rank: ClassVar[int] = 2
    kind: Literal["AdaptiveAveragePooling2D"] = "AdaptiveAveragePooling2D"


class AdaptiveAveragePooling3D(_Adaptive):
    """The mean of each of so many windows of a volume."""

    rank: ClassVar[int] = 3
    kind: Literal["AdaptiveAveragePooling3D"] = "AdaptiveAveragePooling3D"


Pooling = (
    AdaptiveAveragePooling1D
    | AdaptiveAveragePooling2D
    | AdaptiveAveragePooling3D
    | AdaptiveMaxPooling1D
    | AdaptiveMaxPooling2D
    | AdaptiveMaxPooling3D
    | AveragePooling1D
    | AveragePooling2D
    | AveragePooling3D
    | GlobalAveragePooling1D
    | GlobalAveragePooling2D
    | GlobalAveragePooling3D
    | GlobalMaxPooling1D
    | GlobalMaxPooling2D
    | GlobalMaxPooling3D
    | MaxPooling1D
    | MaxPooling2D
    | MaxPooling3D
)
"""Any of them."""
