"""What every layer's description shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import Field, model_validator

from vaegui.core.initialisers import Initialisers
from vaegui.declared import Declared

__all__ = [
    "ACTIVATIONS",
    "Activations",
    "Axis",
    "Layer",
    "Padding",
    "Shape",
    "Size",
    "Sizes",
    "Spatial",
    "Wide",
    "axis_of",
    "stored",
    "windows",
]

Shape = tuple[int, ...]
"""Of one example, without the batch."""

Size = Annotated[int, Field(ge=1, le=65_536)]
"""How many units, filters or pixels."""

Sizes = tuple[Size, ...]
"""A size along each axis of space or time."""

Wide = Annotated[int, Field(ge=0, le=65_536)]
"""A size that may be nothing."""

Axis = Annotated[int, Field(ge=-8, le=8)]
"""An axis as Keras counts: the batch is 0, -1 the last."""

Padding = Literal["valid", "same"]

Activations = Literal[
    "linear",
    "celu",
    "elu",
    "exponential",
    "gelu",
    "hard_shrink",
    "hard_sigmoid",
    "hard_silu",
    "hard_swish",
    "hard_tanh",
    "leaky_relu",
    "log_sigmoid",
    "log_softmax",
    "mish",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "silu",
    "soft_shrink",
    "softmax",
    "softplus",
    "softsign",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "squareplus",
    "swish",
    "tanh",
    "tanh_shrink",
]
"""Keras' non-linearities by name: all that need no settings and leave the shape as it is."""

ACTIVATIONS: frozenset[str] = frozenset(get_args(Activations))


class Layer(Declared):
    """A layer of Keras, described by the settings that change what it computes.

    A subclass has Keras' name, a ``kind`` of that name, and fields named as Keras' arguments.
    """

    inputs: ClassVar[tuple[int, int]] = (1, 1)
    """The least and the largest number of inputs."""

    arguments: ClassVar[tuple[str, ...]] = ()
    """What Keras calls the inputs if each is an argument of its own; else several are one list."""

    def shape(self, *inputs: Shape) -> Shape:
        """Shape of the output for inputs of these shapes. Raises `ValueError` if they do not fit.

        By default the layer works on each value, and the shape remains.
        """
        return inputs[0]

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """Names and shapes of the weights, in the order of Keras' ``layer.weights``.

        The weights of a layer within have its attribute's name before theirs: ``cell/kernel``.
        """
        return {}

    def initialisers(self, seeded: Initialisers) -> dict[str, Any]:
        """What the layer's random weights begin with, by Keras' arguments; by default none are."""
        return {}

    def made(self, name: str, seeded: Initialisers, **options: Any) -> Any:
        """The Keras layer, not yet built; ``options`` as every Keras layer has them."""
        from keras import layers

        arguments = self.model_dump(exclude={"kind"}) | self.initialisers(seeded) | options
        return getattr(layers, type(self).__name__)(**arguments, name=name)

    def applied(self, layer: Any, tensors: list[Any]) -> Any:
        """What the layer that was made gives for its inputs."""
        if self.arguments:
            return layer(*tensors)
        return layer(tensors if len(tensors) > 1 else tensors[0])


class Spatial(Layer):
    """A layer that treats each of so many axes of space or time by itself.

    One size given for all axes stands for the same along each, as in Keras.
    """

    rank: ClassVar[int] = 0
    """How many axes there are before that of the channels."""

    each: ClassVar[dict[str, int]] = {}
    """Settings with a size for each axis, and what they are if nothing is said."""

    @model_validator(mode="before")
    @classmethod
    def _for_each_axis(cls, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        given = {name: values.get(name, size) for name, size in cls.each.items()}
        whole = {n: (v,) * cls.rank if isinstance(v, int) else v for n, v in given.items()}
        return {**values, **whole}

    @model_validator(mode="after")
    def _has_all_axes(self) -> Spatial:
        for name in self.each:
            if len(getattr(self, name)) != self.rank:
                raise ValueError(f"{name} needs {self.rank} sizes")
        return self

    def sides(self, shape: Shape) -> Shape:
        """The lengths of the axes before the channels. Raises `ValueError` if they are not such."""
        if len(shape) != self.rank + 1:
            raise ValueError(f"{type(self).__name__} cannot take the shape {shape}")
        return shape[:-1]


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


def axis_of(axis: int, shape: Shape) -> int:
    """Which entry of a shape, without the batch, an axis as Keras counts them is."""
    place = axis - 1 if axis >= 0 else len(shape) + axis
    if not 0 <= place < len(shape):
        raise ValueError(f"the shape {shape} has no axis {axis}")
    return place


def stored(weights: Iterable[str]) -> list[str]:
    """Where Keras 3 keeps weights of these names within their layer's group: ``cell/vars/0``."""
    counts: Counter[str] = Counter()
    places = []
    for name in weights:
        within = name.rpartition("/")[0]
        places.append(f"{within}/vars/{counts[within]}".lstrip("/"))
        counts[within] += 1
    return places
