"""Reading the layers of a Keras model's configuration, and of models within it, into a network."""

from __future__ import annotations

from collections import Counter
from graphlib import TopologicalSorter
from typing import Any

from vaegui.core.layers import AnyLayer, Shape
from vaegui.errors import FileError
from vaegui.files.foreign.document import ModelFile, unusable
from vaegui.files.foreign.known_layers import PASSED, WITHIN
from vaegui.files.foreign.layer_config import LayerRefused, described
from vaegui.files.foreign.network import MOST_LAYERS, NestedModel, Network, PlacedLayer
from vaegui.files.foreign.wiring import Ref, feeds, references
from vaegui.files.model.weights import snake_case

__all__ = ["read_network"]

_DEEPEST = 8
_MOST_PARTS = 64
_MOST_ENDS = 64
"""Models within models, and inputs or outputs of one: all pairs of them are looked at."""


def read_network(model: ModelFile) -> Network:
    """The layers that a file describes.

    Raises
    ------
    FileError
        If there are none to be found in it, or they are not connected as Keras does it.
    """
    path, document = model.path, model.document
    network = Network(path, model.by_name)
    try:
        _find_models(network, document, "", "", 0)
    except (KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise unusable(path, "its configuration is not as Keras writes it") from error
    except ValueError as error:
        raise unusable(path, "it has layers that feed each other") from error
    if not network.parts:
        kind = str(document.get("class_name"))[:40]
        raise FileError(
            f"{path.name} cannot be imported: it says of its model only that it is of the class "
            f"'{kind}', not of what layers.",
            "Save encoder and decoder by themselves: vae.encoder.save('encoder.keras') and "
            "vae.decoder.save('decoder.keras').",
        )
    return network


def _find_models(network: Network, document: Any, name: str, group: str, depth: int) -> None:
    """Add a model that is described here, or else those that are described within."""
    if not isinstance(document, dict) or depth > _DEEPEST:
        return
    if _is_model(document):
        called = name or str(document["config"].get("name", ""))[:80]
        _Reader(network, called, group, depth).read(document)
    elif _is_model({"config": document}):
        _Reader(network, name, group, depth).read({"config": document})
    else:
        within = document.get("config", document) if depth == 0 else document
        for key, value in within.items() if isinstance(within, dict) else ():
            inside = group if key == "config" else f"{group}/{key}".strip("/")
            _find_models(network, value, str(key), inside, depth + 1)


def _is_model(document: dict[str, Any]) -> bool:
    config = document.get("config")
    layers = config.get("layers") if isinstance(config, dict) else None
    return (
        isinstance(layers, list)
        and len(layers) > 0
        and all(isinstance(each, dict) and {"class_name", "config"} <= set(each) for each in layers)
    )


class _Reader:
    """Reads one model into a network."""

    def __init__(self, network: Network, name: str, group: str, depth: int) -> None:
        self._network, self._name, self._group, self._depth = network, name, group, depth
        self._prefix = f"{name}/" if depth else ""
        self._names: Counter[str] = Counter()
        self._made: dict[tuple[str, int], int] = {}

    def read(self, document: dict[str, Any], given: list[int] | None = None) -> NestedModel:
        """Add all layers; ``given`` are the places that feed the model if it is within another."""
        if self._depth > _DEEPEST:
            raise unusable(self._network.path, "it has models within models without end")
        config = document["config"]
        layers = config["layers"]
        if len(layers) > MOST_LAYERS or len(self._network.parts) >= _MOST_PARTS:
            raise unusable(self._network.path, "it has too many layers, or models within models")
        if "output_layers" in config:
            self._tell_of_class(document.get("class_name"))
            starts = self._functional(layers, references(config["input_layers"]), given)
            outputs = references(config["output_layers"])
            ends = tuple((r.key or r.layer, self._made[r.layer, r.tensor]) for r in outputs)
        else:
            built = config.get("build_input_shape") or _built_for(document)
            starts, last = self._sequential(layers, built, given)
            ends = ((self._network.places[last].name, last),)
        if len(starts) > _MOST_ENDS or len(ends) > _MOST_ENDS:
            raise unusable(self._network.path, f"'{self._name}' has too many inputs or outputs")
        part = NestedModel(self._name, tuple(starts), ends)
        self._network.parts.append(part)
        return part

    def _tell_of_class(self, kind: Any) -> None:
        if kind not in (None, "Functional", "Model"):
            self._network.notes.append(
                f"'{self._name}' is of a class of its own, {str(kind)[:40]}. Its layers are taken "
                "as they are connected; what else its code does is not in the file."
            )

    def _functional(
        self, layers: list[Any], inputs: list[Ref], given: list[int] | None
    ) -> list[int]:
        order = [ref.layer for ref in inputs]
        # Keras counts in the order of the file, in which a layer may come before what it needs.
        groups = {str(entry["name"]): self._group_of(entry) for entry in layers}
        for entry in _in_order(layers):
            name, fed = str(entry["name"]), feeds(entry)
            group = groups[name]
            if entry["class_name"] == "InputLayer":
                source = (given[order.index(name)],) if given and name in order else ()
                self._made[name, 0] = self._input(name, entry["config"], source)
                continue
            known = [ref for ref in fed.tensors if ref.layer != name]
            places = [self._made[ref.layer, ref.tensor] for ref in known]
            if _is_model(entry) and not fed.refused:
                part = _Reader(self._network, name, group, self._depth + 1).read(entry, places)
                for i, (_, place) in enumerate(part.outputs):
                    self._made[name, i] = place
                continue
            place = self._layer(entry, tuple(places), group, fed.refused)
            for i in range(entry.get("_outputs", 1)):
                self._made[name, i] = place
        return [self._made[name, 0] for name in order]

    def _sequential(
        self, layers: list[Any], built: Any, given: list[int] | None
    ) -> tuple[list[int], int]:
        source = tuple(given or ())
        last: int | None = None
        for entry in layers:
            group = self._group_of(entry)
            if entry["class_name"] == "InputLayer" and last is None:
                last = start = self._input(self._name, entry["config"], source)
                continue
            if last is None:
                last = start = self._input(self._name, {"batch_shape": built}, source)
            if _is_model(entry):
                inner = str(entry["config"].get("name", "model"))
                part = _Reader(self._network, inner, group, self._depth + 1).read(entry, [last])
                last = part.outputs[0][1]
            else:
                last = self._layer(entry, (last,), group, "")
        if last is None:
            raise unusable(self._network.path, f"'{self._name}' has no layers")
        return [start], last

    def _input(self, name: str, config: dict[str, Any], source: tuple[int, ...]) -> int:
        batch = config.get("batch_shape") or config.get("batch_input_shape")
        shape = _fixed(batch)
        refused = "" if shape else "takes inputs whose size is not fixed"
        label = f"{self._prefix}{name}"
        return self._network.add(PlacedLayer(label, name, None, refused, source, shape, ""))

    def _layer(
        self, entry: dict[str, Any], inputs: tuple[int, ...], group: str, refused: str
    ) -> int:
        """Add a layer, and a non-linearity that it has as a layer of its own; the last place."""
        config = entry["config"]
        name = str(config.get("name") or entry.get("name") or entry["class_name"])[:80]
        label = f"{self._prefix}{name}"
        stated = _fixed(entry.get("_shape"))
        if not refused and entry["class_name"] in PASSED and entry.get("module") == "keras.layers":
            shape = self._network.places[inputs[0]].shape
            self._network.notes.append(f"'{label}' is left out: it only works in training.")
            return self._network.add(PlacedLayer(label, name, None, "", inputs, shape, ""))
        found: list[AnyLayer] = []
        try:
            shape = self._network.places[inputs[0]].shape if inputs else None
            axes = len(shape) + 1 if shape else 0
            found = described(str(entry["class_name"]), entry.get("module"), config, axes)
        except LayerRefused as why:
            # What the layer is says more than how it is called; a model is no layer, though.
            refused = refused if _is_model(entry) else str(why)
        if refused:
            return self._network.add(PlacedLayer(label, name, None, refused, inputs, stated, ""))
        for i, layer in enumerate(found):
            more = "_activation" if i else ""
            place = self._described(label + more, name + more, layer, inputs, "" if i else group)
            inputs = (self._network.add(place),)
        return inputs[0]

    def _described(
        self, label: str, name: str, layer: AnyLayer, inputs: tuple[int, ...], group: str
    ) -> PlacedLayer:
        shapes = [self._network.places[i].shape for i in inputs]
        known = [shape for shape in shapes if shape is not None]
        if len(known) < len(shapes):
            return PlacedLayer(label, name, layer, "", inputs, None, group)
        least, most = layer.inputs
        if not least <= len(inputs) <= most:
            why = f"has {len(inputs)} inputs"
            return PlacedLayer(label, name, None, why, inputs, None, group)
        try:
            shape = layer.shape(*known)
        except ValueError as error:
            return PlacedLayer(label, name, None, f"does not fit: {error}", inputs, None, group)
        return PlacedLayer(label, name, layer, "", inputs, shape, group)

    def _group_of(self, entry: dict[str, Any]) -> str:
        """Where Keras puts the layer's weights: by its name, or by class, counted in a model."""
        if self._network.by_name:
            name = entry.get("name") or entry["config"].get("name") or entry["class_name"]
            group = f"{self._group}/{name}".strip("/")
            self._network.groups.append(group)
            return group
        if "ops" in str(entry.get("module")).split("."):
            return ""
        kind = str(entry["class_name"])
        stem = snake_case(kind)
        count = self._names[stem]
        self._names[stem] += 1
        within = WITHIN.get(kind, "")
        return f"{self._group}/layers/{stem}{f'_{count}' if count else ''}/{within}".strip("/")


def _in_order(layers: list[Any]) -> list[dict[str, Any]]:
    """The layers, each after those that feed it, and with the shapes that others say it gives.

    Raises `ValueError` if they feed each other, `KeyError` if one is not there or there twice.
    """
    stated: dict[str, Any] = {}
    counts: dict[str, int] = {}
    by_name: dict[str, Any] = {}
    order: TopologicalSorter[str] = TopologicalSorter()
    for entry in layers:
        name = str(entry["name"])
        if name in by_name:
            raise KeyError("two layers of one name")
        by_name[name] = entry
        order.add(name)
        for ref in feeds(entry).tensors:
            stated.setdefault(ref.layer, ref.shape)
            counts[ref.layer] = max(counts.get(ref.layer, 1), ref.tensor + 1)
            if ref.layer != name:
                order.add(name, ref.layer)
    return [
        {**by_name[name], "_shape": stated.get(name), "_outputs": counts.get(name, 1)}
        for name in order.static_order()
    ]


def _built_for(document: dict[str, Any]) -> Any:
    built = document.get("build_config")
    return built.get("input_shape") if isinstance(built, dict) else None


def _fixed(batch: Any) -> Shape | None:
    """The shape of one example from that of a batch, if all of it is known."""
    if not isinstance(batch, list) or not 2 <= len(batch) <= 6:
        return None
    shape = tuple(batch[1:])
    return shape if all(type(n) is int and 0 < n <= 65_536 for n in shape) else None
