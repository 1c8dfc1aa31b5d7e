"""Tables in text files: CSV, TSV, and whatever else has one row in each line."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal

from vaegui.data.formats.base import Contents, Detected, FileFormat
from vaegui.data.formats.text.columns import columns_of
from vaegui.data.formats.text.guessing import guess, looks_like_a_table
from vaegui.data.formats.text.layout import TextLayout
from vaegui.data.formats.text.sample import sample
from vaegui.data.formats.text.table import read_table
from vaegui.errors import DataError
from vaegui.progress import ProgressCallback

__all__ = ["CsvFile"]

_SUFFIXES = {".csv", ".tsv", ".tab"}
_PERHAPS = {".txt", ".dat", ".data", ".asc", ".prn", ""}
_OTHERS = ("{", "[{", "<", "%PDF", "#!", "\\", "---")
"""What files of other kinds begin with."""


class CsvFile(TextLayout, FileFormat):
    """A table as text: a row in each line, its cells divided by commas, semicolons or tabs."""

    label: ClassVar[str] = "Table as text (CSV, TSV)"

    kind: Literal["csv"] = "csv"

    @classmethod
    def detect(cls, path: Path) -> Detected | None:
        """Find out how it is written, from the beginning and the end of the file.

        Raises
        ------
        DataError
            If the file is called a table but is none that can be read.
        """
        suffix = path.suffix.lower()
        if not path.is_file():
            return None
        found = sample(path)
        if suffix not in _SUFFIXES:
            begins = "" if found is None else "".join(found.head[:1]).lstrip()
            if found is None or suffix not in _PERHAPS or begins.startswith(_OTHERS):
                return None
            if not looks_like_a_table(found):
                return None
        elif found is None:
            raise DataError(
                f"{path.name} is no text, though its name says so.",
                "Open a table as it was exported, with a row in each line.",
            )
        assert found is not None
        layout, guesses = guess(found)
        return Detected(cls(**layout.model_dump()), guesses)

    def read(self, path: Path, progress: ProgressCallback) -> Contents:
        """Read the file through once. A small one stays in memory, a larger one is read again.

        Rows with another number of cells, and cells that are not what their column is, are in the
        ledger with their lines.
        """
        found = sample(path)
        if found is None:
            raise DataError(f"{path.name} is no text.", "Open a table that was saved as text.")
        columns, multiline = columns_of(found, self)
        return read_table(path, self, columns, progress, multiline=multiline)
