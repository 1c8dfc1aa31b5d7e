"""What the axes and the values of an array mean, and examples read in that meaning."""

from __future__ import annotations

import math
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from vaegui.data.formats.base import Arrays, RowReader
from vaegui.data.scaling import Scaling
from vaegui.data.source import Rows
from vaegui.data.stored.file_array import FileArray
from vaegui.data.stored.turned import TransposedRows, turned
from vaegui.declared import Declared, setting
from vaegui.errors import DataError
from vaegui.progress import ProgressCallback

__all__ = ["Form", "Layout", "LayoutError", "laid_out", "ready"]

Form = Literal["features", "picture", "signal"]
"""What an example is: unrelated numbers, a picture, or a curve of one or several channels."""

_REMEDY = "Choose another layout."


class LayoutError(DataError):
    """An array does not have the axes that a layout says."""


class Layout(Declared):
    """What the axes of an array are, and which values are black and white."""

    form: Form = setting(
        "picture", title="An example is", help="What the numbers of one example are."
    )
    examples: int = setting(
        0, title="Axis of examples", help="The axis that counts the examples, from 0.", ge=0, le=3
    )
    channels: Literal["none", "first", "last"] = setting(
        "none",
        title="Channels",
        help="Whether one of the other axes is that of colours or channels, and which.",
    )
    width: int = setting(
        0,
        title="Width",
        help="Of pictures that lie in the file as one row of numbers; 0 for all others.",
        unit="pixels",
        ge=0,
        le=1 << 16,
    )
    depth: int = setting(
        1, title="Colours", help="Of pictures that lie as one row of numbers.", ge=1, le=64
    )
    transposed: bool = setting(
        False, title="On its side", help="Height and width of the pictures are exchanged."
    )
    inverted: bool = setting(
        False, title="Inverted", help="Black and white are exchanged; white becomes 0."
    )
    white: float = setting(
        0.0,
        title="White",
        help="The largest value that there can be: 1, 255, 4095, 65535. 0 if there is none.",
        ge=0.0,
        le=1e9,
    )

    @model_validator(mode="after")
    def _has_white(self) -> Self:
        if self.inverted and not self.white:
            raise ValueError("what is inverted needs a value for white")
        return self

    @property
    def scaling(self) -> Scaling:
        """How values come to lie from 0 to 1; none where no value is white."""
        return Scaling(1 / self.white) if self.white else Scaling()

    def row_axes(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The axes of one example of an array of this shape, without the axis of examples.

        Raises
        ------
        LayoutError
            If the array has no such axis.
        """
        if self.examples >= len(shape):
            raise LayoutError(f"The array has only {len(shape)} axes.", _REMEDY)
        return shape[: self.examples] + shape[self.examples + 1 :]

    def row_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Shape of one example as it is read from an array of this shape.

        Raises
        ------
        LayoutError
            If the array does not have the axes that are needed.
        """
        one = np.broadcast_to(np.uint8(0), (1, *self.row_axes(shape)))  # takes no memory
        if self.form != "picture":
            return (math.prod(one.shape[1:]),)
        return self._pictures(one).shape[1:]

    def channels_of(self, shape: tuple[int, ...]) -> int:
        """Channels of a signal in an array of this shape; 0 of all else.

        Raises
        ------
        LayoutError
            If the array has no such axis.
        """
        axes = self.row_axes(shape)
        if self.form != "signal":
            return 0
        if self.channels == "none" or len(axes) < 2:
            return 1
        return axes[-1 if self.channels == "last" else 0]

    def apply(self, rows: NDArray[Any]) -> NDArray[Any]:
        """Bring rows (n, *row_axes) into shape and polarity, as `dtype_of` says."""
        shaped = self._pictures(rows) if self.form == "picture" else self._flat(rows)
        dtype = self.dtype_of(rows.dtype)
        with np.errstate(over="ignore"):  # what is too large for float32 is found as infinite
            found = shaped.astype(dtype, copy=False)
        if self.inverted:
            found = np.asarray(dtype.type(self.white) - found, dtype)
        return np.ascontiguousarray(found)

    def dtype_of(self, stored: np.dtype[Any]) -> np.dtype[Any]:
        """Type of what is read: uint8 means 0 to 255 everywhere, so all else is float32."""
        as_it_is = stored == np.uint8 and self.white == 255 and self.form == "picture"
        return np.dtype(np.uint8 if as_it_is else np.float32)

    def _flat(self, rows: NDArray[Any]) -> NDArray[Any]:
        """(n, features); of a signal one channel after the other."""
        if self.form == "signal" and self.channels == "last" and rows.ndim > 2:
            rows = np.moveaxis(rows, -1, 1)
        return rows.reshape(len(rows), -1)

    def _pictures(self, rows: NDArray[Any]) -> NDArray[Any]:
        """(n, height, width) or (n, height, width, channels)."""
        if rows.ndim == 2:
            rows = self._unrolled(rows)
        elif self.channels == "none" and rows.ndim == 4 and 1 in rows.shape[1:]:
            rows = rows.squeeze(1 + rows.shape[1:].index(1))
        if rows.ndim != (3 if self.channels == "none" else 4):
            raise LayoutError(
                f"Rows of the shape {rows.shape[1:]} are no pictures "
                f"{'without' if self.channels == 'none' else 'with'} channels.",
                _REMEDY,
            )
        if self.channels == "first":
            rows = np.moveaxis(rows, 1, -1)
        if self.transposed:
            rows = rows.swapaxes(1, 2)
        return rows[..., 0] if rows.ndim == 4 and rows.shape[-1] == 1 else rows

    def _unrolled(self, rows: NDArray[Any]) -> NDArray[Any]:
        """Pictures that lie as one row of numbers each, as the settings say."""
        depth = 1 if self.channels == "none" else self.depth
        count = rows.shape[1]
        if not self.width or count % (self.width * depth):
            raise LayoutError(
                f"{count:,} numbers are no picture of the width {self.width} with {depth} "
                f"{'colour' if depth == 1 else 'colours'}.",
                "Give the width of the pictures, or take the numbers as features.",
            )
        height = count // (self.width * depth)
        if self.channels == "none":
            return rows.reshape(-1, height, self.width)
        if self.channels == "first":
            return rows.reshape(-1, depth, height, self.width)
        return rows.reshape(-1, height, self.width, depth)


class _LaidOut:
    """The `RowReader` that applies a layout to each portion that is read."""

    def __init__(self, x: RowReader, layout: Layout, row_shape: tuple[int, ...]) -> None:
        self._x, self._layout = x, layout
        self.shape = (x.shape[0], *row_shape)
        self.dtype = layout.dtype_of(x.dtype)

    def __getitem__(self, rows: Rows, /) -> NDArray[Any]:
        """Some rows, in the order asked for. Raises `DataError` if they cannot be read any more."""
        return self._layout.apply(self._x[rows])


def laid_out(arrays: Arrays, layout: Layout) -> RowReader:
    """Examples as a layout says, uint8 or float32 (n, features), (n, height, width[, channels]).

    They are read when they are asked for. Where the examples are not counted by the first axis of
    a file, that is slow; `ready` makes it quick.

    Raises
    ------
    LayoutError
        If the array does not have the axes that the layout says, or there is not one label for
        each example.
    """
    shape = arrays.x.shape
    row_shape = layout.row_shape(shape)
    length = shape[layout.examples]
    if arrays.labels is not None and len(arrays.labels) != length:
        raise LayoutError(
            f"There are {len(arrays.labels):,} labels for {length:,} examples.",
            "Choose another axis of examples, other labels, or none.",
        )
    return _LaidOut(_first(arrays.x, layout.examples), layout, row_shape)


def ready(arrays: Arrays, layout: Layout, progress: ProgressCallback) -> RowReader:
    """The same as `laid_out`, so that rows in any order are read quickly.

    Raises
    ------
    DataError
        As `laid_out`, and if there is no room for an array whose axes have to be exchanged.
    Cancelled
        If ``progress`` raises it.
    """
    lazy = laid_out(arrays, layout)
    x = arrays.x
    if layout.examples == 0 or not isinstance(x, FileArray):
        return lazy
    quick = turned(x, _order(len(x.shape), layout.examples), arrays.fingerprint, progress)
    return _LaidOut(quick, layout, layout.row_shape(x.shape))


def _first(x: RowReader, axis: int) -> RowReader:
    """The same array with an axis moved to the front."""
    if axis == 0:
        return x
    if isinstance(x, FileArray):
        return TransposedRows(x, _order(len(x.shape), axis))
    return np.moveaxis(np.asarray(x[slice(0, x.shape[0])]), axis, 0)


def _order(axes: int, first: int) -> tuple[int, ...]:
    return (first, *(axis for axis in range(axes) if axis != first))
