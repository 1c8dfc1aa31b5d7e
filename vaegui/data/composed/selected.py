"""Some of the examples of another source."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.data.source import Batch, Rows, Source

__all__ = ["SelectedRows"]


class SelectedRows:
    """The `Source` of those examples that a list of rows names.

    Parameters
    ----------
    source
        What has the examples; nothing of it is copied.
    rows
        Which, and in which order, (n,).
    """

    def __init__(self, source: Source, rows: NDArray[np.integer[Any]]) -> None:
        known = source.spec.fingerprint
        if known:
            known = f"{known} {hashlib.sha256(np.asarray(rows, np.int64).tobytes()).hexdigest()}"
        self.spec = replace(source.spec, length=len(rows), fingerprint=known)
        self.labels = None if source.labels is None else source.labels[rows]
        self._source, self._rows = source, rows

    def read(self, rows: Rows) -> Batch:
        """Return some of the selected examples, counted among themselves."""
        return self._source.read(self._rows[rows])
