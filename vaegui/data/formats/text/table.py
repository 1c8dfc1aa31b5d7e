"""The table that is in a text file: one pass to know it, then as often as it is asked for."""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import pyarrow as pa

from vaegui.data.formats.base import Contents, LedgerEntry, Place, TableColumn
from vaegui.data.formats.text.blocks import Block, blocks
from vaegui.data.formats.text.layout import MOST_WORDS, ColumnKind, TextLayout
from vaegui.data.formats.text.parsing import Lines, Parsed, Parser
from vaegui.data.formats.text.problems import text_problems
from vaegui.data.stored.ahead import ahead
from vaegui.data.stored.identity import identity
from vaegui.errors import DataError
from vaegui.machine.free_memory import available_memory
from vaegui.progress import ProgressCallback

__all__ = ["TextTable", "read_table"]

MOST_ENTRIES = 20_000
"""So many lines and cells are told one by one; of more, only the number."""
MOST_WRONG = 0.2
"""A column with a larger share of cells that are no numbers (or dates) is one of words."""
_IN_MEMORY = 1 << 30
"""Larger files stay where they are. Columns take about as much memory as their text."""


@dataclass(frozen=True, eq=False, slots=True)
class TextTable:
    """The `Table` of a text file."""

    path: Path
    layout: TextLayout
    columns: Sequence[TableColumn]
    length: int
    fingerprint: str
    multiline: bool
    known: pa.Table | None
    """All columns, if they are in memory."""
    file_identity: str
    lines: Sequence[tuple[int, Lines | None]]
    """The first row of each portion, and the lines of its rows."""

    def line(self, row: int) -> int | None:
        """The line of the file, from 1, on which a row begins; None if that cannot be told."""
        start, lines = self.lines[bisect(self.lines, row, key=lambda portion: portion[0]) - 1]
        return None if lines is None else int(lines[row - start])

    def batches(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Some columns, portion by portion."""
        if self.known is not None:
            yield from self.known.select(list(columns)).to_batches()
            return
        kinds = {column.name: column.kind for column in self.columns}
        wanted = {name: kinds[name] for name in columns}
        parser = Parser(
            self.path.name, self.layout, [c.name for c in self.columns], wanted, self.multiline
        )
        rows = 0
        for parsed in ahead(parser.parse, self._blocks()):
            rows += parsed.batch.num_rows
            yield parsed.batch
        if rows != self.length or identity(self.path) != self.file_identity:
            raise _changed(self.path)

    def _blocks(self) -> Iterator[Block]:
        if identity(self.path) != self.file_identity:
            raise _changed(self.path)
        return blocks(self.path, self.layout, len(self.columns), multiline=self.multiline)


def read_table(
    path: Path,
    layout: TextLayout,
    columns: Sequence[TableColumn],
    progress: ProgressCallback,
    *,
    multiline: bool,
) -> Contents:
    """Read a text file through once.

    Parameters
    ----------
    columns
        What its columns seem to be. One that turns out to have words is read again as such.
    multiline
        Whether quoted cells may contain ends of lines.

    Raises
    ------
    DataError
        If it cannot be read, or has no rows.
    Cancelled
        If ``progress`` raises it.
    """
    known_as = identity(path)
    size = path.stat().st_size
    keep = size <= min(_IN_MEMORY, available_memory() // 12)
    while True:
        passed = _Pass(path, layout, {c.name: c.kind for c in columns}, multiline, keep)
        passed.run(size, progress)
        wordy = passed.wordy - set(layout.kinds)
        if not wordy:
            break
        columns = [replace(c, kind="category") if c.name in wordy else c for c in columns]
    if identity(path) != known_as:
        raise _changed(path)
    if not passed.rows:
        raise DataError(
            f"{path.name} has no row of data.", "Choose a file that has some, or check its layout."
        )
    table = TextTable(
        path=path,
        layout=layout,
        columns=tuple(columns),
        length=passed.rows,
        fingerprint=f"{known_as} {layout.model_dump_json()}",
        multiline=multiline,
        known=pa.Table.from_batches(passed.kept) if keep else None,
        file_identity=known_as,
        lines=passed.lines,
    )
    ledger = passed.ledger()
    problems = text_problems(
        ledger, layout, passed.left_out, passed.short, passed.filled, passed.words
    )
    return Contents({"all": table}, ledger, tuple(problems))


@dataclass(eq=False)
class _Pass:
    """One pass over a file: rows and what is wrong with them."""

    path: Path
    layout: TextLayout
    kinds: Mapping[str, ColumnKind]
    multiline: bool
    keep: bool
    rows: int = 0
    lines: list[tuple[int, Lines | None]] = field(default_factory=list)
    kept: list[pa.RecordBatch] = field(default_factory=list)
    left_out: int = 0
    short: int = 0
    filled: int = 0
    words: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    present: Counter[str] = field(default_factory=Counter)
    entries: list[LedgerEntry] = field(default_factory=list)

    def run(self, size: int, progress: ProgressCallback) -> None:
        """Read everything."""
        parser = Parser(self.path.name, self.layout, list(self.kinds), self.kinds, self.multiline)
        whole = blocks(self.path, self.layout, len(self.kinds), multiline=self.multiline)
        work = ahead(lambda block: (block.end, parser.parse(block)), whole)
        with closing(work):
            for end, parsed in work:
                progress("Reading the table (bytes)", min(end, size), size)
                self._add(parsed)

    def _add(self, parsed: Parsed) -> None:
        for row in parsed.rows:
            self.left_out += 1
            self.short += row.short
            self._tell(Place(self.path.name, line=row.line), "left out", row.why)
        for row in parsed.filled:
            self.filled += 1
            why = f"{row.why}; what it lacks counts as missing"
            self._tell(Place(self.path.name, line=row.line), "changed", why)
        for cell in parsed.cells:
            self.changed[cell.column] += 1
            word = cell.text.strip()
            if len(self.words) <= MOST_WORDS or word in self.words:
                self.words[word] += 1
            place = Place(self.path.name, self.rows + cell.row, cell.column, cell.line)
            kind = self.kinds[cell.column]
            self._tell(place, "changed", f"{_short(cell.text)} is no {kind} and counts as missing")
        for name in self.kinds:
            column = parsed.batch.column(name)
            self.present[name] += len(column) - column.null_count
        self.lines.append((self.rows, parsed.lines))
        self.rows += parsed.batch.num_rows
        if self.keep:
            self.kept.append(parsed.batch)

    def _tell(self, place: Place, what: Literal["left out", "changed"], why: str) -> None:
        if len(self.entries) < MOST_ENTRIES:
            self.entries.append(LedgerEntry(place, what, why))

    @property
    def wordy(self) -> set[str]:
        """Columns of numbers or dates in which too many cells are none."""
        return {
            name
            for name, wrong in self.changed.items()
            if wrong > MOST_WRONG * (wrong + self.present[name])
        }

    def ledger(self) -> tuple[LedgerEntry, ...]:
        """What was left out or changed; of very much, the number."""
        total = self.left_out + self.filled + sum(self.changed.values())
        more = total - len(self.entries)
        if not more:
            return tuple(self.entries)
        what: Literal["left out", "changed"] = (
            "left out" if self.left_out > total / 2 else "changed"
        )
        rest = LedgerEntry(Place(self.path.name), what, f"{more:,} more lines and cells like these")
        return (*self.entries, rest)


def _changed(path: Path) -> DataError:
    return DataError(f"{path} changed while it was read.", "Open it again.")


def _short(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else "?" for letter in text[:60])
    return f"'{shown}'" + ("..." if len(text) > 60 else "")
