"""The model file: a ``.keras`` file that plain Keras opens, with all that going on needs.

Keras writes its own members (metadata.json, config.json, model.weights.h5) for a model of built-in
layers. Beside them, under ``vaegui/``, lie the settings, the description of the data, the history
and the training state. Opening uses only those and the weights: the model is made by this program
from the settings, never from Keras' configuration, so that no file can name code to be run.
The format is described in docs/file-format.md.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import tempfile
import traceback
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import vaegui
from vaegui.data.dataset import ProgressCallback, no_progress
from vaegui.errors import Cancelled, FileError, VaeguiError
from vaegui.files.arrays import pack, unpack
from vaegui.files.atomic import replacing
from vaegui.files.contents import (
    description_from_json,
    history_arrays,
    history_from_arrays,
    json_bytes,
)
from vaegui.training.settings import Settings

if TYPE_CHECKING:
    from vaegui.training.trainer import Trainer

__all__ = ["FORMAT", "SUFFIX", "check_name", "open_model", "save"]

FORMAT = 1
"""Version of the format that is written; files of a higher one are refused."""

SUFFIX = ".keras"

_FOLDER = "vaegui/"
_WEIGHTS = "model.weights.h5"
_JSON_LIMIT = 1 << 26
_PACKAGES = ("keras", "tensorflow", "numpy")
_NOT_OURS = "Choose a file that was saved with vaegui."
_DAMAGED = "Use another copy of the file; this one is damaged."


def check_name(path: str | os.PathLike[str]) -> Path:
    """The path, if it ends in ``.keras``, as Keras asks of the files it opens. Or `FileError`."""
    path = Path(path)
    if path.suffix != SUFFIX:
        raise FileError(
            f"{path} does not end in {SUFFIX}.",
            f"Give a name such as {path.stem or 'run'}{SUFFIX}.",
        )
    return path


def save(path: str | os.PathLike[str], trainer: Trainer) -> None:
    """Write a run to a file, completely or not at all.

    Raises
    ------
    FileError
        If it cannot be written; a file that was there before is then as it was.
    """
    path = check_name(path)
    members = _members(trainer)
    with replacing(path) as temporary:
        trainer.vae.exported().save(temporary)
        with zipfile.ZipFile(temporary, "a") as archive:
            for name, content in members.items():
                # ZipInfo's fixed default date: the same run always gives the same members.
                archive.writestr(zipfile.ZipInfo(_FOLDER + name), content)


def open_model(path: str | os.PathLike[str], progress: ProgressCallback = no_progress) -> Trainer:
    """Make the trainer that `save` was given. Its data are loaded only when they are needed.

    Raises
    ------
    FileError
        If the file cannot be read, was not saved by this program, or is damaged.
    Cancelled
        If ``progress`` raises it.
    """
    # TensorFlow comes with it; the checks in this module are wanted before that is loaded.
    from vaegui.training.trainer import Trainer

    path = Path(path)
    with _archive(path) as archive:
        _check_format(path, archive)
        settings = Settings.from_json(_read(archive, "settings.json").decode())
        data = description_from_json(_read(archive, "data.json"))
        history = history_from_arrays(unpack(_read(archive, "history.npz")), settings.latent_units)
        state = unpack(_read(archive, "state.npz"))
        trainer = Trainer.restore(settings, data, history, state)
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            weights = Path(folder, _WEIGHTS)
            _extract(archive, weights, progress)
            _load_weights(trainer.vae.exported(), weights)
    return trainer


def _members(trainer: Trainer) -> dict[str, bytes]:
    packages = {"vaegui": vaegui.__version__, **{name: version(name) for name in _PACKAGES}}
    return {
        "format.json": json_bytes({"format": FORMAT, "packages": packages}),
        "settings.json": json_bytes(trainer.settings.model_dump(mode="json")),
        "data.json": json_bytes(asdict(trainer.data)),
        "history.npz": pack(history_arrays(trainer.history)),
        "state.npz": pack(trainer.state()),
    }


@contextlib.contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """The open file; whatever its contents make go wrong becomes a `FileError` about it."""
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            yield archive
    except (FileError, Cancelled):
        raise
    except VaeguiError as error:
        raise FileError(f"{path} cannot be used: {error.message}", error.remedy) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    except zipfile.BadZipFile as error:
        raise FileError(f"{path} is damaged or not a model file: {error}.", _DAMAGED) from error
    # What zipfile, zlib, json and h5py raise for bytes that are not what they should be.
    except (ValueError, KeyError, EOFError, RuntimeError, NotImplementedError, zlib.error) as error:
        raise FileError(f"{path} is damaged: {error}.", _DAMAGED) from error


def _unreadable(path: Path, error: OSError) -> FileError:
    reasons = {
        errno.ENOENT: ("there is no such file", "Choose another file."),
        errno.EISDIR: ("it is a folder", "Choose a file."),
        errno.EACCES: ("you may not read it", "Change its permissions, or choose another file."),
        errno.ENAMETOOLONG: ("the name is too long", "Choose another file."),
    }
    reason, remedy = reasons.get(
        error.errno or 0, (error.strerror or str(error), "Try again, or choose another file.")
    )
    return FileError(f"{path} cannot be read: {reason}.", remedy)


def _check_format(path: Path, archive: zipfile.ZipFile) -> None:
    """Raise `FileError` unless the file is one that this version of the program can open."""
    names = set(archive.namelist())
    if _FOLDER + "format.json" not in names:
        if "config.json" in names:
            raise FileError(f"The Keras model {path} was not saved by vaegui.", _NOT_OURS)
        raise FileError(f"{path} is damaged or not a model file.", _NOT_OURS)
    document = json.loads(_read(archive, "format.json"))
    found = document.get("format") if isinstance(document, dict) else None
    if type(found) is not int or found < 1:
        raise ValueError("the version of its format is not a number")
    if found > FORMAT:
        raise FileError(
            f"{path} has format {found}; this version of vaegui knows formats up to {FORMAT}.",
            "Open it with a newer vaegui.",
        )


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """One of this program's members. Raises `ValueError` if it is missing or not as written."""
    info = _member(archive, _FOLDER + name)
    if name.endswith(".json") and info.file_size > _JSON_LIMIT:
        raise ValueError(f"{info.filename} is too large")
    return archive.read(info)


def _member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    try:
        info = archive.getinfo(name)
    except KeyError:
        raise ValueError(f"it lacks {name}") from None
    # Stored as it is, as it was written, a member cannot unpack to more than the file holds.
    if info.compress_type != zipfile.ZIP_STORED:
        raise ValueError(f"{name} was packed anew by another program")
    return info


def _extract(archive: zipfile.ZipFile, target: Path, progress: ProgressCallback) -> None:
    """Copy the weights out of the file, as Keras reads weights from files only."""
    info = _member(archive, _WEIGHTS)
    done = 0
    with archive.open(info) as source, target.open("wb") as copy:
        while piece := source.read(1 << 22):
            copy.write(piece)
            done += len(piece)
            progress("Opening (bytes)", done, info.file_size)


def _load_weights(model: Any, weights: Path) -> None:
    """Set all weights of a model. Raises `ValueError` if one is missing or has another shape."""
    try:
        model.load_weights(weights)
    except Exception as error:
        # The frames of the failed call hold the open file, which Windows would not let us delete.
        traceback.clear_frames(error.__traceback__)
        raise ValueError("the weights do not fit the settings") from error
