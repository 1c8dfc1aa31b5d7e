"""Groups that are on both sides of the division into parts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vaegui.data.checks.problem import Examined, at, count_of
from vaegui.data.formats.base import Problem
from vaegui.data.source import Part
from vaegui.errors import Fix

__all__ = ["divided_groups"]


def divided_groups(examined: Examined) -> Iterator[Problem]:
    """Find groups of which some examples are trained on and others measured on."""
    opened = examined.opened
    train = opened.groups("train")
    if train is None:
        return
    rows: dict[Part, NDArray[np.int64]] = {}
    divided: set[object] = set()
    for part in ("validation", "test"):
        groups = opened.groups(part)
        if groups is not None:
            both = np.isin(groups, train)
            divided |= set(groups[both].tolist())
            rows[part] = np.flatnonzero(both)
    if not count_of(rows):
        return
    many = len(divided) != 1
    yield Problem(
        "divided groups",
        f"{len(divided):,} {'groups are' if many else 'group is'} both in the training part and in "
        "the others.",
        "The model is then measured on what belongs to examples that it has learned, and looks "
        "better than it is.",
        at(examined, rows),
        count_of(rows),
        Fix("Divide by group", {"data.split.as_filed": False}),
    )
