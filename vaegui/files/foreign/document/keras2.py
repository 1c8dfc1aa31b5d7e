"""A configuration of Keras 2, or of keras-core, as the document that Keras 3 would have written.

Keras 2 names no modules, writes calls as lists, has other words for some settings, and saves what
only computes a loss as layers. Nothing after this file needs to know.
"""

from __future__ import annotations

from typing import Any

__all__ = ["translated"]

_DEEPEST = 32
_MODELS = frozenset({"Functional", "Model", "Sequential"})
_WITHIN = ("layer", "backward_layer", "cell", "activation", "recurrent_activation")
"""Settings of a layer that may hold another."""

_RENAMED = {"LeakyReLU": {"alpha": "negative_slope"}, "ThresholdedReLU": {"theta": "threshold"}}
_CLASSES = {"Model": "Functional", "ThresholdedReLU": "ReLU"}
_IDLE: dict[str, tuple[Any, ...]] = {
    "batch_input_shape": (),
    "implementation": (),
    "input_dtype": (),
    "fused": (),
    "virtual_batch_size": (None,),
    "time_major": (False,),
    "groups": (1,),
    "output_padding": (None,),
    "query_shape": (),
    "key_shape": (),
    "value_shape": (),
    "softmax_robust_masking": (),
}
"""Settings that change nothing, where they have one of these values; () stands for any."""

_FUNCTIONS = {
    "__operators__.add": "Add",
    "__operators__.getitem": "GetItem",
    "__operators__.sub": "Subtract",
    "cast": "Cast",
    "clip_by_value": "Clip",
    "concat": "Concatenate",
    "identity": "Identity",
    "math.abs": "Absolute",
    "math.add": "Add",
    "math.divide": "Divide",
    "math.exp": "Exp",
    "math.log": "Log",
    "math.maximum": "Maximum",
    "math.minimum": "Minimum",
    "math.multiply": "Multiply",
    "math.negative": "Negative",
    "math.reduce_mean": "Mean",
    "math.reduce_sum": "Sum",
    "math.scalar_mul": "Multiply",
    "math.sigmoid": "Sigmoid",
    "math.softplus": "Softplus",
    "math.sqrt": "Sqrt",
    "math.square": "Square",
    "math.subtract": "Subtract",
    "math.tanh": "Tanh",
    "math.truediv": "TrueDivide",
    "nn.relu": "Relu",
    "reshape": "Reshape",
    "split": "Split",
}
"""Functions of TensorFlow that Keras 2 saved by name, by the operations of Keras 3."""


def translated(document: dict[str, Any], version: str = "") -> dict[str, Any]:
    """The same model as Keras 3 describes it.

    Parameters
    ----------
    document
        Of any version of Keras.
    version
        Of the Keras that wrote it; empty if that is not known.

    Raises
    ------
    KeyError, TypeError, AttributeError
        If it is not as Keras writes it.
    """
    return _Translation(old=version.startswith(("1.", "2."))).model(document, 0)


