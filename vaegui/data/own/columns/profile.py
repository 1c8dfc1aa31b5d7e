"""What one pass over a table finds in each column: ranges, spreads, gaps, words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from vaegui.data.formats.base import Table, TableColumn
from vaegui.data.statistics.histogram import histogram
from vaegui.progress import ProgressCallback

__all__ = ["ColumnProfile", "profile"]

BINS = 40
_MOSTLY = 0.98
_SAMPLE = 20_000
"""So many values of a column, evenly spread over the table, make its histogram."""
MOST_WORDS = 2_000
"""So many different words of a column are listed, the most frequent ones."""


@dataclass(frozen=True, eq=False, slots=True)
class ColumnProfile:
    """One column of a table, in its own units; dates are days since 1970-01-01.

    Attributes
    ----------
    count, missing
        Cells with a value, and cells without.
    low, high, mean, sd
        Of the finite values; NaN for words and where there are none.
    edges, bars
        A histogram of up to 20,000 of the values, evenly spread over the table: (bins + 1,) and
        (bins,); empty for words.
    words
        The different words with how often each occurs, the most frequent first; at most 2,000.
    more_words
        Whether there are others.
    whole
        Whether all values are whole numbers.
    unique
        Whether no value occurs twice, as far as the sample of the histogram tells.
    rising
        Whether almost each value is the one before plus 1, as in a column that counts rows.
    letters
        Mean length of the words.
    """

    name: str
    kind: Literal["number", "category", "date", "text"]
    unit: str
    count: int
    missing: int
    low: float = float("nan")
    high: float = float("nan")
    mean: float = float("nan")
    sd: float = float("nan")
    edges: tuple[float, ...] = ()
    bars: tuple[int, ...] = ()
    words: tuple[tuple[str, int], ...] = ()
    more_words: bool = False
    whole: bool = False
    unique: bool = False
    rising: bool = False
    letters: float = 0.0

    @property
    def constant(self) -> bool:
        """Whether all cells with a value have the same."""
        if self.kind in ("number", "date"):
            return self.count > 0 and self.low == self.high
        return len(self.words) == 1 and not self.more_words


def profile(table: Table, progress: ProgressCallback) -> tuple[ColumnProfile, ...]:
    """Look at all cells once.

    Raises
    ------
    DataError
        If they cannot be read.
    Cancelled
        If ``progress`` raises it.
    """
    step = max(1, table.length // _SAMPLE)
    running = [
        _Words(column) if column.kind in ("category", "text") else _Numbers(column, step)
        for column in table.columns
    ]
    done = 0
    for batch in table.batches([column.name for column in table.columns]):
        progress("Examining the columns (rows)", done, table.length)
        for index, column in enumerate(running):
            column.add(batch.column(index), done)
        done += batch.num_rows
    return tuple(column.found() for column in running)


@dataclass(eq=False, slots=True)
class _Numbers:
    """A column of numbers or dates, so far."""

    column: TableColumn
    step: int
    rows: int = 0
    count: int = 0
    finite: int = 0
    low: float = np.inf
    high: float = -np.inf
    mean: float = 0.0
    squares: float = 0.0
    whole: bool = True
    steps: int = 0
    last: float = float("nan")
    sample: list[NDArray[np.float64]] = field(default_factory=list)

    def add(self, cells: pa.DoubleArray, start: int) -> None:
        """Take in more cells, of which the first is row ``start``."""
        values = cells.to_numpy(zero_copy_only=False)
        self.rows += len(values)
        self.sample.append(values[-start % self.step :: self.step].copy())
        there = values[np.isfinite(values)]
        self.count += len(cells) - cells.null_count
        if not len(there):
            return
        self.whole = self.whole and bool((there == np.floor(there)).all())
        self.low, self.high = min(self.low, there.min()), max(self.high, there.max())
        # Moments of two sets are joined without loss of digits, as in `statistics`.
        with np.errstate(over="ignore", invalid="ignore"):
            self.steps += int((np.diff(there, prepend=self.last) == 1).sum())
            mean = float(there.mean())
            squares = float(np.square(there - mean).sum())
            share = len(there) / (self.finite + len(there))
            apart = mean - self.mean
            self.squares += squares + apart * apart * self.finite * share
            self.mean += apart * share
        self.finite += len(there)
        self.last = float(there[-1])

    def found(self) -> ColumnProfile:
        """Of all cells together."""
        column = self.column
        known = ColumnProfile(
            column.name, column.kind, column.unit, self.count, self.rows - self.count
        )
        if not self.finite:
            return known
        sample = np.concatenate(self.sample)
        sample = sample[np.isfinite(sample)]
        bars, edges = histogram(sample, BINS, float(self.low), float(self.high))
        return ColumnProfile(
            name=column.name,
            kind=column.kind,
            unit=column.unit,
            count=self.count,
            missing=self.rows - self.count,
            low=float(self.low),
            high=float(self.high),
            mean=self.mean,
            sd=float(np.sqrt(self.squares / self.finite)),
            edges=edges,
            bars=bars,
            whole=self.whole,
            unique=len(sample) > 1 and len(np.unique(sample)) == len(sample),
            rising=self.steps >= _MOSTLY * (self.rows - 1) and self.rows > 2,
        )


@dataclass(eq=False, slots=True)
class _Words:
    """A column of words, so far."""

    column: TableColumn
    rows: int = 0
    count: int = 0
    letters: int = 0
    words: Counter[str] = field(default_factory=Counter)
    full: bool = False

    def add(self, cells: pa.StringArray, start: int) -> None:
        """Take in more cells."""
        self.rows += len(cells)
        self.count += len(cells) - cells.null_count
        self.letters += pc.sum(pc.utf8_length(cells)).as_py() or 0
        found = pc.value_counts(cells.drop_null())
        for word, count in zip(*(part.to_pylist() for part in found.flatten()), strict=True):
            if word in self.words or len(self.words) < 5 * MOST_WORDS:
                self.words[word] += count
            else:
                self.full = True

    def found(self) -> ColumnProfile:
        """Of all cells together."""
        column = self.column
        return ColumnProfile(
            name=column.name,
            kind=column.kind,
            unit=column.unit,
            count=self.count,
            missing=self.rows - self.count,
            words=tuple(self.words.most_common(MOST_WORDS)),
            more_words=self.full or len(self.words) > MOST_WORDS,
            unique=self.count > 1 and not self.full and len(self.words) == self.count,
            letters=self.letters / max(1, self.count),
        )
