"""How the examples of one source are divided into a part to train on and one to test with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vaegui.data.selected import SelectedRows
from vaegui.data.source import Source
from vaegui.declared import Declared, setting

__all__ = ["Split"]


class Split(Declared):
    """Which share of the examples is kept for testing, chosen at random."""

    test_share: float = setting(
        0.1,
        title="Test share",
        help="Part of the examples that the model never learns from and is measured on.",
        ge=0.0,
        le=0.9,
    )
    seed: int = setting(
        0,
        title="Split seed",
        help="Start of the random choice; the same seed gives the same parts again.",
        ge=0,
        le=2**31 - 1,
        more=True,
    )

    def apply(self, source: Source) -> tuple[Source, Source]:
        """Return the training part and the test part; in both, rows keep their order.

        At least one example is for training.
        """
        train, test = self.rows(source.spec.length)
        return SelectedRows(source, train), SelectedRows(source, test)

    def rows(self, length: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows of the training part and of the test part of ``length`` examples, both rising."""
        tests = min(round(length * self.test_share), max(0, length - 1))
        order = np.random.Generator(np.random.Philox(self.seed)).permutation(length)
        return np.sort(order[tests:]), np.sort(order[:tests])
