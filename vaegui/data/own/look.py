"""What some data look like: examples from all over, the first rows, other layouts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from vaegui.data.formats.base import Arrays, Contents, Place, Table
from vaegui.data.own.columns.profile import ColumnProfile
from vaegui.data.own.layout.guesses import alternatives
from vaegui.data.own.layout.layout import Layout, laid_out
from vaegui.data.own.opened import Opened
from vaegui.data.own.own import OwnData
from vaegui.data.own.reading import arrays_of, tables_of
from vaegui.data.source import Part
from vaegui.errors import DataError

__all__ = ["LayoutLook", "Look", "look_at"]

EXAMPLES, OF_A_LAYOUT, ROWS = 60, 4, 8
_SIDE = 160
"""Of larger pictures only every second, third ... row and column is taken."""
_MOST_COLUMNS = 60
_LONGEST = 60
_NONE = np.empty(0, np.int64)


@dataclass(frozen=True, eq=False, slots=True)
class LayoutLook:
    """What some examples look like in one layout, (n, *shape), and what speaks for it."""

    layout: Layout
    reason: str
    examples: NDArray[Any]


@dataclass(frozen=True, eq=False, slots=True)
class Look:
    """What can be seen of some data.

    Attributes
    ----------
    examples
        Some from all over the data, (n, *shape), in their own units; of a table none.
    places
        Where each of them came from.
    labels
        The word for each one's class, '' where there are none.
    low, high
        What is drawn black and white, or the ends of the axis of curves.
    layouts
        What an array may mean, the present layout first; empty for a table.
    profiles
        The columns of a table.
    cells
        The first rows of a table as words, one tuple for each; of the first 60 columns.
    classes
        Each class and how many examples it has.
    parts
        How many examples each part has.
    groups
        How many different groups there are; None where there is no group column.
    """

    examples: NDArray[Any]
    places: tuple[Place, ...]
    labels: tuple[str, ...]
    low: float
    high: float
    layouts: tuple[LayoutLook, ...]
    profiles: tuple[ColumnProfile, ...]
    cells: tuple[tuple[str, ...], ...]
    classes: tuple[tuple[str, int], ...]
    parts: dict[Part, int]
    groups: int | None


def look_at(
    data: OwnData, opened: Opened, contents: Contents, profiles: Sequence[ColumnProfile]
) -> Look:
    """Read some examples and the first rows. Raises `DataError` if they cannot be read."""
    whole, arrays = opened.whole, arrays_of(contents)
    spec, labels = whole.source.spec, whole.source.labels
    words = spec.names.classes or ()
    count = 0 if arrays is None else min(EXAMPLES, spec.length)
    rows = np.unique(np.linspace(0, spec.length - 1, count).astype(np.int64)) if count else _NONE
    examples = _small(lambda some: whole.source.read(some).x, rows, spec.shape)
    counts = [] if labels is None else np.bincount(labels, minlength=len(words)).tolist()
    low, high = _range(examples, data.layout.white)
    return Look(
        examples=examples,
        places=tuple(whole.place(row) for row in rows.tolist()),
        labels=tuple(words[i] for i in labels[rows]) if labels is not None else ("",) * count,
        low=low,
        high=high,
        layouts=() if arrays is None else _layouts(next(iter(arrays.values())), data.layout),
        profiles=tuple(profiles),
        cells=() if arrays is not None else _cells(next(iter(tables_of(contents).values()))),
        classes=tuple(zip(words, counts, strict=True)) if counts else (),
        parts={part: len(rows) for part, rows in opened.rows.items()},
        groups=None if whole.groups is None else len(np.unique(whole.groups)),
    )


def _layouts(arrays: Arrays, present: Layout) -> tuple[LayoutLook, ...]:
    found = {guess.layout: guess.reason for guess in alternatives(arrays)}
    ordered = {present: found.pop(present, "as you set it"), **found}
    looks = []
    for layout, reason in ordered.items():
        try:
            lazy = laid_out(arrays, layout)
            looks.append(
                LayoutLook(layout, reason, lazy[slice(0, min(OF_A_LAYOUT, lazy.shape[0]))])
            )
        except DataError:  # labels count the examples along another axis
            continue
    return tuple(looks)


def _small(
    read: Callable[[NDArray[np.int64]], NDArray[Any]],
    rows: NDArray[np.int64],
    shape: tuple[int, ...],
) -> NDArray[Any]:
    """Some examples, pictures as thumbnails; one is read at a time, as they may be large."""
    step = max(1, -(-max(shape[:2]) // _SIDE)) if len(shape) > 1 else 1
    if step == 1:
        return read(rows)
    return np.concatenate([read(rows[i : i + 1])[:, ::step, ::step] for i in range(len(rows))])


def _range(examples: NDArray[Any], white: float) -> tuple[float, float]:
    if examples.dtype == np.uint8:
        return 0.0, 255.0
    if white:
        return 0.0, white
    finite = examples[np.isfinite(examples)]
    if not finite.size or finite.min() == finite.max():
        return 0.0, 1.0
    return float(finite.min()), float(finite.max())


def _cells(table: Table) -> tuple[tuple[str, ...], ...]:
    columns = table.columns[:_MOST_COLUMNS]
    rows: list[tuple[str, ...]] = []
    for batch in table.batches([column.name for column in columns]):
        cells = [batch.column(i).slice(0, ROWS - len(rows)) for i in range(len(columns))]
        shown = [_words(c, k.kind == "date") for c, k in zip(cells, columns, strict=True)]
        rows += list(islice(zip(*shown, strict=True), ROWS - len(rows)))
        if len(rows) >= ROWS:
            break
    return tuple(rows)


def _words(cells: pa.Array, dates: bool) -> list[str]:
    return [_word(cell, dates) for cell in cells.to_pylist()]


def _word(cell: str | float | None, date: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return "".join(c if c.isprintable() else " " for c in cell[:_LONGEST])
    if date and np.isfinite(cell):
        return str(np.datetime64(int(np.floor(cell)), "D"))
    return f"{cell:.6g}"
