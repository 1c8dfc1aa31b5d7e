"""Encoder and decoder that were made elsewhere and are told something beside x and z."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import model_validator

from vaegui.core.architectures.imported import Graph, ImportedLayers
from vaegui.core.initialisers import Initialisers
from vaegui.core.layers.base import Shape
from vaegui.core.layers.condition import Condition
from vaegui.core.layers.linear import Embedding
from vaegui.core.layers.pointwise import CategoryEncoding
from vaegui.core.layers.shaping import Flatten, Reshape
from vaegui.declared import setting

__all__ = ["Conditional"]

_SHAPE_ONLY = (Flatten, Reshape)


class Conditional(ImportedLayers):
    """The layers of a conditional model that was made elsewhere, under one condition at a time."""

    label: ClassVar[str] = "Imported layers with a condition"
    offered: ClassVar[bool] = False
    adjustable: ClassVar[tuple[str, ...]] = ("condition",)

    kind: Literal["conditional"] = "conditional"
    condition: tuple[float, ...] = setting(
        (0.0,),
        title="Condition",
        help="What the model is told beside x and z: the number of a class, counted from 0, or all "
        "numbers of its second input. Data with as many classes show the examples of that class.",
        min_length=1,
        max_length=65_536,
    )

    @model_validator(mode="after")
    def _can_be_told(self) -> Conditional:
        for graph in self.graphs.values():
            self._under(graph)
        if self.label_of_class is None and len(self.condition) == 1 and self.classes:
            raise ValueError(f"the condition must be a class from 0 to {self.classes - 1}")
        return self

    @property
    def classes(self) -> int | None:
        """How many classes the condition can be; None if it is no class."""
        counts = [n for g in self.graphs.values() if (n := _classes(g)) is not None]
        return min(counts, default=None)

    @property
    def label_of_class(self) -> int | None:
        """Which class the condition is; None if it is none."""
        classes, values = self.classes, self.condition
        if classes is None:
            return None
        if len(values) == 1:
            whole = values[0] == int(values[0]) and 0 <= values[0] < classes
            return int(values[0]) if whole else None
        one_hot = sorted(values) == [0.0] * (len(values) - 1) + [1.0]
        return values.index(1.0) if one_hot else None

    @property
    def told(self) -> str:
        """The condition in words."""
        label = self.label_of_class
        return ", ".join(f"{v:g}" for v in self.condition) if label is None else f"class {label}"

    @property
    def can_be_told(self) -> str:
        """What conditions there are, in words."""
        if self.classes is not None:
            return f"a class from 0 to {self.classes - 1}"
        nodes = [node for graph in self.graphs.values() for node in graph.nodes]
        lengths = {len(n.layer.values) for n in nodes if isinstance(n.layer, Condition)}
        return " or ".join(f"{n} number{'s' * (n > 1)}" for n in sorted(lengths))

    def encode(self, x: Any, seeded: Initialisers) -> Any:
        """See `ImportedLayers.encode`, under the condition."""
        assert self.encoder is not None
        return self._encoded(self._under(self.encoder), x, seeded)

    def decode(self, z: Any, shape: Shape, seeded: Initialisers) -> Any:
        """See `ImportedLayers.decode`, under the condition."""
        return self._decoded(self._under(self.decoder), z, shape, seeded)

    def _under(self, graph: Graph) -> Graph:
        """The graph with the condition in its place. Raises `ValueError` if it does not fit."""
        nodes = [
            node.model_copy(update={"layer": Condition(values=_row(self.condition, node.layer))})
            if isinstance(node.layer, Condition)
            else node
            for node in graph.nodes
        ]
        return graph.model_copy(update={"nodes": tuple(nodes)})


def _row(condition: tuple[float, ...], layer: Condition) -> tuple[float, ...]:
    """The condition as a layer takes it: a class as 0 and 1 if it takes a row of several."""
    length = len(layer.values)
    if len(condition) == length:
        return condition
    if len(condition) > 1:
        raise ValueError(f"the condition must be 1 or {length} numbers")
    (number,) = condition
    if number != int(number) or not 0 <= number < length:
        raise ValueError(f"the condition must be a class from 0 to {length - 1}")
    return tuple(float(i == number) for i in range(length))


def _classes(graph: Graph) -> int | None:
    """How many classes a graph can be told of; None if it is told no class."""
    given: set[int] = set()
    for i, node in enumerate(graph.nodes, 1):
        layer = node.layer
        if isinstance(layer, Condition):
            if len(layer.values) > 1:
                return len(layer.values)
            given.add(i)
        elif not given & set(node.inputs):
            continue
        elif isinstance(layer, Embedding):
            return layer.input_dim
        elif isinstance(layer, CategoryEncoding):
            return layer.num_tokens
        elif isinstance(layer, _SHAPE_ONLY):
            given.add(i)
    return None
