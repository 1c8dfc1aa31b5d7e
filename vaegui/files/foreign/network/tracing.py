"""Following the layers of a network back from an output to where its input comes in."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from vaegui.core.architectures.imported import Graph, Node
from vaegui.core.layers import AnyLayer, Shape
from vaegui.core.layers.linear import Dense
from vaegui.core.layers.shaping import Reshape
from vaegui.errors import FileError
from vaegui.files.foreign.network.network import Network

__all__ = [
    "End",
    "Half",
    "Traced",
    "WeightSource",
    "columns",
    "frontier",
    "reaches",
    "resolved",
    "traced",
    "upstream",
    "why_not_rebuilt",
]

Half = Literal["", "first", "second"]

_TAKEN = frozenset({"x", "z", "input_shape", "parameters", "mean", "log_var", "reconstruction"})
"""Names of layers that the program gives itself."""


@dataclass(frozen=True, slots=True)
class End:
    """An output of a network, or one half of it."""

    place: int
    half: Half = ""


@dataclass(frozen=True, slots=True)
class WeightSource:
    """Where in the file a layer's weights are; with ``columns``, only those of the last axis."""

    group: str
    columns: tuple[int, int] | None = None


def resolved(network: Network, place: int, start: int) -> int:
    """The place whose output comes out here: layers that only pass on are skipped."""
    while place != start:
        here = network.places[place]
        if here.layer is not None or here.refused or len(here.inputs) != 1:
            break
        place = here.inputs[0]
    return place


def reaches(network: Network, place: int, start: int) -> bool:
    """Whether an output can be rebuilt from ``start`` alone, one use of a layer at a time."""
    return place != start and network.rebuildable(start)[place]


def why_not_rebuilt(network: Network, place: int, start: int) -> FileError | None:
    """Why an output cannot be rebuilt from ``start`` alone, or None."""
    needed = _needed(network, [place], start)
    for i in needed:
        here = network.places[i]
        if here.refused:
            return _refusal(network, i)
        if here.shape is None:
            return FileError(
                f"{network.path.name} cannot be imported: the size of what the layer "
                f"'{here.label}' gives is not known.",
                "Build the model for inputs of a fixed size, and save it again.",
            )
        if not here.inputs:
            return FileError(
                f"{network.path.name} cannot be imported: '{here.label}' is a further input.",
                "Encoders and decoders can have one input and one condition, a row of numbers.",
            )
    return _why_shared(network, needed, start)


def frontier(network: Network, place: int, start: int) -> list[int]:
    """The places nearest to one that cannot be rebuilt, upstream of it, that can be."""
    found: list[int] = []
    pending, seen = [place], {place}
    while pending:
        here = resolved(network, pending.pop(), start)
        if here != place and reaches(network, here, start):
            found += [here] if here not in found else []
            continue
        if here == start:
            continue
        new = [i for i in network.places[here].inputs if i not in seen]
        seen.update(new)
        pending += reversed(new)
    return found


def traced(
    network: Network, start: int, shape: Shape, ends: list[End], *, flat: bool = False
) -> Traced:
    """The layers that lead from ``start``, which takes a ``shape``, to the ends.

    If ``flat``, they take a row of as many numbers instead.

    Raises
    ------
    FileError
        If one of them cannot be rebuilt; it names the layer.
    """
    for end in ends:
        if end.place != start and (why := why_not_rebuilt(network, end.place, start)):
            raise why
    halved = [network.places[end.place] for end in ends if end.half]
    whole = [end.place for end in ends if not end.half]
    needed = _needed(network, [*whole, *(i for each in halved for i in each.inputs)], start)
    result = Traced(network, start, shape)
    if flat:
        result.unflatten()
    for i, first in _merged(network, needed, start).items():
        result.add_place(i, first)
    result.ends = [result.add_half(e) if e.half else result.number(e.place) for e in ends]
    return result


