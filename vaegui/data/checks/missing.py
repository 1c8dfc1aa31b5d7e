"""Values that are missing or infinite."""

from __future__ import annotations

from collections.abc import Iterator

from vaegui.data.checks.problem import Examined, Problem, at, examples_text, rows_where
from vaegui.errors import Fix

__all__ = ["missing"]

FEW = 0.05
"""Up to this share of examples is left out rather than filled in."""


def missing(examined: Examined) -> Iterator[Problem]:
    """Find examples that have values which are no finite numbers."""
    rows = rows_where(examined.facts, "missing")
    if not rows:
        return
    total = sum(map(len, examined.facts.values()))
    few = len(rows) <= FEW * total
    fix = (
        Fix("Leave these examples out", {"data.missing": "drop"})
        if few
        else Fix("Fill in each feature's mean", {"data.missing": "mean"})
    )
    yield Problem(
        "missing",
        f"{examples_text(len(rows))} of {total:,} {'has' if len(rows) == 1 else 'have'} values "
        "that are missing or infinite.",
        "One such value makes all weights of the network NaN.",
        at(examined, rows),
        len(rows),
        fix,
        prevents=True,
    )
