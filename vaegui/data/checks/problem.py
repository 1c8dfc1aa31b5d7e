"""A problem of some data, and what problems are found in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from vaegui.data.dataset import Dataset
from vaegui.data.formats.base import Place
from vaegui.data.own.opened import Opened
from vaegui.data.source import Part
from vaegui.data.statistics.row_facts import RowFacts
from vaegui.errors import Fix
from vaegui.progress import ProgressCallback, no_progress

__all__ = [
    "MOST_PLACES",
    "Check",
    "Examined",
    "Problem",
    "RowsOfParts",
    "at",
    "count_of",
    "examples_text",
    "rows_where",
]

MOST_PLACES = 100
"""So many places of a problem are told; of more, only the number."""


@dataclass(frozen=True, eq=False, slots=True)
class Problem:
    """Something that is, or may be, wrong with the data.

    Attributes
    ----------
    kind
        Which check found it, e.g. ``"duplicates"``.
    sentence
        What was found.
    effect
        What comes of it if nothing is done, a sentence.
    places
        Where it is, the first `MOST_PLACES` of them; empty if it is no matter of places.
    count
        How many places there are in all.
    fix
        Settings that mend it, with a label for a button; None if only the data can be mended.
    prevents
        Whether training is refused until it is mended.
    """

    kind: str
    sentence: str
    effect: str
    places: tuple[Place, ...] = ()
    count: int = 0
    fix: Fix | None = None
    prevents: bool = False


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
