"""The pages of a Parquet file: what each claims, looked at before Arrow unpacks any.

A page has a header in Thrift's compact protocol; its second and third field are its size unpacked
and packed (parquet-format, ``PageHeader``). All other fields are passed over.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import IO, Any

from vaegui.data.formats.columnar.claims import check_size

__all__ = ["check_pages"]

_HEADER = 4 << 10
_LONGEST_HEADER = 1 << 20
_DEEPEST = 8
_STOP, _TRUE, _FALSE, _BYTE, _DOUBLE, _BYTES, _LIST, _SET, _MAP, _STRUCT = (
    0, 1, 2, 3, 7, 8, 9, 10, 11, 12,
)  # fmt: skip
_INTEGERS = (4, 5, 6)


def check_pages(path: Path, file: IO[bytes], metadata: Any, names: Collection[str]) -> None:
    """Look at the headers of all pages of some columns.

    Raises
    ------
    DataError
        If one would become too large.
    ValueError
        If one is no header, or lies outside of the file.
    """
    wanted = set(names)
    size = file.seek(0, 2)
    for group in range(metadata.num_row_groups):
        row_group = metadata.row_group(group)
        for index in range(row_group.num_columns):
            column = row_group.column(index)
            own = column.path_in_schema
            if own in wanted or own.split(".")[0] in wanted:
                _check_chunk(path.name, file, column, size)


def _check_chunk(name: str, file: IO[bytes], column: Any, size: int) -> None:
    at = column.data_page_offset
    if column.has_dictionary_page and column.dictionary_page_offset:
        at = min(at, column.dictionary_page_offset)
    end = at + column.total_compressed_size
    if not 0 <= at <= end <= size:
        raise ValueError("a column lies outside of the file")
    while at < end:
        header, unpacked, packed = _page(file, at, end)
        if packed < 0 or unpacked < 0 or at + header + packed > end:
            raise ValueError("a page lies outside of its column")
        check_size(name, packed, unpacked)
        at += header + packed


def _page(file: IO[bytes], at: int, end: int) -> tuple[int, int, int]:
    """Length of a page's header, and its size unpacked and packed."""
    length = _HEADER
    while True:
        file.seek(at)
        header = _Header(file.read(min(length, end - at)))
        try:
            found = header.integers()
        except IndexError:
            if length >= min(_LONGEST_HEADER, end - at):
                raise ValueError("a page has no header") from None
            length *= 16
            continue
        if 2 not in found or 3 not in found:
            raise ValueError("a page does not say how large it is")
        return header.at, found[2], found[3]


class _Header:
    """A struct in Thrift's compact protocol. `IndexError` where the bytes end too early."""

    def __init__(self, data: bytes) -> None:
        self._data, self.at = data, 0

    def integers(self) -> dict[int, int]:
        """The fields that are whole numbers, by their ids."""
        return self._struct(0)

    def _struct(self, depth: int) -> dict[int, int]:
        if depth > _DEEPEST:
            raise ValueError("a header goes too deep")
        found, field = {}, 0
        while (first := self._byte()) != _STOP:
            field = field + (first >> 4) if first >> 4 else self._integer()
            kind = first & 15
            if kind in _INTEGERS:
                found[field] = self._integer()
            elif kind not in (_TRUE, _FALSE):
                self._pass(kind, depth)
        return found

    def _pass(self, kind: int, depth: int) -> None:
        """Pass over a value that is no field of its own."""
        if kind == _STRUCT:
            self._struct(depth + 1)
        elif kind in _INTEGERS:
            self._integer()
        elif kind in (_LIST, _SET):
            first = self._byte()
            count = self._unsigned() if first >> 4 == 15 else first >> 4
            for _ in range(count):
                self._pass(first & 15, depth + 1)
        else:
            self._skip(kind)

    def _skip(self, kind: int) -> None:
        if kind not in (_TRUE, _FALSE, _BYTE, _DOUBLE, _BYTES):  # no header has maps
            raise ValueError("a header has a field of an unknown type")
        count = {_DOUBLE: 8, _BYTES: -1}.get(kind, 1)
        count = self._unsigned() if count < 0 else count  # which moves on, too
        self.at += count
        if self.at > len(self._data):
            raise IndexError

    def _byte(self) -> int:
        self.at += 1
        return self._data[self.at - 1]

    def _unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
            if shift > 63:
                raise ValueError("a number is too long")

    def _integer(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)