class _Translation:
    """Of one file. ``old``: it is known to be of Keras 2, so that its words mean what they did."""

    def __init__(self, old: bool) -> None:
        self._old = old

    def model(self, entry: dict[str, Any], depth: int) -> dict[str, Any]:
        """A model, and the models and layers within it."""
        if depth > _DEEPEST:
            raise TypeError("models within models without end")
        config = entry.get("config")
        if isinstance(entry.get("layers"), list):  # what a model's own get_config gives
            described: dict[str, Any] = self.model({"config": entry}, depth + 1)["config"]
            return described
        if isinstance(config, list):  # of Keras before 2.2.3: the layers of a Sequential
            config = {"name": entry.get("name", "model"), "layers": config}
        if not isinstance(config, dict) or not isinstance(config.get("layers"), list):
            return self._plain(entry, depth)
        layers = [self._entry(each, depth + 1) for each in config["layers"]]
        config = {**config, "layers": layers}
        if "output_layers" in config:
            config["layers"] = _without_losses(config)
        elif layers and (shape := _stated_shape(entry, depth)) is not None:
            first = {"class_name": "InputLayer", "config": {"batch_shape": shape}}
            config["layers"] = [{**first, "module": "keras.layers"}, *layers]
        return {**entry, **_named(entry), "config": config}

    def _plain(self, entry: dict[str, Any], depth: int) -> dict[str, Any]:
        """A class of its own, whose configuration may hold models."""
        if depth > _DEEPEST:
            raise TypeError("values within values without end")
        return {
            key: self.model(value, depth + 1) if isinstance(value, dict) else value
            for key, value in entry.items()
        }

    def _entry(self, entry: dict[str, Any], depth: int) -> dict[str, Any]:
        """A layer, or a model among the layers, with the calls of it."""
        result = self.model(entry, depth) if _is_model(entry) else self.layer(entry, depth)
        result.setdefault("name", result["config"].get("name"))
        nodes = result.get("inbound_nodes")
        if isinstance(nodes, list):
            result["inbound_nodes"] = [_call(node) for node in nodes]
        return result

    def layer(self, entry: dict[str, Any], depth: int) -> dict[str, Any]:
        """A layer, and those in its settings."""
        if depth > _DEEPEST:
            raise TypeError("layers within layers without end")
        kind, config = str(entry["class_name"]), dict(entry["config"])
        if kind in ("Lambda", "TFOpLambda", "SlicingOpLambda", "TensorFlowOpLayer"):
            return _operation(entry, kind, config)
        if not (self._old or "module" in entry or "trainable" in config or kind == "InputLayer"):
            # HDF5 names no modules, but each layer of Keras 3 says there whether it is trained.
            return {**entry, "module": "keras.ops"}
        if kind == "InputLayer" and "batch_shape" not in config:
            config["batch_shape"] = config.pop("batch_input_shape", None)
        for name in _WITHIN:
            inner = config.get(name)
            if isinstance(inner, dict) and isinstance(inner.get("config"), dict):
                config[name] = self._entry(inner, depth + 1)
        for before, now in _RENAMED.get(kind, {}).items():
            if before in config:
                config[now] = config.pop(before)
        if self._old:
            _in_words_of_now(kind, config)
        kept = {k: _number(v) for k, v in config.items() if not _is_idle(kind, k, v)}
        return {**entry, **_named(entry), "config": kept}


def _is_model(entry: dict[str, Any]) -> bool:
    config = entry["config"]
    layers = config.get("layers") if isinstance(config, dict) else config
    return isinstance(layers, list)


def _named(entry: dict[str, Any]) -> dict[str, Any]:
    """Class and module as Keras 3 has them. A class of one's own that is known to be one stays."""
    kind, module = str(entry.get("class_name")), entry.get("module")
    own = entry.get("registered_name") if module is None else not _is_keras(str(module))
    if own or ">" in kind or "ops" in str(module).split("."):
        return {}
    at_home = "keras.models" if kind in _MODELS else "keras.layers"
    return {"class_name": _CLASSES.get(kind, kind), "module": at_home}


def _is_keras(module: str) -> bool:
    return module.split(".")[0] in ("keras", "keras_core", "tf_keras")


def _operation(entry: dict[str, Any], kind: str, config: dict[str, Any]) -> dict[str, Any]:
    """A function that was saved as a layer: its name, if it has one, and nothing of its code."""
    named = {key: config[key] for key in ("name",) if key in config}
    if kind == "Lambda":
        return {**entry, **_named(entry), "config": named}
    function = str(config.get("function", "__operators__.getitem" * (kind == "SlicingOpLambda")))
    called = _FUNCTIONS.get(function, function or kind)
    return {**entry, "class_name": called, "module": "keras.ops", "config": named}


def _in_words_of_now(kind: str, config: dict[str, Any]) -> None:
    """Change what has had another meaning, or another default, since Keras 3."""
    if kind == "GRU":
        config.setdefault("reset_after", False)
    for name in ("activation", "recurrent_activation"):
        if config.get(name) == "hard_sigmoid":
            config[name] = "hard_sigmoid of Keras 2"  # 0.2 x + 0.5, where it is x / 6 + 0.5 now


