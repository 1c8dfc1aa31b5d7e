"""Arrays that a script gives, checked before anything is computed with them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vaegui.data.description import DataDescription
from vaegui.errors import DataError

__all__ = ["examples_like", "finite_numbers", "real_numbers"]


def examples_like(x: ArrayLike, data: DataDescription) -> NDArray[Any]:
    """``x`` as an array of examples that fit the data. Raises `DataError`."""
    rows = finite_numbers(x, "x", data.shape)
    if data.dtype == "uint8" and rows.size and not (rows.min() >= 0 and rows.max() <= 255):
        raise DataError(
            f"The values of x lie between {rows.min():.4g} and {rows.max():.4g}.",
            f"Give them in the scale of {data.name}: from 0 to 255.",
        )
    return rows


def finite_numbers(values: ArrayLike, name: str, shape: tuple[int, ...]) -> NDArray[Any]:
    """Values as an array (n, *shape) of finite real numbers. Raises `DataError`."""
    wanted = "(" + ", ".join(["n", *map(str, shape)]) + ")"
    array = real_numbers(values, name, wanted)
    if array.shape == shape:
        raise DataError(
            f"{name} is a single example of the shape {array.shape}.",
            f"Give an array of the shape {wanted}, for example {name}[None].",
        )
    if array.shape[1:] != shape:
        raise DataError(
            f"{name} has the shape {array.shape}.", f"Give an array of the shape {wanted}."
        )
    if not np.isfinite(array).all():
        raise DataError(
            f"{name} has values that are not finite.", "Replace NaN and infinity by numbers."
        )
    return array


def real_numbers(values: ArrayLike, name: str, wanted: str) -> NDArray[Any]:
    """Values as an array of real numbers; ``wanted`` are its shapes, in words.

    What is an array already is not copied. Raises `DataError`.
    """
    try:
        array: NDArray[Any] = values if isinstance(values, np.ndarray) else np.asarray(values)
    except ValueError:
        raise DataError(
            f"{name} has rows of different lengths.", f"Give an array of the shape {wanted}."
        ) from None
    if array.dtype.kind not in "buif":
        raise DataError(
            f"{name} has values of type {array.dtype}.", "Give real numbers, for example float32."
        )
    return array
