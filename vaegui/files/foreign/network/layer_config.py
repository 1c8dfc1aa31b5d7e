"""One layer's configuration as Keras writes it -> our description of it, or why there is none."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from vaegui.core.layers import ACTIVATIONS, LAYERS, AnyLayer
from vaegui.files.foreign.network.known_layers import REFUSED, WITHIN

__all__ = ["LayerRefused", "described"]

_CELLS = {"GRUCell": "GRU", "LSTMCell": "LSTM", "SimpleRNNCell": "SimpleRNN"}
"""Cells by which the layer RNN is one of these."""

_WITHOUT_EFFECT = ("_initializer", "_regularizer", "_constraint")
"""Ends of the names of settings that do not change what a trained layer computes."""

_INERT = frozenset(
    {
        "dropout",
        "dtype",
        "implementation",
        "input_length",
        "momentum",
        "name",
        "recurrent_dropout",
        "renorm_momentum",
        "return_state",
        "seed",
        "stateful",
        "synchronized",
        "trainable",
        "unit_forget_bias",
        "unroll",
        "use_cudnn",
    }
)
"""Settings that change nothing of what one batch by itself gives, the states of others included."""

_MUST_BE: dict[str, tuple[Any, ...]] = {
    "attention_axes": ([1],),
    "crop_to_aspect_ratio": (False,),
    "data_format": ("channels_last",),
    "fill_mode": ("constant",),
    "fill_value": (0.0,),
    "groups": (1,),
    "pad_to_aspect_ratio": (False,),
    "renorm": (False,),
    "rms_scaling": (False,),
    "sparse": (False,),
    "time_major": (False,),
    "use_gate": (False,),
}
"""Values that settings which our descriptions lack have to have, for the layer to be the same."""

_LEAST_SD = 1e-7
"""What Keras' Normalization divides by at least."""

_ANY: TypeAdapter[AnyLayer] = TypeAdapter(AnyLayer)

_ACTIVATION_LAYERS = frozenset({"ELU", "LeakyReLU", "ReLU", "Softmax"})


class LayerRefused(ValueError):
    """A layer cannot be rebuilt; its argument says why, in words that follow its name."""


def described(kind: str, module: Any, config: dict[str, Any], axes: int = 0) -> list[AnyLayer]:
    """The layer, and perhaps a non-linearity after it, that a configuration stands for.

    Parameters
    ----------
    kind, module
        Name of the class, and where it says that it is from.
    config
        Its settings.
    axes
        Number of axes of what goes in, the batch included, if that is known.

    Raises
    ------
    LayerRefused
        If it is no layer of Keras that is known here, or has a setting that is not.
    """
    if kind == "Lambda":
        raise LayerRefused("is a Lambda, which can hold any code")
    if "ops" in str(module).split("."):
        raise LayerRefused(f"is the operation {_shown(kind)}, written outside of layers")
    if module != "keras.layers":
        raise LayerRefused(f"is of the class {_shown(kind)}, which is not one of Keras' own layers")
    kind, config = _as_ours(kind, config, axes)
    if kind in WITHIN:
        return _within(config.get("layer"), axes)
    if kind not in LAYERS:
        why = REFUSED.get(kind, "this program does not rebuild")
        raise LayerRefused(f"is of the kind {_shown(kind)}, which {why}")
    fields = LAYERS[kind].model_fields
    after: list[AnyLayer] = []
    values: dict[str, Any] = {}
    for key, value in config.items():
        if key == "activation" and key in fields:
            values[key], after = _activation(value)
        elif key in ("layer", "backward_layer") and key in fields:
            values[key] = _one_within(value)
        elif key in fields and key != "kind":
            values[key] = _axis(value, axes) if key == "axis" else value
        elif not _is_inert(key, value):
            raise LayerRefused(f"has the setting {_shown(key)}, which this program does not know")
    try:
        return [_ANY.validate_python({**values, "kind": kind}), *after]
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        name = ".".join(map(str, fault["loc"][1:])) or "settings"
        raise LayerRefused(f"cannot have {name} = {_shown(fault['input'])}") from None


