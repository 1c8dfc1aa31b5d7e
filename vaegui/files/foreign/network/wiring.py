"""How Keras writes down which layer feeds which."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

__all__ = ["Call", "Ref", "calls", "references"]

_DEEPEST = 16


@dataclass(frozen=True, slots=True)
class Ref:
    """An output of a call of a layer. ``key`` is what a model calls it; ``shape`` is its batch's.

    The first output of the first call is the node 0, tensor 0.
    """

    layer: str
    node: int
    tensor: int
    key: str = ""
    shape: Any = None


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a layer or operation: what goes in, with `Ref` in place of each tensor."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    @property
    def tensors(self) -> tuple[Ref, ...]:
        """All outputs of others that go in."""
        return tuple(_refs([*self.args, *self.kwargs.values()]))

    def mapped(self, change: Callable[[Ref], Ref]) -> Call:
        """The same with other references."""
        args, kwargs = _changed(list(self.args), change), _changed(self.kwargs, change)
        return Call(tuple(args), kwargs)

    def told_by_name(self, names: tuple[str, ...]) -> Call:
        """The same for a layer with these arguments: the tensors among them as one list."""
        given = {**dict(zip(names, self.args, strict=False)), **self.kwargs}
        tensors = [given.pop(name) for name in names if isinstance(given.get(name), Ref)]
        return Call((tensors,), given)

    @property
    def odd(self) -> str:
        """Why it is not just a call of a layer on its inputs, or ''."""
        further = [*self.args[1:], *self.kwargs.values()]
        return "is called with further arguments" if any(map(_says, further)) else ""


def _says(argument: Any) -> bool:
    """Whether an argument is more than nothing, as a mask of each of several inputs may be."""
    if isinstance(argument, list):
        return any(map(_says, argument))
    return argument not in (None, False)


def references(structure: Any, key: str = "", depth: int = 0) -> list[Ref]:
    """The inputs or outputs of a model: ``[layer, node, tensor]``, or lists or dicts of such."""
    if depth > _DEEPEST:
        raise TypeError("lists within lists without end")
    if isinstance(structure, dict):
        pairs = [(str(k), v) for k, v in structure.items()]
    elif len(structure) == 3 and isinstance(structure[0], str):
        return [Ref(structure[0], _index(structure[1]), _index(structure[2]), key)]
    else:
        pairs = [(key, v) for v in structure]
    return [ref for k, v in pairs for ref in references(v, k, depth + 1)]


def calls(entry: dict[str, Any]) -> list[Call]:
    """All calls of a layer within its model, in the order in which they are counted."""
    return [_call(node) for node in entry.get("inbound_nodes") or []]


def _call(node: dict[str, Any]) -> Call:
    return Call(tuple(_parsed(node.get("args", []))), dict(_parsed(node.get("kwargs", {}))))


def _parsed(value: Any, depth: int = 0) -> Any:
    """The same arguments with a `Ref` in place of each tensor."""
    if depth > _DEEPEST:
        raise TypeError("arguments within arguments without end")
    if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
        layer, node, tensor = value["config"]["keras_history"]
        shape = value["config"].get("shape")
        return Ref(str(layer), _index(node), _index(tensor), "", shape)
    if isinstance(value, dict):
        return {key: _parsed(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [_parsed(inner, depth + 1) for inner in value]
    return value


def _refs(value: Any) -> Iterator[Ref]:
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _refs(inner)


def _changed(value: Any, change: Callable[[Ref], Ref]) -> Any:
    if isinstance(value, Ref):
        return change(value)
    if isinstance(value, dict):
        return {key: _changed(inner, change) for key, inner in value.items()}
    return [_changed(inner, change) for inner in value] if isinstance(value, list) else value


def _index(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 64:
        raise TypeError("not a number of an output")
    return value
