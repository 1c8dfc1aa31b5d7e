"""What problems are found in, and how checks name the examples that have them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from vaegui.data.dataset import Dataset
from vaegui.data.formats.base import MOST_PLACES, Place, Problem
from vaegui.data.own.opened import Opened
from vaegui.data.source import Part
from vaegui.data.statistics.row_facts import RowFacts
from vaegui.progress import ProgressCallback, no_progress

__all__ = [
    "Check",
    "Examined",
    "RowsOfParts",
    "at",
    "count_of",
    "examples_text",
    "rows_where",
]


@dataclass(frozen=True, eq=False, slots=True)
class Examined:
    """Some data as problems are looked for in them.

    Attributes
    ----------
    opened
        What the recipe made, for where examples came from.
    dataset
        The same data, scaled and with their statistics.
    facts
        What a pass over the examples of each part found.
    allowed
        Smallest and largest value that the likelihood takes, as the model sees them; None if it
        takes any.
    batch_size
        Examples in each step.
    progress
        Told by checks that take seconds.
    """

    opened: Opened
    dataset: Dataset
    facts: Mapping[Part, RowFacts]
    allowed: tuple[float, float] | None
    batch_size: int
    progress: ProgressCallback = no_progress


Check = Callable[[Examined], Iterator[Problem]]
"""Finds the problems of one kind, in bounded time."""


RowsOfParts = Mapping[Part, NDArray[np.int64]]
"""Some examples: rows of each part, rising."""


def at(examined: Examined, rows: RowsOfParts) -> tuple[Place, ...]:
    """The places of the first of some examples."""
    first = ((part, row) for part in rows for row in rows[part][:MOST_PLACES].tolist())
    return tuple(examined.opened.place(part, row) for part, row in islice(first, MOST_PLACES))


def count_of(rows: RowsOfParts) -> int:
    """How many examples these are."""
    return sum(map(len, rows.values()))


def rows_where(facts: Mapping[Part, RowFacts], field: str) -> RowsOfParts:
    """The examples of all parts of which a fact is true."""
    return {part: np.flatnonzero(getattr(each, field)) for part, each in facts.items()}


def examples_text(count: int) -> str:
    """``1 example`` or ``3,000 examples``."""
    return "1 example" if count == 1 else f"{count:,} examples"
