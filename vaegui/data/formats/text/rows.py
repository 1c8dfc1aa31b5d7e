"""Lines of a sample as rows of cells, and which delimiter divides them best."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from vaegui.data.formats.text.layout import QUOTES, SEPARATORS
from vaegui.errors import DataError

__all__ = ["MOST_COLUMNS", "Divided", "Row", "divide", "divided"]

ENOUGH = 0.8
"""Share of the rows that must have the same number of cells."""
ORDER = ("tab", "semicolon", "bar", "comma", "blanks")
"""A comma may also be a decimal mark, and blanks are in texts, so others are tried before."""

MOST_COLUMNS = 1 << 16

csv.field_size_limit(1 << 24)


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, and the line, from 1, on which it begins."""

    line: int
    cells: list[str]


@dataclass(frozen=True, eq=False, slots=True)
class Divided:
    """A sample divided into cells."""

    delimiter: str
    quote: str
    rows: tuple[Row, ...]
    width: int
    """Number of cells that most rows have."""
    share: float
    """Share of the rows that have it."""
    multiline: bool
    """Whether quoted cells contain ends of lines."""


def divide(lines: Sequence[str]) -> tuple[Divided, tuple[str, ...]]:
    """Find the delimiter with which most rows have the same number of cells, more than one.

    Returns
    -------
    divided
        The rows; of one cell each if there is no such delimiter.
    others
        Other delimiters that would do, too.

    Raises
    ------
    DataError
        If there are more than `MOST_COLUMNS` columns.
    """
    most = max(line.count(mark) for line in lines[:5] for mark in SEPARATORS.values())
    if most >= MOST_COLUMNS:
        raise DataError(
            f"A line has {most + 1:,} cells; there may be at most {MOST_COLUMNS:,} columns.",
            "Turn rows and columns round if each column is an example.",
        )
    quote = _quote(lines)
    found = [divided(lines, delimiter, quote) for delimiter in ORDER]
    good = [way for way in found if way.width > 1 and way.share >= ENOUGH]
    if not good:
        return next(way for way in found if way.delimiter == "comma"), ()
    return good[0], tuple(way.delimiter for way in good[1:])


def divided(lines: Sequence[str], delimiter: str, quote: str) -> Divided:
    """Divide lines at a delimiter, with quoted cells over several lines if there seem to be any."""
    apart = _divided(_apart(lines), delimiter, quote, False)
    joined = _together(lines, QUOTES[quote])
    if len(joined) == len(apart.rows):
        return apart
    # A quote that its line does not close goes on in the next one, or it means inches.
    together = _divided(joined, delimiter, quote, True)
    better = (together.width > 1, together.share) > (apart.width > 1, apart.share)
    return together if better else apart


def _divided(
    lines: Sequence[tuple[int, str]], delimiter: str, quote: str, multiline: bool
) -> Divided:
    rows = tuple(Row(number, _cells(line, delimiter, quote)) for number, line in lines)
    # Before the table there may be other lines.
    counts = Counter(len(row.cells) for row in rows[len(rows) // 4 :])
    width = max(counts, key=lambda n: (counts[n], n), default=0)
    share = counts[width] / max(1, counts.total())
    return Divided(delimiter, quote, rows, width, share, multiline)


def _cells(line: str, delimiter: str, quote: str) -> list[str]:
    """The cells of one row, without quotes."""
    mark = QUOTES[quote]
    if delimiter == "blanks":
        cell = rf"{mark}[^{mark}]*{mark}|\S+" if mark else r"\S+"
        return [found.strip(mark or None) for found in re.findall(cell, line)]
    separator = SEPARATORS[delimiter]
    if not mark or mark not in line:
        return line.split(separator)
    if line.count(mark) % 2 and re.search(rf"(?:^|{re.escape(separator)}){mark}", line):
        return [line]  # a cell begins in it that it does not end
    try:
        text = line.splitlines(keepends=True)
        return next(csv.reader(text, delimiter=separator, quotechar=mark), [])
    except csv.Error:
        return [line]


def _apart(lines: Sequence[str]) -> list[tuple[int, str]]:
    return [(number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _together(lines: Sequence[str], mark: str) -> list[tuple[int, str]]:
    """Lines with their numbers, those joined that belong to one quoted cell."""
    rows, number, row = [], 0, ""
    for line_number, line in enumerate(lines, 1):
        number, row = (number, f"{row}\n{line}") if row else (line_number, line)
        if row.strip() and (not mark or row.count(mark) % 2 == 0):
            rows.append((number, row))
            row = ""
    return [*rows, (number, row)] if row.strip() else rows


def _quote(lines: Sequence[str]) -> str:
    """The mark that stands at both ends of cells more often."""
    cell = r"(?:^|[,;|\t ]){0}[^{0}\n]*{0}(?=$|[,;|\t ])"
    text = "\n".join(lines)[: 1 << 20]
    double, single = (len(re.findall(cell.format(m), text, re.M)) for m in ('"', "'"))
    return "single" if single > double else "double"
