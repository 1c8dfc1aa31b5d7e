"""What cannot be read row by row, decoded once into an array that can.

A small array is held in memory. A larger one is a file in the folder of caches, which a later
session finds again: it is named by what it was made of, and carries at its end what was noted while
it was made. Files are written beside and renamed when they are whole.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import math
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.data.stored.file_array import FileArray
from vaegui.errors import DataError
from vaegui.machine.free_memory import available_memory
from vaegui.paths import cache_folder

__all__ = ["Decoded", "Making", "check_room", "decoded"]

HELD_BYTES = 256 << 20
"""Arrays up to this size are held in memory, if they take at most a quarter of what is free."""
KEPT_BYTES = 64 << 30
KEPT_SHARE = 0.5
"""All kept files together take at most so much, and this share of what the disk has for them."""
_SPARE_BYTES = 256 << 20
"""Of the disk, left for other programs."""
_ABANDONED_SECONDS = 24 * 3600
_MARK = b"vaegui decoded 1"

Making = Callable[[Callable[[NDArray[Any]], None]], Any]
"""Gives each portion of rows (k, *row_shape) to the function, in order; returns notes for JSON."""


@dataclass(frozen=True, eq=False, slots=True)
class Decoded:
    """An array that was decoded, and what was noted while it was: whatever JSON can hold."""

    x: NDArray[Any] | FileArray
    notes: Any


def decoded(
    made_of: str, row_shape: Sequence[int], dtype: np.dtype[Any], most: int, make: Making
) -> Decoded:
    """Decode an array, or find it as it was decoded before.

    Parameters
    ----------
    made_of
        All that decides its values: the recipe, the files, their sizes and times. Equal for equal
        arrays, however far apart in time.
    row_shape, dtype
        Of one row.
    most
        How many rows there are at most; room is made for so many, fewer may come.
    make
        Does the work. `Cancelled` and all else that it raises goes on to the caller, and nothing
        remains.

    Raises
    ------
    DataError
        If there is no room for it, in memory or on the disk.
    """
    row_shape = tuple(row_shape)
    each = math.prod(row_shape) * dtype.itemsize
    if most * each <= min(HELD_BYTES, available_memory() // 4):
        return _held(np.empty((most, *row_shape), dtype), make)
    known = f"{made_of}\n{row_shape} {dtype.str}"
    path = _folder() / f"{hashlib.sha256(known.encode()).hexdigest()}.rows"
    if found := _recalled(path, row_shape, dtype):
        return found
    check_room(most * each)
    _make_file(path, row_shape, dtype, make)
    if found := _recalled(path, row_shape, dtype):
        return found
    raise DataError(
        f"{path} cannot be read though it was just written.", "Check the disk, and try again."
    )


def check_room(size: int) -> None:
    """Make room for a file of so many bytes, by taking away those that were used longest ago.

    Raises
    ------
    DataError
        If the disk has not so much.
    """
    folder = _folder()
    with _told():
        folder.mkdir(parents=True, exist_ok=True)
        _tidy(folder, size)
        free = shutil.disk_usage(folder).free
    if size + _SPARE_BYTES > free:
        raise DataError(
            f"Decoded, the examples take {_gigabytes(size)}, and the disk of {folder} has "
            f"{_gigabytes(free)} left.",
            "Free some space there, or take smaller or fewer examples.",
        )


def _held(x: NDArray[Any], make: Making) -> Decoded:
    filled = 0

    def append(rows: NDArray[Any]) -> None:
        nonlocal filled
        x[filled : filled + len(rows)] = rows
        filled += len(rows)

    notes = make(append)
    return Decoded(x[:filled], notes)


def _make_file(path: Path, row_shape: tuple[int, ...], dtype: np.dtype[Any], make: Making) -> None:
    temporary, length = path.with_name(f"{secrets.token_hex(6)}.part"), 0
    with _told():
        file = temporary.open("xb")

    def append(rows: NDArray[Any]) -> None:
        nonlocal length
        if rows.shape[1:] != row_shape:
            raise ValueError(f"rows of the shape {rows.shape[1:]} are not {row_shape}")
        with _told():
            file.write(np.ascontiguousarray(rows, dtype).data)
        length += len(rows)

    try:
        with file:
            end = json.dumps({"notes": make(append), "length": length}).encode()
            with _told():
                file.write(end + len(end).to_bytes(8, "big") + _MARK)
                file.flush()
                os.fsync(file.fileno())
        with _told():
            temporary.replace(path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _recalled(path: Path, row_shape: tuple[int, ...], dtype: np.dtype[Any]) -> Decoded | None:
    """What an earlier session decoded; None if it is not there, or not whole."""
    tail = 8 + len(_MARK)
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - tail))
            end = file.read()
            count = int.from_bytes(end[:8], "big")
            if end[8:] != _MARK or count > size - tail:
                return None
            file.seek(size - tail - count)
            told = json.loads(file.read(count))
            # Its time of writing stays: by that, a `FileArray` knows that it is unchanged.
            os.utime(path, ns=(time.time_ns(), os.fstat(file.fileno()).st_mtime_ns))
        shape = (int(told["length"]), *row_shape)
        if math.prod(shape) * dtype.itemsize != size - tail - count:
            return None
        return Decoded(FileArray(path, shape, dtype, kept=False), told["notes"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError, DataError):
        return None


def _tidy(folder: Path, coming: int) -> None:
    """Take away what was begun and left, and as many files as are too many, the oldest first."""
    now, kept = time.time(), []
    for path in folder.iterdir():
        with contextlib.suppress(OSError):  # another process may tidy, too
            status = path.stat()
            if path.suffix == ".part" and now - status.st_mtime > _ABANDONED_SECONDS:
                path.unlink()
            elif path.suffix == ".rows":
                kept.append((status.st_atime_ns, status.st_size, path))
    together = sum(size for _, size, _ in kept)
    room = (shutil.disk_usage(folder).free + together) * KEPT_SHARE
    for _, size, path in sorted(kept):
        if together + coming <= min(KEPT_BYTES, room):
            return
        with contextlib.suppress(OSError):
            path.unlink()
        together -= size


def _folder() -> Path:
    return cache_folder() / "decoded"


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:,.1f} GB"


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """What the system says of the folder of caches becomes a `DataError`."""
    try:
        yield
    except OSError as error:
        folder = _folder()
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DataError(
                f"The disk of {folder} is full: the decoded examples do not fit.",
                "Free some space there, or take smaller or fewer examples.",
            ) from error
        raise DataError(
            f"The decoded examples cannot be kept in {folder}: {error.strerror or error}.",
            "Make that folder writable, and try again.",
        ) from error
