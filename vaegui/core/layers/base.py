"""What every layer's description shares."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import Field

from vaegui.core.starts import Starts
from vaegui.declared import Declared

__all__ = ["ACTIVATIONS", "Activations", "Layer", "Padding", "Shape", "Size", "Wide", "windows"]

Shape = tuple[int, ...]
"""Of one example, without the batch."""

Size = Annotated[int, Field(ge=1, le=65_536)]
"""How many units, filters or pixels."""

Wide = Annotated[int, Field(ge=0, le=65_536)]
"""A size that may be nothing."""

Padding = Literal["valid", "same"]

Activations = Literal[
    "linear",
    "relu",
    "relu6",
    "leaky_relu",
    "elu",
    "selu",
    "gelu",
    "silu",
    "swish",
    "mish",
    "sigmoid",
    "hard_sigmoid",
    "tanh",
    "softplus",
    "softsign",
    "softmax",
    "exponential",
]
"""The non-linearities that have no settings of their own, by Keras' names."""

ACTIVATIONS: frozenset[str] = frozenset(get_args(Activations))


class Layer(Declared):
    """A layer of Keras, described by the settings that change what it computes.

    A subclass has Keras' name, a ``kind`` of that name, and fields named as Keras' arguments.
    """

    inputs: ClassVar[tuple[int, int]] = (1, 1)
    """The least and the largest number of inputs."""

    def shape(self, *inputs: Shape) -> Shape:
        """Shape of the output for inputs of these shapes. Raises `ValueError` if they do not fit.

        By default the layer works on each value, and the shape remains.
        """
        return inputs[0]

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """Names and shapes of the weights, in the order in which Keras keeps them."""
        return {}

    def initialisers(self, starts: Starts) -> dict[str, Any]:
        """What the layer's random weights begin with, by Keras' arguments; by default none are."""
        return {}

    def made(self, name: str, starts: Starts, **options: Any) -> Any:
        """The Keras layer, not yet built; ``options`` as every Keras layer has them."""
        from keras import layers

        arguments = self.model_dump(exclude={"kind"}) | self.initialisers(starts) | options
        return getattr(layers, type(self).__name__)(**arguments, name=name)


def windows(
    length: int, size: int, stride: int, padding: str, dilation: int = 1, what: str = "windows"
) -> int:
    """How many windows of a size, so many steps apart, an axis has room for.

    With the padding ``same``, zeros at the ends make room for one at every stride.
    """
    if padding == "same":
        return -(-length // stride)
    reach = dilation * (size - 1) + 1
    if length < reach:
        raise ValueError(f"{what} of {reach} do not fit into {length} values")
    return (length - reach) // stride + 1
