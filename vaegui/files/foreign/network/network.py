"""The layers of a Keras model, those of models within it included, as one flat list."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from vaegui.core.layers import AnyLayer, Shape
from vaegui.files.foreign.document.document import unusable
from vaegui.reading.reader import KerasAttributes

__all__ = ["MOST_LAYERS", "NestedModel", "Network", "PlacedLayer"]

MOST_LAYERS = 1000


@dataclass(frozen=True, slots=True)
class PlacedLayer:
    """A layer in its place.

    Attributes
    ----------
    label, name
        What it is called, with and without the models around it.
    layer
        What it is, or None if it passes on its input or is refused.
    refused
        Why it cannot be rebuilt, or ''.
    inputs
        The places whose outputs it takes.
    shape
        Of its output for one example, or None if that is not known.
    group
        Where in the file its weights are.
    """

    label: str
    name: str
    layer: AnyLayer | None
    refused: str
    inputs: tuple[int, ...]
    shape: Shape | None
    group: str


@dataclass(frozen=True, slots=True)
class NestedModel:
    """A model: the file's own or one within it. ``outputs`` are labels and places."""

    name: str
    starts: tuple[int, ...]
    outputs: tuple[tuple[str, int], ...]


@dataclass
class Network:
    """All layers of a file, each after those it needs, and the models that they form.

    Attributes
    ----------
    hdf5
        What is in the file with the weights, if that is HDF5 and no archive.
    groups
        Where the weights of each layer are, if it has some, in the order in which Keras has them.
    """

    path: Path
    hdf5: KerasAttributes | None = None
    groups: list[str] = field(default_factory=list)
    places: list[PlacedLayer] = field(default_factory=list)
    parts: list[NestedModel] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _rebuildable: dict[int, list[bool]] = field(default_factory=dict)

    @property
    def by_name(self) -> bool:
        """Whether weights are kept under the names of layers, and not of their classes."""
        return self.hdf5 is not None and bool(self.hdf5.layers)

    def add(self, place: PlacedLayer) -> int:
        """Add a place; its number."""
        if len(self.places) >= MOST_LAYERS:
            raise unusable(self.path, f"it has more than {MOST_LAYERS} layers")
        self.places.append(place)
        return len(self.places) - 1

    def rebuildable(self, start: int) -> list[bool]:
        """For each place whether it can be rebuilt from ``start`` alone; once all are added."""
        if start not in self._rebuildable:
            known: list[bool] = []
            for i, here in enumerate(self.places):
                usable = not here.refused and here.shape is not None and len(here.inputs) > 0
                # A condition hangs on the start, which may come after it.
                fed = (j == start or (j < i and known[j]) for j in here.inputs)
                known.append(i == start or (usable and all(fed)))
            self._rebuildable[start] = known
        return self._rebuildable[start]

    def with_places(self, places: list[PlacedLayer]) -> Network:
        """The same with other layers in these places."""
        return replace(self, places=places, _rebuildable={})

    def has_weights(self, group: str) -> bool:
        """Whether the layer of a group is known, and has weights."""
        return any(
            bool(here.layer.weights(*(self.places[i].shape or () for i in here.inputs)))
            for here in self.places
            if here.group == group and here.layer is not None and here.shape is not None
        )
