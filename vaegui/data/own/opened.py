"""What a recipe made of some files: the dataset, where each example came from, and the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.data.dataset import Dataset
from vaegui.data.formats.base import LedgerEntry, Place, Problem
from vaegui.data.own.whole import Whole
from vaegui.data.source import Part

__all__ = ["MOST_ENTRIES", "Opened", "ledger_of"]

MOST_ENTRIES = 100_000
"""A ledger has at most so many."""


@dataclass(frozen=True, eq=False, slots=True)
class Opened:
    """A dataset of one's own.

    Attributes
    ----------
    whole
        All examples, also those that were left out.
    rows
        Which of them are in each part, (n,).
    ledger
        All that was left out or changed.
    problems
        What is wrong with the files themselves.
    features_left_out
        Numbers of the features that the recipe leaves out.
    """

    dataset: Dataset
    whole: Whole
    rows: Mapping[Part, NDArray[np.int64]]
    ledger: tuple[LedgerEntry, ...]
    problems: tuple[Problem, ...] = ()
    features_left_out: tuple[int, ...] = ()

    def place(self, part: Part, row: int) -> Place:
        """Where an example of a part came from."""
        return self.whole.place(int(self.rows[part][row]))

    def groups(self, part: Part) -> NDArray[Any] | None:
        """What each example of a part belongs to, or None where there are no groups."""
        return None if self.whole.groups is None else self.whole.groups[self.rows[part]]


def ledger_of(
    whole: Whole, why: Mapping[int, str], gaps: NDArray[np.int32] | None
) -> Iterator[LedgerEntry]:
    """What was done to some examples: those left out, and those whose gaps were filled."""
    for row, reason in why.items():
        yield LedgerEntry(whole.place(row), "left out", reason)
    for row in np.flatnonzero(gaps).tolist() if gaps is not None else ():
        if row not in why:
            assert gaps is not None
            count = int(gaps[row])
            filled = f"{count:,} missing {'value' if count == 1 else 'values'} filled"
            yield LedgerEntry(whole.place(row), "changed", f"{filled} with the feature's mean")