def _as_ours(kind: str, config: dict[str, Any], axes: int) -> tuple[str, dict[str, Any]]:
    """Layers that are others under another name, as those."""
    if kind == "Identity":
        return "Activation", {"activation": "linear"}
    if kind == "Normalization":
        return _normalisation(config, axes)
    if kind == "RNN":
        cell: dict[str, Any] = config["cell"]
        if cell.get("module") != "keras.layers" or cell["class_name"] not in _CELLS:
            raise LayerRefused("goes through a sequence by a cell that is not rebuilt: use LSTM")
        return _CELLS[cell["class_name"]], {**config, **cell["config"], "cell": None}
    if kind == "Bidirectional" and config.get("backward_layer") is None:
        layer = config["layer"]
        turned = {**layer["config"], "go_backwards": not layer["config"].get("go_backwards")}
        return kind, {**config, "backward_layer": {**layer, "config": turned}}
    return kind, config


def _normalisation(config: dict[str, Any], axes: int) -> tuple[str, dict[str, Any]]:
    """Mean and variance that were met in data: as weights, or as numbers that are given."""
    mean, variance, axis = config.get("mean"), config.get("variance"), config.get("axis")
    if config.get("invert"):
        raise LayerRefused("cannot have invert = True")
    if mean is None:
        as_weights = {"axis": axis, "center": False, "scale": False, "epsilon": _LEAST_SD**2}
        return "BatchNormalization", as_weights
    if isinstance(mean, list) and _axis(axis, axes) != -1:
        raise LayerRefused("has numbers along another axis than the last")
    sds = np.maximum(np.sqrt(np.asarray(variance, float)), _LEAST_SD)
    offset = -np.asarray(mean, float) / sds
    return "Rescaling", {"scale": (1.0 / sds).tolist(), "offset": offset.tolist()}


def _within(value: Any, axes: int = 0) -> list[AnyLayer]:
    """The layer, and perhaps its non-linearity, that another one has within."""
    if not isinstance(value, dict) or not isinstance(value.get("config"), dict):
        raise LayerRefused("has something within that is no layer")
    kind = str(value.get("class_name"))
    if kind in ("Functional", "Model", "Sequential"):
        raise LayerRefused("has a model within: give each of its layers one of its own")
    try:
        return described(kind, value.get("module"), value["config"], axes)
    except LayerRefused as why:
        raise LayerRefused(f"has a layer within that {why}") from None


def _one_within(value: Any) -> AnyLayer:
    layer, *after = _within(value)
    if after:
        raise LayerRefused("has a layer within whose activation is a layer of its own")
    return layer


def _activation(value: Any) -> tuple[str, list[AnyLayer]]:
    """The name of a non-linearity, or 'linear' and the layer that it is."""
    if isinstance(value, str) and value in ACTIVATIONS:
        return value, []
    if value is None:
        return "linear", []
    if isinstance(value, dict) and value.get("class_name") in _ACTIVATION_LAYERS:
        inner = value.get("config")
        if isinstance(inner, dict):
            return "linear", described(value["class_name"], value.get("module"), inner)
    name = value.get("config") if isinstance(value, dict) else value
    raise LayerRefused(f"has the activation {_shown(name)}, which is not one of Keras' own by name")


def _axis(value: Any, axes: int) -> Any:
    """The axis that is meant, -1 if it is the last however that is written."""
    axis = value[0] if isinstance(value, list) and len(value) == 1 else value
    return -1 if axes and axis == axes - 1 else axis


def _is_inert(key: str, value: Any) -> bool:
    if value is None or key in _INERT or key.endswith(_WITHOUT_EFFECT):
        return True
    return value in _MUST_BE.get(key, ())


def _shown(value: Any) -> str:
    text = str(value)
    text = text if text.isprintable() else ascii(value)
    return f"'{text if len(text) <= 40 else text[:39] + '…'}'"
