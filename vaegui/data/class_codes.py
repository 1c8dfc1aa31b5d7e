"""Labels of any kind as numbers from 0 to k-1, with what each of them was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.errors import DataError

__all__ = ["MOST_CLASSES", "coded"]

MOST_CLASSES = 1 << 16
_LONGEST = 100


def coded(parts: Sequence[NDArray[Any]]) -> tuple[list[NDArray[np.int64]], tuple[str, ...]]:
    """Number the labels of some parts, the same in all of them.

    Parameters
    ----------
    parts
        Whole numbers or words, each (n,).

    Returns
    -------
    codes
        Of each part, (n,), from 0 to k-1 in the order of the labels.
    names
        What each of the k was.

    Raises
    ------
    DataError
        If they are of another kind, or too many.
    """
    for part in parts:
        if part.ndim != 1 or part.dtype.kind not in "buiUS":
            raise DataError(
                f"The labels are of type {part.dtype} and have the shape {part.shape}.",
                "Give one whole number or one word for each example.",
            )
    kinds, codes = np.unique(np.concatenate(list(parts)), return_inverse=True)
    if len(kinds) > MOST_CLASSES:
        raise DataError(
            f"There are {len(kinds):,} different labels.",
            f"Give at most {MOST_CLASSES:,}, or none at all.",
        )
    ends = np.cumsum([len(part) for part in parts])[:-1]
    names = tuple(str(kind)[:_LONGEST] for kind in kinds)
    return [piece.astype(np.int64) for piece in np.split(codes, ends)], names
