"""Reading the files of a run folder: looked at before they are read, each in one bounded go."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["LARGEST", "FolderReader", "Mark"]

LARGEST = 1 << 30
"""Bytes of a file that is read as a whole."""


@dataclass(frozen=True, slots=True)
class Mark:
    """By what it is noticed that a file is another: its number on the disk, length and time."""

    inode: int
    size: int
    changed: int


class FolderReader:
    """The files in one folder. Every call may raise `OSError`: the disk may be a network away.

    Parameters
    ----------
    folder
        The run folder; it need not be there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def mark(self, name: Path) -> Mark | None:
        """What the file is now; None if it is not there."""
        try:
            status = (self.folder / name).stat()
        except FileNotFoundError:
            return None
        return Mark(status.st_ino, status.st_size, status.st_mtime_ns)

    def read(self, name: Path, start: int = 0, most: int = LARGEST) -> bytes:
        """The bytes of a file from ``start`` on, as many as there are or ``most``."""
        # Opened each time: the file may have been replaced, and nothing is held open meanwhile.
        with (self.folder / name).open("rb") as file:
            file.seek(start)
            return file.read(most)
