"""Examples that are there more than once, within a part and across parts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vaegui.data.checks.problem import Examined, at, examples_text
from vaegui.data.formats.base import Problem
from vaegui.data.source import Part
from vaegui.errors import Fix

__all__ = ["duplicates", "leaked"]

_FIX = Fix("Keep the first of equal examples", {"data.left_out.duplicates": True})


def duplicates(examined: Examined) -> Iterator[Problem]:
    """Find examples that are equal to an earlier one of the same part."""
    rows: list[tuple[Part, int]] = []
    for part, facts in examined.facts.items():
        later = np.ones(len(facts), np.bool_)
        later[np.unique(facts.hashes, return_index=True)[1]] = False
        rows += [(part, row) for row in np.flatnonzero(later).tolist()]
    if not rows:
        return
    yield Problem(
        "duplicates",
        f"{examples_text(len(rows))} {'is' if len(rows) == 1 else 'are'} equal to an earlier one.",
        "They count as often as they are there: the model learns them rather than the others.",
        at(examined, rows),
        len(rows),
        _FIX,
    )


def leaked(examined: Examined) -> Iterator[Problem]:
    """Find examples to measure on that are equal to one to learn from."""
    train = examined.facts["train"].hashes
    rows: list[tuple[Part, int]] = []
    for part in ("validation", "test"):
        if part in examined.facts:
            equal = np.isin(examined.facts[part].hashes, train)
            rows += [(part, row) for row in np.flatnonzero(equal).tolist()]
    if not rows:
        return
    yield Problem(
        "duplicates across parts",
        f"{examples_text(len(rows))} of the validation or test part "
        f"{'is' if len(rows) == 1 else 'are'} in the training part, too.",
        "The model is then measured on what it has learned, and looks better than it is.",
        at(examined, rows),
        len(rows),
        _FIX,
    )
