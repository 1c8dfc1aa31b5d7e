"""Several arrays in one archive of NumPy's."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from vaegui.data.formats.array.named_arrays import ArrayInFile, NamedArrays
from vaegui.data.formats.array.unpacking import unpack
from vaegui.data.formats.base import Contents, Detected
from vaegui.data.formats.npy import array_at
from vaegui.data.formats.refusing import check_ratio, printable, refusing
from vaegui.data.stored.decoded import decoded
from vaegui.data.stored.file_array import FileArray, known_files
from vaegui.data.stored.turned import turned
from vaegui.errors import DataError
from vaegui.progress import ProgressCallback
from vaegui.reading.archives.zip_archive import opened_zip, place_of
from vaegui.reading.npy_header import HEADER_BYTES, NpyHeader, npy_header

__all__ = ["NpzArchive"]

_MOST_ARRAYS = 2000
_REMEDY = "Save it again with plain numbers: np.savez(path, x=x, y=y)."


@dataclass(frozen=True, slots=True)
class _Member:
    """An array in the archive: what its header says, and where its content begins if stored."""

    info: zipfile.ZipInfo
    header: NpyHeader
    place: int | None


class NpzArchive(NamedArrays):
    """Arrays in an archive of NumPy's, compressed or not."""

    label: ClassVar[str] = "NumPy archive (.npz)"

    kind: Literal["npz"] = "npz"

    @classmethod
    def detect(cls, path: Path) -> Detected | None:
        """Look at the headers of the arrays."""
        if not path.is_file():
            return None
        with refusing(path), path.open("rb") as file:
            if file.read(2) != b"PK":
                return None
        members, odd = _members(path)
        if not members and not odd:
            return None
        found = cls.chosen(_listed(members))
        if found is None:
            why = odd[0] if odd else "it has no array with two or more axes"
            raise DataError(f"{path} holds no examples: {why}.", _REMEDY)
        return found

    def read(self, path: Path, progress: ProgressCallback) -> Contents:
        """Arrays that are stored where they lie; those that are compressed are unpacked first."""
        members, _ = _members(path)
        file_known = known_files(path)

        def rows(name: str) -> NDArray[Any] | FileArray:
            member = members[name]
            if member.place is None:
                return _unpacked(path, member, f"{name}\n{file_known}", progress)
            return array_at(path, member.header, member.place, f"{name}\n{file_known}", progress)

        return self.contents(_listed(members), rows, lambda *names: "\n".join((file_known, *names)))


def _listed(members: dict[str, _Member]) -> dict[str, ArrayInFile]:
    return {
        name: ArrayInFile(member.header.shape, member.header.dtype)
        for name, member in members.items()
    }


def _members(path: Path) -> tuple[dict[str, _Member], list[str]]:
    """The arrays by name; and what is wrong with those that cannot be used."""
    members, odd = {}, []
    with refusing(path), opened_zip(path) as archive:
        infos = [info for info in archive.infolist() if info.filename.endswith(".npy")]
        if len(infos) > _MOST_ARRAYS:
            raise ValueError(f"it has more than {_MOST_ARRAYS:,} arrays")
        for info in infos:
            name = info.filename.removesuffix(".npy")
            if printable(name) != name or name in members:
                raise ValueError("two of its arrays have one name, or one that cannot be shown")
            try:
                with archive.open(info) as content:
                    header = npy_header(content.read(HEADER_BYTES))
                members[name] = _checked(archive, info, header)
            except ValueError as error:
                odd.append(f"{name}: {error}")
    return members, odd


def _checked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, header: NpyHeader) -> _Member:
    """The member, if what it says of its size is true."""
    if header.offset + header.bytes != info.file_size:
        raise ValueError("it is not as long as it says")
    check_ratio(info.file_size, info.compress_size)
    stored = info.compress_type == zipfile.ZIP_STORED
    if stored and info.file_size != info.compress_size:
        raise ValueError("it is not as long as it says")
    return _Member(info, header, place_of(archive, info) if stored else None)


def _unpacked(
    path: Path, member: _Member, known: str, progress: ProgressCallback
) -> NDArray[Any] | FileArray:
    header = member.header
    shape = header.shape[::-1] if header.fortran else header.shape

    def make(append: Callable[[NDArray[Any]], None]) -> None:
        with (
            refusing(path),
            opened_zip(path) as archive,
            archive.open(archive.getinfo(member.info.filename)) as content,
        ):
            content.read(header.offset)
            unpack(content, shape, header.dtype, append, progress)

    native = header.dtype.newbyteorder("=")
    x = decoded(f"npz\n{known}", shape[1:], native, shape[0], make).x
    if not header.fortran:
        return x
    if isinstance(x, np.ndarray):
        return np.ascontiguousarray(x.T)
    return turned(x, range(len(shape))[::-1], known, progress)
