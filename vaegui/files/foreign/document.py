"""The configuration inside a Keras model file, as plain bounded JSON.

Archives (``.keras``) and HDF5 files are told apart by how they begin, not by their names.
"""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path
from typing import Any

from vaegui import strict_json
from vaegui.errors import FileError
from vaegui.files.foreign.keras2 import translated
from vaegui.reading.archives.container import Container, archive_of, opened
from vaegui.reading.reader import is_hdf5, keras_attributes

__all__ = ["WEIGHTS", "is_foreign", "read_document", "unusable"]

WEIGHTS = "model.weights.h5"
"""The member with the weights."""

_CONFIG, _METADATA = "config.json", "metadata.json"
_OURS = "vaegui/format.json"
_LONGEST = 4 << 20
"""Bytes of a configuration: some thousand layers."""


def read_document(path: Path) -> dict[str, Any]:
    """What a file says of its model, in the words of Keras 3. Raises `FileError`."""
    document, version = _of_hdf5(path) if is_hdf5(path) else _of_archive(path)
    if not isinstance(document, dict):
        raise unusable(path, "its configuration does not describe a model")
    try:
        return translated(document, version)
    except (KeyError, IndexError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise unusable(path, "its configuration is not as Keras writes it") from error


def _of_archive(path: Path) -> tuple[Any, str]:
    """The document, and the version of the Keras that wrote it, or ''."""
    with opened(path) as container:
        if _OURS in container.names:
            raise FileError(f"{path.name} was saved by vaegui.", "Use File > Open for it.")
        if _CONFIG not in container.names:
            raise unusable(path, f"it does not hold a {_CONFIG}")
        if container.size(_CONFIG) > _LONGEST:
            raise unusable(path, f"its {_CONFIG} is larger than {_LONGEST >> 20} MB")
        try:
            return container.json(_CONFIG), _version(container)
        except ValueError as error:
            raise unusable(path, str(error)) from error


def _version(container: Container) -> str:
    metadata = container.json(_METADATA) if _METADATA in container.names else None
    return str(metadata.get("keras_version"))[:40] if isinstance(metadata, dict) else ""


def _of_hdf5(path: Path) -> tuple[Any, str]:
    """The same of an HDF5 file, whose attributes a process without rights reads."""
    attributes = keras_attributes(path)
    if not attributes.config:
        raise unusable(
            path,
            "it holds weights, but not the layers that they belong to",
            "Open or train a model with the same layers, and use File > Import weights.",
        )
    try:
        return strict_json.parse(attributes.config.encode()), attributes.version
    except (ValueError, RecursionError) as error:
        raise unusable(path, f"its configuration cannot be used: {error}") from error


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
