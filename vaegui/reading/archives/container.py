"""The zip archive that a model file is, opened so that no archive can do more than be refused.

Only the plainest archives are accepted: members stored as they are, each named once, by a plain
relative name, and all together no longer than the file. So nothing can unpack to more than the
file's own size, and no name means a place outside of it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from vaegui import strict_json
from vaegui.errors import Cancelled, FileError, VaeguiError
from vaegui.progress import ProgressCallback, no_progress
from vaegui.reading.kinds import known_kind

__all__ = ["DAMAGED", "Container", "archive_of", "explaining", "opened"]

DAMAGED = "Use another copy of the file; this one is damaged."

MAX_BYTES = 1 << 38
"""Of a file."""
MAX_MEMBERS = 1 << 14
"""Imported models have the most: two thousand trained weights, and for each two averages of the
gradient, the best and the last value."""
MAX_NAME = 200

_END = struct.Struct("<4s4s2H2LH")
_END_MARK = b"PK\x05\x06"
# Where an archive needs more than 32 bits, its end is told before that, and where that is told.
_LONG_END, _LONG_PLACE = struct.Struct("<4sQ2H2L4Q"), struct.Struct("<4sLQL")
_LONG_END_MARK, _LONG_PLACE_MARK = b"PK\x06\x06", b"PK\x06\x07"
_UTF8_NAME, _SIZES_AFTERWARDS = 0x800, 0x8
_PIECE = 1 << 22


@dataclass(frozen=True, slots=True)
class Container:
    """An open archive of members that were found to be plain."""

    path: Path
    file: IO[bytes]
    archive: zipfile.ZipFile

    @property
    def names(self) -> frozenset[str]:
        """The names of all members."""
        return frozenset(self.archive.namelist())

    def size(self, name: str) -> int:
        """Bytes of a member. Raises `ValueError` if there is none of that name."""
        return self._info(name).file_size

    def read(self, name: str, limit: int = MAX_BYTES) -> bytes:
        """The bytes of a member, if there are at most ``limit``. Raises `ValueError` otherwise."""
        self.check_size(name, limit)
        return self.archive.read(self._info(name))

    def check_size(self, name: str, limit: int) -> None:
        """Raise `ValueError` if a member is missing or has more than ``limit`` bytes."""
        if self._info(name).file_size > limit:
            raise ValueError(f"{name} is too large")

    def json(self, name: str) -> Any:
        """The document in a member. Raises `ValueError` if it is not plain JSON of modest size."""
        content = self.read(name, strict_json.MAX_BYTES)
        try:
            return strict_json.parse(content)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"{name} cannot be used: {error}") from None

    def place(self, name: str, progress: ProgressCallback = no_progress) -> tuple[int, int]:
        """Offset in the file and length of a member, whose checksum is compared on the way."""
        info, done = self._info(name), 0
        with self.archive.open(info) as source:
            while piece := source.read(_PIECE):
                done += len(piece)
                progress("Opening (bytes)", done, info.file_size)
        # The name and the extra field before the bytes are as long as the header in place says.
        self.file.seek(info.header_offset + 26)
        lengths = struct.unpack("<HH", self.file.read(4))
        return info.header_offset + 30 + sum(lengths), info.file_size

    def _info(self, name: str) -> zipfile.ZipInfo:
        try:
            return self.archive.getinfo(name)
        except KeyError:
            raise ValueError(f"it lacks {name}") from None


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Container]:
    """A file as a container; whatever its contents make go wrong becomes a `FileError`."""
    with explaining(path), path.open("rb") as file, archive_of(file) as archive:
        names = archive.namelist()
        # Some disks do not tell upper from lower case.
        if len({name.casefold() for name in names}) != len(names):
            raise ValueError("it has two members of the same name")
        yield Container(path, file, archive)


@contextlib.contextmanager
def archive_of(file: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """The archive in an open file. Raises `ValueError`, `zipfile.BadZipFile` unless it is plain."""
    size = _check_directory(file)
    with zipfile.ZipFile(file) as archive:
        infos = archive.infolist()
        if len({info.filename for info in infos}) != len(infos):
            raise ValueError("it has two members of the same name")
        for info in infos:
            _check_member(info)
        _check_places(infos, size)
        yield archive


def _check_directory(file: IO[bytes]) -> int:
    """Look at the archive's end before a list is made of what it says. Returns the file's size."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END.size - _LONG_PLACE.size - _LONG_END.size))
    tail = file.read()
    if len(tail) < _END.size or tail[-_END.size :][:4] != _END_MARK:
        raise zipfile.BadZipFile("it is no archive, or not all of it is there")
    _, disks, _, count, length, start, comment = _END.unpack(tail[-_END.size :])
    end = size - _END.size
    long = tail[: -_END.size]
    if long[-_LONG_PLACE.size :][:4] == _LONG_PLACE_MARK:
        end -= _LONG_PLACE.size + _LONG_END.size
        count, length, start = _long_directory(long, end)
    if size > MAX_BYTES:
        raise ValueError("it is too large")
    if count > MAX_MEMBERS or length > count * (46 + 28 + 4 * MAX_NAME):
        raise ValueError("it has too many members")
    if disks != bytes(4) or comment or start + length != end:
        raise zipfile.BadZipFile("its list of members is not where it should be")
    return size


