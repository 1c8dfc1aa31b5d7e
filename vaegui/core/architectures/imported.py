"""Encoder and decoder that were made elsewhere, described layer by layer."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from vaegui.core.initialisers import Initialisers
from vaegui.core.layers import AnyLayer, Shape
from vaegui.core.layers.base import Size
from vaegui.core.layers.linear import Linear
from vaegui.declared import Choice, Declared

__all__ = ["Graph", "Imported", "Node", "fits"]

MOST_WEIGHTS = 1 << 27
"""Numbers in the weights of encoder or decoder: half a gigabyte."""
MOST_VALUES = 1 << 24
"""Numbers that come out of one layer for one example."""

Index = Annotated[int, Field(ge=0, le=1000)]


class Node(Declared):
    """A layer in its place. ``inputs`` count from 1 through the layers before; 0 is what goes in.

    The name is Keras' and unique in its graph.
    """

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,79}$")
    inputs: tuple[Index, ...] = Field(min_length=1, max_length=64)
    layer: AnyLayer


class Graph(Declared):
    """Layers from one input of a ``shape`` to one output, each after those that it needs.

    Everything is checked before anything is built: that shapes fit, and how much it would take.
    """

    shape: tuple[Size, ...] = Field(min_length=1, max_length=4)
    nodes: tuple[Node, ...] = Field(min_length=1, max_length=500)

    @model_validator(mode="after")
    def _fits(self) -> Graph:
        if len({node.name for node in self.nodes}) < len(self.nodes):
            raise ValueError("two layers have the same name")
        if self.parameters > MOST_WEIGHTS:
            raise ValueError(f"there are more than {MOST_WEIGHTS:,} weights")
        return self

    def shapes(self) -> list[Shape]:
        """Shapes of one example: first what goes in, then what each layer gives.

        Raises
        ------
        ValueError
            If a layer cannot take what it is given, or would give too much.
        """
        known: list[Shape] = [self.shape]
        for node in self.nodes:
            if max(node.inputs) >= len(known):
                raise ValueError(f"{node.name} comes before its inputs")
            least, most = node.layer.inputs
            if not least <= len(node.inputs) <= most:
                raise ValueError(f"{node.name} cannot have {len(node.inputs)} inputs")
            try:
                shape = node.layer.shape(*(known[i] for i in node.inputs))
            except ValueError as error:
                raise ValueError(f"{node.name}: {error}") from None
            if not 1 <= math.prod(shape) <= MOST_VALUES:
                raise ValueError(f"{node.name} would give the shape {shape}")
            known.append(shape)
        return known

    @property
    def output(self) -> Shape:
        """Shape of what the last layer gives."""
        return self.shapes()[-1]

    def weights(self) -> dict[str, dict[str, Shape]]:
        """Names and shapes of each layer's weights, by the layer's name, in Keras' order."""
        shapes = self.shapes()
        return {n.name: n.layer.weights(*(shapes[i] for i in n.inputs)) for n in self.nodes}

    @property
    def parameters(self) -> int:
        """Numbers in all weights."""
        return sum(math.prod(s) for layer in self.weights().values() for s in layer.values())

    def read_out(self) -> set[int]:
        """Numbers of the layers from the output back to the nearest weighted sums, inclusive."""
        found: set[int] = set()
        ahead = {len(self.nodes)}
        while ahead := ahead - found - {0}:
            found |= ahead
            nodes = (self.nodes[i - 1] for i in ahead)
            ahead = {i for n in nodes if not isinstance(n.layer, Linear) for i in n.inputs}
        return found

    def built(self, x: Any, seeded: Initialisers, *, exact: bool = False) -> Any:
        """Keras tensor (batch, *shape) -> the output, (batch, ...).

        ``exact``: the layers of `read_out` compute in 32 bits whatever the others do.
        """
        tensors = [x]
        in_full = self.read_out() if exact else set()
        for i, node in enumerate(self.nodes, 1):
            arguments = [tensors[i] for i in node.inputs]
            options = {"dtype": "float32"} if i in in_full else {}
            layer = node.layer.made(node.name, seeded, **options)
            tensors.append(node.layer.applied(layer, arguments))
        return tensors[-1]


