"""All layers by one type, and the one layer that has any of the others within."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from vaegui.core.initialisers import Initialisers
from vaegui.core.layers.attention import Attending
from vaegui.core.layers.base import Layer, Shape
from vaegui.core.layers.condition import Condition
from vaegui.core.layers.linear import Weighing
from vaegui.core.layers.merging import Merging
from vaegui.core.layers.normalising import Normalising
from vaegui.core.layers.operations import Operations
from vaegui.core.layers.pointwise import Pointwise
from vaegui.core.layers.recurrent import Recurrent
from vaegui.core.layers.shaping import Shaping
from vaegui.core.layers.spatial.convolution import Convolution
from vaegui.core.layers.spatial.pooling import Pooling

__all__ = ["LAYERS", "AnyLayer", "TimeDistributed"]

Plain = Annotated[
    Attending
    | Condition
    | Convolution
    | Weighing
    | Merging
    | Normalising
    | Operations
    | Pointwise
    | Pooling
    | Recurrent
    | Shaping,
    Field(discriminator="kind"),
]


MOST_STEPS = 1000
"""Keras builds the layer within once for each."""


class TimeDistributed(Layer):
    """The same layer at each step of a sequence."""

    kind: Literal["TimeDistributed"] = "TimeDistributed"
    layer: Plain

    def shape(self, *inputs: Shape) -> Shape:
        """(steps, ...) -> what the layer gives of each step, (steps, ...)."""
        steps, *each = inputs[0]
        if not each or self.layer.inputs[0] > 1:
            raise ValueError(f"TimeDistributed cannot take the shape {inputs[0]}")
        if steps > MOST_STEPS:
            raise ValueError(f"TimeDistributed cannot have {steps:,} steps, only {MOST_STEPS:,}")
        return steps, *self.layer.shape(tuple(each))

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """Those of the layer."""
        within = self.layer.weights(inputs[0][1:])
        return {f"layer/{name}": shape for name, shape in within.items()}

    def made(self, name: str, seeded: Initialisers, **options: Any) -> Any:
        """The Keras layer, within which the other is called ``step``."""
        from keras import layers

        step = self.layer.made("step", seeded, **options)
        return layers.TimeDistributed(step, name=name, **options)


AnyLayer = Annotated[Plain | TimeDistributed, Field(discriminator="kind")]

LAYERS: dict[str, type[Layer]] = {
    layer.__name__: layer
    for layer in (
        *Plain.__origin__.__args__,  # type: ignore[attr-defined]
        TimeDistributed,
    )
}
"""All of them by their name, which is Keras'."""
