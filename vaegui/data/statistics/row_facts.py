"""What one pass finds out about each example: which are equal, incomplete, or of one value only."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vaegui.data.source import Source, Spec
from vaegui.progress import ProgressCallback

__all__ = ["RowFacts", "portions", "row_facts"]

_MOST_ROWS = 8192
_MOST_BYTES = 8 << 20
"""Examples that are read together at most, and the bytes that they take."""


@dataclass(frozen=True, eq=False, slots=True)
class RowFacts:
    """Of each example of a source, (n,)."""

    hashes: NDArray[np.uint64]
    """Equal for equal examples; the chance that two others agree is one in 2^64."""
    missing: NDArray[np.int64]
    """How many of its values are missing or infinite."""
    first_missing: NDArray[np.int64]
    """Which of its values is the first of those; 0 if none is."""
    constant: NDArray[np.bool_]
    """Whether all its values are the same."""

    def __len__(self) -> int:
        return len(self.hashes)


def row_facts(source: Source, progress: ProgressCallback) -> RowFacts:
    """Read all examples of a source once. Raises `DataError` and what ``progress`` raises."""
    length = source.spec.length
    hashes, missing = np.empty(length, np.uint64), np.zeros(length, np.int64)
    first_missing = np.zeros(length, np.int64)
    constant = np.zeros(length, np.bool_)
    for rows in portions(source.spec):
        progress("Checking the examples", rows.start, length)
        x = np.ascontiguousarray(source.read(rows).x).reshape(rows.stop - rows.start, -1)
        # 0.0 and -0.0 are equal, and so are all missing values.
        plain = x if x.dtype == np.uint8 else np.where(np.isnan(x), np.float32(np.nan), x + 0.0)
        hashes[rows] = [_hash(row.tobytes()) for row in plain]
        if x.dtype != np.uint8:
            gaps = ~np.isfinite(x)
            missing[rows], first_missing[rows] = gaps.sum(axis=1), gaps.argmax(axis=1)
        constant[rows] = x.min(axis=1) == x.max(axis=1)
    return RowFacts(hashes, missing, first_missing, constant)


def portions(spec: Spec) -> Iterator[slice]:
    """The rows of a source in portions that are read together."""
    each = max(1, math.prod(spec.shape) * np.dtype(spec.dtype).itemsize)
    count = int(np.clip(_MOST_BYTES // each, 1, _MOST_ROWS))
    for start in range(0, spec.length, count):
        yield slice(start, min(start + count, spec.length))


def _hash(row: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(row, digest_size=8).digest(), "little")
