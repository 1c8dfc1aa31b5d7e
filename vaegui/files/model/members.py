"""What lies in a model file beside Keras' own members: written from a run, and read again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from vaegui import strict_json
from vaegui.data import NoData
from vaegui.data.description import DataDescription
from vaegui.errors import FileError
from vaegui.files.model.contents import (
    history_arrays,
    history_from_arrays,
    snapshot_arrays,
    snapshots_from_arrays,
)
from vaegui.files.model.description import description_from_json
from vaegui.files.model.thumbnail import checked, thumbnail
from vaegui.files.model.upgrades import FORMAT
from vaegui.progress import ProgressCallback, no_progress
from vaegui.reading.archives.arrays import Arrays, pack, unpack
from vaegui.reading.archives.container import Container
from vaegui.reading.reader import read_arrays
from vaegui.training.record.history import History
from vaegui.training.record.run_id import RunId, new_run_id, run_id_from
from vaegui.training.record.snapshots import SnapshotStore
from vaegui.training.settings.settings import Settings
from vaegui.version import __version__

if TYPE_CHECKING:
    from vaegui.training.trainer.trainer import Trainer

__all__ = ["FOLDER", "Contents", "Header", "members_of", "picture", "read", "read_header"]

FOLDER = "vaegui/"

_WEIGHTS = "model.weights.h5"
_RUN = "run.json"
_THUMBNAIL = "thumbnail.png"
_LARGEST_PICTURE = 1 << 20
_WIDEST = 8
"""Bytes of the widest number."""
_AROUND = 1 << 24
"""Bytes that weights and state may have beside their numbers: names, shapes and places."""
_STATE_SHARE = 4
"""State may be so many times the weights: two averages of the gradient, best and last weights."""
_PACKAGES = ("keras", "tensorflow", "numpy")
_NOT_OURS = "Choose a file that was saved with vaegui."


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of its model: ``format`` is that of the file, ``run`` which run it holds."""

    format: int
    run: RunId
    settings: Settings
    data: DataDescription


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a model file holds, checked as far as that goes without building the model.

    ``weights`` are named as in Keras' file of weights, ``state`` as the file's format has it.
    """

    header: Header
    weights: Arrays
    history: History
    state: Arrays
    snapshots: SnapshotStore


def members_of(trainer: Trainer, state: Arrays) -> dict[str, bytes]:
    """The members that a run and its state are saved in, by their names within `FOLDER`."""
    packages = {"vaegui": __version__, **{name: version(name) for name in _PACKAGES}}
    drawn = thumbnail(trainer.snapshots)
    return {
        _RUN: strict_json.written({"id": trainer.id}),
        "format.json": strict_json.written({"format": FORMAT, "packages": packages}),
        "settings.json": strict_json.written(trainer.settings.model_dump(mode="json")),
        "data.json": strict_json.written(asdict(trainer.data)),
        "history.npz": pack(history_arrays(trainer.history)),
        "state.npz": pack(state),
        "timeline.npz": pack(snapshot_arrays(trainer.snapshots, trainer.data)),
        **({} if drawn is None else {_THUMBNAIL: drawn}),
    }


def read_header(container: Container) -> Header:
    """What the model of a file is. Raises `FileError` if this program cannot open it."""
    found = _format(container)
    settings = Settings.from_document(container.json(FOLDER + "settings.json"))
    content = container.read(FOLDER + "data.json", strict_json.MAX_BYTES)
    none = isinstance(settings.data, NoData)
    data = description_from_json(content, none=none)
    if none and data.shape != settings.data.shape:
        raise ValueError("the settings and the description of the data do not agree")
    container.check_size(_WEIGHTS, _WIDEST * _asked(settings, data) + _AROUND)
    return Header(found, _run(container), settings, data)


def read(
    container: Container, progress: ProgressCallback = no_progress, *, own: bool = False
) -> Contents:
    """All that a file holds.

    Parameters
    ----------
    container
        The open file.
    progress
        Told how much of the weights is read.
    own
        Whether this process has just written the file, so that no other has to look into it.

    Raises
    ------
    FileError, ValueError
        If there is anything in it that this program does not write.
    """
    about = read_header(container)
    weights = read_arrays(container.path, "h5", member=_WEIGHTS, own=own, progress=progress)
    _check_count(_asked(about.settings, about.data), weights)
    units = about.settings.latent_units
    history = history_from_arrays(_arrays(container, "history"), units)
    snapshots = SnapshotStore()
    if FOLDER + "timeline.npz" in container.names:
        arrays = _arrays(container, "timeline")
        snapshots = snapshots_from_arrays(arrays, about.data, units, len(history))
    return Contents(about, weights, history, _state(container, weights), snapshots)


def picture(container: Container) -> bytes | None:
    """The picture of the run, a small PNG, or None. It is not decoded."""
    if FOLDER + _THUMBNAIL not in container.names:
        return None
    return checked(container.read(FOLDER + _THUMBNAIL, _LARGEST_PICTURE))


def _asked(settings: Settings, data: DataDescription) -> int:
    """How many numbers the weights of the model are.

    Raises `ValueError` if there is no such model, as the settings do not fit the data.
    """
    if problem := settings.architecture.check(data.shape, settings.latent_units):
        raise ValueError(problem)
    units, read_outs = settings.latent_units, settings.read_outs
    return settings.architecture.parameters(data.shape, units, read_outs)


def _format(container: Container) -> int:
    """The file's format. Raises `FileError` unless this version of the program can open it."""
    path = container.path
    if FOLDER + "format.json" not in container.names:
        if "config.json" in container.names:
            raise FileError(f"The Keras model {path} was not saved by vaegui.", _NOT_OURS)
        raise FileError(f"{path} is damaged or not a model file.", _NOT_OURS)
    document = container.json(FOLDER + "format.json")
    found = document.get("format") if isinstance(document, dict) else None
    if type(found) is not int or found < 1:
        raise ValueError("the version of its format is not a number")
    if found > FORMAT:
        raise FileError(
            f"{path} has format {found}; this version of vaegui knows formats up to {FORMAT}.",
            "Open it with a newer vaegui.",
        )
    return found


def _run(container: Container) -> RunId:
    """Which run it is; a new one if the file is older than ids are."""
    if FOLDER + _RUN not in container.names:
        return new_run_id()
    document = container.json(FOLDER + _RUN)
    return run_id_from(document.get("id") if isinstance(document, dict) else None)


def _check_count(asked: int, weights: Arrays) -> None:
    """Raise `ValueError` unless the model that is to be built has as many weights as there are."""
    held = sum(array.size for array in weights.values())
    if asked != held:
        raise ValueError(
            f"the weights do not fit the settings: they ask for {asked:,} numbers, "
            f"and the file holds {held:,}"
        )


def _state(container: Container, weights: Arrays) -> Arrays:
    size = sum(array.nbytes for array in weights.values())
    state = unpack(container.read(FOLDER + "state.npz", _STATE_SHARE * size + _AROUND))
    for name, array in state.items():
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise ValueError(f"{name} holds numbers that are not finite")
    return state


def _arrays(container: Container, name: str) -> Arrays:
    return unpack(container.read(f"{FOLDER}{name}.npz"))
