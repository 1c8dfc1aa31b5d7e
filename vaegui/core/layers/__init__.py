"""The layers that a network from elsewhere can be made of. A file for each family.

Each is a frozen description that knows its shapes and sizes before anything is built. Names of
classes and fields are those of Keras, so that building one needs no table.
"""

from __future__ import annotations

from vaegui.core.layers.base import ACTIVATIONS, Layer, Shape, stored
from vaegui.core.layers.wrapping import LAYERS, AnyLayer

__all__ = ["ACTIVATIONS", "LAYERS", "AnyLayer", "Layer", "Shape", "stored"]