def _number(value: Any) -> Any:
    """A number that an early Keras wrote as an array."""
    if isinstance(value, dict) and value.get("type") == "ndarray":
        return value.get("value")
    return value


def _is_idle(kind: str, name: str, value: Any) -> bool:
    if name == "groups" and kind in ("Conv1D", "Conv2D", "Conv3D"):
        return False
    return name in _IDLE and (_IDLE[name] == () or value in _IDLE[name])


def _stated_shape(entry: dict[str, Any], depth: int) -> Any:
    """The shape that the first layer of a Sequential was told, where that has no input."""
    config = entry["config"]
    first = (config if isinstance(config, list) else config["layers"])[0]
    if first["class_name"] == "InputLayer":
        return None
    if _is_model(first):
        return _stated_shape(first, depth + 1) if depth < _DEEPEST else None
    return first["config"].get("batch_input_shape")


def _call(node: Any) -> Any:
    """One call of a layer, with arguments as Keras 3 writes them."""
    if isinstance(node, dict) or not isinstance(node, list):
        return node
    if _is_reference(node):  # of a function: what comes first, and the others by their names
        return {"args": [_tensor(node)], "kwargs": _arguments(node)}
    tensors = [_tensor(each) for each in node]
    kwargs = {k: v for each in node if _is_reference(each) for k, v in _arguments(each).items()}
    return {"args": [tensors[0] if len(tensors) == 1 else tensors], "kwargs": kwargs}


def _arguments(reference: list[Any]) -> dict[str, Any]:
    further = reference[3] if len(reference) > 3 else {}
    return {
        key: _tensor(value) if _is_reference(value) else value
        for key, value in further.items()
        if key != "name"
    }


def _is_reference(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) in (3, 4)
        and isinstance(value[0], str)
        and type(value[1]) is int
    )


def _tensor(value: Any) -> Any:
    """A reference to a layer's output; a constant as it is."""
    if not _is_reference(value):
        return value
    if value[0] == "_CONSTANT_VALUE":
        return value[2]
    return {
        "class_name": "__keras_tensor__",
        "config": {"shape": None, "dtype": "float32", "keras_history": value[:3]},
    }


def _histories(value: Any, depth: int = 0) -> list[list[Any]]:
    """The references within the calls of a layer."""
    if depth > _DEEPEST:
        raise TypeError("arguments within arguments without end")
    if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
        return [value["config"]["keras_history"]]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [found for each in inner for found in _histories(each, depth + 1)]


def _ends(structure: Any, depth: int = 0) -> list[list[Any]]:
    """The references in a model's list of inputs or outputs."""
    if depth > _DEEPEST:
        raise TypeError("lists within lists without end")
    if isinstance(structure, list) and len(structure) == 3 and isinstance(structure[0], str):
        return [structure]
    inner = structure.values() if isinstance(structure, dict) else structure
    return [found for each in inner for found in _ends(each, depth + 1)]


def _without_losses(config: dict[str, Any]) -> list[dict[str, Any]]:
    """The layers without operations that lead to no output, and what these lead to."""
    feeding = {
        each["name"]: {ref[0] for ref in _histories(each.get("inbound_nodes"))}
        for each in config["layers"]
    }
    pending = [ref[0] for ref in _ends(config["output_layers"])]
    needed: set[str] = set()
    while pending:
        name = pending.pop()
        if name not in needed:
            needed.add(name)
            pending += feeding[name]
    dropped: set[str] = set()
    for each in config["layers"]:
        name = each["name"]
        idle = each["class_name"] in ("AddLoss", "AddMetric") or each.get("module") == "keras.ops"
        if name not in needed and (idle or feeding[name] & dropped):
            dropped.add(name)
    return [each for each in config["layers"] if each["name"] not in dropped]
