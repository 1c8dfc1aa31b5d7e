"""Which pictures a folder or a ZIP archive holds, and what their places and a table say of them."""

from __future__ import annotations

import hashlib
import os
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Protocol

from vaegui.data.formats.base import LedgerEntry, Place
from vaegui.data.formats.refusing import check_ratio, printable, refusing
from vaegui.data.stored.file_array import known_files
from vaegui.progress import ProgressCallback
from vaegui.reading.archives.zip_archive import opened_zip
from vaegui.reading.pictures import MAX_FILE_BYTES

__all__ = ["SUFFIXES", "Folder", "Listing", "PictureFiles", "ZipFolder", "is_zip", "opened_files"]

SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".dib", ".tif", ".tiff", ".webp"}
    | {".pgm", ".ppm", ".pnm", ".pbm"}
)
TABLES = frozenset({".csv", ".tsv", ".txt"})
_MOST_TABLES, _TABLE_BYTES = 20, 64 << 20
_MOST_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Listing:
    """Names of pictures and tables, relative to what was opened, with ``/`` between folders."""

    pictures: list[str]
    sizes: list[int]
    tables: list[str]
    ledger: list[LedgerEntry] = field(default_factory=list)
    whole: bool = True
    """Whether all were listed; otherwise there was no time for more."""
    known: str = ""
    """The fingerprint of all pictures."""


class PictureFiles(Protocol):
    """A folder or an archive of pictures. Several threads may read."""

    def listed(self, seconds: float | None, progress: ProgressCallback) -> Listing:
        """What there is, in the order of the names; for so many seconds at most."""
        ...

    def read(self, name: str) -> bytes:
        """A whole file. Raises `OSError` or `ValueError`."""
        ...


@contextmanager
def opened_files(path: Path) -> Iterator[PictureFiles]:
    """The pictures of a folder, an archive, or a file with pages. Raises `DataError`."""
    if path.is_dir():
        yield Folder(path)
        return
    if not is_zip(path):
        yield Folder(path.parent, only=path.name)
        return
    with ExitStack() as stack:
        with refusing(path):
            archive = stack.enter_context(opened_zip(path))
        yield ZipFolder(path, archive)


def is_zip(path: Path) -> bool:
    """Whether a file begins as archives do. Raises `DataError` if it cannot be read."""
    with refusing(path):
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


class Folder:
    """Pictures in a folder and the folders in it. What lies elsewhere is not reached by links.

    ``only`` is the name of a single file that is meant.
    """

    def __init__(self, path: Path, only: str = "") -> None:
        self._path, self._only = path, only

    def listed(self, seconds: float | None, progress: ProgressCallback) -> Listing:
        """What there is. Raises `DataError` if the folder cannot be read."""
        end = None if seconds is None else time.monotonic() + seconds
        found: list[tuple[str, int, int]] = []
        tables, ledger, whole = [], [], True
        for entry, name in self._entries():
            if end is not None and time.monotonic() > end:
                whole = False
                break
            suffix = PurePosixPath(name).suffix.lower()
            if suffix in SUFFIXES and entry.is_symlink() and self._leads_out(entry):
                why = "it is a link to a file outside of the folder"
                ledger.append(LedgerEntry(Place(printable(name)), "left out", why))
            elif suffix in SUFFIXES and entry.is_file():
                status = entry.stat()
                found.append((name, status.st_size, status.st_mtime_ns))
                if len(found) % 1000 == 0:
                    progress("Looking for pictures (files)", len(found), None)
            elif suffix in TABLES and "/" not in name and entry.is_file():
                tables.append(name)
        found.sort()
        known = hashlib.sha256(str(self._path.resolve()).encode("utf-8", "surrogateescape"))
        for one in found:
            known.update(repr(one).encode())
        names, sizes = [name for name, _, _ in found], [size for _, size, _ in found]
        few = sorted(tables)[:_MOST_TABLES]
        return Listing(names, sizes, few, ledger, whole, known.hexdigest())

    def read(self, name: str) -> bytes:
        """A whole file. Raises `OSError`, and `ValueError` if it is too large."""
        with open(self._path / name, "rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            raise ValueError("it is too large for a picture")
        return content

    def _entries(self) -> Iterator[tuple[os.DirEntry[str], str]]:
        """All files that are not hidden, with their names."""
        pending = [(self._path, "", 0)]
        while pending:
            folder, prefix, depth = pending.pop()
            with refusing(folder), os.scandir(folder) as entries:
                for entry in entries:
                    meant = entry.name == self._only if self._only else not _hidden(entry.name)
                    if not meant:
                        continue
                    name = f"{prefix}{entry.name}"
                    if not entry.is_dir(follow_symlinks=False):
                        yield entry, name
                    elif depth < _MOST_DEPTH:
                        pending.append((folder / entry.name, f"{name}/", depth + 1))

    def _leads_out(self, entry: os.DirEntry[str]) -> bool:
        return not Path(entry.path).resolve().is_relative_to(self._path.resolve())


class ZipFolder:
    """Pictures in an archive, which is never unpacked to the disk."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._path, self._archive = path, archive
        self._infos = {
            info.filename.replace("\\", "/"): info
            for info in archive.infolist()
            if not info.is_dir() and not _hidden(info.filename)
        }

    def listed(self, seconds: float | None, progress: ProgressCallback) -> Listing:
        """What there is."""
        names = sorted(n for n in self._infos if PurePosixPath(n).suffix.lower() in SUFFIXES)
        tables = [n for n in self._infos if PurePosixPath(n).suffix.lower() in TABLES]
        tables.sort(key=lambda name: (name.count("/"), name))
        sizes = [self._infos[name].file_size for name in names]
        return Listing(names, sizes, tables[:_MOST_TABLES], known=known_files(self._path))

    def read(self, name: str) -> bytes:
        """A whole member. Raises `OSError`, and `ValueError` if it is damaged or too large."""
        info = self._infos.get(name)
        if info is None:
            raise ValueError("it is not in the archive")
        if info.file_size > MAX_FILE_BYTES:
            raise ValueError("it is too large for a picture")
        check_ratio(info.file_size, info.compress_size)
        try:
            with self._archive.open(info) as content:
                return content.read(info.file_size)
        except (zipfile.BadZipFile, EOFError, RuntimeError, zlib.error) as error:
            raise ValueError(f"it is damaged in the archive ({error})") from error


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in name.replace("\\", "/").split("/"))
