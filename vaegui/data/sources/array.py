"""Examples in an array, in memory or read from a file."""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.data.formats.base import RowReader
from vaegui.data.source import UNNAMED, Batch, Names, Rows, Spec
from vaegui.errors import DataError

__all__ = ["ArraySource"]


class ArraySource:
    """The `Source` that reads from an array.

    Parameters
    ----------
    x
        Examples (n, *shape), an array or what is read like one. uint8 and float32 are given as
        they are, other numbers as float32. Nothing is copied; what lies in a file is read as it is
        needed.
    labels
        int64 (n,) from 0 to k-1, or None.
    names
        Of classes and features.
    fingerprint
        Equal for equal data; found out if it is not given.

    Raises
    ------
    DataError
        If there is not one label for each example.
    """

    def __init__(
        self,
        x: RowReader,
        labels: NDArray[np.int64] | None = None,
        names: Names = UNNAMED,
        fingerprint: str = "",
    ) -> None:
        length = x.shape[0]
        if labels is not None and len(labels) != length:
            raise DataError(
                f"There are {len(labels):,} labels for {length:,} examples.",
                "Give every example one label, or none at all.",
            )
        self.spec = Spec(
            shape=tuple(map(int, x.shape[1:])),
            dtype="uint8" if x.dtype == np.uint8 else "float32",
            length=length,
            names=names,
            fingerprint=fingerprint or _fingerprint(x),
        )
        self.labels = labels
        self._x = x

    def read(self, rows: Rows) -> Batch:
        """Return some examples; a slice of what has the right type is not copied."""
        x = np.asarray(self._x[rows]).astype(self.spec.dtype, copy=False)
        return Batch(x, None if self.labels is None else self.labels[rows])


def _fingerprint(x: Any) -> str:
    """Which file an array is mapped from and when that was written; '' for any other array.

    Only a whole array that nobody can write to through this map is known by its file.
    """
    base: Any = getattr(x, "base", None)  # another array for a view
    if not (isinstance(x, np.memmap) and isinstance(base, mmap.mmap) and x.mode == "r"):
        return ""
    try:
        path = Path(str(x.filename))
        status = path.stat()
    except OSError:
        return ""
    known = path.resolve(), status.st_size, status.st_mtime_ns, x.offset, x.dtype.str, x.shape
    order = "F" if x.flags.f_contiguous else "C"
    return " ".join(map(str, (*known, order)))
