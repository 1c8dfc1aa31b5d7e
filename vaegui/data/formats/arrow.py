"""Tables in files of columns: Parquet, and Arrow's own files, which Feather's are, too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

import pyarrow as pa

from vaegui.data.formats.base import Contents, Detected, FileFormat, Guess, TableColumn
from vaegui.data.formats.columnar.columns import Field, batch_of, fields_of, with_kinds
from vaegui.data.formats.columnar.opening import Container, container_of, opened
from vaegui.data.formats.unread import unread
from vaegui.data.stored.identity import identity
from vaegui.declared import setting
from vaegui.errors import DataError
from vaegui.progress import ProgressCallback

__all__ = ["ArrowFile", "ArrowTable"]

_NAMES = {
    "parquet": "Parquet files begin with PAR1",
    "arrow": "Arrow and Feather files begin with ARROW1",
    "stream": "streams of Arrow begin so",
}


@dataclass(frozen=True, eq=False, slots=True)
class ArrowTable:
    """The `Table` of a file of columns, decoded portion by portion whenever it is read."""

    path: Path
    container: Container
    fields: Sequence[Field]
    length: int
    fingerprint: str
    file_identity: str

    @property
    def columns(self) -> Sequence[TableColumn]:
        """What the columns are."""
        return tuple(field.column for field in self.fields)

    def line(self, row: int) -> None:
        """None: the file has no lines."""

    def batches(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Some columns, portion by portion."""
        by_name = {field.column.name: field for field in self.fields}
        wanted = [by_name[name] for name in columns]
        stored = list(dict.fromkeys(field.stored for field in wanted))
        self._check_unchanged()
        rows = 0
        with opened(self.path, self.container) as file:
            for batch in file.batches(stored):
                rows += batch.num_rows
                yield batch_of(batch, wanted)
        self._check_unchanged()
        if rows != self.length:
            raise DataError(
                f"{self.path.name} has {rows:,} rows and says that it has {self.length:,}.",
                "Make the file again.",
            )

    def _check_unchanged(self) -> None:
        if identity(self.path) != self.file_identity:
            raise DataError(f"{self.path} changed while it was read.", "Open it again.")


class ArrowFile(FileFormat):
    """A table in a file of columns, which says itself what they are."""

    label: ClassVar[str] = "Parquet, Arrow or Feather"

    kind: Literal["arrow"] = "arrow"
    container: Container = setting("parquet", title="Kind of file", help="Which of them it is.")
    kinds: dict[str, Literal["number", "category", "date", "text"]] = setting(
        {}, title="Kinds", help="What columns hold, where that is not what the file says."
    )

    @classmethod
    def detect(cls, path: Path) -> Detected | None:
        """Look at the first bytes; the file itself says all else.

        Raises
        ------
        DataError
            If it is of this kind but cannot be used.
        """
        if not path.is_file() or (container := container_of(path)) is None:
            return None
        if container == "stream" and path.suffix.lower() not in (".arrow", ".arrows", ".ipc"):
            return None
        with opened(path, container) as file:
            fields_of(file.schema, path.name)
        return Detected(cls(container=container), (Guess("container", _NAMES[container]),))

    def read(self, path: Path, progress: ProgressCallback) -> Contents:
        """Look at the columns. Rows are read when they are asked for.

        Columns that hold lists, structures or bytes are in the ledger.
        """
        known_as = identity(path)
        with opened(path, self.container) as file:
            fields, ledger = fields_of(file.schema, path.name)
            stored = list(dict.fromkeys(field.stored for field in fields))
            length, first = file.length, None
            if length is None:
                length = 0
                for batch in file.batches(stored):
                    progress("Reading the table (rows)", length, None)
                    first = batch if first is None else first
                    length += batch.num_rows
            else:
                progress("Reading the table (rows)", 0, length)
                first = next(file.batches(stored), None)
        if not length:
            raise DataError(f"{path.name} has no rows.", "Choose a table that has some.")
        table = ArrowTable(
            path=path,
            container=self.container,
            fields=with_kinds(fields, first, self.kinds),
            length=length,
            fingerprint=f"{known_as} {self.model_dump_json()}",
            file_identity=known_as,
        )
        return Contents({"all": table}, tuple(ledger), unread(ledger, "column"))
