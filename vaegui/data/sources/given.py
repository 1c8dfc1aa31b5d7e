"""Arrays that a script gives: checked, divided into parts, and recognised when given again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vaegui.data.checked import real_numbers
from vaegui.data.class_codes import coded
from vaegui.data.dataset import Dataset
from vaegui.data.formats.base import RowReader
from vaegui.data.scaling import Scaling
from vaegui.data.source import Names, Rows
from vaegui.data.sources.array import ArraySource
from vaegui.data.split import Split
from vaegui.declared import Choice, setting
from vaegui.errors import DataError
from vaegui.progress import ProgressCallback

__all__ = ["GivenArray"]

SHAPES = "(n, features), (n, height, width) or (n, height, width, channels)"


class GivenArray(Choice):
    """An array that a Python script gives. A model file remembers which, not its values."""

    label: ClassVar[str] = "Array from Python"
    local: ClassVar[bool] = True
    offered: ClassVar[bool] = False

    kind: Literal["array"] = "array"
    name: str = setting(
        "array", title="Name", help="What the data are called.", min_length=1, max_length=200
    )
    shape: tuple[int, ...] = setting(
        (), title="Shape", help="Shape of one example; set when the array is given.", max_length=3
    )
    signal: bool = setting(
        False,
        title="Signal",
        help="Whether the axes after the first are length and channels of a signal, rather than "
        "those of a picture.",
    )
    split: Split = setting(Split(), title="Parts", help="How examples are divided into parts.")

    def load(self, progress: ProgressCallback) -> Dataset:
        """Raise `DataError`: only the script has the array."""
        raise DataError(
            f"The examples '{self.name}' were given by a Python script; no file has them.",
            'Open the model in Python with the same array: vaegui.load("run.keras", x=x).',
        )

    def taking(self, x: ArrayLike, labels: ArrayLike | None = None) -> tuple[GivenArray, Dataset]:
        """The settings of an array that is given, and the dataset of it. As `dataset`."""
        dataset = self.dataset(x, labels)
        return self.model_copy(update={"shape": dataset.shape}), dataset

    def dataset(self, x: ArrayLike, labels: ArrayLike | None = None) -> Dataset:
        """Make a dataset of an array. It is not copied; one that is mapped from a file stays there.

        Parameters
        ----------
        x
            Real numbers (n, features), (n, height, width) or (n, height, width, channels); of
            signals (n, length) or (n, length, channels), which become rows (n, channels * length),
            one channel after the other. The model sees uint8 from 0 to 1, and other numbers as
            they are unless the settings scale.
        labels
            A whole number or a word for each example, (n,), or None.

        Raises
        ------
        DataError
            If the array cannot be used; it says why.
        """
        given = _checked(x)
        array: RowReader = given
        codes, names = None, Names()
        if self.signal:
            names = Names(channels=given.shape[2] if given.ndim > 2 else 1)
            array = self.rows(given)
        if labels is not None:
            (codes,), classes = coded([np.asarray(labels)])
            names = replace(names, classes=classes)
        parts = self.split.apply(ArraySource(array, codes, names))
        scaling = Scaling(1 / 255) if array.dtype == np.uint8 else Scaling()
        return Dataset(self.name, parts.train, parts.test, scaling, validation=parts.validation)

    def rows(self, x: ArrayLike) -> RowReader:
        """Examples as the dataset has them: signals one channel after the other, others as given.

        Raises
        ------
        DataError
            If signals have more axes than length and channels.
        """
        array = np.asanyarray(x)
        if not self.signal or array.ndim == 2:
            return array
        if array.ndim != 3:
            raise DataError(
                f"Signals cannot have the shape {array.shape}.",
                "Give (n, length) or (n, length, channels).",
            )
        return _ChannelsFirst(array)


class _ChannelsFirst:
    """The `RowReader` of signals (n, length, channels): rows (n, channels * length)."""

    def __init__(self, x: NDArray[Any]) -> None:
        self._x, self.dtype = x, x.dtype
        self.shape = (len(x), x.shape[1] * x.shape[2])

    def __getitem__(self, rows: Rows, /) -> NDArray[Any]:
        """Some rows, in the order asked for."""
        return np.moveaxis(self._x[rows], -1, 1).reshape(-1, self.shape[1])


def _checked(x: ArrayLike) -> NDArray[Any]:
    """An array that examples can be read from. Raises `DataError`."""
    array = real_numbers(x, "x", SHAPES)
    if not 2 <= array.ndim <= 4:
        raise DataError(f"x has the shape {array.shape}.", f"Give an array of the shape {SHAPES}.")
    if 0 in array.shape:
        raise DataError(
            f"x has the shape {array.shape}: there is nothing in it.", "Give some examples."
        )
    return array
