"""The layers that a network from elsewhere can be made of. A file for each family.

Each is a frozen description that knows its shapes and sizes before anything is built. Names of
classes and fields are those of Keras, so that building one needs no table.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from vaegui.core.layers.base import ACTIVATIONS, Layer, Shape
from vaegui.core.layers.linear import Conv1D, Conv2D, Conv2DTranspose, Dense, DepthwiseConv2D
from vaegui.core.layers.merging import (
    Add,
    Average,
    Concatenate,
    Maximum,
    Minimum,
    Multiply,
    Subtract,
)
from vaegui.core.layers.operations import (
    Absolute,
    Clip,
    Divide,
    Logarithm,
    Power,
    Slice,
)
from vaegui.core.layers.pointwise import (
    ELU,
    Activation,
    BatchNormalization,
    GroupNormalization,
    LayerNormalization,
    LeakyReLU,
    ReLU,
    Rescaling,
    Softmax,
)
from vaegui.core.layers.pooling import (
    AveragePooling2D,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    MaxPooling2D,
)
from vaegui.core.layers.shaping import (
    Cropping2D,
    Flatten,
    Permute,
    RepeatVector,
    Reshape,
    UpSampling2D,
    ZeroPadding2D,
)

__all__ = ["ACTIVATIONS", "LAYERS", "AnyLayer", "Layer", "Shape"]

AnyLayer = Annotated[
    Absolute
    | Activation
    | Add
    | Average
    | AveragePooling2D
    | BatchNormalization
    | Clip
    | Concatenate
    | Conv1D
    | Conv2D
    | Conv2DTranspose
    | Cropping2D
    | Dense
    | DepthwiseConv2D
    | Divide
    | ELU
    | Flatten
    | GlobalAveragePooling2D
    | GlobalMaxPooling2D
    | GroupNormalization
    | LayerNormalization
    | LeakyReLU
    | Logarithm
    | MaxPooling2D
    | Maximum
    | Minimum
    | Multiply
    | Permute
    | Power
    | ReLU
    | RepeatVector
    | Rescaling
    | Reshape
    | Slice
    | Softmax
    | Subtract
    | UpSampling2D
    | ZeroPadding2D,
    Field(discriminator="kind"),
]

LAYERS: dict[str, type[Layer]] = {
    layer.__name__: layer
    for layer in AnyLayer.__origin__.__args__  # type: ignore[attr-defined]
}
"""All of them by their name, which is Keras'."""
