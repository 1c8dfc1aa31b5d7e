"""What encoder or decoder are told beside x or z: the same for every example."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from vaegui.core.initialisers import Initialisers
from vaegui.core.layers.base import Layer, Shape

__all__ = ["Condition", "Numbers"]

Numbers = Annotated[tuple[float, ...], Field(min_length=1, max_length=65_536)]


class Condition(Layer):
    """A row of numbers in the place of a second input, for each example the same.

    Of what goes into it only the number of examples counts. Keras has no such layer.
    """

    kind: Literal["Condition"] = "Condition"
    values: Numbers

    def shape(self, *inputs: Shape) -> Shape:
        """(...) -> (n,)."""
        return (len(self.values),)

    def made(self, name: str, seeded: Initialisers, **options: Any) -> Any:
        """Operations, which need no name and no weights."""
        import numpy as np
        from keras import ops

        row = np.array(self.values, np.float32)

        def given(tensor: Any) -> Any:
            axes = tuple(range(1, len(tensor.shape)))
            nothing = ops.max(ops.zeros_like(tensor, dtype="float32"), axis=axes, keepdims=True)
            return ops.add(ops.reshape(nothing, (-1, 1)), row)

        return given
