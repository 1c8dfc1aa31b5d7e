"""How the examples of one source are divided into parts to train on, to watch and to test with."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vaegui.data.composed.selected import SelectedRows
from vaegui.data.source import Source
from vaegui.declared import Declared, setting

__all__ = ["DividedRows", "DividedSource", "Split"]


class DividedRows(NamedTuple):
    """Rows of each part, rising."""

    train: NDArray[np.int64]
    validation: NDArray[np.int64]
    test: NDArray[np.int64]


class DividedSource(NamedTuple):
    """The parts of a source; ``validation`` is None where it would be empty."""

    train: Source
    validation: Source | None
    test: Source


class Split(Declared):
    """Which shares of the examples are kept for validation and for testing, chosen at random."""

    test_share: float = setting(
        0.1,
        title="Test share",
        help="Part of the examples that the model never learns from and is measured on.",
        ge=0.0,
        le=0.9,
    )
    validation_share: float = setting(
        0.0,
        title="Validation share",
        help="Part of the examples that the model is measured on after each epoch; if none, the "
        "test part serves for that, too.",
        ge=0.0,
        le=0.9,
    )
    stratified: bool = setting(
        False,
        title="Each class in all parts",
        help="Whether each class has its share in every part; only where examples have labels.",
    )
    seed: int = setting(
        0,
        title="Split seed",
        help="Start of the random choice; the same seed gives the same parts again.",
        ge=0,
        le=2**31 - 1,
        more=True,
    )

    def apply(self, source: Source, groups: NDArray[Any] | None = None) -> DividedSource:
        """Divide a source; in all parts, rows keep their order. ``groups`` as for `rows`."""
        rows = self.rows(source.spec.length, source.labels, groups)
        train, validation, test = (SelectedRows(source, part) for part in rows)
        return DividedSource(train, validation if len(rows.validation) else None, test)

    def rows(
        self,
        length: int,
        labels: NDArray[np.int64] | None = None,
        groups: NDArray[Any] | None = None,
    ) -> DividedRows:
        """Divide the rows of ``length`` examples. At least one example is for training.

        Parameters
        ----------
        labels
            The class of each example, (length,), for parts that are stratified.
        groups
            What each example belongs to, (length,): all examples of one group come into the same
            part, and shares are met as closely as whole groups allow. Classes then do not count.
        """
        order = np.random.Generator(np.random.Philox(self.seed)).permutation(length)
        if groups is not None:
            return self._by_group(order, groups)
        if self.stratified and labels is not None:
            order = _classes_spread(order, labels)
        tests = min(round(length * self.test_share), max(0, length - 1))
        end = min(tests + round(length * self.validation_share), max(0, length - 1))
        return DividedRows(*map(np.sort, (order[end:], order[tests:end], order[:tests])))

    def _by_group(self, order: NDArray[np.int64], groups: NDArray[Any]) -> DividedRows:
        """Whole groups, in the order in which their first example comes in ``order``."""
        _, first, group, sizes = np.unique(
            groups[order], return_index=True, return_inverse=True, return_counts=True
        )
        turns = np.argsort(first)
        # A group is in the part that its middle falls into.
        middle = np.empty(len(sizes))
        middle[turns] = np.cumsum(sizes[turns]) - sizes[turns] / 2
        tests = len(order) * self.test_share
        end = tests + len(order) * self.validation_share
        part = np.where(middle < tests, 2, np.where(middle < end, 1, 0))
        if not np.any(part == 0):
            part[turns[-1]] = 0
        return DividedRows(*(np.sort(order[part[group] == which]) for which in (0, 1, 2)))


def _classes_spread(order: NDArray[np.int64], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """The same rows in an order of which any beginning has its share of every class."""
    by_class = order[np.argsort(labels[order], kind="stable")]
    _, starts, sizes = np.unique(labels[by_class], return_index=True, return_counts=True)
    rank = np.arange(len(order)) - np.repeat(starts, sizes)
    how_far = np.empty(len(order))
    how_far[by_class] = (rank + 0.5) / np.repeat(sizes, sizes)
    return order[np.argsort(how_far[order], kind="stable")]
