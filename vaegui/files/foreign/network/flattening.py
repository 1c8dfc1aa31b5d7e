"""Reading the layers of a Keras model's configuration, and of models within it, into a network."""

from __future__ import annotations

from typing import Any

from vaegui.core.layers import LAYERS, AnyLayer, Shape
from vaegui.core.layers.merging import Add, Multiply
from vaegui.errors import FileError
from vaegui.files.foreign.document.document import ModelFile, unusable
from vaegui.files.foreign.network.known_layers import PASSED
from vaegui.files.foreign.network.layer_config import LayerRefused, described
from vaegui.files.foreign.network.network import MOST_LAYERS, NestedModel, Network, PlacedLayer
from vaegui.files.foreign.network.operations import computed, is_operation
from vaegui.files.foreign.network.ordering import GROUP, Step, is_model, name_groups, steps
from vaegui.files.foreign.network.wiring import Ref, references

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
    network = Network(path, model.hdf5)
    try:
        _find_models(network, document, "", "", 0, {})
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


def _find_models(
    network: Network, document: Any, name: str, group: str, depth: int, known: dict[Any, str]
) -> None:
    """Add a model that is described here, or else those that are described within."""
    if not isinstance(document, dict) or depth > _DEEPEST:
        return
    model = document if is_model(document) else {"config": document}
    if is_model(model):
        name_groups(network, model, group, known)
        called = name or str(model["config"].get("name", ""))[:80]
        _Reader(network, called, depth).read(model)
        return
    within = document.get("config", document) if depth == 0 else document
    for key, value in within.items() if isinstance(within, dict) else ():
        inside = group if key == "config" else f"{group}/{key}".strip("/")
        _find_models(network, value, str(key), inside, depth + 1, known)


