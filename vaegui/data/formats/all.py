"""All formats, and which of them a file is of."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from vaegui.data.formats.arrow import ArrowFile
from vaegui.data.formats.base import Detected, FileFormat
from vaegui.data.formats.csv import CsvFile
from vaegui.data.formats.hdf5 import Hdf5File
from vaegui.data.formats.idx import IdxFiles
from vaegui.data.formats.npy import NpyFile
from vaegui.data.formats.npz import NpzArchive
from vaegui.data.formats.pictures import Pictures
from vaegui.errors import DataError

__all__ = ["FORMATS", "AnyFormat", "detect", "require_file"]

AnyFormat = Annotated[
    ArrowFile | CsvFile | Hdf5File | IdxFiles | NpyFile | NpzArchive | Pictures,
    Field(discriminator="kind"),
]

FORMATS: tuple[type[FileFormat], ...] = (
    NpyFile,
    NpzArchive,
    Hdf5File,
    IdxFiles,
    Pictures,
    ArrowFile,
    CsvFile,
)
"""In the order in which they look: those whose files begin unmistakably come first."""


def detect(path: Path) -> Detected:
    """Return the format of a file or folder with its fields filled in, by looking at its beginning.

    Raises
    ------
    DataError
        If there is no such file, it is damaged, or of no format that can be opened.
    """
    try:
        path.stat()
    except OSError as error:
        raise DataError(
            f"{path} cannot be opened: {error.strerror or error}.", "Check the name of the file."
        ) from error
    require_file(path)
    for each in FORMATS:
        if found := each.detect(path):
            return found
    known = "; ".join(each.label for each in FORMATS)
    raise DataError(f"{path.name} is of no kind that can be opened.", f"Choose one of: {known}.")


def require_file(path: Path) -> None:
    """Raise `DataError` unless it is a file or a folder: other things may be read without end."""
    if not (path.is_file() or path.is_dir()):
        raise DataError(f"{path} is neither a file nor a folder.", "Choose a file or a folder.")
