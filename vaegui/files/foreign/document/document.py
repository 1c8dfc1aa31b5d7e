"""What a file of Keras says of the model in it, as plain bounded JSON in the words of Keras 3.

Archives (``.keras``), HDF5 and JSON are told apart by how they begin, not by their names.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vaegui import strict_json
from vaegui.errors import FileError
from vaegui.files.foreign.document.keras2 import translated
from vaegui.reading.archives.container import archive_of, opened
from vaegui.reading.kinds import SAVE_BOTH, known_kind, start_of
from vaegui.reading.reader import KerasAttributes, is_hdf5, keras_attributes

__all__ = ["WEIGHTS", "ModelFile", "holds_model", "is_foreign", "read_models", "unusable"]

WEIGHTS = "model.weights.h5"
"""The member with the weights."""

_CONFIG, _METADATA = "config.json", "metadata.json"
_OURS = "vaegui/format.json"
_LONGEST = 4 << 20
"""Bytes of a configuration: some thousand layers."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model as a file describes it, in the words of Keras 3.

    Attributes
    ----------
    path
        The file with its weights.
    hdf5
        What is in that, if it is HDF5 and no archive.
    """

    path: Path
    document: dict[str, Any]
    hdf5: KerasAttributes | None = None


def read_models(paths: Sequence[Path]) -> list[ModelFile]:
    """What files say of the models in them; an architecture in JSON goes with its weights.

    These are a further one of the files, or lie beside it and are called alike.

    Raises
    ------
    FileError
        If one is no model, saying what it is and what can be done.
    """
    architectures = [path for path in paths if _is_architecture(path)]
    others = [path for path in paths if path not in architectures]
    models = []
    for path in architectures:
        weights = others.pop(0) if len(others) == 1 else _weights_beside(path)
        hdf5 = keras_attributes(weights) if is_hdf5(weights) else None
        models.append(_model(weights, *_of_json(path), hdf5))
    return [*models, *(_read(path) for path in others)]


def is_foreign(path: Path) -> bool:
    """Whether a file is a Keras model that another program than this one saved."""
    if is_hdf5(path):
        try:
            return bool(keras_attributes(path).config)
        except FileError:
            return False
    try:
        with path.open("rb") as file, archive_of(file) as archive:
            names = archive.namelist()
    except (OSError, ValueError, RuntimeError, struct.error, zipfile.BadZipFile):
        return _is_architecture(path)
    return _CONFIG in names and _OURS not in names


def _is_architecture(path: Path) -> bool:
    """Whether it is what a model's ``to_json`` gives."""
    start = start_of(path)
    # TensorFlow.js puts the same into a document of its own.
    named = b'"class_name"' in start and b'"modelTopology"' not in start
    return named and start.lstrip().startswith(b"{")


def _weights_beside(path: Path) -> Path:
    """The file that is called as the weights of an architecture would be. Raises `FileError`."""
    stem = path.stem
    called = [stem, f"{stem}.weights", f"{stem}_weights", f"{stem}-weights"]
    called += [
        stem.replace(word, "weights") for word in ("architecture", "arch", "config", "model")
    ]
    for name in dict.fromkeys(called):
        for suffix in (".h5", ".hdf5"):
            if (beside := path.with_name(name + suffix)).is_file():
                return beside
    raise unusable(
        path,
        "it holds the layers of a model, but not their weights",
        "Choose the file with the weights together with it: the .h5 that save_weights wrote.",
    )


def holds_model(path: Path) -> bool:
    """Whether a file is a model of another program, or weights of one without their layers.

    Raises
    ------
    FileError
        If it is an HDF5 file that cannot be read.
    """
    return is_foreign(path) or (is_hdf5(path) and keras_attributes(path).holds_weights)


def _read(path: Path) -> ModelFile:
    if not is_hdf5(path):
        if known := known_kind(path):
            raise known
        return _model(path, *_of_archive(path))
    attributes = keras_attributes(path)
    if attributes.config:
        document = _parsed(path, attributes.config.encode())
        return _model(path, document, attributes.version, attributes)
    if attributes.holds_weights:
        raise unusable(
            path,
            "it holds weights, but not the layers that they belong to",
            "Open or make a model with the same layers, and use File > Import weights. Or add to "
            f"the script that makes the model, after that: vae.load_weights('{path.name}'); "
            f"{SAVE_BOTH}.",
        )
    raise unusable(
        path,
        "it is an HDF5 file without a model of Keras in it",
        "If it holds examples, use File > Open data.",
    )


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
            document = container.json(_CONFIG)
            metadata = container.json(_METADATA) if _METADATA in container.names else None
            return document, _version(metadata)
        except ValueError as error:
            raise unusable(path, str(error)) from error


def _of_json(path: Path) -> tuple[Any, str]:
    """The same of an architecture."""
    with path.open("rb") as file:
        document = _parsed(path, file.read(_LONGEST + 1))
    return document, _version(document)


def _version(document: Any) -> str:
    """Which Keras wrote it, or ''."""
    return str(document.get("keras_version", "")) if isinstance(document, dict) else ""


def _model(
    path: Path, document: Any, version: str, hdf5: KerasAttributes | None = None
) -> ModelFile:
    if not isinstance(document, dict):
        raise unusable(path, "its configuration does not describe a model")
    try:
        return ModelFile(path, translated(document, version), hdf5)
    except (KeyError, IndexError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise unusable(path, "its configuration is not as Keras writes it") from error


def _parsed(path: Path, content: bytes) -> Any:
    """The JSON of a configuration. Raises `FileError` if it is not plain, or too large."""
    if len(content) > _LONGEST:
        raise unusable(path, f"its configuration is larger than {_LONGEST >> 20} MB")
    try:
        return strict_json.parse(content)
    except (ValueError, RecursionError) as error:
        raise unusable(path, f"its configuration cannot be used: {error}") from error


def unusable(path: Path, why: str, remedy: str = "Save the model again with Keras 3.") -> FileError:
    """The error about a file from which no model can be had."""
    return FileError(f"{path.name} cannot be imported: {why}.", remedy)
