"""An array whose examples are not counted by the first axis in the file, read as if they were."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.data.source import Rows
from vaegui.data.stored.decoded import decoded
from vaegui.data.stored.file_array import FileArray, row_numbers
from vaegui.progress import ProgressCallback

__all__ = ["TransposedRows", "turned"]

_BLOCK_BYTES = 64 << 20
_DENSE = 4
"""Rows that lie within so many times their number are read together."""


class TransposedRows:
    """Rows of a `FileArray` with its axes in another order; a `RowReader`.

    A row is gathered from all over the file. That is quick enough for a few to be looked at;
    `turned` makes an array for training.

    Parameters
    ----------
    x
        The array as it lies in the file.
    order
        Which of its axes is the first, the second, ..., as `numpy.transpose` takes them.
    """

    def __init__(self, x: FileArray, order: Sequence[int]) -> None:
        self._x, self._order = x, tuple(order)
        self._axis = axis = self._order[0]
        self._before, self._after = math.prod(x.shape[:axis]), math.prod(x.shape[axis + 1 :])
        self.shape: tuple[int, ...] = tuple(x.shape[axis] for axis in self._order)
        self.dtype: np.dtype[Any] = x.dtype

    def __getitem__(self, rows: Rows, /) -> NDArray[Any]:
        """Some rows, in the order asked for. Raises `DataError` and `IndexError` as the file's."""
        if isinstance(rows, slice):
            first, end, _ = rows.indices(self.shape[0])
            return self._between(first, max(first, end))
        numbers = row_numbers(rows, self.shape[0])
        if not len(numbers):
            return self._between(0, 0)
        first, end = int(numbers.min()), int(numbers.max()) + 1
        if end - first <= _DENSE * len(numbers):
            return self._between(first, end)[numbers - first]
        return np.concatenate([self._between(row, row + 1) for row in numbers.tolist()])

    def _between(self, first: int, end: int) -> NDArray[Any]:
        x, axis = self._x, self._axis
        size = x.stored.itemsize * self._after
        found = np.empty((self._before, (end - first) * size), np.uint8)
        for k in range(self._before):
            found[k] = x.bytes_at((k * x.shape[axis] + first) * size, (end - first) * size)
        shape = (*x.shape[:axis], end - first, *x.shape[axis + 1 :])
        numbers = found.reshape(-1).view(x.stored).reshape(shape).transpose(self._order)
        return np.ascontiguousarray(numbers, self.dtype)


def turned(
    x: FileArray, order: Sequence[int], made_of: str, progress: ProgressCallback
) -> NDArray[Any] | FileArray:
    """The same rows in an array of their own, so that any of them can be read quickly.

    ``made_of`` is the file's fingerprint. Errors are those of `decoded`.
    """
    rows = TransposedRows(x, order)
    length = rows.shape[0]
    each = max(1, math.prod(rows.shape[1:]) * rows.dtype.itemsize)

    def make(append: Any) -> None:
        for first in range(0, length, max(1, _BLOCK_BYTES // each)):
            progress("Reordering the examples", first, length)
            append(rows[first : first + max(1, _BLOCK_BYTES // each)])

    known = f"turned {tuple(order)} {x.offset} {x.shape} {x.stored.str}\n{made_of}"
    return decoded(known, rows.shape[1:], rows.dtype, length, make).x
