"""What one pass finds out about each example: which are equal, incomplete, or of one value only."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.data.source import Source, Spec
from vaegui.progress import ProgressCallback

__all__ = ["RowFacts", "RowNotes", "later_ones", "portions", "row_facts"]

_MOST_ROWS = 8192
_MOST_BYTES = 8 << 20
"""Examples that are read together at most, and the bytes that they take."""


@dataclass(frozen=True, eq=False, slots=True)
class RowFacts:
    """Of each example of a source, (n,)."""

    hashes: NDArray[np.uint64]
    """Equal for equal examples; the chance that two others agree is one in 2^64."""
    missing: NDArray[np.int32]
    """How many of its values are missing or infinite."""
    first_missing: NDArray[np.int32]
    """Which of its values is the first of those; 0 if none is."""
    constant: NDArray[np.bool_]
    """Whether all its values are the same."""

    def __len__(self) -> int:
        return len(self.hashes)


class RowNotes:
    """What is known of the examples of a source, portion by portion."""

    def __init__(self, length: int) -> None:
        self.facts = RowFacts(
            hashes=np.empty(length, np.uint64),
            missing=np.zeros(length, np.int32),
            first_missing=np.zeros(length, np.int32),
            constant=np.zeros(length, np.bool_),
        )
        """Of the examples that were taken in."""

    def add(self, rows: slice, portion: NDArray[Any]) -> None:
        """Take in some examples (n, *shape) in C order, which are these rows of the source."""
        facts, x = self.facts, portion.reshape(len(portion), -1)
        least = x.min(axis=1)
        facts.constant[rows] = least == x.max(axis=1)
        if x.dtype != np.uint8:
            if not np.isfinite(least).all() or np.isinf(x).any():
                gaps = ~np.isfinite(x)
                facts.missing[rows] = gaps.sum(axis=1)
                facts.first_missing[rows] = gaps.argmax(axis=1)
            # 0.0 and -0.0 are equal, and so are all missing values.
            x = np.where(np.isnan(x), np.float32(np.nan), x + 0.0)
        facts.hashes[rows] = [_hash(row) for row in x]


def row_facts(source: Source, progress: ProgressCallback) -> RowFacts:
    """Read all examples of a source once. Raises `DataError` and what ``progress`` raises."""
    notes = RowNotes(source.spec.length)
    for rows in portions(source.spec):
        progress("Checking the examples", rows.start, source.spec.length)
        notes.add(rows, np.ascontiguousarray(source.read(rows).x))
    return notes.facts


def later_ones(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The rows that are equal to an earlier one, rising."""
    later = np.ones(len(hashes), np.bool_)
    later[np.unique(hashes, return_index=True)[1]] = False
    return np.flatnonzero(later)


def portions(spec: Spec) -> Iterator[slice]:
    """The rows of a source in portions that are read together."""
    each = max(1, math.prod(spec.shape) * np.dtype(spec.dtype).itemsize)
    count = int(np.clip(_MOST_BYTES // each, 1, _MOST_ROWS))
    for start in range(0, spec.length, count):
        yield slice(start, min(start + count, spec.length))


def _hash(row: NDArray[Any]) -> int:
    return int.from_bytes(hashlib.blake2b(row.data, digest_size=8).digest(), "little")
