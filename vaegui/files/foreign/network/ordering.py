"""The calls of a model's layers, each after those that feed it, and where their weights are."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from typing import Any

from vaegui.files.foreign.network.known_layers import WITHIN
from vaegui.files.foreign.network.network import Network
from vaegui.files.foreign.network.wiring import Call, Ref, calls
from vaegui.files.model.weights import snake_case

__all__ = ["GROUP", "Step", "is_model", "name_groups", "steps"]

GROUP = "_group"
"""What `name_groups` adds to the entry of each layer: where in the file its weights are."""

_MOST_CALLS = 64


@dataclass(frozen=True, slots=True)
class Step:
    """One call of a layer.

    Attributes
    ----------
    entry, name, node
        The layer in its model's configuration, what it is called there, and which call it is.
    call
        What goes in.
    shapes
        For each output the shape of a batch that others state of it, or None.
    """

    entry: dict[str, Any]
    name: str
    node: int
    call: Call
    shapes: tuple[Any, ...]


def steps(layers: list[Any], outputs: list[Ref]) -> tuple[list[Step], list[Ref]]:
    """All calls in order, and the outputs of the model; each `Ref` counts calls from 0.

    Raises
    ------
    ValueError
        If layers feed each other.
    KeyError
        If one is not there, or there twice.
    """
    entries = {str(entry["name"]): entry for entry in layers}
    if len(entries) < len(layers):
        raise KeyError("two layers of one name")
    made = {name: calls(entry) or [Call((), {})] for name, entry in entries.items()}
    if any(len(each) > _MOST_CALLS for each in made.values()):
        raise KeyError("too many calls")
    counts = {name: len(each) for name, each in made.items()}
    ahead = _beginnings(
        counts, [r for each in made.values() for call in each for r in call.tensors]
    )
    # Where Keras lists outputs, what defines a functional model counts as its call 0; in Keras 2
    # everywhere, and of all models.
    behind = {
        name: max(first, int("output_layers" in entries[name]["config"]))
        for name, first in _beginnings(counts, outputs).items()
    }
    made = {
        name: [call.mapped(lambda ref: _counted(ref, counts, ahead)) for call in each]
        for name, each in made.items()
    }
    outputs = [_counted(ref, counts, behind) for ref in outputs]
    shapes: dict[tuple[str, int], dict[int, Any]] = defaultdict(dict)
    order: TopologicalSorter[tuple[str, int]] = TopologicalSorter()
    for name, each in made.items():
        for node, call in enumerate(each):
            order.add((name, node))
            for ref in call.tensors:
                order.add((name, node), (ref.layer, ref.node))
                shapes[ref.layer, ref.node].setdefault(ref.tensor, ref.shape)
    for ref in outputs:
        shapes[ref.layer, ref.node].setdefault(ref.tensor, None)
    found = []
    for name, node in order.static_order():
        stated = shapes[name, node]
        given = tuple(stated.get(i) for i in range(max(stated, default=0) + 1))
        found.append(Step(entries[name], name, node, made[name][node], given))
    return found, outputs


def is_model(document: dict[str, Any]) -> bool:
    """Whether a configuration lists layers."""
    config = document.get("config")
    layers = config.get("layers") if isinstance(config, dict) else None
    return (
        isinstance(layers, list)
        and len(layers) > 0
        and all(isinstance(each, dict) and {"class_name", "config"} <= set(each) for each in layers)
    )


def name_groups(
    network: Network, document: dict[str, Any], group: str, known: dict[Any, str]
) -> None:
    """Say of all layers of a model, and of models within, where Keras puts their weights.

    In HDF5 that is by the layers' names; elsewhere by class, counted through a model in the order
    of the file, and a layer that several models share has its weights only where it comes first:
    ``known`` are those that came.
    """
    counts: Counter[str] = Counter()
    for entry in document["config"]["layers"]:
        name, stem = _name(entry), snake_case(str(entry["class_name"]))
        if network.by_name:
            entry[GROUP] = f"{group}/{name}".strip("/")
            network.groups.append(entry[GROUP])
        elif "ops" in str(entry.get("module")).split("."):
            entry[GROUP] = ""
        else:
            number = f"_{counts[stem]}" if counts[stem] else ""
            counts[stem] += 1
            own = f"{group}/layers/{stem}{number}/{WITHIN.get(str(entry['class_name']), '')}"
            entry[GROUP] = _first_of(entry, own.strip("/"), known)
        if is_model(entry):
            name_groups(network, entry, entry[GROUP], known)


def _name(entry: dict[str, Any]) -> str:
    return str(entry.get("name") or entry["config"].get("name") or entry["class_name"])


def _first_of(entry: dict[str, Any], own: str, known: dict[Any, str]) -> str:
    """Where a layer's weights are: its own place, or that of the same layer before."""
    number = entry.get("shared_object_id")
    named = (str(entry["class_name"]), str(entry["config"].get("name")))
    if type(number) is not int:
        known.setdefault(named, own)
        return own
    # Keras numbers a layer only from the second time on if the first was in a model within.
    return known.setdefault(number, known.get(named, own))


def _beginnings(counts: dict[str, int], refs: list[Ref]) -> dict[str, int]:
    """The number of each layer's first call, which for models may be 0 or 1."""
    most: Counter[str] = Counter()
    for ref in refs:
        most[ref.layer] = max(most[ref.layer], ref.node)
    return {name: max(0, most[name] + 1 - count) for name, count in counts.items()}


def _counted(ref: Ref, counts: dict[str, int], beginnings: dict[str, int]) -> Ref:
    node = min(max(ref.node - beginnings[ref.layer], 0), counts[ref.layer] - 1)
    return replace(ref, node=node)
