"""Examples all of whose values are the same."""

from __future__ import annotations

import math
from collections.abc import Iterator

from vaegui.data.checks.problem import Examined, at, count_of, examples_text, rows_where
from vaegui.data.formats.base import Problem
from vaegui.errors import Fix

__all__ = ["blank"]


def blank(examined: Examined) -> Iterator[Problem]:
    """Find empty pictures, and rows of one value."""
    if math.prod(examined.dataset.shape) == 1:
        return
    rows = rows_where(examined.facts, "constant")
    count = count_of(rows)
    if not count:
        return
    what = "pictures" if len(examined.dataset.shape) > 1 else "rows"
    yield Problem(
        "blank examples",
        f"{examples_text(count)} {'has' if count == 1 else 'have'} the same value "
        f"everywhere: empty {what}.",
        "They are learned first, as a class of their own.",
        at(examined, rows),
        count,
        Fix("Leave them out", {"data.left_out.constant": True}),
    )
