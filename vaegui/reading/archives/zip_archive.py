"""Archives as people make them, opened so that none can do more than be refused.

Members may be compressed, as every program compresses them. Nothing is ever unpacked to a disk:
names only say what a member is called.
"""

from __future__ import annotations

import contextlib
import os
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

__all__ = ["MAX_MEMBERS", "opened_zip", "place_of"]

MAX_MEMBERS = 300_000
MAX_LIST_BYTES = 100 << 20
"""Of the list of members, with their names, all of which is read when an archive is opened."""
MAX_NAME = 1000

_END, _END_MARK = struct.Struct("<4s4H2LH"), b"PK\x05\x06"
_LONG_END, _LONG_END_MARK = struct.Struct("<4sQ2H2L4Q"), b"PK\x06\x06"
_LONG_PLACE, _LONG_PLACE_MARK = struct.Struct("<4sLQL"), b"PK\x06\x07"
_MOST_COMMENT = 1 << 16
_ENCRYPTED = 0x1 | 0x40
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@contextlib.contextmanager
def opened_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """An archive whose members all have names within it and can be read.

    Raises
    ------
    ValueError, zipfile.BadZipFile
        If it is none, is damaged, encrypted, too large, or a name leads out of it.
    """
    with path.open("rb") as file:
        _check_list(file)
        with zipfile.ZipFile(file) as archive:
            for info in archive.infolist():
                _check(info)
            yield archive


def place_of(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> int:
    """Offset in the file of the first byte of a member's content."""
    file = archive.fp
    assert file is not None
    file.seek(info.header_offset + 26)
    # The name and extra field before the content are as long as the header in place says.
    name, extra = struct.unpack("<HH", file.read(4))
    return info.header_offset + 30 + int(name) + int(extra)


def _check_list(file: IO[bytes]) -> None:
    """Look at how long the list of members is before it is read."""
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - _END.size - _MOST_COMMENT - _LONG_PLACE.size)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        raise zipfile.BadZipFile("it is no archive, or not all of it is there")
    _, _, _, _, count, length, _, _ = _END.unpack_from(tail, at)
    before = tail[max(0, at - _LONG_PLACE.size) : at]
    if before.startswith(_LONG_PLACE_MARK) and len(before) == _LONG_PLACE.size:
        file.seek(_LONG_PLACE.unpack(before)[2])
        end = file.read(_LONG_END.size)
        if len(end) == _LONG_END.size and end.startswith(_LONG_END_MARK):
            count, length = _LONG_END.unpack(end)[7:9]
    if count > MAX_MEMBERS or length > MAX_LIST_BYTES:
        raise ValueError(f"it has more than {MAX_MEMBERS:,} members")


def _check(info: zipfile.ZipInfo) -> None:
    name = info.filename
    path = PurePosixPath(name.replace("\\", "/"))
    if len(name) > MAX_NAME or name != info.orig_filename.replace(os.sep, "/"):
        raise ValueError("it has a member with an odd name")
    if path.is_absolute() or ".." in path.parts or (path.parts and ":" in path.parts[0]):
        raise ValueError("the name of one of its members leads out of it")
    if info.flag_bits & _ENCRYPTED:
        raise ValueError("it is encrypted")
    if info.compress_type not in _COMPRESSIONS:
        raise ValueError("it is compressed in a way that only some programs know")
