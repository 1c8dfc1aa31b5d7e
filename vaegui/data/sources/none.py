"""A model without data: what examples it takes is known, and there are none."""

from __future__ import annotations

import math
from typing import ClassVar, Literal

from vaegui.data.dataset import Dataset
from vaegui.data.description import DataDescription
from vaegui.data.scaling import Scaling
from vaegui.declared import Choice, setting
from vaegui.errors import DataError
from vaegui.progress import ProgressCallback

__all__ = ["NoData"]

_MOST_AXES = 3


class NoData(Choice):
    """No examples. A model from elsewhere is looked at without any, until it is given some."""

    label: ClassVar[str] = "No data"
    local: ClassVar[bool] = True
    offered: ClassVar[bool] = False

    kind: Literal["none"] = "none"
    shape: tuple[int, ...] = setting(
        (1,),
        title="Shape",
        help="Shape of the examples that the model takes.",
        min_length=1,
        max_length=_MOST_AXES,
    )

    @staticmethod
    def of_shape(shape: tuple[int, ...]) -> NoData:
        """No examples of the shape that a network takes, as data have it.

        Axes of length 1, as a grey picture's channel, are left out. What has more axes than a
        picture is a row of values.
        """
        axes = tuple(length for length in shape if length != 1) or (1,)
        return NoData(shape=axes if len(axes) <= _MOST_AXES else (math.prod(axes),))

    def load(self, progress: ProgressCallback) -> Dataset:
        """Raise `DataError`: there are no data. It says which would do."""
        raise DataError(
            "This model was opened without data.",
            f"Choose data with examples of {by_axes(self.shape)}.",
        )

    def described(self, low: float, high: float) -> DataDescription:
        """What a model knows of no data: the values that it sees usually lie between two numbers.

        The data's own scale is the model's.
        """
        return DataDescription(
            name=self.label,
            shape=self.shape,
            dtype="float32",
            train_examples=0,
            test_examples=0,
            scaling=Scaling(),
            value_range=(low, high),
            model_range=(low, high),
        )


def by_axes(shape: tuple[int, ...]) -> str:
    """A shape in words: ``28 × 28 values``."""
    words = " × ".join(f"{length:,}" for length in shape)
    return f"{words} value{'' if words == '1' else 's'}"
