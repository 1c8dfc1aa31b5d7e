"""How Keras writes down which layer feeds which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

__all__ = ["Feeds", "Ref", "feeds", "references"]

_DEEPEST = 16


@dataclass(frozen=True, slots=True)
class Ref:
    """An output of a layer. ``key`` is what a model calls it, ``shape`` what is said of it."""

    layer: str
    tensor: int
    key: str = ""
    shape: Any = None


@dataclass(frozen=True, slots=True)
class Feeds:
    """What goes into a layer, and why it cannot be rebuilt for how it is called, or ''."""

    tensors: tuple[Ref, ...]
    refused: str = ""


def references(structure: Any, key: str = "", depth: int = 0) -> list[Ref]:
    """The inputs or outputs of a model: ``[layer, node, tensor]``, or lists or dicts of such."""
    if depth > _DEEPEST:
        raise TypeError("lists within lists without end")
    if isinstance(structure, dict):
        pairs = [(str(k), v) for k, v in structure.items()]
    elif len(structure) == 3 and isinstance(structure[0], str):
        return [Ref(structure[0], _index(structure[2]), key)]
    else:
        pairs = [(key, v) for v in structure]
    return [ref for k, v in pairs for ref in references(v, k, depth + 1)]


def feeds(entry: dict[str, Any]) -> Feeds:
    """What goes into a layer."""
    nodes = entry.get("inbound_nodes") or []
    if not nodes:
        return Feeds(())
    # All nodes, so that a layer which is used twice comes after everything that it needs.
    tensors = tuple(ref for node in nodes for ref in _tensors(node, 0))
    if len(nodes) > 1:
        return Feeds(tensors, "is used in several places, which share its weights")
    return Feeds(tensors, _odd_call(nodes[0]))


def _tensors(value: Any, depth: int) -> Iterator[Ref]:
    if depth > _DEEPEST:
        raise TypeError("arguments within arguments without end")
    if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
        layer, _, tensor = value["config"]["keras_history"]
        yield Ref(str(layer), _index(tensor), "", value["config"].get("shape"))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _tensors(inner, depth + 1)
    elif isinstance(value, list):
        # Keras 2 wrote [layer, node, tensor, further arguments].
        if len(value) in (3, 4) and isinstance(value[0], str) and type(value[1]) is int:
            yield Ref(value[0], _index(value[2]))
            return
        for inner in value:
            yield from _tensors(inner, depth + 1)


def _odd_call(node: Any) -> str:
    """Why a call is not just that of a layer on its inputs, or ''."""
    if not isinstance(node, dict):
        return ""
    further = [*node.get("args", [])[1:], *node.get("kwargs", {}).values()]
    if any(value not in (None, False) for value in further):
        return "is called with further arguments"
    return ""


def _index(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 64:
        raise TypeError("not a number of an output")
    return value
