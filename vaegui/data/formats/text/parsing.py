"""One block of lines as columns. What does not fit is left out or missing, and told."""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from vaegui.data.formats.text.blocks import Block, row_lines
from vaegui.data.formats.text.cells import days, numbers
from vaegui.data.formats.text.layout import ColumnKind, TextLayout
from vaegui.errors import DataError

__all__ = ["BadCell", "BadRow", "Parsed", "Parser"]


Lines = range | NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A line that is no row of the table."""

    line: int | None
    """None where it cannot be told, because quotes also stand within words."""
    why: str
    short: bool = False
    """Whether it only has too few cells."""


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that is not what its column is; ``row`` counts the block's rows that were kept."""

    line: int | None
    row: int
    column: str
    text: str


@dataclass(frozen=True, eq=False, slots=True)
class Parsed:
    """The columns of one block, and what is wrong with it."""

    batch: pa.RecordBatch
    lines: Lines | None
    """The line of each row; None where they cannot be told."""
    rows: tuple[BadRow, ...] = ()
    """Those that were left out."""
    filled: tuple[BadRow, ...] = ()
    """Those that were too short and are there."""
    cells: tuple[BadCell, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Parser:
    """Reads blocks of a file; several threads may use it at the same time.

    Attributes
    ----------
    file
        The file's name, for messages.
    layout
        How the file is written.
    names
        What its columns are called, all of them.
    kinds
        Those that are wanted, and what they hold.
    multiline
        Whether quoted cells may contain ends of lines.
    """

    file: str
    layout: TextLayout
    names: Sequence[str]
    kinds: Mapping[str, ColumnKind]
    multiline: bool = False
    _missing: list[str] = field(init=False)

    def __post_init__(self) -> None:
        # Blanks around what means a missing value are not part of it.
        found = [form for text in self.layout.no_values for form in (text, f" {text}", f"{text} ")]
        object.__setattr__(self, "_missing", sorted({*found, " "} if found else set()))

    def parse(self, block: Block) -> Parsed:
        """Return the wanted columns: numbers and dates as float64, everything else as strings."""
        try:
            return self._parsed(block, self._quick(self.layout.plain_numbers))
        except pa.ArrowInvalid:
            pass  # a cell is no number, a quote is not closed, or letters are no UTF-8
        block, unreadable = self._mended(block)
        try:
            return self._parsed(block, self._quick(False), unreadable)
        except pa.ArrowInvalid as error:
            raise DataError(
                f"{self.file}: what follows line {block.line:,} cannot be divided into cells.",
                "Look for a quote that is not closed, or say which quotes and delimiter it has.",
            ) from error

    def _quick(self, numeric: bool) -> dict[str, pa.DataType]:
        """What Arrow shall make of the wanted columns."""
        number = pa.float64() if numeric else pa.string()
        return {
            name: number if kind == "number" else pa.string() for name, kind in self.kinds.items()
        }

    def _mended(self, block: Block) -> tuple[Block, tuple[BadRow, ...]]:
        """The block as proper UTF-8, without lines that open a quote and do not close it."""
        data = codecs.decode(block.data, "utf-8", "replace").encode()
        mark = self.layout.quotation_mark.encode()
        if self.multiline or not mark or mark not in data:
            return replace(block, data=data), ()
        lines, open_quotes = data.split(b"\n"), []
        for number, line in enumerate(lines):
            if line.count(mark) % 2:
                lines[number] = b""
                open_quotes.append(BadRow(block.line + number, "a quote in it is not closed"))
        return replace(block, data=b"\n".join(lines)), tuple(open_quotes)

    def _parsed(
        self, block: Block, types: dict[str, pa.DataType], unreadable: tuple[BadRow, ...] = ()
    ) -> Parsed:
        ragged: list[csv.InvalidRow] = []

        def note(row: csv.InvalidRow) -> str:
            ragged.append(row)
            return "skip"

        table = self._read(block, types, note)
        count = table.num_rows + len(ragged)
        self._check_quotes(block, count)
        lines = self._lines(block, count)
        filled: tuple[BadRow, ...] = ()
        if self.layout.ragged == "fill up" and ragged and lines is not None:
            filled = tuple(row for row in self._bad_rows(ragged, lines) if row.short)
            block = self._filled_up(block, [row for row in ragged if self._is_short(row)], lines)
            ragged.clear()
            table = self._read(block, types, note)
        (batch,) = table.combine_chunks().to_batches() or [_empty(types)]
        bad: list[tuple[str, int, str]] = []
        for index, (name, kind) in enumerate(self.kinds.items()):
            if kind == "date" or (kind == "number" and types[name] == pa.string()):
                texts, read = batch.column(index), days if kind == "date" else numbers
                column, places = read(texts, self.layout)
                bad += [(name, int(row), texts[row].as_py()) for row in places]
                batch = batch.set_column(index, name, column)
        rows = self._bad_rows(ragged, lines)
        if ragged and lines is not None:
            lines = np.delete(np.asarray(lines), [row.number - 1 for row in ragged])
        cells = [BadCell(_at(lines, row), row, name, text) for name, row, text in bad]
        return Parsed(
            batch,
            lines,
            tuple(sorted((*unreadable, *rows), key=lambda row: row.line or 0)),
            filled,
            tuple(sorted(cells, key=lambda cell: cell.row)),
        )

    def _bad_rows(self, ragged: Sequence[csv.InvalidRow], lines: Lines | None) -> list[BadRow]:
        return [
            BadRow(
                _at(lines, row.number - 1),
                f"it has {_cells(row.actual_columns)}, not {row.expected_columns:,}",
                self._is_short(row),
            )
            for row in ragged
        ]

    def _is_short(self, row: csv.InvalidRow) -> bool:
        """Whether a row can be filled up: it has too few cells, all in one line."""
        return row.actual_columns < row.expected_columns and "\n" not in row.text

    def _filled_up(self, block: Block, short: Sequence[csv.InvalidRow], lines: Lines) -> Block:
        """The block with as many cells in its short rows as there are columns."""
        text = bytes(block.data).split(b"\n")
        for row in short:
            place = int(lines[row.number - 1]) - block.line
            lacking = row.expected_columns - row.actual_columns
            text[place] = text[place].rstrip(b"\r") + self._separator.encode() * lacking
        return replace(block, data=b"\n".join(text))

    @property
    def _separator(self) -> str:
        return "\t" if self.layout.delimiter == "blanks" else self.layout.separator

    def _read(self, block: Block, types: dict[str, pa.DataType], note: object) -> pa.Table:
        if not bytes(block.data[:99]).strip(b"\r\n") and not bytes(block.data).strip(b"\r\n"):
            return pa.Table.from_batches([_empty(types)])
        return csv.read_csv(
            pa.BufferReader(pa.py_buffer(block.data)),
            # One thread, so that rows are numbered; other threads have other blocks.
            csv.ReadOptions(
                use_threads=False, block_size=len(block.data) + 1, column_names=list(self.names)
            ),
            csv.ParseOptions(
                delimiter=self._separator,
                quote_char=self.layout.quotation_mark or False,
                newlines_in_values=self.multiline,
                invalid_row_handler=note,
            ),
            csv.ConvertOptions(
                column_types=types,
                include_columns=list(types),
                null_values=self._missing,
                strings_can_be_null=True,
                decimal_point=self._point(),
            ),
        )

    def _lines(self, block: Block, count: int) -> Lines | None:
        """The line on which each of so many rows begins, or None if that cannot be told."""
        if count == block.lines:
            return range(block.line, block.line + count)
        lines = row_lines(block, self.layout, multiline=self.multiline)
        return lines if len(lines) == count else None

    def _check_quotes(self, block: Block, count: int) -> None:
        """Raise `ArrowInvalid` if rows were swallowed by a quote that is not closed."""
        if self._lines(block, count) is not None:
            return
        marks = bytes(block.data).count(self.layout.quotation_mark.encode() or b"\n")
        if not self.multiline or marks % 2:
            raise pa.ArrowInvalid("a quote is not closed in its row")

    def _point(self) -> str:
        return "," if self.layout.decimal == "comma" else "."


def _at(lines: Lines | None, row: int) -> int | None:
    return None if lines is None else int(lines[row])


def _empty(types: Mapping[str, pa.DataType]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({name: pa.array([], kind) for name, kind in types.items()})


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count:,} cells"
