"""What a model file remembers of the run: history and snapshots, to and from named arrays."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from vaegui import strict_json
from vaegui.data.description import DataDescription
from vaegui.data.source import ExampleRef
from vaegui.reading.archives.arrays import Arrays
from vaegui.training.record.events import Snapshot
from vaegui.training.record.history import History
from vaegui.training.record.losses import EpochDone, LossTerms
from vaegui.training.record.snapshots import MOST, SnapshotStore

__all__ = [
    "history_arrays",
    "history_from_arrays",
    "ref_arrays",
    "refs_from_arrays",
    "snapshot_arrays",
    "snapshots_from_arrays",
]

_MOST_PROBES = 10_000
_MOST_LABELS = 1 << 16
_MOST_MARKS = 1 << 20
"""Bytes of all marks."""

_MARKS = TypeAdapter(list[tuple[int, str]])


def history_arrays(history: History) -> Arrays:
    """A history as arrays, for `history_from_arrays`. All numbers keep all their bits."""
    epochs = history.epochs
    missing = LossTerms(math.nan, math.nan, math.nan)
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
        "under_way": np.array([history.seconds], np.float64),
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
    marks = _checked(arrays, "marks", np.uint8, (None,)).tobytes()
    if len(marks) > _MOST_MARKS:
        raise ValueError("the history has too many marks")
    for mark in _MARKS.validate_python(_document(marks)):
        history.add_mark(*mark)
    for i, epoch in enumerate(arrays["epoch"]):
        if epoch != i + 1 or not 0 < step[i] <= len(history):
            raise ValueError("the epochs of the history do not follow each other")
        history.add_epoch(
            EpochDone(
                epoch=i + 1,
                step=int(step[i]),
                train=LossTerms(*train[i].tolist()),
                validation=LossTerms(*validation[i].tolist()) if validated[i] else None,
                kl_by_unit=kl_by_unit[i].copy(),
                active_units=int(active_units[i]),
                seconds=float(seconds[i]),
            )
        )
    history.seconds = _under_way(arrays)
    return history


def _under_way(arrays: Arrays) -> float:
    """The seconds of the epoch that was not at its end; 0 in files that are older than this."""
    if "under_way" not in arrays:
        return 0.0
    (seconds,) = _checked(arrays, "under_way", np.float64, (1,)).tolist()
    if not 0.0 <= seconds < math.inf:
        raise ValueError("the history has an impossible time")
    return float(seconds)


def _document(marks: bytes) -> Any:
    try:
        return strict_json.parse(marks)
    except ValueError as error:
        raise ValueError(f"the marks of the history cannot be used: {error}") from None


def snapshot_arrays(snapshots: SnapshotStore, data: DataDescription) -> Arrays:
    """The snapshots of a run as arrays, for `snapshots_from_arrays`.

    Reconstructions of data of whole numbers are rounded to such. Snapshots with numbers that are
    not finite are left out.
    """
    shots = [shot for shot in snapshots.all if _is_finite(shot)]
    if not shots:
        return {}
    pictures = np.concatenate([shot.reconstruction for shot in shots])
    if data.dtype == "uint8":
        pictures = np.clip(np.rint(pictures), 0, 255)
    arrays: Arrays = {
        **ref_arrays(snapshots.refs),
        "step": np.array([shot.step for shot in shots], np.int64),
        "mean": np.stack([shot.mean for shot in shots]),
        "log_var": np.stack([shot.log_var for shot in shots]),
        "gallery": np.array([len(shot.reconstruction) for shot in shots], np.int64),
        "reconstruction": pictures.astype(data.dtype),
    }
    return arrays if snapshots.labels is None else {**arrays, "labels": snapshots.labels}


def snapshots_from_arrays(
    arrays: Arrays, data: DataDescription, units: int, steps: int
) -> SnapshotStore:
    """The snapshots of a run of so many steps that `snapshot_arrays` was given.

    Raises `ValueError` if they cannot be those of one.
    """
    if not arrays:
        return SnapshotStore()
    step = _checked(arrays, "step", np.int64, (None,))
    mean = _checked(arrays, "mean", np.float32, (len(step), None, units))
    log_var = _checked(arrays, "log_var", np.float32, mean.shape)
    labels = arrays.get("labels")
    if labels is not None:
        labels = _checked(arrays, "labels", np.int64, mean.shape[1:2])
        if labels.size and not 0 <= labels.min() <= labels.max() < _MOST_LABELS:
            raise ValueError("the labels of the probes are impossible")
    if not 1 <= len(step) <= MOST or not 1 <= mean.shape[1] <= _MOST_PROBES:
        raise ValueError("there are too many snapshots or probes")
    if step[0] < 0 or step[-1] > steps or np.any(np.diff(step) < 1):
        raise ValueError("the steps of the snapshots do not follow each other")
    decoded = _reconstructions(arrays, data, mean.shape)
    # Copies: a snapshot that is dropped later must not be held by the others.
    shots = map(Snapshot, step.tolist(), map(np.copy, mean), map(np.copy, log_var), decoded)
    snapshots = SnapshotStore(shots, labels, refs_from_arrays(arrays, data, mean.shape[1]))
    if not all(map(_is_finite, snapshots.all)):
        raise ValueError("the snapshots hold numbers that are not finite")
    return snapshots


def ref_arrays(refs: tuple[ExampleRef, ...]) -> Arrays:
    """Which examples the probes are, as arrays for `refs_from_arrays`."""
    if not refs:
        return {}
    return {
        "row": np.array([ref.row for ref in refs], np.int64),
        "is_test": np.array([ref.part == "test" for ref in refs], np.bool_),
    }


def refs_from_arrays(arrays: Arrays, data: DataDescription, probes: int) -> tuple[ExampleRef, ...]:
    """Which examples so many probes are.

    Older files do not say: their probes are rows of a dataset that nobody knows. Raises
    `ValueError` if they cannot be examples of these data.
    """
    if "row" not in arrays:
        return tuple(ExampleRef("", "test", row) for row in range(probes))
    row = _checked(arrays, "row", np.int64, (probes,))
    is_test = _checked(arrays, "is_test", np.bool_, (probes,))
    length = np.where(is_test, data.test_examples, data.train_examples)
    if np.any((row < 0) | (row >= length)):
        raise ValueError("the probes are no examples of the data")
    return tuple(
        ExampleRef(data.sha256, "test" if test else "train", int(i))
        for i, test in zip(row, is_test, strict=True)
    )


def _reconstructions(
    arrays: Arrays, data: DataDescription, shape: tuple[int, ...]
) -> list[NDArray[np.float32]]:
    """The reconstructions of each snapshot; ``shape`` is (snapshots, probes, units)."""
    if "gallery" not in arrays:
        # They came into the file later than the rest.
        return [np.empty((0, *data.shape), np.float32)] * shape[0]
    gallery = _checked(arrays, "gallery", np.int64, shape[:1])
    if gallery.min() < 0 or gallery.max() > shape[1]:
        raise ValueError("the snapshots have more reconstructions than probes")
    form = int(gallery.sum()), *data.shape
    pictures = _checked(arrays, "reconstruction", np.dtype(data.dtype).type, form)
    return [part.astype(np.float32) for part in np.split(pictures, np.cumsum(gallery)[:-1])]


def _is_finite(shot: Snapshot) -> bool:
    # A plain autoencoder's log-variance is minus infinity.
    arrays = shot.mean, shot.reconstruction, np.maximum(shot.log_var, np.finfo(np.float32).min)
    return all(np.isfinite(array).all() for array in arrays)


def _terms_array(terms: list[LossTerms]) -> NDArray[np.float64]:
    rows = [(t.total, t.reconstruction, t.kl) for t in terms]
    return np.array(rows, np.float64).reshape(len(rows), 3)


def _checked(
    arrays: Arrays, name: str, dtype: type[np.generic], shape: tuple[int | None, ...]
) -> NDArray[Any]:
    """The array ``name``, if it has this type and shape; None in ``shape`` allows any length."""
    array = arrays.get(name)
    if array is None:
        raise ValueError(f"the record of the run lacks {name}")
    fits = len(array.shape) == len(shape) and all(
        wanted in (None, length) for wanted, length in zip(shape, array.shape, strict=True)
    )
    if array.dtype != dtype or not fits:
        raise ValueError(f"{name} in the record of the run has the wrong form")
    return array
