"""What a model file says beside the model: data description and history, to and from bytes."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from vaegui.data.dataset import DataDescription
from vaegui.files.arrays import Arrays
from vaegui.training.events import EpochDone, Terms
from vaegui.training.history import History

__all__ = [
    "description_from_json",
    "history_arrays",
    "history_from_arrays",
    "json_bytes",
]

_DESCRIPTION = TypeAdapter(DataDescription)
_MARKS = TypeAdapter(list[tuple[int, str]])


def json_bytes(document: Any) -> bytes:
    """A document as JSON that a person can read; the same one always gives the same bytes."""
    return (json.dumps(document, indent=2, sort_keys=True, allow_nan=False) + "\n").encode()


def description_from_json(content: bytes) -> DataDescription:
    """The description of the data that a model was trained on. Raises `ValueError`."""
    description = _DESCRIPTION.validate_json(content, strict=True)
    features = math.prod(description.shape)
    if not description.shape or any(n < 1 for n in description.shape):
        raise ValueError(f"examples cannot have the shape {description.shape}")
    if description.dtype not in ("uint8", "float32"):
        raise ValueError(f"values cannot have the type {description.dtype}")
    if description.train_examples < 1 or description.test_examples < 0:
        raise ValueError("the numbers of examples are impossible")
    scaling = description.scaling
    for numbers in (scaling.scale, scaling.offset, description.value_range):
        if not np.isfinite(numbers).all():
            raise ValueError("scaling and value range must be finite numbers")
    if np.any(np.equal(scaling.scale, 0.0)):
        raise ValueError("the scale of the data is zero")
    for each in (scaling.scale, scaling.offset, description.feature_names):
        if isinstance(each, tuple) and len(each) not in (features, description.shape[-1]):
            raise ValueError("scaling or feature names do not fit the shape of the data")
    return description


def history_arrays(history: History) -> Arrays:
    """A history as arrays, for `history_from_arrays`. All numbers keep all their bits."""
    epochs = history.epochs
    missing = Terms(math.nan, math.nan, math.nan)
    units = len(epochs[0].kl_by_unit) if epochs else 0
    return {
        "steps": history.steps(),
        "epoch": np.array([e.epoch for e in epochs], np.int64),
        "step": np.array([e.step for e in epochs], np.int64),
        "train": _terms_array([e.train for e in epochs]),
        "validated": np.array([e.validation is not None for e in epochs], np.bool_),
        "validation": _terms_array([e.validation or missing for e in epochs]),
        "kl_by_unit": np.array([e.kl_by_unit for e in epochs], np.float32).reshape(
            len(epochs), units
        ),
        "active_units": np.array([e.active_units for e in epochs], np.int64),
        "seconds": np.array([e.seconds for e in epochs], np.float64),
        "marks": np.frombuffer(json.dumps(history.marks).encode(), np.uint8),
    }


def history_from_arrays(arrays: Arrays, units: int) -> History:
    """The history that `history_arrays` was given. Raises `ValueError` if it cannot be one."""
    epochs = len(_checked(arrays, "epoch", np.int64, (None,)))
    step = _checked(arrays, "step", np.int64, (epochs,))
    train = _checked(arrays, "train", np.float64, (epochs, 3))
    validation = _checked(arrays, "validation", np.float64, (epochs, 3))
    validated = _checked(arrays, "validated", np.bool_, (epochs,))
    kl_by_unit = _checked(arrays, "kl_by_unit", np.float32, (epochs, units if epochs else None))
    active_units = _checked(arrays, "active_units", np.int64, (epochs,))
    seconds = _checked(arrays, "seconds", np.float64, (epochs,))
    history = History()
    history.extend(_checked(arrays, "steps", np.float32, (None, 3)))
    for mark in _MARKS.validate_json(_checked(arrays, "marks", np.uint8, (None,)).tobytes()):
        history.add_mark(*mark)
    for i, epoch in enumerate(arrays["epoch"]):
        if epoch != i + 1 or not 0 < step[i] <= len(history):
            raise ValueError("the epochs of the history do not follow each other")
        history.add_epoch(
            EpochDone(
                epoch=i + 1,
                step=int(step[i]),
                train=Terms(*train[i].tolist()),
                validation=Terms(*validation[i].tolist()) if validated[i] else None,
                kl_by_unit=kl_by_unit[i].copy(),
                active_units=int(active_units[i]),
                seconds=float(seconds[i]),
            )
        )
    return history


def _terms_array(terms: list[Terms]) -> NDArray[np.float64]:
    rows = [(t.total, t.reconstruction, t.kl) for t in terms]
    return np.array(rows, np.float64).reshape(len(rows), 3)


def _checked(
    arrays: Arrays, name: str, dtype: type[np.generic], shape: tuple[int | None, ...]
) -> NDArray[Any]:
    """The array ``name``, if it has this type and shape; None in ``shape`` allows any length."""
    array = arrays.get(name)
    if array is None:
        raise ValueError(f"the history lacks {name}")
    fits = len(array.shape) == len(shape) and all(
        wanted in (None, length) for wanted, length in zip(shape, array.shape, strict=True)
    )
    if array.dtype != dtype or not fits:
        raise ValueError(f"{name} of the history has the wrong form")
    return array
