"""The model file: a ``.keras`` file that plain Keras opens, with all that going on needs.

Keras writes its own members (metadata.json, config.json, model.weights.h5) for a model of built-in
layers. Beside them, under ``vaegui/``, lie the settings, the description of the data, the history
and the training state. Opening uses only those and the weights: the model is made by this program
from the settings, never from Keras' configuration, so that no file can name code to be run.
The format is described in docs/file-format.md.
"""

from __future__ import annotations

import os
import zipfile
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import vaegui
from vaegui.data.dataset import ProgressCallback, no_progress
from vaegui.errors import FileError
from vaegui.files import strict_json
from vaegui.files.arrays import Arrays, pack, unpack
from vaegui.files.atomic import replacing
from vaegui.files.container import Container, opened
from vaegui.files.contents import (
    history_arrays,
    history_from_arrays,
    timeline_arrays,
    timeline_from_arrays,
)
from vaegui.files.description import description_from_json
from vaegui.files.reader import read_arrays
from vaegui.files.thumbnail import checked, thumbnail
from vaegui.files.upgrades import FORMAT, upgraded
from vaegui.files.weights import set_weights
from vaegui.training.record.timeline import Timeline
from vaegui.training.settings.settings import Settings

if TYPE_CHECKING:
    from vaegui.training.trainer.trainer import Trainer

__all__ = ["FORMAT", "SUFFIX", "check_name", "open_model", "read_thumbnail", "save"]

SUFFIX = ".keras"

_FOLDER = "vaegui/"
_WEIGHTS = "model.weights.h5"
_THUMBNAIL = "thumbnail.png"
_SMALL = 1 << 20
"""Bytes that a thumbnail may have, and a state beyond what goes with the weights."""
_WIDEST, _AROUND = 8, 1 << 24
"""Bytes of the widest number, and those that the weights' file may have beside its numbers."""
_STATE_SHARE = 4
"""State may be so many times the weights: two averages of the gradient, and the best weights."""
_PACKAGES = ("keras", "tensorflow", "numpy")
_NOT_OURS = "Choose a file that was saved with vaegui."


def check_name(path: str | os.PathLike[str]) -> Path:
    """The path, if it ends in ``.keras``, as Keras asks of the files it opens. Or `FileError`."""
    path = Path(path)
    if path.suffix != SUFFIX:
        raise FileError(
            f"{path} does not end in {SUFFIX}.",
            f"Give a name such as {path.stem or 'run'}{SUFFIX}.",
        )
    return path


def save(
    path: str | os.PathLike[str], trainer: Trainer, progress: ProgressCallback = no_progress
) -> None:
    """Write a run to a file, completely or not at all. The run is as it was before.

    Raises
    ------
    FileError
        If it cannot be written; a file that was there before is then as it was.
    Cancelled
        If ``progress`` raises it, with the same effect.
    """
    path = check_name(path)
    members = _members(trainer)
    with replacing(path) as temporary:
        trainer.vae.exported().save(temporary)
        done = temporary.stat().st_size
        total = done + sum(map(len, members.values()))
        progress("Saving (bytes)", done, total)
        with zipfile.ZipFile(temporary, "a") as archive:
            for name, content in members.items():
                # ZipInfo's fixed default date: the same run always gives the same members.
                archive.writestr(zipfile.ZipInfo(_FOLDER + name), content)
                done += len(content)
                progress("Saving (bytes)", done, total)


def open_model(path: str | os.PathLike[str], progress: ProgressCallback = no_progress) -> Trainer:
    """Make the trainer that `save` was given. Its data are loaded only when they are needed.

    All that the file says is checked before anything is built, so that no file can ask for more
    than its own size is worth.

    Raises
    ------
    FileError
        If the file cannot be read, was not saved by this program, or is damaged.
    Cancelled
        If ``progress`` raises it.
    """
    # TensorFlow comes with it; the checks in this module are wanted before that is loaded.
    from vaegui.training.trainer.trainer import Trainer

    path = Path(path)
    with opened(path) as container:
        format = _format(container)
        settings = Settings.from_document(container.json(_FOLDER + "settings.json"))
        content = container.read(_FOLDER + "data.json", strict_json.MAX_BYTES)
        data = description_from_json(content)
        asked = settings.architecture.parameters(data.shape, settings.latent_units)
        container.check_size(_WEIGHTS, _WIDEST * asked + _AROUND)
        weights = read_arrays(path, "h5", member=_WEIGHTS, progress=progress)
        _check_count(asked, weights)
        history = history_from_arrays(_arrays(container, "history"), settings.latent_units)
        state = _state(container, weights)
        timeline = Timeline()
        if _FOLDER + "timeline.npz" in container.names:
            arrays = _arrays(container, "timeline")
            timeline = timeline_from_arrays(arrays, settings.latent_units, len(history))
        trainer = Trainer(settings, data, history=history, anywhere=True)
        trainer.restore(upgraded(state, format, trainer.vae))
        trainer.timeline = timeline
        set_weights(trainer.vae.exported(), weights)
    return trainer


def read_thumbnail(path: str | os.PathLike[str]) -> bytes | None:
    """The picture of a run in its file, a small PNG, or None if it has none.

    It is not decoded here: show only those of files that this program wrote.

    Raises
    ------
    FileError
        If the file cannot be read or is damaged.
    """
    with opened(Path(path)) as container:
        if _FOLDER + _THUMBNAIL not in container.names:
            return None
        return checked(container.read(_FOLDER + _THUMBNAIL, _SMALL))


def _members(trainer: Trainer) -> dict[str, bytes]:
    packages = {"vaegui": vaegui.__version__, **{name: version(name) for name in _PACKAGES}}
    picture = thumbnail(trainer.timeline)
    return {
        "format.json": strict_json.written({"format": FORMAT, "packages": packages}),
        "settings.json": strict_json.written(trainer.settings.model_dump(mode="json")),
        "data.json": strict_json.written(asdict(trainer.data)),
        "history.npz": pack(history_arrays(trainer.history)),
        "state.npz": pack(trainer.state()),
        "timeline.npz": pack(timeline_arrays(trainer.timeline)),
        **({} if picture is None else {_THUMBNAIL: picture}),
    }


def _format(container: Container) -> int:
    """The file's format. Raises `FileError` unless this version of the program can open it."""
    path = container.path
    if _FOLDER + "format.json" not in container.names:
        if "config.json" in container.names:
            raise FileError(f"The Keras model {path} was not saved by vaegui.", _NOT_OURS)
        raise FileError(f"{path} is damaged or not a model file.", _NOT_OURS)
    document = container.json(_FOLDER + "format.json")
    found = document.get("format") if isinstance(document, dict) else None
    if type(found) is not int or found < 1:
        raise ValueError("the version of its format is not a number")
    if found > FORMAT:
        raise FileError(
            f"{path} has format {found}; this version of vaegui knows formats up to {FORMAT}.",
            "Open it with a newer vaegui.",
        )
    return found


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
    limit = _STATE_SHARE * size + _SMALL
    state = unpack(container.read(_FOLDER + "state.npz", limit))
    for name, array in state.items():
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise ValueError(f"{name} holds numbers that are not finite")
    return state


def _arrays(container: Container, name: str) -> Arrays:
    return unpack(container.read(f"{_FOLDER}{name}.npz"))