def _long_directory(tail: bytes, end: int) -> tuple[int, int, int]:
    """Members, bytes and offset of the list that an end in 64 bits at ``end`` tells of."""
    if len(tail) < _LONG_END.size + _LONG_PLACE.size:
        raise zipfile.BadZipFile("not all of it is there")
    mark, size, _, _, disk, first, here, count, length, start = _LONG_END.unpack_from(tail)
    place = _LONG_PLACE.unpack_from(tail, _LONG_END.size)
    plain = (_LONG_END_MARK, _LONG_END.size - 12, 0, 0, count), (_LONG_PLACE_MARK, 0, end, 1)
    if ((mark, size, disk, first, here), place) != plain:
        raise zipfile.BadZipFile("its list of members is not where it should be")
    return count, length, start


def _check_places(infos: list[zipfile.ZipInfo], size: int) -> None:
    """Make sure that members lie one after the other, so that none is counted twice."""
    free = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < free:
            raise ValueError("its members lie over each other")
        free = info.header_offset + 30 + len(info.filename) + info.file_size
    if free > size:
        raise ValueError("its members claim to be larger than the file")


def _check_member(info: zipfile.ZipInfo) -> None:
    name = info.filename
    path = PurePosixPath(name)
    # The raw name is compared too, as zipfile ends a name at a null byte.
    odd = not name.isascii() or not name.isprintable() or name != info.orig_filename
    if odd or len(name) > MAX_NAME or ":" in name or "\\" in name:
        raise ValueError("it has a member with an odd name")
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"the name of its member {name} leads out of it")
    if info.flag_bits & ~(_UTF8_NAME | _SIZES_AFTERWARDS):
        raise ValueError(f"{name} is encrypted or patched")
    # Stored as it is, as it was written, a member cannot unpack to more than the file holds.
    if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
        raise ValueError(f"{name} was packed anew by another program")


@contextlib.contextmanager
def explaining(path: Path) -> Iterator[None]:
    """Whatever the contents of a file make go wrong in the block becomes a `FileError` about it."""
    try:
        yield
    except (FileError, Cancelled):
        raise
    except VaeguiError as error:
        raise FileError(f"{path} cannot be used: {error.message}", error.remedy) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    except zipfile.BadZipFile as error:
        if known := known_kind(path):
            raise known from error
        raise FileError(f"{path} is damaged or not a model file: {error}.", DAMAGED) from error
    # What zipfile, zlib, json, struct and pydantic raise for bytes that are no good.
    except (ValueError, EOFError, RuntimeError, OverflowError, struct.error, zlib.error) as error:
        raise FileError(f"{path} is damaged: {_sentence(error)}.", DAMAGED) from error


def _sentence(error: Exception) -> str:
    """The first line of what an error says, shortened: it may repeat what stands in the file."""
    lines = str(error).splitlines() or [type(error).__name__]
    text = "".join(c for c in lines[0] if c.isprintable()).rstrip(".")
    return text if len(text) <= 200 else f"{text[:199]}…"


def _unreadable(path: Path, error: OSError) -> FileError:
    reasons = {
        errno.ENOENT: ("there is no such file", "Choose another file."),
        errno.EISDIR: ("it is a folder", "Choose a file."),
        errno.EACCES: ("you may not read it", "Change its permissions, or choose another file."),
        errno.ENAMETOOLONG: ("the name is too long", "Choose another file."),
    }
    reason, remedy = reasons.get(
        error.errno or 0, (error.strerror or str(error), "Try again, or choose another file.")
    )
    return FileError(f"{path} cannot be read: {reason}.", remedy)
