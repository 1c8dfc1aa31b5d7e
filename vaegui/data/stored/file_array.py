"""Rows of a plain array that lies in a file, read as they are needed.

They are read with ``pread``, not through a memory map: a file that becomes shorter is then an error
to be told, where a map ends the process (SIGBUS), and what was read counts as the system's cache,
not as memory of this program.
"""

from __future__ import annotations

import errno
import math
import os
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.data.source import Rows
from vaegui.errors import DataError

__all__ = ["FileArray", "known_files", "row_numbers", "unreadable"]

_NEAR = 4096
"""Bytes between two rows up to which they are read together: the system reads whole pages."""
_MOST_TOGETHER = 16 << 20
"""Bytes that are read beyond the rows that were asked for, at most."""
_AT_PLACE = hasattr(os, "preadv")
"""Whether the system can read at a place without a position that all threads share."""
_REASONS = {
    errno.ENOENT: "it is not there any more",
    errno.EACCES: "you may not read it",
    errno.EISDIR: "it is a folder",
}


class FileArray:
    """Rows of an array that lies in one piece in a file, in C order; a `RowReader`.

    Before each reading the file is looked at: one that was deleted, replaced, cut or written to
    since it was opened gives a `DataError`, never other numbers. Several threads may read.

    Parameters
    ----------
    path
        The file. It stays open as long as this object lives.
    shape, dtype
        Of the whole array (n, ...). Numbers come in the byte order of this machine.
    offset
        Where in the file its first byte is.
    kept
        Whether the file may be deleted while it is in use: one of the program's own, which only
        makes room. It can be read to its end all the same.

    Raises
    ------
    DataError
        If the file cannot be read, or is too short for such an array.
    """

    def __init__(
        self,
        path: Path,
        shape: Sequence[int],
        dtype: np.dtype[Any],
        offset: int = 0,
        *,
        kept: bool = True,
    ) -> None:
        self.path, self.offset = path, offset
        self.shape: tuple[int, ...] = tuple(map(int, shape))
        self.stored = dtype
        """Type in the file, which may be of another byte order."""
        self.dtype: np.dtype[Any] = dtype.newbyteorder("=")
        self._row_bytes = math.prod(self.shape[1:]) * dtype.itemsize
        self._kept = kept
        self._lock = threading.Lock()
        try:
            self._file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except OSError as error:
            raise unreadable(path, error) from error
        weakref.finalize(self, os.close, self._file)
        self._status = os.fstat(self._file)
        size = offset + self.shape[0] * self._row_bytes
        if self._status.st_size < size:
            raise DataError(
                f"{path} has {self._status.st_size:,} bytes, but its beginning says {size:,}.",
                "It was probably not copied to its end: copy it again.",
            )

    def __getitem__(self, rows: Rows, /) -> NDArray[Any]:
        """Some rows (n, ...), in the order asked for.

        Raises
        ------
        DataError
            If the file is gone or is not the same any more.
        IndexError
            If there is no such row.
        """
        self._check()
        if isinstance(rows, slice):
            first, end, _ = rows.indices(self.shape[0])
            found = np.empty((max(0, end - first), self._row_bytes), np.uint8)
            self._read_into(found.reshape(-1).data, first * self._row_bytes)
        else:
            found = self._scattered(row_numbers(rows, self.shape[0]))
        # Looked at again, because the numbers may have changed between the two.
        self._check()
        numbers = found.reshape(-1).view(self.stored).reshape(len(found), *self.shape[1:])
        return numbers.astype(self.dtype, copy=False)

    def bytes_at(self, place: int, count: int) -> NDArray[np.uint8]:
        """Bytes (count,) that begin at ``place``, counted from the array's first byte."""
        self._check()
        found = np.empty(count, np.uint8)
        self._read_into(found.data, place)
        return found

    def _scattered(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Rows in any order, of which those that lie near each other are read together."""
        found = np.empty((len(rows), self._row_bytes), np.uint8)
        if not found.size:
            return found
        order = np.argsort(rows, kind="stable")
        rising = rows[order]
        gaps = (np.diff(rising) - 1) * self._row_bytes
        cuts = np.flatnonzero(gaps > _NEAR) + 1
        firsts, ends = np.append(0, cuts), np.append(cuts, len(rows))
        alone = ends - firsts == 1
        self._one_by_one(found, rising[firsts[alone]], order[firsts[alone]])
        for first, end in zip(firsts[~alone], ends[~alone], strict=True):
            self._together(found, rising[first:end], order[first:end])
        return found

    def _one_by_one(
        self, found: NDArray[np.uint8], rows: NDArray[np.int64], into: NDArray[np.int64]
    ) -> None:
        # A loop as short as can be: it runs for each example of training in random order.
        size, view = self._row_bytes, found.reshape(-1).data
        places = (self.offset + rows * size).tolist()
        for at, place in zip((into * size).tolist(), places, strict=True):
            piece = view[at : at + size]
            if self._read_some(piece, place) != size:
                self._read_into(piece, place - self.offset)

    def _together(
        self, found: NDArray[np.uint8], rising: NDArray[np.int64], into: NDArray[np.int64]
    ) -> None:
        most = max(1, _MOST_TOGETHER // max(1, self._row_bytes))
        first = 0
        while first < len(rising):
            end = int(np.searchsorted(rising, rising[first] + most))
            start, stop = int(rising[first]), int(rising[end - 1]) + 1
            span = np.empty((stop - start, self._row_bytes), np.uint8)
            self._read_into(span.reshape(-1).data, start * self._row_bytes)
            found[into[first:end]] = span[rising[first:end] - start]
            first = end

    def _read_into(self, piece: memoryview, place: int) -> None:
        """Fill ``piece`` with the bytes from ``place`` on."""
        done = 0
        while done < len(piece):
            count = self._read_some(piece[done:], self.offset + place + done)
            if not count:
                raise self._changed()
            done += count

    def _read_some(self, piece: memoryview, place: int) -> int:
        """Read at least a byte from ``place`` in the file on; 0 at its end."""
        try:
            if _AT_PLACE:
                return os.preadv(self._file, (piece,), place)
            with self._lock:  # the position belongs to all threads
                os.lseek(self._file, place, os.SEEK_SET)
                read = os.read(self._file, min(len(piece), _MOST_TOGETHER))
        except OSError as error:
            raise unreadable(self.path, error) from error
        piece[: len(read)] = read
        return len(read)

    def _check(self) -> None:
        """Make sure that the file is the one that was opened, and was not written to since."""
        now = os.fstat(self._file)
        if self._kept and now.st_nlink == 0:
            raise DataError(
                f"{self.path} was deleted or replaced while it was in use.",
                "Put the same file back, or open the data again.",
            )
        if (now.st_size, now.st_mtime_ns) != (self._status.st_size, self._status.st_mtime_ns):
            raise self._changed()

    def _changed(self) -> DataError:
        return DataError(
            f"{self.path} was changed while it was in use.",
            "Open the data again, so that all of it is read anew.",
        )


def row_numbers(rows: NDArray[np.integer[Any]], length: int) -> NDArray[np.int64]:
    """Row numbers as int64, all of them from 0 on. Raises `IndexError` if there is no such row."""
    numbers = np.asarray(rows, np.int64)
    if numbers.size and not (-length <= numbers.min() and numbers.max() < length):
        raise IndexError(f"there are only {length} rows")
    return np.where(numbers < 0, numbers + length, numbers)


def known_files(*paths: Path) -> str:
    """Where files are, how long they are and when they were written: equal for equal data.

    Raises
    ------
    DataError
        If there is no such file.
    """
    known = []
    for path in paths:
        try:
            status = path.stat()
        except OSError as error:
            raise unreadable(path, error) from error
        known.append(f"{path.resolve()} {status.st_size} {status.st_mtime_ns}")
    return "\n".join(known)


def unreadable(path: Path, error: OSError) -> DataError:
    """What the system said of a file, in words."""
    reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
    return DataError(
        f"{path} cannot be read: {reason}.", "Make sure that it is there, and open it again."
    )
