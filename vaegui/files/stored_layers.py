"""The layers whose weights a file of Keras, of any version, holds."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from vaegui.files.model.weights import place_within
from vaegui.reading.reader import ArraySpec, KerasAttributes

__all__ = ["StoredLayer", "StoredModel", "stored_models"]

Found = Mapping[str, ArraySpec]


@dataclass(frozen=True, slots=True)
class StoredLayer:
    """A layer with weights.

    Attributes
    ----------
    name
        What Keras called it, or '' if the file does not say it.
    place
        What to call it in messages.
    kind
        Its class as Keras 3 writes it in files, ``conv2d_transpose``; '' in files of the old kind.
    arrays
        The names of its arrays in the layer's order.
    """

    name: str
    place: str
    kind: str
    arrays: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredModel:
    """The layers of one model in their order. ``name`` may be '' where the file does not say it."""

    name: str
    layers: tuple[StoredLayer, ...]


def stored_models(file: KerasAttributes) -> list[StoredModel]:
    """The models in a file, each with the layers that lie right in it."""
    if file.layers:
        return _old_models(file.weights, file.arrays)
    return _models(file.arrays, file.names)


def _models(found: Found, called: Mapping[str, str]) -> list[StoredModel]:
    """As Keras 3 keeps them: ``layers/functional/layers/dense_1/vars/0``."""
    models: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    # Some layers have others within: ``lstm/cell/vars/0``.
    pattern = re.compile(r"((?:.*/)?layers/)([^/]+)/(?:[^/]+/)*vars/\d+")
    for name in sorted(found, key=lambda name: (place_within(name), len(name), name)):
        if (match := pattern.fullmatch(name)) and found[name].dtype.startswith("float"):
            models[match[1]][match[2]].append(name)
    return [
        StoredModel(
            called.get(place.removesuffix("/layers/"), ""),
            tuple(
                StoredLayer(called.get(f"{place}{group}", ""), group, _class(group), tuple(arrays))
                for group, arrays in sorted(layers.items(), key=lambda each: _counted(each[0]))
            ),
        )
        for place, layers in models.items()
    ]


_ALSO = {"normalization": "batch_normalization"}
"""Classes that are rebuilt as another, whose layers are taken to come before that one's own."""


def _class(group: str) -> str:
    """The class of ``dense_1``, which Keras counts: dense, dense_1, ..."""
    stem = re.sub(r"_\d+$", "", group)
    return _ALSO.get(stem, stem)


def _counted(group: str) -> tuple[str, bool, int]:
    stem = re.sub(r"_\d+$", "", group)
    return _class(group), stem not in _ALSO, int(group.removeprefix(stem).removeprefix("_") or 0)


def _old_models(weights: Mapping[str, tuple[str, ...]], found: Found) -> list[StoredModel]:
    """As Keras 1 and 2 did: by the names of the whole model's layers, of which some are models."""
    whole: list[StoredLayer] = []
    models: list[StoredModel] = []
    for name, listed in weights.items():
        arrays = [array for array in listed if array in found]
        inner: dict[str, list[str]] = {}
        for array in arrays:
            inner.setdefault(_layer_of(array, name), []).append(array)
        if len(inner) > 1:
            layers = (StoredLayer(each, each, "", tuple(inner[each])) for each in inner)
            models.append(StoredModel(name, tuple(layers)))
        elif arrays:
            whole.append(StoredLayer(name, name, "", tuple(arrays)))
    return [*models, *([StoredModel("", tuple(whole))] if whole else [])]


def _layer_of(array: str, within: str) -> str:
    """The name of the layer in ``encoder/dense_1/kernel:0``, which an early Keras made one word."""
    steps = array.split(f"{within}/", 1)[-1].split("/")
    if len(steps) == 1:
        return re.sub(r"_(W|b|gamma|beta|running_mean|running_std)(:0)?$", "", steps[0])
    return next((step for step in steps[:-1] if step != within), within)
