"""The format of MNIST's files: pictures and labels in files of their own, gzipped or not."""

from __future__ import annotations

import contextlib
import gzip
import itertools
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, ClassVar, Literal, cast

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

__all__ = ["IdxFiles"]

_TYPES = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
_MAX_AXES = 4
_GZIP = b"\x1f\x8b"
_MOST_FILES = 200


@dataclass(frozen=True, slots=True)
class _Header(ArrayInFile):
    """An array as the beginning of its file tells of it."""

    @property
    def offset(self) -> int:
        """Bytes before the first number."""
        return 4 + 4 * len(self.shape)


class IdxFiles(NamedArrays):
    """Arrays in IDX files, as MNIST has them: one of pictures, one of labels, for each part."""

    label: ClassVar[str] = "IDX (MNIST)"

    kind: Literal["idx"] = "idx"

    @classmethod
    def detect(cls, path: Path) -> Detected | None:
        """Look at a file, one of the four or another, or at a folder that holds such files."""
        if path.is_dir():
            return cls.chosen(_headers(path))
        header = _header(path)
        if header is None:
            return None
        found = cls.chosen({**_headers(path.parent), path.name: header}, path.name)
        if found is None:
            raise DataError(
                f"{path.name} holds labels, and the file of its examples is not beside it.",
                "Choose the file of the examples.",
            )
        return found

    def read(self, path: Path, progress: ProgressCallback) -> Contents:
        """Arrays where they lie; those of gzipped files are unpacked first."""
        folder = path if path.is_dir() else path.parent
        names = [name for name in self.model_dump(exclude={"kind"}).values() if name]
        if any(Path(name).name != name for name in names):
            raise DataError("The files lie in another folder.", "Choose files of one folder.")
        found = {name: _header_of(folder / name) for name in names}

        def known(*names: str) -> str:
            return known_files(*(folder / name for name in names if name))

        return self.contents(found, lambda name: _rows(folder / name, found[name], progress), known)


def _headers(folder: Path) -> dict[str, _Header]:
    """Those files of a folder that are IDX, by name."""
    with refusing(folder), os.scandir(folder) as entries:
        files = [e.name for e in itertools.islice(entries, _MOST_FILES) if e.is_file()]
    found = {name: _header(folder / name) for name in sorted(files)}
    return {name: header for name, header in found.items() if header is not None}


def _header(path: Path) -> _Header | None:
    """What a file's beginning says; None if it is no IDX."""
    try:
        with _opened(path) as file:
            return _parsed(file.read(4 + 4 * _MAX_AXES))
    except (OSError, EOFError, zlib.error):
        return None


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """A file, unpacked where it is gzipped."""
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP
        file.seek(0)
        if not packed:
            yield file
            return
        with gzip.GzipFile(fileobj=file) as unpacked:
            yield cast("IO[bytes]", unpacked)


def _parsed(beginning: bytes) -> _Header | None:
    if len(beginning) < 8 or beginning[:2] != b"\0\0":
        return None
    dtype, axes = _TYPES.get(beginning[2]), beginning[3]
    if dtype is None or not 1 <= axes <= _MAX_AXES or len(beginning) < 4 + 4 * axes:
        return None
    shape = tuple(map(int, np.frombuffer(beginning, ">u4", axes, 4)))
    return None if 0 in shape else _Header(shape, np.dtype(dtype))


def _header_of(path: Path) -> _Header:
    header = _header(path)
    if header is None:
        known_files(path)  # says why, if it is not there
        raise DataError(f"{path} is no IDX file, or damaged.", "Choose another file.")
    return header


def _rows(path: Path, header: _Header, progress: ProgressCallback) -> NDArray[Any] | FileArray:
    with refusing(path):
        with path.open("rb") as file:
            packed = file.read(2) == _GZIP
        if not packed:
            return FileArray(path, header.shape, header.dtype, header.offset)
        check_ratio(header.bytes, path.stat().st_size)

    def make(append: Callable[[NDArray[Any]], None]) -> None:
        with refusing(path), _opened(path) as file:
            file.read(header.offset)
            unpack(file, header.shape, header.dtype, append, progress)

    known = f"idx\n{known_files(path)}"
    native = header.dtype.newbyteorder("=")
    return decoded(known, header.shape[1:], native, header.shape[0], make).x
