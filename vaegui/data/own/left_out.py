"""What is left out: rules, so that the recipe stays small and fits other files, too."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from vaegui.data.statistics.row_facts import RowFacts, later_ones
from vaegui.declared import Declared, setting

__all__ = ["MOST_FEATURES", "MOST_ROWS", "LeftOut"]

MOST_ROWS = 1000
MOST_FEATURES = 1000

Number = Annotated[int, Field(ge=0)]


class LeftOut(Declared):
    """Examples and features that are left out."""

    duplicates: bool = setting(
        False,
        title="Equal examples",
        help="Whether only the first of equal examples is kept, in all parts together.",
    )
    constant: bool = setting(
        False,
        title="Examples of one value",
        help="Whether examples are left out whose values are all the same, as empty pictures.",
    )
    smallest_class: int = setting(
        1,
        title="Smallest class",
        help="Classes with fewer examples are left out.",
        unit="examples",
        ge=1,
        le=1_000_000,
    )
    rows: tuple[Number, ...] = setting(
        (),
        title="Single examples",
        help="Numbers of examples that are left out, counted from 0.",
        max_length=MOST_ROWS,
    )
    features: tuple[Number, ...] = setting(
        (),
        title="Features",
        help="Numbers of features that are left out, counted from 0; pictures keep all pixels.",
        max_length=MOST_FEATURES,
    )

    @property
    def needs_facts(self) -> bool:
        """Whether all examples have to be read to tell which they are."""
        return self.duplicates or self.constant

    def why(
        self,
        length: int,
        facts: RowFacts | None,
        labels: NDArray[np.int64] | None,
        incomplete: bool,
    ) -> dict[int, str]:
        """The rows to leave out, rising, and why each of them.

        Parameters
        ----------
        length
            Number of examples, of all parts one after another.
        facts, labels
            Of all of them. Facts must be there if `needs_facts` or ``incomplete``.
        incomplete
            Whether those with missing values are left out, too.
        """
        why = dict.fromkeys((row for row in self.rows if row < length), "left out by number")
        reasons = self._by_facts(facts, incomplete) if facts is not None else []
        if labels is not None and self.smallest_class > 1:
            small = np.bincount(labels)[labels] < self.smallest_class
            reasons.append((small, f"its class has fewer than {self.smallest_class:,} examples"))
        for mask, reason in reasons:
            why.update(dict.fromkeys(np.flatnonzero(mask).tolist(), reason))
        if self.duplicates and facts is not None:
            for row in _later_ones(facts.hashes, np.fromiter(why, np.int64, len(why))):
                why[row] = "equal to an earlier example"
        return dict(sorted(why.items()))

    def _by_facts(self, facts: RowFacts, incomplete: bool) -> list[tuple[NDArray[np.bool_], str]]:
        reasons = []
        if incomplete:
            reasons.append((facts.missing > 0, "it has values that are missing or infinite"))
        if self.constant:
            reasons.append((facts.constant, "all its values are the same"))
        return reasons


def _later_ones(hashes: NDArray[np.uint64], gone: NDArray[np.int64]) -> list[int]:
    """Rows that are equal to an earlier one which is not gone."""
    there = np.ones(len(hashes), np.bool_)
    there[gone] = False
    kept = np.flatnonzero(there)
    found: list[int] = kept[later_ones(hashes[kept])].tolist()
    return found
