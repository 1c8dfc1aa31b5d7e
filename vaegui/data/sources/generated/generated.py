"""Examples that are made when they are needed, from the seed in the settings."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from vaegui.data.dataset import Dataset
from vaegui.data.scaling import Scaling
from vaegui.data.source import Names
from vaegui.data.sources.array import ArraySource
from vaegui.declared import Choice, setting

__all__ = ["Generated"]


class Generated(Choice):
    """A choice of data whose examples are made; a subclass says how many, and what they are."""

    local: ClassVar[bool] = True
    test_share: ClassVar[float] = 0.2
    """The last fifth of the examples is to test with."""

    seed: int = setting(
        0,
        title="Data seed",
        help="Start of the random numbers; the same seed makes the same examples.",
        ge=0,
        le=2**31 - 1,
        more=True,
    )

    def split(
        self,
        name: str,
        x: NDArray[np.generic],
        labels: NDArray[np.int64],
        names: Names,
        scaling: Scaling | None = None,
    ) -> Dataset:
        """Make a dataset of all examples and their labels, (n, *shape) and (n,)."""
        cut = len(x) - round(len(x) * self.test_share)
        return Dataset(
            name=name,
            train=ArraySource(x[:cut], labels[:cut], names),
            test=ArraySource(x[cut:], labels[cut:], names),
            scaling=scaling or Scaling(),
        )
