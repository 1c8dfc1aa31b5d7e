"""Data sets in an HDF5 file, chunked and compressed ones too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from vaegui.data.formats.array.named_arrays import ArrayInFile, NamedArrays
from vaegui.data.formats.array.unpacking import unpack
from vaegui.data.formats.base import Contents, Detected
from vaegui.data.formats.refusing import check_ratio, refusing
from vaegui.data.stored.decoded import decoded
from vaegui.data.stored.file_array import FileArray, known_files
from vaegui.errors import DataError
from vaegui.progress import ProgressCallback
from vaegui.reading.dataset_child import MOST_LETTERS
from vaegui.reading.datasets import DatasetSpec, list_datasets, numbers, words

__all__ = ["Hdf5File"]

_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_PLACES = (0, 512, 1024, 2048)
"""Where the format may begin: MATLAB writes 512 bytes of its own before it."""
_MOST_WORDS = 10_000_000
_REMEDY = "Save its arrays again with h5py or NumPy, compressed with gzip or not at all."


class Hdf5File(NamedArrays):
    """Data sets in an HDF5 file, also one of MATLAB's since version 7.3."""

    label: ClassVar[str] = "HDF5"

    kind: Literal["hdf5"] = "hdf5"

    @classmethod
    def detect(cls, path: Path) -> Detected | None:
        """Let a process without rights list what is there."""
        if not path.is_file() or not _begins(path):
            return None
        with refusing(path, _REMEDY):
            specs = list_datasets(path)
        found = cls.chosen(_listed(specs))
        if found is None:
            why = next((s.hinders for s in specs.values() if s.hinders), "it has no such data set")
            raise DataError(
                f"{path} holds no array of numbers with two or more axes that can be read: {why}.",
                _REMEDY,
            )
        return found

    def read(self, path: Path, progress: ProgressCallback) -> Contents:
        """Data sets that lie in one piece where they are; others are unpacked first."""
        with refusing(path, _REMEDY):
            specs = list_datasets(path)
        known = known_files(path)

        def rows(name: str) -> NDArray[Any] | FileArray:
            spec = specs[name]
            if spec.dtype is None:
                with refusing(path, _REMEDY):
                    return words(path, name, spec)
            if spec.offset is not None:
                return FileArray(path, spec.shape, spec.dtype, spec.offset)
            return _unpacked(path, name, spec, spec.dtype, f"{name}\n{known}", progress)

        return self.contents(_listed(specs), rows, lambda *names: "\n".join((known, *names)))


def _begins(path: Path) -> bool:
    with refusing(path), path.open("rb") as file:
        beginning = file.read(_PLACES[-1] + len(_SIGNATURE))
    return any(beginning[at:].startswith(_SIGNATURE) for at in _PLACES)


def _listed(specs: dict[str, DatasetSpec]) -> dict[str, ArrayInFile]:
    """Those that can be read, as far as their sizes can be true."""
    found = {}
    for name, spec in specs.items():
        dtype = np.dtype(f"U{MOST_LETTERS}") if spec.dtype is None else spec.dtype
        if not spec.hinders and not (spec.dtype is None and spec.bytes > _MOST_WORDS):
            found[name] = ArrayInFile(spec.shape, dtype)
    return found


def _unpacked(
    path: Path,
    name: str,
    spec: DatasetSpec,
    dtype: np.dtype[Any],
    known: str,
    progress: ProgressCallback,
) -> NDArray[Any] | FileArray:
    with refusing(path, _REMEDY):
        check_ratio(spec.bytes, spec.stored)

    def make(append: Callable[[NDArray[Any]], None]) -> None:
        with refusing(path, _REMEDY), numbers(path, name) as stream:
            unpack(stream, spec.shape, dtype.newbyteorder("<"), append, progress)

    native = dtype.newbyteorder("=")
    return decoded(f"hdf5\n{known}", spec.shape[1:], native, spec.shape[0], make).x
