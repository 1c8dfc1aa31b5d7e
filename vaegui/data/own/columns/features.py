"""Columns of a table as features: float32, in the data's own units, NaN where there is no value."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from vaegui.data.class_codes import MOST_CLASSES
from vaegui.data.formats.base import Table
from vaegui.data.own.columns.column import Column, feature_names, one_hots
from vaegui.data.own.whole import ReadPart
from vaegui.data.source import Names
from vaegui.data.sources.array import ArraySource
from vaegui.data.stored.ahead import ahead
from vaegui.data.stored.decoded import decoded
from vaegui.errors import DataError
from vaegui.progress import ProgressCallback

__all__ = ["features"]

MISSING = "(missing)"
"""The class of rows without a label, and the group of rows that say none."""
_TOGETHER = 1024
"""Rows that are turned from columns into rows while they are in the processor's cache."""


def features(table: Table, columns: Sequence[Column], progress: ProgressCallback) -> ReadPart:
    """Make examples (n, features) of a table, one for each of its rows.

    The table is read once, and once more for labels and groups, unless it was decoded before.

    Parameters
    ----------
    columns
        What is done with each; columns that they do not name are not used.

    Raises
    ------
    DataError
        If the table lacks one of them, has other values in it, or cannot be read.
    Cancelled
        If ``progress`` raises it.
    """
    used = [column for column in columns if column.names]
    if not used:
        raise DataError("No column is a feature.", "Say which columns the model learns from.")
    _check(table, [column for column in columns if column.role != "ignore"])
    names = [column.name for column in used]
    width = sum(len(column.names) for column in used)

    def make(append: Any) -> None:
        work = ahead(lambda batch: _block(batch, used, width), table.batches(names))
        done = 0
        with closing(work):
            for rows in work:
                progress("Making features (rows)", done, table.length)
                append(rows)
                done += len(rows)

    known = ""
    if table.fingerprint:
        known = " ".join([table.fingerprint, *(column.model_dump_json() for column in used)])
    x = decoded(known, (width,), np.dtype(np.float32), table.length, make).x
    labels, classes = _codes(table, columns, "label", progress)
    groups, _ = _codes(table, columns, "group", progress)
    units = tuple(unit for column in used for unit in column.units)
    described = Names(
        classes=classes,
        features=feature_names(used),
        units=units if any(units) else None,
        one_hot=one_hots(used),
    )
    return ReadPart(ArraySource(x, labels, described, known), groups, line_of=table.line)


def _check(table: Table, columns: Sequence[Column]) -> None:
    there = {column.name: column.kind for column in table.columns}
    for column in columns:
        if column.name not in there:
            raise DataError(
                f"The table has no column '{column.name}'.",
                "Choose a file that has it, or ignore the column.",
            )
        numeric = there[column.name] in ("number", "date")
        if numeric != (column.kind in ("number", "date")):
            found, wanted = there[column.name], column.kind
            raise DataError(
                f"The column '{column.name}' holds values of the kind {found}, not {wanted}.",
                "Choose a file like the first, or say what the column holds.",
            )


def _block(batch: pa.RecordBatch, columns: Sequence[Column], width: int) -> NDArray[np.float32]:
    """Some rows (n, width)."""
    values: list[NDArray[Any]] = []
    for index, column in enumerate(columns):
        cells = batch.column(index)
        values += _of_column(cells, column)
        if column.mask:
            values.append(cells.is_null().to_numpy(zero_copy_only=False))
    rows = np.empty((batch.num_rows, width), np.float32)
    with np.errstate(over="ignore"):  # what is too large for float32 is found as infinite
        for start in range(0, len(rows), _TOGETHER):
            together = slice(start, start + _TOGETHER)
            for index, value in enumerate(values):
                rows[together, index] = value[together]
    return rows


def _of_column(cells: pa.Array, column: Column) -> list[NDArray[Any]]:
    """The features of one column, without that of what is missing."""
    if column.kind == "number":
        return [cells.to_numpy(zero_copy_only=False)]
    if column.kind == "date":
        days = cells.to_numpy(zero_copy_only=False)
        return [days - column.first_day] if column.date == "days" else _date_parts(days)
    codes = pc.index_in(cells, pa.array(column.categories, pa.string()))
    codes = pc.fill_null(codes, len(column.categories)).to_numpy(zero_copy_only=False)
    gaps = cells.is_null().to_numpy(zero_copy_only=False)
    return [np.where(gaps, np.nan, codes == code) for code in range(len(column.values))]


def _date_parts(days: NDArray[np.float64]) -> list[NDArray[Any]]:
    gaps = ~np.isfinite(days)
    whole = np.floor(np.where(gaps, 0.0, days)).astype(np.int64)
    dates = whole.astype("M8[D]")
    year = dates.astype("M8[Y]").astype(np.int64) + 1970
    month = dates.astype("M8[M]").astype(np.int64) % 12 + 1
    weekday = (whole + 3) % 7  # 1970-01-01 was a Thursday
    return [np.where(gaps, np.nan, part) for part in (year, month, weekday)]


def _codes(
    table: Table, columns: Sequence[Column], role: str, progress: ProgressCallback
) -> tuple[NDArray[np.int64] | None, tuple[str, ...] | None]:
    """Numbers from 0 of what the column of a role says, and the words for them."""
    chosen = [column for column in columns if column.role == role]
    if not chosen:
        return None, None
    if len(chosen) > 1:
        both = " and ".join(f"'{column.name}'" for column in chosen[:2])
        raise DataError(f"There are two columns with the role {role}: {both}.", "Keep one of them.")
    name, kind = chosen[0].name, chosen[0].kind
    pieces, done = [], 0
    for batch in table.batches([name]):
        progress(f"Reading the {role}s (rows)", done, table.length)
        pieces.append(batch.column(0).dictionary_encode())
        done += batch.num_rows
    whole = pa.chunked_array(pieces).unify_dictionaries()
    values = whole.chunk(0).dictionary.to_pylist()
    if len(values) > MOST_CLASSES and role == "label":
        raise DataError(
            f"The column '{name}' has {len(values):,} different labels.",
            f"Choose a column with at most {MOST_CLASSES:,}, or none.",
        )
    order = np.argsort(np.array(values)) if values else np.empty(0, np.intp)
    rank = np.empty(len(values) + 1, np.int64)
    rank[order], rank[-1] = np.arange(len(values)), len(values)
    places = [piece.indices.fill_null(len(values)).to_numpy() for piece in whole.chunks]
    codes = rank[np.concatenate(places)]
    words = [_word(values[place], kind) for place in order]
    has_gaps = bool((codes == len(values)).any())
    return codes, tuple(words + ([MISSING] if has_gaps else []))


def _word(value: str | float, kind: str) -> str:
    if isinstance(value, str):
        return "".join(c if c.isprintable() else " " for c in value[:100])
    if kind == "date":
        return str(np.datetime64(int(value), "D"))
    return f"{value:.10g}"
