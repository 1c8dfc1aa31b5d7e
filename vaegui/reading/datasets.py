"""Data sets in HDF5 files of strangers, read by a process without rights (``dataset_child.py``).

What it says is checked here; the numbers come over its pipe, as many as it said before.
"""

from __future__ import annotations

import math
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui import strict_json
from vaegui.reading import child, dataset_child

__all__ = ["DatasetSpec", "NumberStream", "list_datasets", "numbers", "words"]

_CHILD = Path(dataset_child.__file__)
_TIMEOUT = 60.0
"""Seconds in which something has to be answered."""
_MAX_AXES = 8
_ANSWER_LIMIT = 8 << 20
_SILENT = "the process that reads it was ended by what is in it"


@dataclass(frozen=True, slots=True)
class DatasetSpec:
    """A data set: ``dtype`` of its numbers, None for strings; where they lie if in one piece."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any] | None
    offset: int | None
    stored: int
    """Bytes that it takes in the file."""
    hinders: str = ""
    """Why it cannot be read: a clause; '' if it can."""

    @property
    def bytes(self) -> int:
        """How many bytes its numbers take."""
        return math.prod(self.shape) * (self.dtype.itemsize if self.dtype is not None else 1)


class NumberStream:
    """The numbers of a data set, as bytes, in C order and little-endian."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def read(self, count: int, /) -> bytes:
        """The next bytes; fewer where the process ended, or was ended as it took too long."""
        return _read(self._process, count)


def list_datasets(path: Path) -> dict[str, DatasetSpec]:
    """What data sets there are, by path.

    Raises
    ------
    OSError, ValueError
        If the file cannot be read, or is no HDF5 file.
    """
    with _asking(path, "list", "") as process:
        length = int.from_bytes(_read(process, 8), "little")
        answer = _read(process, length) if length <= _ANSWER_LIMIT else b""
    try:
        entries = strict_json.parse(answer)
        size = path.stat().st_size
        return {str(name): _checked(entry, size) for name, *entry in entries}
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ValueError("it is damaged, or no HDF5 file") from None


@contextmanager
def numbers(path: Path, name: str) -> Iterator[NumberStream]:
    """The numbers of one data set. Raises `OSError`, and `ValueError` if they cannot be read."""
    with _asking(path, "rows", name) as process:
        if _read(process, 1) != b"R":
            raise ValueError(_SILENT)
        yield NumberStream(process)


def words(path: Path, name: str, spec: DatasetSpec) -> NDArray[np.str_]:
    """All strings of one data set. Raises `OSError`, and `ValueError` if they cannot be read."""
    count = math.prod(spec.shape)
    with _asking(path, "words", name) as process:
        head = _read(process, 9)
        length = int.from_bytes(head[1:], "little")
        answer = _read(process, length) if length <= _ANSWER_LIMIT else b""
        codes = np.frombuffer(_read(process, 4 * count), "<i4")
    kinds = strict_json.parse(answer) if answer else []
    fine = isinstance(kinds, list) and all(isinstance(kind, str) for kind in kinds)
    if not fine or len(codes) != count or not len(kinds):
        raise ValueError(_SILENT)
    if codes.min() < 0 or codes.max() >= len(kinds):
        raise ValueError(_SILENT)
    found: NDArray[np.str_] = np.array(kinds, np.str_)[codes]
    return found.reshape(spec.shape)


@contextmanager
def _asking(path: Path, task: str, name: str) -> Iterator[subprocess.Popen[bytes]]:
    size = str(path.stat().st_size)
    with (
        path.open("rb") as own_position,
        child.start(
            _CHILD, [task, size, name], ("vaegui", "numpy", "h5py"), own_position
        ) as started,
    ):
        try:
            yield started
        finally:
            started.kill()


def _read(process: subprocess.Popen[bytes], count: int) -> bytes:
    killer = threading.Timer(_TIMEOUT, process.kill)
    killer.start()
    try:
        return child.read(process, count)
    finally:
        killer.cancel()


def _checked(entry: list[Any], size: int) -> DatasetSpec:
    """An entry of the child's list, if it can be true. Raises `ValueError`."""
    kind, shape, offset, stored, hinders = entry
    dtype = None if kind == "text" else np.dtype(str(kind))
    plain = [type(n) is int and n >= 0 for n in (*shape, stored, offset or 0)]
    if len(shape) > _MAX_AXES or not all(plain) or not isinstance(hinders, str):
        raise ValueError("not a data set")
    if not hinders and dtype is not None and (dtype.kind not in "biuf" or dtype.itemsize > 8):
        raise ValueError("not numbers")
    spec = DatasetSpec(tuple(shape), dtype, offset, min(stored, size), hinders[:200])
    if offset is not None and offset + spec.bytes > size:
        raise ValueError("it ends beyond the file")
    return spec
