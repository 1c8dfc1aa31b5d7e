"""The messages of an Arrow file: what each claims, looked at before Arrow unpacks it.

A message has a header, which is a FlatBuffer (Arrow's ``Message.fbs``), and a body of buffers,
which may each be packed and then begin with the size that they unpack to.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import IO

from vaegui.data.formats.columnar.claims import check_size

__all__ = ["check_message"]

_CONTINUES = 0xFFFFFFFF
_LONGEST_HEADER = 64 << 20
_DICTIONARY, _BATCH = 2, 3


def check_message(path: Path, file: IO[bytes], at: int, size: int) -> int:
    """Look at the message at a place of a file, and return where the next one begins.

    Raises
    ------
    DataError
        If it would become too large.
    ValueError, struct.error
        If it is none, or goes beyond the file.
    """
    file.seek(at)
    prefix = file.read(8)
    if len(prefix) < 8:
        return size
    mark, length = (int(number) for number in struct.unpack("<II", prefix))
    if mark != _CONTINUES:
        raise ValueError("a message does not begin as one")
    if length == 0:  # the last one
        return size
    if length > min(_LONGEST_HEADER, size - at - 8):
        raise ValueError("a message's header goes beyond the file")
    header = file.read(length)
    message = _Table.root(header)
    body = message.number(3, "<q")
    start = at + 8 + length
    if not 0 <= body <= size - start:
        raise ValueError("a message goes beyond the file")
    kind = message.number(1, "<B")
    batch = message.table(2) if kind in (_DICTIONARY, _BATCH) else None
    if kind == _DICTIONARY and batch is not None:
        batch = batch.table(1)
    if batch is not None and batch.table(3) is not None:
        unpacked = 0
        for offset, count in batch.pairs(2):
            if count < 8:
                continue
            if not 0 <= offset <= offset + count <= body:
                raise ValueError("a buffer lies outside of its message")
            file.seek(start + offset)
            unpacked += max(count, int.from_bytes(file.read(8), "little", signed=True))
        check_size(path.name, body, unpacked)
    return start + body


class _Table:
    """A table of a FlatBuffer. `struct.error` where it points beyond the bytes."""

    def __init__(self, data: bytes, at: int) -> None:
        if at < 0:
            raise ValueError("a header points before its beginning")
        self._data, self._at = data, at
        self._fields = at - self._get("<i", at)
        self._length = self._get("<H", self._fields)

    @classmethod
    def root(cls, data: bytes) -> _Table:
        """The table that a buffer begins with."""
        return cls(data, struct.unpack_from("<I", data)[0])

    def number(self, slot: int, form: str) -> int:
        """A number; 0 if it is not said."""
        place = self._place(slot)
        return self._get(form, place) if place else 0

    def table(self, slot: int) -> _Table | None:
        """A table within this one, if it is there."""
        place = self._place(slot)
        return _Table(self._data, place + self._get("<I", place)) if place else None

    def pairs(self, slot: int) -> list[tuple[int, int]]:
        """A list of pairs of 64-bit numbers."""
        place = self._place(slot)
        if not place:
            return []
        begin = place + self._get("<I", place)
        count = self._get("<I", begin)
        if begin + 4 + 16 * count > len(self._data):
            raise ValueError("a list goes beyond its header")
        return list(struct.iter_unpack("<qq", self._data[begin + 4 : begin + 4 + 16 * count]))

    def _place(self, slot: int) -> int:
        """Where a field is; 0 if it is not there."""
        entry = 4 + 2 * slot
        if entry + 2 > self._length:
            return 0
        offset = self._get("<H", self._fields + entry)
        return self._at + offset if offset else 0

    def _get(self, form: str, at: int) -> int:
        if at < 0:
            raise ValueError("a header points before its beginning")
        return int(struct.unpack_from(form, self._data, at)[0])
