"""What one pass over all examples finds: ranges, means, spreads, gaps, and a hash of the values."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.data.source import Source, Spec
from vaegui.data.statistics.row_facts import portions
from vaegui.progress import ProgressCallback

__all__ = ["Statistics", "examine"]

_CACHED_BYTES = 1 << 20
"""Bytes of the float64 values of which moments are computed together."""


@dataclass(frozen=True, eq=False, slots=True)
class Statistics:
    """Of each value of an example over ``count`` examples, (*shape) float64 in the data's scale.

    Where a value is missing or infinite in some example, or ``count`` is 0, its numbers are of no
    use.
    """

    count: int
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    mean: NDArray[np.float64]
    sd: NDArray[np.float64]
    """Standard deviation, with division by ``count``."""
    not_finite: int = 0
    """Number of examples that have a value which is missing or infinite."""
    first_not_finite: int | None = None
    """Row of the first of them."""


def examine(
    sources: Sequence[Source], progress: ProgressCallback
) -> tuple[tuple[Statistics, ...], str]:
    """Read all examples of some sources once, one source after the other.

    Returns
    -------
    statistics
        Of each source.
    sha256
        Of types, shapes and all values; the same wherever the examples lie.

    Raises
    ------
    DataError
        If examples cannot be read.
    Cancelled
        If ``progress`` raises it, between two portions.
    """
    digest, found = hashlib.sha256(), []
    total = sum(source.spec.length for source in sources)
    done = 0
    for source in sources:
        spec, running = source.spec, _Running(source.spec)
        digest.update(f"{spec.dtype}{(spec.length, *spec.shape)}".encode())
        for rows in portions(spec):
            progress("Examining the data (examples)", done + rows.start, total)
            portion = np.ascontiguousarray(source.read(rows).x)
            digest.update(portion.data)
            running.add(portion)
        done += spec.length
        found.append(running.statistics())
    return tuple(found), digest.hexdigest()


def _blocks(x: NDArray[Any]) -> Iterator[NDArray[np.float64]]:
    """Copies of a few examples at a time as float64, which stay in the processor's cache."""
    count = int(np.clip(_CACHED_BYTES // (8 * max(1, math.prod(x.shape[1:]))), 1, 1024))
    for start in range(0, len(x), count):
        yield x[start : start + count].astype(np.float64)


class _Running:
    """Statistics of the portions so far.

    Means and sums of squared deviations of two sets of examples are joined without loss of digits
    (Chan, Golub and LeVeque 1983, equations 2.1).
    """

    def __init__(self, spec: Spec) -> None:
        self._low, self._high = np.full(spec.shape, np.inf), np.full(spec.shape, -np.inf)
        self._mean, self._squares = np.zeros(spec.shape), np.zeros(spec.shape)
        self._count = self._not_finite = 0
        self._first_not_finite: int | None = None

    def add(self, x: NDArray[Any]) -> None:
        """Take in a portion (n, *shape)."""
        low, high = x.min(axis=0), x.max(axis=0)
        if not (np.isfinite(low).all() and np.isfinite(high).all()):
            self._note(x)
        self._low, self._high = np.minimum(self._low, low), np.maximum(self._high, high)
        for block in _blocks(x):
            self._add_moments(block)

    def _add_moments(self, block: NDArray[np.float64]) -> None:
        before, self._count = self._count, self._count + len(block)
        with np.errstate(invalid="ignore", over="ignore"):
            mean = block.sum(axis=0) / len(block)
            block -= mean
            squares = np.square(block, out=block).sum(axis=0)
            if before:
                apart, share = mean - self._mean, len(block) / self._count
                mean = self._mean + apart * share
                squares += self._squares + np.square(apart) * (before * share)
        self._mean, self._squares = mean, squares

    def _note(self, x: NDArray[Any]) -> None:
        bad = np.flatnonzero(~np.isfinite(x.reshape(len(x), -1)).all(axis=1))
        if self._first_not_finite is None:
            self._first_not_finite = self._count + int(bad[0])
        self._not_finite += len(bad)

    def statistics(self) -> Statistics:
        """Of all portions together."""
        with np.errstate(invalid="ignore"):
            sd = np.sqrt(self._squares / max(1, self._count))
        return Statistics(
            self._count,
            self._low,
            self._high,
            self._mean,
            sd,
            self._not_finite,
            self._first_not_finite,
        )
