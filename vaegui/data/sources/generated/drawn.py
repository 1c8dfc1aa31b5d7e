"""Points in the plane that somebody drew by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from vaegui.data.dataset import Dataset
from vaegui.data.source import Names
from vaegui.data.sources.array import ArraySource
from vaegui.declared import Choice, setting
from vaegui.errors import DataError
from vaegui.progress import ProgressCallback

__all__ = ["FEWEST", "MOST", "TEST_SHARE", "DrawnPoint", "DrawnPoints", "drawn_points"]

FEWEST, MOST = 10, 5000
TEST_SHARE = 0.2
Coordinate = Annotated[float, Field(ge=-1.0, le=1.0)]
DrawnPoint = tuple[Coordinate, Coordinate, Annotated[int, Field(ge=1, le=9)]]
"""Across and up, from -1 to 1, and the class."""


class DrawnPoints(Choice):
    """Points in the plane, drawn with the mouse: numbers from -1 to 1, each with its class."""

    label: ClassVar[str] = "Drawn points"
    local: ClassVar[bool] = True
    in_form: ClassVar[bool] = False
    shape: ClassVar[tuple[int, ...]] = (2,)

    kind: Literal["drawn"] = "drawn"
    points: tuple[DrawnPoint, ...] = setting(
        (),
        title="Points",
        help="Across and up, from -1 to 1, and the class, from 1 to 9; a fifth is to test with.",
        max_length=MOST,
    )
    seed: int = setting(
        0,
        title="Data seed",
        help="Start of the random numbers that choose which points are to test with.",
        ge=0,
        le=2**31 - 1,
    )

    def load(self, progress: ProgressCallback) -> Dataset:
        """Four fifths of the points to train on and one to test with, float32 of shape (2,).

        Raises
        ------
        DataError
            If there are too few points.
        """
        if len(self.points) < FEWEST:
            raise DataError(
                f"There are {len(self.points)} drawn points.", f"Draw {FEWEST} at least."
            )
        x, labels = drawn_points(self.points, self.seed)
        kinds, codes = np.unique(labels, return_inverse=True)
        names = Names(tuple(f"class {kind}" for kind in kinds.tolist()), ("x", "y"))
        cut = len(x) - round(len(x) * TEST_SHARE)
        codes = codes.astype(np.int64)
        return Dataset(
            name=self.label,
            train=ArraySource(x[:cut], codes[:cut], names),
            test=ArraySource(x[cut:], codes[cut:], names),
        )


# The exported script has the text of this function.
def drawn_points(
    points: Sequence[tuple[float, float, int]], seed: int
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Points (n, 2) in random order, and the class of each, (n,)."""
    order = np.random.Generator(np.random.Philox(seed)).permutation(len(points))
    drawn = np.array(points)[order]
    return drawn[:, :2].astype(np.float32), drawn[:, 2].astype(np.int64)
