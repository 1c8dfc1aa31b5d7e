"""One layer's configuration as Keras writes it -> our description of it, or why there is none."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter, ValidationError

from vaegui.core.layers import ACTIVATIONS, LAYERS, AnyLayer

__all__ = ["PASSED", "LayerRefused", "described"]

PASSED = frozenset(
    {
        "ActivityRegularization",
        "AlphaDropout",
        "Dropout",
        "GaussianDropout",
        "GaussianNoise",
        "SpatialDropout1D",
        "SpatialDropout2D",
    }
)
"""Layers that do something only while their own program trains."""

_WITHOUT_EFFECT = ("_initializer", "_regularizer", "_constraint")
"""Ends of the names of settings that do not change what a trained layer computes."""

_TRAINING_ONLY = frozenset(
    {"name", "trainable", "dtype", "momentum", "renorm_momentum", "synchronized", "seed"}
)

_MUST_BE: dict[str, tuple[Any, ...]] = {
    "data_format": ("channels_last",),
    "dilation_rate": ([1, 1], (1, 1)),
    "rms_scaling": (False,),
    "renorm": (False,),
}
"""Values that settings which our descriptions lack have to have, for the layer to be the same."""

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
    if kind not in LAYERS:
        raise LayerRefused(f"is of the kind {_shown(kind)}, which this program does not rebuild")
    fields = LAYERS[kind].model_fields
    after: list[AnyLayer] = []
    values: dict[str, Any] = {}
    for key, value in config.items():
        if key == "activation" and key in fields:
            values[key], after = _activation(value)
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
    if value is None or key in _TRAINING_ONLY or key.endswith(_WITHOUT_EFFECT):
        return True
    return value in _MUST_BE.get(key, ())


def _shown(value: Any) -> str:
    text = str(value)
    text = text if text.isprintable() else ascii(value)
    return f"'{text if len(text) <= 40 else text[:39] + '…'}'"
