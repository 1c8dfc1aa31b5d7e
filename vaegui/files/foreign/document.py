"""The configuration inside a Keras model file, as plain bounded JSON."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path
from typing import Any

from vaegui.errors import FileError
from vaegui.reading.archives.container import archive_of, opened

__all__ = ["WEIGHTS", "is_foreign", "read_document", "unusable"]

WEIGHTS = "model.weights.h5"
"""The member with the weights."""

_CONFIG = "config.json"
_OURS = "vaegui/format.json"
_LONGEST = 4 << 20
"""Bytes of a configuration: some thousand layers."""
_H5_START = b"\x89HDF\r\n\x1a\n"


def read_document(path: Path) -> dict[str, Any]:
    """What a ``.keras`` file says of its model. Raises `FileError`."""
    _check_start(path)
    with opened(path) as container:
        if _OURS in container.names:
            raise FileError(f"{path.name} was saved by vaegui.", "Use File > Open for it.")
        if _CONFIG not in container.names:
            raise unusable(path, f"it does not hold a {_CONFIG}")
        if container.size(_CONFIG) > _LONGEST:
            raise unusable(path, f"its {_CONFIG} is larger than {_LONGEST >> 20} MB")
        try:
            document = container.json(_CONFIG)
        except ValueError as error:
            raise unusable(path, str(error)) from error
    if not isinstance(document, dict):
        raise unusable(path, f"its {_CONFIG} does not describe a model")
    return document


def is_foreign(path: Path) -> bool:
    """Whether a file is a Keras model that another program than this one saved."""
    try:
        with path.open("rb") as file, archive_of(file) as archive:
            names = archive.namelist()
    except (OSError, ValueError, RuntimeError, struct.error, zipfile.BadZipFile):
        return False
    return _CONFIG in names and _OURS not in names


def unusable(path: Path, why: str, remedy: str = "Save the model again with Keras 3.") -> FileError:
    """The error about a file from which no model can be had."""
    return FileError(f"{path.name} cannot be imported: {why}.", remedy)


def _check_start(path: Path) -> None:
    """Tell of the two kinds of HDF5 files, which are no archives."""
    try:
        with path.open("rb") as file:
            start = file.read(len(_H5_START))
    except OSError:
        return  # Opening it as an archive says what is wrong.
    if start != _H5_START:
        return
    if path.name.endswith(".weights.h5"):
        raise unusable(
            path,
            "it holds weights, but not the layers that they belong to",
            "Open or train a model with the same layers, and use File > Import weights.",
        )
    raise unusable(
        path,
        "it is in Keras' old HDF5 format",
        "Open it with Keras and save it as .keras: model.save('model.keras').",
    )
