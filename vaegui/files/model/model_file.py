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
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vaegui.errors import FileError
from vaegui.files.atomic import replacing
from vaegui.files.model.members import FOLDER, members_of, picture, read, read_header
from vaegui.files.model.upgrades import FORMAT, upgraded
from vaegui.files.model.weights import set_weights, variables
from vaegui.progress import ProgressCallback, no_progress
from vaegui.reading.archives.arrays import Arrays
from vaegui.reading.archives.container import opened

if TYPE_CHECKING:
    from vaegui.training.trainer.trainer import Trainer

__all__ = ["FORMAT", "SUFFIX", "check", "check_name", "open_model", "read_thumbnail", "save"]

SUFFIX = ".keras"


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

    What was written is read again before it takes the place of what was there.

    Raises
    ------
    FileError
        If it cannot be written, or not be opened afterwards; a file that was there before is then
        as it was.
    Cancelled
        If ``progress`` raises it, with the same effect.
    """
    path = check_name(path)
    exported, state = trainer.model.vae.exported(), trainer.model.state()
    members = members_of(trainer, state)
    with replacing(path) as temporary:
        exported.save(temporary)
        done = temporary.stat().st_size
        total = done + sum(map(len, members.values()))
        progress("Saving (bytes)", done, total)
        with zipfile.ZipFile(temporary, "a") as archive:
            for name, content in members.items():
                # ZipInfo's fixed default date: the same run always gives the same members.
                archive.writestr(zipfile.ZipInfo(FOLDER + name), content)
                done += len(content)
                progress("Saving (bytes)", done, total)
        weights = {name: np.asarray(v) for name, v in variables(exported).items()}
        try:
            _check_written(temporary, trainer, weights, state)
        except FileError as error:
            reason = error.message.replace(str(temporary), "it")
            raise FileError(
                f"{path} was not saved, as it could not be opened again: {reason}",
                "Train for another step and save again, or export the weights.",
            ) from error


def open_model(path: str | os.PathLike[str], progress: ProgressCallback = no_progress) -> Trainer:
    """Make the trainer that `save` was given. Its data are loaded only when they are needed.

    All that the file says is checked before anything is built, so that no file can ask for more
    than its own size is worth. A model whose settings name a device that is not here is put on
    another; its placement then says so.

    Raises
    ------
    FileError
        If the file cannot be read, was not saved by this program, or is damaged.
    Cancelled
        If ``progress`` raises it.
    """
    # TensorFlow comes with it; the checks in this module are wanted before that is loaded.
    from vaegui.training.trainer.run_state import RunState
    from vaegui.training.trainer.trainer import Trainer

    with opened(Path(path)) as container:
        found = read(container, progress)
        about = found.header
        state = RunState(about.settings, about.data, found.history, found.snapshots, about.run)
        trainer = Trainer(state, anywhere=True)
        model = trainer.model
        model.restore(upgraded(found.state, about.format, model.vae))
        set_weights(model.vae.exported(), found.weights)
    return trainer


def check(path: str | os.PathLike[str]) -> None:
    """Raise `FileError` unless a file describes a model that `open_model` could make.

    Neither its weights nor its history are read, so it takes milliseconds.
    """
    with opened(Path(path)) as container:
        read_header(container)


def read_thumbnail(path: str | os.PathLike[str]) -> bytes | None:
    """The picture of a run in its file, a small PNG, or None if it has none.

    It is not decoded here: show only those of files that this program wrote.

    Raises
    ------
    FileError
        If the file cannot be read or is damaged.
    """
    with opened(Path(path)) as container:
        return picture(container)


def _check_written(path: Path, trainer: Trainer, weights: Arrays, state: Arrays) -> None:
    """Raise `FileError` unless a file can be opened and holds what it was given."""
    with opened(path) as container:
        found = read(container, own=True)
        picture(container)
        about = found.header
        found_of = about.run, about.settings, about.data
        same = found_of == (trainer.id, trainer.settings, trainer.data)
        arrays = (found.weights, weights), (found.state, state)
        if not (same and all(_equal(*pair) for pair in arrays)):
            raise ValueError("it is not what was written")


def _equal(one: Arrays, other: Arrays) -> bool:
    return one.keys() == other.keys() and all(
        np.array_equal(array, other[name]) for name, array in one.items()
    )