class _Reader:
    """Reads one model into a network."""

    def __init__(self, network: Network, name: str, depth: int) -> None:
        self._network, self._name, self._depth = network, name, depth
        self._prefix = f"{name}/" if depth else ""
        self._made: dict[tuple[str, int, int], int] = {}

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
            order, outputs = steps(layers, references(config["output_layers"]))
            starts = self._functional(order, references(config["input_layers"]), given)
            ends = tuple((r.key or r.layer, self._place(r)) for r in outputs)
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
        self, order: list[Step], inputs: list[Ref], given: list[int] | None
    ) -> list[int]:
        names = [ref.layer for ref in inputs]
        for step in order:
            entry, name = step.entry, step.name
            if entry["class_name"] == "InputLayer":
                source = (given[names.index(name)],) if given and name in names else ()
                places = [self._input(name, entry["config"], source)]
            elif is_operation(entry):
                places = self._operation(step)
            else:
                call = step.call.told_by_name(told) if (told := _arguments(entry)) else step.call
                fed = tuple(map(self._place, call.tensors))
                if is_model(entry) and not call.odd:
                    within = _Reader(self._network, name, self._depth + 1)
                    places = [place for _, place in within.read(entry, list(fed)).outputs]
                else:
                    places = self._layer(entry, fed, step.shapes, call.odd)
            for tensor, place in enumerate(places):
                self._made[name, step.node, tensor] = place
        return [self._made[name, 0, 0] for name in names]

    def _place(self, ref: Ref) -> int:
        return self._made[ref.layer, ref.node, ref.tensor]

    def _shape(self, ref: Ref) -> Shape | None:
        return self._network.places[self._place(ref)].shape

    def _sequential(
        self, layers: list[Any], built: Any, given: list[int] | None
    ) -> tuple[list[int], int]:
        source = tuple(given or ())
        last: int | None = None
        for entry in layers:
            if entry["class_name"] == "InputLayer" and last is None:
                last = start = self._input(self._name, entry["config"], source)
                continue
            if last is None:
                last = start = self._input(self._name, {"batch_shape": built}, source)
            if is_model(entry):
                inner = str(entry["config"].get("name", "model"))
                part = _Reader(self._network, inner, self._depth + 1).read(entry, [last])
                last = part.outputs[0][1]
            else:
                (last,) = self._layer(entry, (last,), (None,), "")
        if last is None:
            raise unusable(self._network.path, f"'{self._name}' has no layers")
        return [start], last

    def _input(self, name: str, config: dict[str, Any], source: tuple[int, ...]) -> int:
        batch = config.get("batch_shape") or config.get("batch_input_shape")
        shape = _fixed(batch)
        refused = "" if shape else "takes inputs whose size is not fixed"
        label = f"{self._prefix}{name}"
        return self._network.add(PlacedLayer(label, name, None, refused, source, shape, ""))

    def _operation(self, step: Step) -> list[int]:
        """Add what an operation computes; a place for each of its outputs."""
        name = step.name[:80]
        try:
            found = computed(step.entry, step.call, self._shape)
        except LayerRefused as why:
            inputs = tuple(map(self._place, step.call.tensors))
            return self._refused(name, inputs, step.shapes, str(why), "")
        inputs = tuple(map(self._place, found.inputs))
        ends = []
        for number, chain in enumerate(found.outputs):
            more = f"_{number}" if len(found.outputs) > 1 else ""
            ends.append(self._chain(name + more, list(chain), inputs, ""))
        return ends

    def _layer(
        self, entry: dict[str, Any], inputs: tuple[int, ...], stated: tuple[Any, ...], refused: str
    ) -> list[int]:
        """Add a layer, and a non-linearity that it has as a layer of its own; its outputs."""
        config, group = entry["config"], entry[GROUP]
        name = str(config.get("name") or entry.get("name") or entry["class_name"])[:80]
        if not refused and entry["class_name"] in PASSED and entry.get("module") == "keras.layers":
            label = f"{self._prefix}{name}"
            self._network.notes.append(f"'{label}' is left out: it only works in training.")
            return [self._chain(name, [], inputs, group)]
        found: list[AnyLayer] = []
        try:
            shape = self._network.places[inputs[0]].shape if inputs else None
            axes = len(shape) + 1 if shape else 0
            found = described(str(entry["class_name"]), entry.get("module"), config, axes)
        except LayerRefused as why:
            # What the layer is says more than how it is called; a model is no layer, though.
            refused = refused if is_model(entry) else str(why)
        if not refused and len(stated) > 1:
            refused = "has several outputs"
        if refused:
            return self._refused(name, inputs, stated, refused, group)
        return [self._chain(name, found, inputs, group)]

    def _refused(
        self, name: str, inputs: tuple[int, ...], stated: tuple[Any, ...], why: str, group: str
    ) -> list[int]:
        """Add a place for each output of what cannot be rebuilt."""
        label, given = f"{self._prefix}{name}", {self._network.places[i].shape for i in inputs}
        # Keras 2 states no shapes. What takes two equal rows is taken to draw such a row of them.
        drawn = given.pop() if len(inputs) == 2 and len(given) == 1 else None
        return [
            self._network.add(
                PlacedLayer(label, name, None, why, inputs, _fixed(shape) or drawn, group)
            )
            for shape in stated or (None,)
        ]

    def _chain(self, name: str, layers: list[AnyLayer], inputs: tuple[int, ...], group: str) -> int:
        """Add layers one after the other, or one that passes its input on; the last place."""
        if not layers:
            label, shape = f"{self._prefix}{name}", self._network.places[inputs[0]].shape
            return self._network.add(PlacedLayer(label, name, None, "", inputs, shape, group))
        for i, layer in enumerate(layers):
            called = f"{name}_activation" if i else name
            label = f"{self._prefix}{called}"
            place = self._described(label, called, layer, inputs, "" if i else group)
            inputs = (self._network.add(place),)
        return inputs[0]

    def _described(
        self, label: str, name: str, layer: AnyLayer, inputs: tuple[int, ...], group: str
    ) -> PlacedLayer:
        shapes = [self._network.places[i].shape for i in inputs]
        known = [shape for shape in shapes if shape is not None]
        if len(known) < len(shapes) and not (known and isinstance(layer, Add | Multiply)):
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


def _arguments(entry: dict[str, Any]) -> tuple[str, ...]:
    """What Keras calls a layer's inputs, if each of several is an argument of its own."""
    known = LAYERS.get(str(entry["class_name"]))
    return known.arguments if known else ()


def _built_for(document: dict[str, Any]) -> Any:
    built = document.get("build_config")
    return built.get("input_shape") if isinstance(built, dict) else None


def _fixed(batch: Any) -> Shape | None:
    """The shape of one example from that of a batch, if all of it is known."""
    if not isinstance(batch, list) or not 2 <= len(batch) <= 6:
        return None
    shape = tuple(batch[1:])
    return shape if all(type(n) is int and 0 < n <= 65_536 for n in shape) else None
