"""Values that are missing or infinite."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from vaegui.data.checks.problem import (
    Examined,
    RowsOfParts,
    at,
    count_of,
    examples_text,
    rows_where,
)
from vaegui.data.formats.base import Place, Problem
from vaegui.errors import Fix

__all__ = ["missing"]

FEW = 0.05
"""Up to this share of examples is left out rather than filled in."""


def missing(examined: Examined) -> Iterator[Problem]:
    """Find examples that have values which are no finite numbers."""
    rows = rows_where(examined.facts, "missing")
    count = count_of(rows)
    if not count or examined.dataset.scaling.gaps is not None:
        return
    total = sum(map(len, examined.facts.values()))
    few = count <= FEW * total
    fix = (
        Fix("Leave these examples out", {"data.missing": "drop"})
        if few
        else Fix("Fill in each feature's mean", {"data.missing": "mean"})
    )
    yield Problem(
        "missing",
        f"{examples_text(count)} of {total:,} {'has' if count == 1 else 'have'} values "
        "that are missing or infinite.",
        "One such value makes all weights of the network NaN.",
        _places(examined, rows),
        count,
        fix,
        prevents=True,
    )


def _places(examined: Examined, rows: RowsOfParts) -> tuple[Place, ...]:
    """The places of the examples, with the first feature that is missing in each."""
    names = examined.dataset.train.spec.names.features
    places = at(examined, rows)
    if len(examined.dataset.shape) > 1:
        return places
    first = [examined.facts[part].first_missing[some[: len(places)]] for part, some in rows.items()]
    numbers = np.concatenate(first)[: len(places)].tolist()
    columns = [names[i] if names else str(i + 1) for i in numbers]
    return tuple(replace(p, column=column) for p, column in zip(places, columns, strict=True))
