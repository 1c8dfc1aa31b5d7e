"""How a run begins and how its model stands, as the files of a run folder and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui import strict_json
from vaegui.data.description import DataDescription
from vaegui.files.model.contents import (
    history_arrays,
    history_from_arrays,
    ref_arrays,
    refs_from_arrays,
    snapshot_arrays,
    snapshots_from_arrays,
)
from vaegui.files.model.description import description_from_json
from vaegui.files.run_folder.layout import BEGUN, DATA, FORMAT, RUN, SETTINGS
from vaegui.reading.archives.arrays import Arrays, pack, unpack
from vaegui.training.record.events import Device, Prepared, Snapshot
from vaegui.training.record.probes import Probes
from vaegui.training.record.run_id import RunId, run_id_from
from vaegui.training.record.snapshots import SnapshotStore
from vaegui.training.settings.settings import Settings

__all__ = ["begun_files", "begun_from_files", "snapshot_bytes", "snapshot_from_bytes"]

_HISTORY, _SNAPSHOTS, _PROBES = "history/", "snapshots/", "probes/"
_MOST_LABELS = 1 << 16


def begun_files(begun: Prepared) -> dict[Path, bytes]:
    """The files that say how a run begins, in the order in which they are written."""
    run = {
        "format": FORMAT,
        "id": begun.id,
        "device": [begun.device.name, begun.device.reason],
        "parameters": begun.parameters,
        "compiler": begun.compiler,
        "steps_per_epoch": begun.steps_per_epoch,
        "imported": begun.imported,
    }
    arrays = {
        _HISTORY: history_arrays(begun.history),
        _SNAPSHOTS: snapshot_arrays(SnapshotStore(begun.snapshots), begun.data),
        _PROBES: _probes_arrays(begun.probes),
    }
    return {
        SETTINGS: strict_json.written(begun.settings.model_dump(mode="json")),
        DATA: strict_json.written(asdict(begun.data)),
        BEGUN: pack({kind + name: a for kind, part in arrays.items() for name, a in part.items()}),
        RUN: strict_json.written(run),
    }


def begun_from_files(files: Mapping[Path, bytes]) -> Prepared:
    """The beginning of the run in these files.

    Raises
    ------
    ValueError, VaeguiError, zipfile.BadZipFile
        If they are not what this program writes.
    """
    run = strict_json.parse(files[RUN])
    if not isinstance(run, dict) or type(run.get("format")) is not int or run["format"] < 1:
        raise ValueError("run.json is not one of a run")
    if run["format"] > FORMAT:
        raise ValueError(f"it has format {run['format']}; this version knows formats to {FORMAT}")
    settings = Settings.from_document(strict_json.parse(files[SETTINGS]))
    data = description_from_json(files[DATA])
    arrays = unpack(files[BEGUN])
    units = settings.latent_units
    history = history_from_arrays(_part(arrays, _HISTORY), units)
    snapshots = snapshots_from_arrays(_part(arrays, _SNAPSHOTS), data, units, len(history))
    match run:
        case {
            "device": [str(name), str(reason)],
            "parameters": int(parameters),
            "compiler": str(compiler),
            "steps_per_epoch": int(steps),
            "imported": str(imported),
        } if steps > 0:
            return Prepared(
                id=run_id_from(run.get("id")),
                settings=settings,
                data=data,
                probes=_probes(_part(arrays, _PROBES), data),
                device=Device(name, reason),
                parameters=parameters,
                compiler=compiler,
                steps_per_epoch=steps,
                history=history,
                snapshots=snapshots.all,
                imported=imported,
            )
    raise ValueError("run.json does not say how the run is computed")


def snapshot_bytes(run: RunId, shot: Snapshot) -> bytes:
    """A snapshot of a run as a file."""
    arrays: Arrays = {
        "run": np.frombuffer(run.encode(), np.uint8),
        "step": np.array(shot.step, np.int64),
        "mean": shot.mean,
        "log_var": shot.log_var,
        "reconstruction": shot.reconstruction,
    }
    return pack(arrays if shot.samples is None else {**arrays, "samples": shot.samples})


def snapshot_from_bytes(content: bytes, run: RunId, begun: Prepared) -> Snapshot | None:
    """The snapshot in a file; None if it is one of another run.

    Raises
    ------
    ValueError, zipfile.BadZipFile
        If it is no snapshot that fits the beginning of the run.
    """
    arrays = unpack(content)
    if bytes(_array(arrays, "run", "u1", (None,))) != run.encode():
        return None
    probes, shape = begun.probes, begun.data.shape
    mean = _array(arrays, "mean", "f4", (len(probes), begun.settings.latent_units))
    return Snapshot(
        step=int(_array(arrays, "step", "i8", ())),
        mean=mean,
        log_var=_array(arrays, "log_var", "f4", mean.shape),
        reconstruction=_array(arrays, "reconstruction", "f4", (probes.gallery, *shape)),
        samples=_array(arrays, "samples", "f4", (None, *shape)) if "samples" in arrays else None,
    )


def _part(arrays: Arrays, kind: str) -> Arrays:
    """The arrays whose names begin so, without that beginning."""
    return {k.removeprefix(kind): v for k, v in arrays.items() if k.startswith(kind)}


def _probes_arrays(probes: Probes) -> Arrays:
    arrays: Arrays = {
        "x": probes.x,
        "gallery": np.array(probes.gallery, np.int64),
        **ref_arrays(probes.refs),
    }
    if probes.labels is not None:
        arrays["labels"] = np.asarray(probes.labels, np.int64)
    return arrays


def _probes(arrays: Arrays, data: DataDescription) -> Probes:
    x = arrays.get("x")
    if x is None or x.dtype.kind not in "uf" or x.shape[1:] != data.shape:
        raise ValueError("the probes do not fit the data")
    labels = None
    if "labels" in arrays:
        labels = _array(arrays, "labels", "i8", (len(x),))
        if labels.size and not 0 <= labels.min() <= labels.max() < _MOST_LABELS:
            raise ValueError("the labels of the probes are impossible")
    gallery = int(_array(arrays, "gallery", "i8", ()))
    if not 0 <= gallery <= len(x):
        raise ValueError("the probes do not fit each other")
    return Probes(x, labels, gallery, refs_from_arrays(arrays, data, len(x)))


def _array(arrays: Arrays, name: str, dtype: str, shape: tuple[int | None, ...]) -> NDArray[Any]:
    """The array ``name``, if it has this type and shape; None in ``shape`` allows any length."""
    array = arrays.get(name)
    if array is None or array.dtype != np.dtype(dtype) or len(array.shape) != len(shape):
        raise ValueError(f"the folder's array {name} is missing or has the wrong form")
    if any(wanted not in (None, n) for wanted, n in zip(shape, array.shape, strict=True)):
        raise ValueError(f"the folder's array {name} has the wrong length")
    return array
