"""What Arrow's types are as columns of a table, and their values as numbers, days or words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from vaegui.data.formats.base import LedgerEntry, Place, TableColumn
from vaegui.data.formats.naming import clean, name_and_unit, unique_names
from vaegui.errors import DataError

__all__ = ["MOST_COLUMNS", "Field", "batch_of", "fields_of", "with_kinds"]

Kind = Literal["number", "category", "date", "text"]

MOST_COLUMNS = 1 << 16
_A_DAY = {"s": 86400, "ms": 86400 * 10**3, "us": 86400 * 10**6, "ns": 86400 * 10**9}
_LONG = 60


@dataclass(frozen=True, slots=True)
class Field:
    """A column as it is offered: the place of the one that it comes from, and its own."""

    column: TableColumn
    stored: str
    """Name of the column in the file."""
    index: int | None = None
    """Which element of a list of fixed length it is."""


def fields_of(schema: pa.Schema, file: str) -> tuple[list[Field], list[LedgerEntry]]:
    """The columns that can be features or labels; the others are told.

    Raises
    ------
    DataError
        If there are none, more than `MOST_COLUMNS`, or two of one name.
    """
    if len(set(schema.names)) < len(schema.names):
        raise DataError(f"{file} has two columns of one name.", "Name each column differently.")
    raw: list[tuple[str, str, int | None, Kind]] = []
    left_out = []
    for field in schema:
        kind, size = _kind(field.type)
        if kind is None:
            why = f"it holds values of the type {clean(str(field.type), 60)}"
            left_out.append(LedgerEntry(Place(file, column=clean(field.name)), "left out", why))
            continue
        if len(raw) + (size or 1) > MOST_COLUMNS:
            raise DataError(
                f"{file} has more than {MOST_COLUMNS:,} columns.",
                "Turn rows and columns round if each column is an example.",
            )
        for index in range(size) if size is not None else (None,):
            part = "" if index is None else f" {index}"
            raw.append((f"{field.name[:200]}{part}", field.name, index, kind))
    if not raw:
        raise DataError(
            f"{file} has no column of numbers, dates or words.", "Choose a table that has some."
        )
    named = [name_and_unit(name) for name, *_ in raw]
    names = unique_names([name for name, _ in named])
    fields = [
        Field(TableColumn(name, kind, clean(unit, 20)), stored, index)
        for name, (_, unit), (_, stored, index, kind) in zip(names, named, raw, strict=True)
    ]
    return fields, left_out


def with_kinds(
    fields: Sequence[Field], first: pa.RecordBatch | None, kinds: Mapping[str, Kind]
) -> list[Field]:
    """The same with texts told from categories, by the first rows and what a user says."""
    found = []
    for field in fields:
        column, kind = field.column, field.column.kind
        if kind == "category" and first is not None:
            kind = _words(first.column(field.stored))
        wanted = kinds.get(column.name, kind)
        # Numbers can be categories, words cannot be numbers.
        if kind in ("category", "text") and wanted in ("number", "date"):
            wanted = kind
        found.append(
            Field(TableColumn(column.name, wanted, column.unit), field.stored, field.index)
        )
    return found


def batch_of(batch: pa.RecordBatch, fields: Sequence[Field]) -> pa.RecordBatch:
    """The columns of some fields as `Table.batches` gives them."""
    columns = [_values(batch.column(field.stored), field) for field in fields]
    return pa.RecordBatch.from_arrays(columns, [field.column.name for field in fields])


def _kind(kind: pa.DataType) -> tuple[Kind | None, int | None]:
    """What a type is; of a list of fixed length, how many numbers it has."""
    types = pa.types
    if types.is_fixed_size_list(kind) and _kind(kind.value_type) == ("number", None):
        return "number", kind.list_size
    if types.is_dictionary(kind):
        return _kind(kind.value_type)
    if (
        types.is_integer(kind)
        or types.is_floating(kind)
        or types.is_boolean(kind)
        or types.is_decimal(kind)
    ):
        return "number", None
    if types.is_date(kind) or types.is_timestamp(kind):
        return "date", None
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return "category", None
    return None, None


def _words(cells: pa.Array) -> Kind:
    """Whether words are categories or texts."""
    if pa.types.is_dictionary(cells.type):
        return "category"
    there = cells.slice(0, 1000).drop_null().cast(pa.large_string())
    if (pc.mean(pc.utf8_length(there)).as_py() or 0) > _LONG:
        return "text"
    return "category" if len(there.unique()) <= max(20, len(there) / 2) else "text"


def _values(cells: pa.Array, field: Field) -> pa.Array:
    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    if field.index is not None:
        cells = pc.list_element(cells, field.index)
    kind = cells.type
    if pa.types.is_date(kind):
        cells = cells.cast(pa.date32()).cast(pa.int32()).cast(pa.float64())
    elif pa.types.is_timestamp(kind):
        whole = cells.cast(pa.int64()).cast(pa.float64(), safe=False)
        cells = pc.divide(whole, float(_A_DAY[kind.unit]))
    elif not _is_words(kind):
        cells = cells.cast(pa.float64(), safe=False)
    if field.column.kind in ("number", "date"):
        return pc.if_else(pc.is_nan(cells), None, cells)
    return _as_words(cells)


def _as_words(cells: pa.Array) -> pa.StringArray:
    if _is_words(cells.type):
        return cells.cast(pa.string())
    words = [None if value is None else f"{value:.10g}" for value in cells.to_pylist()]
    return pa.array(words, pa.string())


def _is_words(kind: pa.DataType) -> bool:
    types = pa.types
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))