class Imported(Choice):
    """The layers of a Keras model that was made elsewhere, as they are."""

    label: ClassVar[str] = "Imported layers"
    offered: ClassVar[bool] = False

    kind: Literal["imported"] = "imported"
    encoder: Graph | None = None
    """To the hidden vector a, which both read-outs read; None of a decoder alone."""
    decoder: Graph

    @model_validator(mode="after")
    def _made_for_each_other(self) -> Imported:
        if len(self.decoder.shape) != 1 or (self.encoder and len(self.encoder.output) != 1):
            raise ValueError("the encoder has to give, and the decoder to take, a row of numbers")
        if self.encoder and math.prod(self.decoder.output) != math.prod(self.encoder.shape):
            raise ValueError(
                f"{self.encoder.shape} is encoded, but {self.decoder.output} is decoded"
            )
        return self

    @property
    def units(self) -> int:
        """Number of latent units."""
        return self.decoder.shape[0]

    @property
    def example_shape(self) -> Shape:
        """Shape of what goes in, or comes out of a decoder alone."""
        return self.decoder.output if self.encoder is None else self.encoder.shape

    @property
    def graphs(self) -> dict[str, Graph]:
        """Encoder and decoder, or the decoder alone, by name."""
        encoder = {} if self.encoder is None else {"encoder": self.encoder}
        return {**encoder, "decoder": self.decoder}

    def encode(self, x: Any, seeded: Initialisers) -> Any:
        """Keras tensor (batch, *shape) -> hidden vector a (batch, length)."""
        from keras import layers

        assert self.encoder is not None
        if tuple(x.shape[1:]) != self.encoder.shape:
            x = layers.Reshape(self.encoder.shape, name="input_shape")(x)
        return self.encoder.built(x, seeded)

    def decode(self, z: Any, shape: Shape, seeded: Initialisers) -> Any:
        """Keras tensor (batch, units) -> likelihood parameters (batch, *shape)."""
        from keras import layers

        parameters = self.decoder.built(z, seeded, exact=True)
        return layers.Reshape(shape, dtype="float32", name="parameters")(parameters)

    def parameters(self, shape: Shape, units: int, read_outs: int = 2) -> int:
        """Number of weights of encoder, its read-outs and decoder, known before they are built."""
        reading = 0 if self.encoder is None else read_outs * (self.encoder.output[0] + 1) * units
        return reading + sum(graph.parameters for graph in self.graphs.values())

    def outputs(self, shape: Shape, units: int) -> int:
        """How many numbers all layers give for one example."""
        shapes = [shape for graph in self.graphs.values() for shape in graph.shapes()]
        return sum(math.prod(given) for given in shapes) + 3 * units

    def check(self, shape: Shape, units: int) -> str:
        """Why data of this shape or so many units cannot be used, or an empty string."""
        if units != self.units:
            return f"The imported layers have {self.units} latent units and cannot have {units}."
        if fits(shape, self.example_shape):
            return ""
        return (
            f"The imported layers take examples of the shape {self.example_shape}; "
            f"these data have the shape {shape}."
        )

    def summary(self) -> str:
        """What encoder and decoder are made of, in one line each."""
        return "\n".join(
            f"{what.capitalize()}: {', '.join(type(node.layer).__name__ for node in graph.nodes)}"
            f" ({graph.parameters:,} weights)"
            for what, graph in self.graphs.items()
        )


def fits(shape: Shape, wanted: Shape) -> bool:
    """Whether examples of a shape can go into a network that wants another.

    An axis of length 1, as a grey picture's channel, may be there or not, and rows may be pictures.
    """
    same = [n for n in shape if n != 1] == [n for n in wanted if n != 1]
    return same or (1 in map(len, (shape, wanted)) and math.prod(shape) == math.prod(wanted))
