"""Examples that are there more than once, within a part and across parts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vaegui.data.checks.problem import Examined, RowsOfParts, at, count_of, examples_text
from vaegui.data.formats.base import Problem
from vaegui.data.statistics.row_facts import later_ones
from vaegui.errors import Fix

__all__ = ["duplicates", "leaked"]

_FIX = Fix("Keep the first of equal examples", {"data.left_out.duplicates": True})


def duplicates(examined: Examined) -> Iterator[Problem]:
    """Find examples that are equal to an earlier one of the same part."""
    rows = {part: later_ones(facts.hashes) for part, facts in examined.facts.items()}
    count = count_of(rows)
    if not count:
        return
    yield Problem(
        "duplicates",
        f"{examples_text(count)} {'is' if count == 1 else 'are'} equal to an earlier one.",
        "They count as often as they are there: the model learns them rather than the others.",
        at(examined, rows),
        count,
        _FIX,
    )


def leaked(examined: Examined) -> Iterator[Problem]:
    """Find examples to measure on that are equal to one to learn from."""
    train = np.sort(examined.facts["train"].hashes)
    rows: RowsOfParts = {
        part: np.flatnonzero(_among(facts.hashes, train))
        for part, facts in examined.facts.items()
        if part != "train"
    }
    count = count_of(rows)
    if not count:
        return
    yield Problem(
        "duplicates across parts",
        f"{examples_text(count)} of the validation or test part "
        f"{'is' if count == 1 else 'are'} in the training part, too.",
        "The model is then measured on what it has learned, and looks better than it is.",
        at(examined, rows),
        count,
        _FIX,
    )


def _among(hashes: NDArray[np.uint64], known: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which of them are among those that are known, in order and at least one.

    `numpy.isin` keeps the interpreter's lock, and with it the window, for seconds.
    """
    places = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    same: NDArray[np.bool_] = known[places] == hashes
    return same