class Traced:
    """Layers of a network as nodes, as `Graph` numbers them.

    Attributes
    ----------
    sources
        Where in the file the weights of each are, by the node's name.
    ends
        The numbers of the nodes that were asked for.
    """

    def __init__(self, network: Network, start: int, shape: Shape) -> None:
        self._network, self._start, self._shape = network, start, shape
        self._numbers: dict[int, int] = {start: 0}
        self._names: set[str] = set(_TAKEN)
        self._nodes: list[Node] = []
        self.sources: dict[str, WeightSource] = {}
        self.ends: list[int] = []

    def number(self, place: int) -> int:
        """The number of the node that a place became."""
        return self._numbers[resolved(self._network, place, self._start)]

    def add(self, name: str, layer: AnyLayer, inputs: tuple[int, ...]) -> int:
        """Add a node; its number."""
        self._nodes.append(Node(name=self._free(name), inputs=inputs, layer=layer))
        return len(self._nodes)

    def add_place(self, place: int, first: int) -> None:
        """Make a place a node, unless ``first``, another one, is the same."""
        if place != first:
            self._numbers[place] = self._numbers[first]
            return
        here = self._network.places[place]
        assert here.layer is not None
        number = self.add(here.name, here.layer, tuple(self.number(i) for i in here.inputs))
        self._numbers[place] = number
        self.sources[self._nodes[-1].name] = WeightSource(here.group)

    def add_half(self, end: End) -> int:
        """Make half of a dense layer a node; its number."""
        here = self._network.places[end.place]
        assert isinstance(here.layer, Dense)
        units = here.layer.units // 2
        layer = here.layer.model_copy(update={"units": units})
        number = self.add(f"{here.name}_{end.half}", layer, (self.number(here.inputs[0]),))
        self.sources[self._nodes[-1].name] = WeightSource(here.group, columns(units, end.half))
        return number

    def unflatten(self) -> None:
        """Take a row of as many numbers in place of what comes in; before all other nodes."""
        if len(self._shape) > 1:
            self._numbers[self._start] = self.add("code", Reshape(target_shape=self._shape), (0,))
            self._shape = (math.prod(self._shape),)

    def graph(self) -> Graph:
        """All nodes; the last gives the output. Raises `FileError` if there are too many."""
        try:
            return Graph(shape=self._shape, nodes=tuple(self._nodes))
        except ValidationError as error:
            why_not = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
            raise FileError(
                f"{self._network.path.name} cannot be imported: {why_not}.",
                "Save a smaller or simpler model.",
            ) from None

    def _free(self, wanted: str) -> str:
        """A name that Keras takes and no other layer has."""
        stem = re.sub(r"[^A-Za-z0-9_.\-]", "_", wanted)[:60].lstrip("_.-") or "layer"
        name, number = stem, 1
        while name in self._names:
            number += 1
            name = f"{stem}_{number}"
        self._names.add(name)
        return name


def columns(units: int, half: Half) -> tuple[int, int] | None:
    """Which columns of a layer of twice as many units a half of it has; None for all of a whole."""
    return {"": None, "first": (0, units), "second": (units, 2 * units)}[half]


def _needed(network: Network, places: list[int], start: int) -> list[int]:
    """All places from ``start``, which is not among them, to these, in order."""
    needed: set[int] = set()
    pending = [place for place in places if place != start]
    while pending:
        place = pending.pop()
        if place not in needed:
            needed.add(place)
            pending += [i for i in network.places[place].inputs if i != start]
    return sorted(needed)


def _merged(network: Network, needed: list[int], start: int) -> dict[int, int]:
    """Each layer among these places, and the first that is the same layer of the same inputs.

    A layer that a model and one within it share is there twice.
    """
    same: dict[int, int] = {}
    known: dict[Any, int] = {}
    for i in needed:
        here = network.places[i]
        if here.layer is not None:
            key = here.group, here.layer, _inputs(network, i, start, same)
            same[i] = known.setdefault(key, i)
    return same


def _inputs(network: Network, place: int, start: int, same: dict[int, int]) -> tuple[int, ...]:
    sources = (resolved(network, i, start) for i in network.places[place].inputs)
    return tuple(same.get(i, i) for i in sources)


def _why_shared(network: Network, needed: list[int], start: int) -> FileError | None:
    """Why layers cannot be rebuilt of which one is used in several places, or None."""
    users: dict[str, int] = {}
    for i, first in _merged(network, needed, start).items():
        here = network.places[i]
        shapes = [network.places[j].shape or () for j in here.inputs]
        if i != first or not here.group or not (here.layer and here.layer.weights(*shapes)):
            continue
        if users.setdefault(here.group, i) != i:
            return _refusal(network, i, "is used in several places, which share its weights")
    return None


def _refusal(network: Network, place: int, why: str = "") -> FileError:
    here = network.places[place]
    return FileError(
        f"{network.path.name} cannot be imported: the layer '{here.label}' {why or here.refused}.",
        "Rebuild encoder and decoder from Keras' own layers only, with activations by name, and "
        "save the two models; a sampling layer behind mean and log-variance may stay.",
    )


def upstream(network: Network, place: int) -> Iterator[int]:
    """The places from an output back along a chain of layers with one input."""
    while True:
        yield place
        inputs = network.places[place].inputs
        if len(inputs) != 1:
            return
        place = inputs[0]
