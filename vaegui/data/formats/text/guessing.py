"""How a text file is written, as its beginning and end say, each guess with its reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from typing import Any

from vaegui.data.formats.base import Guess
from vaegui.data.formats.text.cells import date_pattern, number_pattern
from vaegui.data.formats.text.columns import data_rows, parts_of
from vaegui.data.formats.text.layout import TextLayout
from vaegui.data.formats.text.marks import guess_dates, guess_missing, guess_numbers
from vaegui.data.formats.text.rows import Divided, Row, divide
from vaegui.data.formats.text.sample import TextSample

__all__ = ["guess", "looks_like_a_table"]

_COMMENTS = ("#", "%", "//", "!")
_MOST_COLUMNS = 2_000
"""Of more columns so many, evenly chosen, say how the table is written."""
_UNIT = re.compile(r"^[\[(]?[^\d\s\[\]()]{0,3}[^\[\]()]{0,15}[\])]?$")


def looks_like_a_table(sample: TextSample) -> bool:
    """Whether text is one of rows and columns with numbers, not a letter or a program."""
    way, _ = divide(_without_comments(sample.head, _comment(sample.head)))
    pattern = re.compile(
        number_pattern(TextLayout()) + "|" + number_pattern(TextLayout(decimal="comma"))
    )
    cells = [cell for row in way.rows if len(row.cells) == way.width for cell in row.cells]
    numbers = sum(pattern.match(cell) is not None for cell in cells)
    return way.width > 1 and way.share > 0.9 and numbers > 0.3 * len(cells)


def guess(sample: TextSample) -> tuple[TextLayout, tuple[Guess, ...]]:
    """The layout of a text file, and what speaks for it.

    Raises
    ------
    DataError
        If there are no rows of data.
    """
    others = ("windows-1252", "latin-1") if sample.doubtful else ()
    guesses = [Guess("encoding", sample.reason, tuple(e for e in others if e != sample.encoding))]
    comment = _comment(sample.head)
    way, delimiters = divide(_without_comments(sample.head, comment))
    values: dict[str, Any] = {
        "encoding": sample.encoding,
        "delimiter": way.delimiter,
        "quote": way.quote,
        "comment": comment,
    }
    why = f"{way.share:.0%} of the lines have {way.width:,} cells with it"
    if way.width == 1:
        why = "there is one cell in each line"
    guesses.append(Guess("delimiter", why, delimiters))
    if comment:
        guesses.append(Guess("comment", f"lines begin with {comment}", ("",)))
    start = _start(way)
    whole = [_some(row.cells) for row in way.rows[start:] if len(row.cells) == way.width]
    cells = list(chain.from_iterable(whole))
    for found, reasons in (guess_numbers(cells, way.delimiter), guess_dates(cells)):
        values |= found
        guesses += reasons
    lines, reason = _lines(sample.head, way, start, TextLayout(**values))
    values |= lines
    guesses.append(reason)
    layout = TextLayout(**values)
    rows = data_rows(*parts_of(sample, layout), layout)
    found, reasons = guess_missing(list(zip(*map(_some, rows), strict=True)), layout)
    layout = layout.model_copy(update=found)
    return layout, (*guesses, *reasons)


def _some(cells: Sequence[str]) -> Sequence[str]:
    """A row's cells, or of very many some: the same columns of each row."""
    return cells[:: 1 + len(cells) // _MOST_COLUMNS]


def _comment(lines: Sequence[str]) -> str:
    """What lines of comments begin with, or ''."""
    texts = [line.lstrip() for line in lines if line.strip()]
    for mark in _COMMENTS:
        count = sum(text.startswith(mark) for text in texts)
        if 0 < count < len(texts):
            return mark
    return ""


def _without_comments(lines: Sequence[str], comment: str) -> list[str]:
    """The lines, with an empty one for each comment."""
    if not comment:
        return list(lines)
    return ["" if line.lstrip().startswith(comment) else line for line in lines]


def _start(way: Divided) -> int:
    """Which row is the first of the table, perhaps that of the names."""
    for i, row in enumerate(way.rows):
        after = way.rows[i + 1 : i + 4]
        if len(row.cells) == way.width and any(cell.strip() for cell in row.cells):
            return i
        # The column of the rows' names may have none itself.
        if len(row.cells) == way.width - 1 and all(len(a.cells) == way.width for a in after):
            return i if after else 0
    return 0


def _lines(
    head: Sequence[str], way: Divided, start: int, layout: TextLayout
) -> tuple[dict[str, int], Guess]:
    """Where names, units and data stand."""
    rows = way.rows[start:]
    first = rows[0].line if rows else 1
    if rows and _is_heading(rows, way.width, layout):
        units = len(rows) > 2 and _is_units(rows, layout)
        data = next((row.line for row in rows[1 + units :] if any(row.cells)), first + 1)
        found = {
            "header_line": first,
            "units_line": rows[1].line if units else 0,
            "first_line": data,
        }
        why = f"line {first:,} has words where the lines below have values"
        return found, Guess("header_line", why, (0,))
    names = _commented_names(head, first, way, layout)
    found = {"header_line": names, "units_line": 0, "first_line": first}
    if names:
        why = f"the comment in line {names:,} has a name for each column"
        return found, Guess("header_line", why, (0,))
    return found, Guess("header_line", f"line {first:,} has values already", (first,))


def _commented_names(head: Sequence[str], first: int, way: Divided, layout: TextLayout) -> int:
    """The line of a comment before the data that has a word for each column; 0 if there is none."""
    if not layout.comment:
        return 0
    for number in range(first - 1, 0, -1):
        text = head[number - 1].strip()
        if text.startswith(layout.comment):
            words = divide([text.removeprefix(layout.comment).strip()] * 2)[0]
            return number if words.width == way.width and way.width > 1 else 0
    return 0


def _is_heading(rows: Sequence[Row], width: int, layout: TextLayout) -> bool:
    """Whether the first row names the columns."""
    heading, below = rows[0].cells, [row.cells for row in rows[1:20] if len(row.cells) == width]
    if not below:
        return not any(_is_value(cell, layout) for cell in heading)
    if len(heading) < width:
        below = [cells[1:] for cells in below]
    votes = 0
    columns = zip(*map(_some, below), strict=True)
    for name, cells in zip(_some(heading), columns, strict=False):
        if not name.strip():
            continue
        values = sum(_is_value(cell, layout) for cell in cells)
        if values > 0.5 * len(cells):
            votes += -1 if _is_value(name, layout) else 1
        elif len(set(cells)) < len(cells) and name not in cells:
            votes += 1  # the column repeats its words, and this one is none of them
    return votes > 0


def _is_units(rows: Sequence[Row], layout: TextLayout) -> bool:
    """Whether the second row has units: no numbers where the rows below have some."""
    units, below = (
        rows[1].cells,
        [r.cells for r in rows[2:20] if len(r.cells) == len(rows[1].cells)],
    )
    if not below or any(_is_value(cell, layout) for cell in units):
        return False
    columns = list(zip(*map(_some, below), strict=True))
    units = list(_some(units))
    where = [
        i
        for i, cells in enumerate(columns)
        if sum(_is_value(cell, layout) for cell in cells) > 0.5 * len(cells)
    ]
    said = [units[i].strip() for i in where if units[i].strip() not in layout.missing]
    return bool(said) and len(said) >= len(where) / 2 and all(_UNIT.match(unit) for unit in said)


def _is_value(cell: str, layout: TextLayout) -> bool:
    return bool(re.match(number_pattern(layout), cell) or re.match(date_pattern(), cell))
