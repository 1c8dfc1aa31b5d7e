"""The configuration inside a Keras model file, as plain bounded JSON."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

from vaegui.errors import FileError
from vaegui.files import strict_json

__all__ = ["WEIGHTS", "is_foreign", "read_document", "unusable"]

WEIGHTS = "model.weights.h5"
"""The member with the weights."""

_CONFIG = "config.json"
_OURS = "vaegui/format.json"
_LONGEST = 4 << 20
"""Bytes of a configuration: some thousand layers."""
_MOST_MEMBERS = 1000
_H5_START = b"\x89HDF\r\n\x1a\n"


def read_document(path: Path) -> dict[str, Any]:
    """What a ``.keras`` file says of its model. Raises `FileError`."""
    text = _config_text(path)
    try:
        document = strict_json.parse(text)
    except ValueError as error:
        raise unusable(path, f"its {_CONFIG} is not as Keras writes it ({error})") from error
    if not isinstance(document, dict):
        raise unusable(path, f"its {_CONFIG} does not describe a model")
    return document


def is_foreign(path: Path) -> bool:
    """Whether a file is a Keras model that another program than this one saved."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return False
    return _CONFIG in names and _OURS not in names


def unusable(path: Path, why: str, remedy: str = "Save the model again with Keras 3.") -> FileError:
    """The error about a file from which no model can be had."""
    return FileError(f"{path.name} cannot be imported: {why}.", remedy)


def _config_text(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            _check_start(path, file.read(len(_H5_START)))
            with zipfile.ZipFile(file) as archive:
                names = archive.namelist()
                if _OURS in names:
                    raise FileError(f"{path.name} was saved by vaegui.", "Use File > Open for it.")
                if len(names) > _MOST_MEMBERS or names.count(_CONFIG) != 1:
                    raise unusable(path, f"it does not hold one {_CONFIG}")
                with archive.open(_CONFIG) as member:
                    # Read up to the limit: what is packed may claim to be smaller than it is.
                    text = member.read(_LONGEST + 1)
    except OSError as error:
        what = "it is a folder" if path.is_dir() else error.strerror or str(error)
        raise unusable(path, what, "Choose a .keras file.") from error
    except (zipfile.BadZipFile, ValueError, RuntimeError, NotImplementedError) as error:
        raise unusable(path, f"it is no .keras file ({error})", "Choose another file.") from error
    except (EOFError, zlib.error) as error:
        raise unusable(path, f"it is damaged ({error})", "Use another copy of the file.") from error
    if len(text) > _LONGEST:
        raise unusable(path, f"its {_CONFIG} is larger than {_LONGEST >> 20} MB")
    return text


def _check_start(path: Path, start: bytes) -> None:
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
