"""Where the weights of a Keras model lie in the file of weights that Keras writes.

Keras names a layer in there by its class, in snake case, and numbers layers of the same class in
the order in which the model has them: ``layers/functional/layers/dense_1/vars/0``.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np

from vaegui.reading.archives.arrays import Arrays

__all__ = ["place_within", "set_weights", "snake_case", "variables"]

_PARTS = (
    ("cell",),
    ("forward_layer", "backward_layer"),
    ("layer",),
    ("query_dense", "key_dense", "value_dense", "output_dense"),
)
"""Layers within a recurrent one, one around others, or attention: the attributes of each kind."""


def variables(model: Any, within: str = "") -> dict[str, Any]:
    """The variables of a functional model of built-in layers, by their names in its file."""
    found: dict[str, Any] = {}
    classes: Counter[str] = Counter()
    for layer in model.layers:
        kind = snake_case(type(layer).__name__)
        name = (
            f"{within}layers/{kind}_{classes[kind]}" if classes[kind] else f"{within}layers/{kind}"
        )
        classes[kind] += 1
        found |= variables(layer, f"{name}/") if hasattr(layer, "layers") else _own(layer, name)
    return found


def _own(layer: Any, name: str) -> dict[str, Any]:
    """The variables of one layer, or of the layers within it, by their names in the file."""
    parts = next((ps for ps in _PARTS if hasattr(getattr(layer, ps[0], None), "weights")), ())
    if not parts:
        return {f"{name}/vars/{i}": v for i, v in enumerate(layer.weights)}
    return {k: v for p in parts for k, v in _own(getattr(layer, p), f"{name}/{p}").items()}


def place_within(name: str) -> tuple[int, ...]:
    """What to sort weights of a layer with others within by, so that they are in Keras' order."""
    order = [part for parts in _PARTS for part in parts]
    return tuple(order.index(step) for step in name.split("/") if step in order)


def set_weights(model: Any, arrays: Arrays) -> None:
    """Set all weights of a functional model, or none and raise `ValueError` if they do not fit."""
    wanted = variables(model)
    for name, variable in wanted.items():
        array = arrays.get(name)
        if array is None or array.shape != tuple(variable.shape) or array.dtype != variable.dtype:
            raise ValueError(f"the weights do not fit the settings: {_difference(name, array)}")
    if more := set(arrays) - set(wanted):
        raise ValueError(f"the weights do not fit the settings: {min(more)} has no place")
    for name, variable in wanted.items():
        variable.assign(arrays[name])


def snake_case(name: str) -> str:
    """The name of a class as Keras writes it in files: ``Conv2DTranspose`` is conv2d_transpose."""
    parted = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", name))
    return re.sub("([a-z])([A-Z])", r"\1_\2", parted).lower()


def _difference(name: str, array: np.ndarray[Any, Any] | None) -> str:
    return f"{name} is missing" if array is None else f"{name} has the shape {array.shape}"
