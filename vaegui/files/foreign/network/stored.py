"""Which arrays of a foreign file are the weights of which layer.

Keras 3 puts them where a layer's path leads: ``layers/functional/layers/dense/vars/0``. In whole
models in HDF5, of any Keras, they lie under the names of the model's layers, and the weights of a
nested model together under its name: ``encoder/dense/kernel:0``.
"""

from __future__ import annotations

from collections.abc import Mapping

from vaegui.core.layers import Shape, stored
from vaegui.files.foreign.document.document import WEIGHTS
from vaegui.files.foreign.network.network import Network
from vaegui.reading.reader import ArraySpec, list_arrays

__all__ = ["Key", "Stored"]

Key = tuple[str, int]
"""A layer's name, and which of its weights."""


class Stored:
    """The arrays of a file, and to which layers they belong.

    Attributes
    ----------
    member
        The member of the archive that they are in; None if the file is no archive.
    arrays
        What each is like, by name.

    Raises
    ------
    FileError
        If the file cannot be read.
    """

    def __init__(self, network: Network) -> None:
        self.path = network.path
        self._by_layer: dict[str, list[str]] | None = None
        if network.hdf5 is None:
            self.member: str | None = WEIGHTS
            self.arrays: Mapping[str, ArraySpec] = list_arrays(self.path, "h5", member=WEIGHTS)
            return
        self.member, self.arrays = None, network.hdf5.arrays
        if network.by_name:
            self._by_layer = {}
            for name, arrays in network.hdf5.weights.items():
                self._by_layer |= _by_layer(network, name, arrays)

    def names(
        self, groups: Mapping[str, str], shapes: Mapping[str, Mapping[str, Shape]]
    ) -> dict[Key, str]:
        """The names of the arrays for the weights of these shapes, there or missing.

        Parameters
        ----------
        groups
            Where the layers' weights are, as the network has it.
        shapes
            Of each layer's weights by name, in the layer's order.
        """
        wanted: dict[Key, Shape] = {}
        names: dict[Key, str] = {}
        for layer, each in shapes.items():
            for i, (place, shape) in enumerate(zip(stored(each), each.values(), strict=True)):
                wanted[layer, i], names[layer, i] = shape, f"{groups[layer]}/{place}"
        if self._by_layer is None:
            return _as_found(names, wanted, self.arrays)
        for layer, i in wanted:
            there = self._by_layer.get(groups[layer], [])
            names[layer, i] = there[i] if i < len(there) else names[layer, i]
        return names


def _by_layer(network: Network, name: str, arrays: tuple[str, ...]) -> dict[str, list[str]]:
    """The arrays that lie under the name of one of the model's layers, by the layers' groups."""
    groups = [group for group in network.groups if group.startswith(f"{name}/")]
    if not groups:
        return {name: list(arrays)}
    return _by_name(name, groups, arrays) or _by_order(network, groups, arrays)


def _by_name(name: str, groups: list[str], arrays: tuple[str, ...]) -> dict[str, list[str]]:
    """The arrays by the one layer within a model whose name each has; nothing if that fails."""
    found: dict[str, list[str]] = {}
    for array in arrays:
        steps = array.split(f"{name}/", 1)[1].split("/")[:-1]
        named = [group for group in groups if group.rsplit("/", 1)[1] in steps]
        # Keras 3 names the models around a layer, too, and two may have layers of one name.
        within = [g for g in named if set(g.split("/")[1:]) <= set(steps)] or named
        deepest = [g for g in within if not any(other.startswith(f"{g}/") for other in within)]
        if len(deepest) != 1:
            return {}
        found.setdefault(deepest[0], []).append(array)
    return found


def _by_order(network: Network, groups: list[str], arrays: tuple[str, ...]) -> dict[str, list[str]]:
    """The same where the names are others, as TensorFlow 1 had them: layer by layer."""
    having = [group for group in groups if network.has_weights(group)]
    layers: dict[str, list[str]] = {}
    for array in arrays:
        layers.setdefault(array.rsplit("/", 1)[0], []).append(array)
    if len(having) != len(layers):
        return {}
    return dict(zip(having, layers.values(), strict=True))


def _as_found(
    names: dict[Key, str], shapes: dict[Key, Shape], found: Mapping[str, ArraySpec]
) -> dict[Key, str]:
    """The names as they are in the file, where a model may be kept by another attribute's name."""

    def fits(beginning: str) -> bool:
        there = (found.get(beginning + end) for end in ends.values())
        return all(s and s.shape == shapes[key] for key, s in zip(ends, there, strict=True))

    start = next(iter(names.values()), "").split("layers/")[0]
    ends = {key: name.removeprefix(start) for key, name in names.items()}
    first = next(iter(ends.values()), "")
    others = sorted(n.removesuffix(first) for n in found if n.endswith(f"/{first}"))
    beginning = next(filter(fits, (start, *others)), start)
    return {key: beginning + end for key, end in ends.items()}
