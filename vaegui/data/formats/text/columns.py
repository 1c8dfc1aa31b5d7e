"""What the columns of a text file are called, measured in, and hold, as a sample of it says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vaegui.data.formats.base import TableColumn
from vaegui.data.formats.naming import clean, name_and_unit, unique_names
from vaegui.data.formats.text.cells import date_pattern, number_pattern
from vaegui.data.formats.text.layout import ColumnKind, TextLayout
from vaegui.data.formats.text.rows import Divided, Row, divided
from vaegui.data.formats.text.sample import TextSample
from vaegui.errors import DataError

__all__ = ["columns_of", "data_rows", "kind_of", "parts_of"]

MOSTLY = 0.9
"""Share of a column's cells that must be numbers (or dates) for it to be a column of them."""
_LONG = 60
"""Letters; longer cells are sentences rather than names of categories."""


def parts_of(sample: TextSample, layout: TextLayout) -> tuple[Divided, Divided]:
    """The beginning and the end of a file, divided into cells as the layout says."""
    return (
        divided(sample.head, layout.delimiter, layout.quote),
        divided(sample.tail, layout.delimiter, layout.quote),
    )


def data_rows(head: Divided, tail: Divided, layout: TextLayout) -> list[list[str]]:
    """The rows of a sample that are data, all with the same number of cells.

    Raises
    ------
    DataError
        If there are none.
    """
    rows = [row for row in head.rows if row.line >= layout.first_line] + list(tail.rows)
    found = [
        row.cells for row in rows if len(row.cells) == head.width and not _is_comment(row, layout)
    ]
    if not found:
        raise DataError(
            "The file has no row of data where it should begin.",
            "Say in which line the data begin, and what divides the cells.",
        )
    return found


def columns_of(sample: TextSample, layout: TextLayout) -> tuple[list[TableColumn], bool]:
    """What the columns are, and whether quoted cells contain ends of lines.

    Raises
    ------
    DataError
        If there are no rows.
    """
    head, tail = parts_of(sample, layout)
    rows = data_rows(head, tail, layout)
    by_column = list(zip(*rows, strict=True))
    headings = _headings(head.rows, layout, by_column)
    units = _line(head.rows, layout.units_line, layout, by_column) or [""] * head.width
    named = [name_and_unit(heading) for heading in headings]
    names = unique_names([name for name, _ in named])
    columns = [
        TableColumn(
            name,
            layout.kinds.get(name) or kind_of(cells, layout),
            clean(units[i].strip("[]() ") or named[i][1], 20),
        )
        for i, (name, cells) in enumerate(zip(names, by_column, strict=True))
    ]
    return columns, head.multiline


def kind_of(cells: Sequence[str], layout: TextLayout) -> ColumnKind:
    """What the cells of one column mostly are; numbers if there is none but missing ones."""
    missing = set(layout.no_values)
    present = [cell for text in cells if (cell := text.strip()) not in missing]
    enough = MOSTLY * len(present)
    if _count(number_pattern(layout), present) >= enough:
        return "number"
    if _count(date_pattern(), present) >= enough:
        return "date"
    if sum(map(len, present)) > _LONG * len(present):
        return "text"
    different = len(set(present))
    return "category" if different <= max(20, len(present) / 2) else "text"


def _count(pattern: str, cells: Sequence[str]) -> int:
    # RE2 names a flag for a part only in the way that Python does, too.
    matches = re.compile(pattern).match
    return sum(matches(cell) is not None for cell in cells)


def _is_comment(row: Row, layout: TextLayout) -> bool:
    return bool(layout.comment) and row.cells[0].lstrip().startswith(layout.comment)


def _headings(
    rows: Sequence[Row], layout: TextLayout, columns: Sequence[Sequence[str]]
) -> list[str]:
    found = _line(rows, layout.header_line, layout, columns)
    return found or [f"column {number}" for number in range(1, len(columns) + 1)]


def _line(
    rows: Sequence[Row], line: int, layout: TextLayout, columns: Sequence[Sequence[str]]
) -> list[str] | None:
    """The cells of one line before the data, as many as there are columns."""
    cells = next((row.cells for row in rows if row.line == line), None) if line else None
    if cells is None:
        return None
    if layout.comment and cells[0].startswith(layout.comment):
        first = cells[0].removeprefix(layout.comment).strip()
        cells = [first, *cells[1:]] if first or len(cells) == len(columns) else cells[1:]
    if len(cells) == len(columns) - 1 and any(cell.strip() for cell in columns[-1]):
        cells = ["row", *cells]  # the first column has the names of the rows and none of its own
    missing = len(columns) - len(cells)
    return [*cells, *[""] * missing][: len(columns)]
