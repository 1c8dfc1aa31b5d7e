"""Files of columns, opened with all that they claim checked before anything is made of it."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Literal, Protocol

import pyarrow as pa
from pyarrow import ipc
from pyarrow import parquet as pq

from vaegui.data.formats.columnar.messages import check_message
from vaegui.data.formats.columnar.pages import check_pages
from vaegui.errors import DataError

__all__ = ["Container", "container_of", "explaining", "opened"]

Container = Literal["parquet", "arrow", "stream"]

_ROWS = 1 << 15
"""So many rows of Parquet are decoded together, fewer of very many columns."""
_CELLS = 1 << 22
MOST_CELLS_OF_A_BYTE = 20_000
"""Equal values take almost no room in Parquet, but no file has this many of them."""
_FOOTER, _STRINGS, _LISTS = 64 << 20, 1 << 24, 1 << 22
_MARKS: tuple[tuple[bytes, Container], ...] = (
    (b"PAR1", "parquet"),
    (b"ARROW1\x00\x00", "arrow"),
    (b"\xff\xff\xff\xff", "stream"),
)


class Opened(Protocol):
    """A file of columns."""

    schema: pa.Schema
    length: int | None
    """Number of rows, if the file says it."""

    def batches(self, names: list[str]) -> Iterator[pa.RecordBatch]:
        """Some columns, portion by portion."""
        ...


def container_of(path: Path) -> Container | None:
    """What a file is by its first bytes; None if it is neither.

    Raises
    ------
    DataError
        If it is a file of columns that cannot be read.
    """
    with explaining(path), path.open("rb") as file:
        first = file.read(8)
    if first.startswith(b"FEA1"):
        raise DataError(
            f"{path.name} is of the first version of Feather, which is no longer read.",
            "Save it as Parquet, or as Feather version 2.",
        )
    if first.startswith(b"PARE"):
        raise DataError(f"{path.name} is encrypted.", "Save it without encryption.")
    return next((name for mark, name in _MARKS if first.startswith(mark)), None)


@contextmanager
def opened(path: Path, container: Container) -> Iterator[Opened]:
    """Open a file. What is wrong with it, also later while it is read, is a `DataError`."""
    with explaining(path), path.open("rb") as file:
        if container == "parquet":
            yield _Parquet(path, file)
        else:
            yield _Arrow(path, file, container)


@contextmanager
def explaining(path: Path) -> Iterator[None]:
    """What Arrow and the system say of a file, in words."""
    try:
        yield
    except (pa.ArrowException, ValueError, MemoryError, EOFError, struct.error) as error:
        raise _damaged(path.name) from error
    except OSError as error:
        if error.errno is None:  # Arrow says by it that a file ends too early
            raise _damaged(path.name) from error
        raise DataError(
            f"{path} cannot be read: {error.strerror}.", "Choose a file that can be read."
        ) from error


def _damaged(name: str) -> DataError:
    return DataError(
        f"{name} is damaged, or written in a way that cannot be read.", "Make the file again."
    )


class _Parquet:
    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self._path, self._file = path, file
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 8))
        end = file.read()
        if end[4:] != b"PAR1" or int.from_bytes(end[:4], "little") > min(size - 12, _FOOTER):
            raise _damaged(path.name)
        file.seek(0)
        self._parquet = pq.ParquetFile(
            file,
            pre_buffer=False,
            thrift_string_size_limit=_STRINGS,
            thrift_container_size_limit=_LISTS,
            arrow_extensions_enabled=False,
        )
        known = self._parquet.metadata
        self.schema = self._parquet.schema_arrow
        self.length: int | None = int(known.num_rows)
        columns = max(1, len(self.schema))
        if not 0 <= known.num_rows * columns <= MOST_CELLS_OF_A_BYTE * size:
            raise DataError(
                f"{path.name} says that it has {known.num_rows:,} rows, in {size:,} bytes.",
                "Choose another file: this one claims more than it can hold.",
            )
        self._rows = max(1, min(_ROWS, _CELLS // columns))

    def batches(self, names: list[str]) -> Iterator[pa.RecordBatch]:
        """Some columns, portion by portion."""
        check_pages(self._path, self._file, self._parquet.metadata, names)
        yield from self._parquet.iter_batches(self._rows, columns=names)


class _Arrow:
    def __init__(self, path: Path, file: IO[bytes], container: Container) -> None:
        self._file, self._path = file, path
        self._size = file.seek(0, os.SEEK_END)
        file.seek(0 if container == "stream" else 8)
        self._start = file.tell()
        self.schema = ipc.open_stream(file).schema
        self.length: int | None = None

    def batches(self, names: list[str]) -> Iterator[pa.RecordBatch]:
        """Some columns, portion by portion. A file is a stream between a mark and an index."""
        self._file.seek(self._start)
        reader = ipc.open_stream(_Checked(self._path, self._file, self._size))
        for batch in reader:
            chosen = batch.select(names)
            chosen.validate(full=True)
            for start in range(0, chosen.num_rows, _ROWS):
                yield chosen.slice(start, _ROWS)


class _Checked:
    """A file of messages of Arrow, of which each is looked at before Arrow reads it."""

    def __init__(self, path: Path, file: IO[bytes], size: int) -> None:
        self._path, self._file, self._size = path, file, size
        self._checked = file.tell()
        self.closed = False

    def read(self, count: int = -1) -> bytes:
        """Some bytes; those of a message only after it was checked."""
        at = self._file.tell()
        while at >= self._checked < self._size:
            self._checked = check_message(self._path, self._file, self._checked, self._size)
        self._file.seek(at)
        return self._file.read(count if count >= 0 else self._size - at)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
