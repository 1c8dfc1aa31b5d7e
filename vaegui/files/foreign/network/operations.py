"""Operations outside of layers, of ``keras.ops`` or, with other arguments, TensorFlow's -> layers.

What a file calls an operation is only compared with the names here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pydantic import ValidationError

from vaegui.core.layers import ACTIVATIONS, AnyLayer, Shape
from vaegui.core.layers.base import axis_of
from vaegui.core.layers.merging import Add, Concatenate, Maximum, Minimum, Multiply, Subtract
from vaegui.core.layers.operations import Absolute, Clip, Divide, Logarithm, Power, Slice
from vaegui.core.layers.pointwise import ELU, Activation, LeakyReLU, Rescaling, Softmax
from vaegui.core.layers.shaping import Permute, Reshape
from vaegui.files.foreign.network.layer_config import LayerRefused
from vaegui.files.foreign.network.wiring import Call, Ref
from vaegui.files.model.weights import snake_case

__all__ = ["Computed", "computed", "is_operation"]

Chain = tuple[AnyLayer, ...]
"""Layers one after the other; none pass their input on."""

_CALLED: dict[str, str] = {
    "abs": "absolute",
    "clip_by_value": "clip",
    "concat": "concatenate",
    "div": "divide",
    "exp": "exponential",
    "getitem": "get_item",
    "mul": "multiply",
    "neg": "negative",
    "pow": "power",
    "sub": "subtract",
    "true_divide": "divide",
    "truediv": "divide",
}
"""Names of operations that have another one here."""

_ARGUMENTS: dict[str, tuple[str, ...]] = {
    "add": ("x1", "x2"),
    "subtract": ("x1", "x2"),
    "multiply": ("x1", "x2"),
    "divide": ("x1", "x2"),
    "maximum": ("x1", "x2"),
    "minimum": ("x1", "x2"),
    "power": ("x1", "x2"),
    "clip": ("x", "x_min", "x_max"),
    "reshape": ("x", "newshape"),
    "expand_dims": ("x", "axis"),
    "squeeze": ("x", "axis"),
    "concatenate": ("xs", "axis"),
    "split": ("x", "indices_or_sections", "axis"),
    "transpose": ("x", "axes"),
    "get_item": ("x", "key"),
}
"""Their arguments in order; those of all others are called x."""

_ALSO_CALLED: dict[str, str] = {
    "clip_value_max": "x_max",
    "clip_value_min": "x_min",
    "perm": "axes",
    "shape": "newshape",
    "slice_spec": "key",
    "x": "x1",
    "y": "x2",
}

_PASSED = frozenset({"identity", "stop_gradient"})
_MERGED: dict[str, Callable[[], AnyLayer]] = {
    "add": Add,
    "subtract": Subtract,
    "multiply": Multiply,
    "divide": Divide,
    "maximum": Maximum,
    "minimum": Minimum,
}
_POINTWISE: dict[str, Chain] = {
    "absolute": (Absolute(),),
    "log": (Logarithm(),),
    "negative": (Rescaling(scale=-1.0),),
    "reciprocal": (Power(exponent=-1.0),),
    "rsqrt": (Power(exponent=-0.5),),
    "sqrt": (Power(exponent=0.5),),
    "square": (Power(exponent=2.0),),
}


@dataclass(frozen=True, slots=True)
class Computed:
    """What an operation takes, and a chain of layers for each of its outputs."""

    inputs: tuple[Ref, ...]
    outputs: tuple[Chain, ...]


def is_operation(entry: dict[str, Any]) -> bool:
    """Whether an entry of a model is an operation, and no layer."""
    return "ops" in str(entry.get("module")).split(".")


def computed(
    entry: dict[str, Any], call: Call, shape_of: Callable[[Ref], Shape | None]
) -> Computed:
    """The layers that compute what a call of an operation does.

    Raises
    ------
    LayerRefused
        If it is none that is known here, or not with such arguments.
    """
    config = entry["config"]
    written = str(entry["class_name"])[:40]
    name = snake_case(written.split(".")[-1])
    name = _CALLED.get(name, name)
    refused = LayerRefused(f"is the operation '{written}', written outside of layers")
    names = _ARGUMENTS.get(name, ("x",))
    given = {key: value for key, value in config.items() if key not in ("name", "dtype")}
    given |= call.kwargs
    given |= dict(zip(names, call.args, strict=False))
    first = given.pop(names[0], None)
    given = {key if key in names else _ALSO_CALLED.get(key, key): v for key, v in given.items()}
    first = given.pop(names[0], None) if first is None else first
    try:
        found = _operation(name, first, given, shape_of)
    except (TypeError, ValueError, KeyError, IndexError, ValidationError) as error:
        raise LayerRefused(f"is the operation '{written}' with arguments unknown here") from error
    if found is None:
        raise refused
    return found


def _operation(
    name: str,
    first: Any,
    given: dict[str, Any],
    shape_of: Callable[[Ref], Shape | None],
) -> Computed | None:
    """The layers of an operation; None if it is unknown. Raises `ValueError` and the like."""
    if name in _MERGED or name == "power":
        return _arithmetic(name, first, given["x2"])
    if name == "concatenate":
        axis, rank = given.get("axis", 0), len(shape_of(first[0]) or ())
        last = axis_of(axis, (1,) * rank) == rank - 1
        joined: Chain = (Concatenate(axis=-1 if last else axis),) if len(first) > 1 else ()
        return Computed(tuple(first), (joined,))
    if not isinstance(first, Ref):
        return None
    if name in _PASSED:
        return Computed((first,), ((),))
    if chain := _POINTWISE.get(name) or _non_linearity(name, given):
        return Computed((first,), (chain,))
    if name == "clip":
        bounds = Clip(minimum=_number(given["x_min"]), maximum=_number(given["x_max"]))
        return Computed((first,), ((bounds,),))
    if name in _SHAPED:
        shape = shape_of(first)
        if shape is None:
            raise ValueError("of a shape that is not known")
        return Computed((first,), tuple(_SHAPED[name](given, shape)))
    return None


def _arithmetic(name: str, a: Any, b: Any) -> Computed | None:
    """Of two tensors, or of a tensor and a number on either side."""
    if isinstance(a, Ref) and isinstance(b, Ref):
        return Computed((a, b), ((_MERGED[name](),),)) if name in _MERGED else None
    if isinstance(a, Ref):
        return Computed((a,), (_with_number(name, _number(b)),))
    number = _number(a)
    if name == "subtract":
        return Computed((b,), ((Rescaling(scale=-1.0, offset=number),),))
    if name == "divide":
        return Computed((b,), ((Power(exponent=-1.0), Rescaling(scale=number)),))
    return None if name == "power" else Computed((b,), (_with_number(name, number),))


def _with_number(name: str, number: float) -> Chain:
    """A tensor and then a number."""
    layers: dict[str, Callable[[], AnyLayer]] = {
        "add": lambda: Rescaling(scale=1.0, offset=number),
        "subtract": lambda: Rescaling(scale=1.0, offset=-number),
        "multiply": lambda: Rescaling(scale=number),
        "divide": lambda: Rescaling(scale=_inverse(number)),
        "maximum": lambda: Clip(minimum=number),
        "minimum": lambda: Clip(maximum=number),
        "power": lambda: Power(exponent=number),
    }
    return (layers[name](),)


def _non_linearity(name: str, given: dict[str, Any]) -> Chain:
    """The activation layer of that name; none if there is none."""
    if name == "softmax":
        return (Softmax(axis=given.get("axis", -1)),)
    if name == "leaky_relu":
        slope = given.get("negative_slope", given.get("alpha", 0.2))
        return (LeakyReLU(negative_slope=_number(slope)),)
    if name == "elu":
        return (ELU(alpha=_number(given.get("alpha", 1.0))),)
    exact = name != "gelu" or given.get("approximate") is False
    return (
        (Activation.model_validate({"activation": name}),) if exact and name in ACTIVATIONS else ()
    )


def _reshaped(given: dict[str, Any], shape: Shape) -> list[Chain]:
    batch, *rest = given["newshape"]
    if batch not in (-1, None):
        raise ValueError("the batch would not be the first axis")
    return [(Reshape(target_shape=tuple(rest)),)]


def _expanded(given: dict[str, Any], shape: Shape) -> list[Chain]:
    axis = axis_of(given["axis"], (*shape, 1))
    return [(Reshape(target_shape=(*shape[:axis], 1, *shape[axis:])),)]


def _squeezed(given: dict[str, Any], shape: Shape) -> list[Chain]:
    axis = given["axis"]
    axis = axis_of(axis[0] if isinstance(axis, list) and len(axis) == 1 else axis, shape)
    if shape[axis] != 1:
        raise ValueError("an axis of more than one value")
    return [(Reshape(target_shape=(*shape[:axis], *shape[axis + 1 :])),)]


def _transposed(given: dict[str, Any], shape: Shape) -> list[Chain]:
    batch, *axes = given["axes"]
    if batch != 0:
        raise ValueError("the batch would not be the first axis")
    return [(Permute(dims=tuple(axes)),)]


def _split(given: dict[str, Any], shape: Shape) -> list[Chain]:
    """The parts along one axis."""
    axis = axis_of(given.get("axis", 0), shape)
    length, lengths = shape[axis], given.get("num_or_size_splits")
    parts = given["indices_or_sections"] if lengths is None else lengths
    if type(parts) is list and len(parts) > 64:
        raise ValueError("too many parts")
    if type(parts) is int:
        if not 1 <= parts <= 64 or length % parts:
            raise ValueError("parts of different lengths")
        inner = [length // parts * i for i in range(1, parts)]
    elif lengths is not None:  # TensorFlow's, where Keras has places.
        inner = [sum(parts[: i + 1]) for i in range(len(parts) - 1)]
        if sum(parts) != length:
            raise ValueError("lengths that are not all")
    else:
        inner = list(parts)
    edges = [0, *inner, length]
    return [(_slice(shape, {axis: (start, stop)}),) for start, stop in pairwise(edges)]


def _item(given: dict[str, Any], shape: Shape) -> list[Chain]:
    """``x[:, a:b, 0]`` and the like."""
    key = given["key"] if isinstance(given["key"], list) else [given["key"]]
    ellipses = [i for i, each in enumerate(key) if _is_ellipsis(each)]
    if len(ellipses) > 1:
        raise ValueError("more than one ellipsis")
    fill: list[Any] = [{}] * (len(shape) + 2 - len(key))
    if ellipses:
        key = [*key[: ellipses[0]], *fill, *key[ellipses[0] + 1 :]]
    batch, *axes = key
    if _range(batch, 2) != (0, 2) or type(batch) is int or len(axes) > len(shape):
        raise ValueError("a part of the batch")
    ranges = {i: _range(each, shape[i]) for i, each in enumerate(axes)}
    part = _slice(shape, ranges)
    left = tuple(n for i, n in enumerate(part.shape(shape)) if type((*axes, *fill)[i]) is not int)
    if len(left) == len(shape):
        return [(part,)]
    if not left:
        raise ValueError("nothing but the batch would remain")
    return [(part, Reshape(target_shape=left))]


def _range(written: Any, length: int) -> tuple[int, int]:
    """From where to where along an axis."""
    if type(written) is int:
        start = range(length)[written]
        return start, start + 1
    config = written.get("config", written)
    start, stop, step = (config.get(name) for name in ("start", "stop", "step"))
    if step not in (None, 1):
        raise ValueError("in steps")
    return slice(start, stop).indices(length)[:2]


def _is_ellipsis(written: Any) -> bool:
    return isinstance(written, dict) and (
        written.get("class_name") == "__ellipsis__" or written.get("start") == "Ellipsis"
    )


def _slice(shape: Shape, ranges: dict[int, tuple[int, int]]) -> Slice:
    return Slice(ranges=tuple(ranges.get(i, (0, length)) for i, length in enumerate(shape)))


_SHAPED: dict[str, Callable[[dict[str, Any], Shape], list[Chain]]] = {
    "expand_dims": _expanded,
    "get_item": _item,
    "reshape": _reshaped,
    "split": _split,
    "squeeze": _squeezed,
    "transpose": _transposed,
}


def _number(value: Any) -> Any:
    """A finite number, also where it is written as an array of one; None remains."""
    if isinstance(value, dict) and value.get("class_name") in ("__numpy__", "__tensor__"):
        value = value["config"]["value"]
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    if value is None or (type(value) in (int, float) and math.isfinite(value)):
        return value
    raise TypeError("not a number")


def _inverse(number: float) -> float:
    if number == 0:
        raise ValueError("divided by nothing")
    return 1.0 / number
