"""What one pass over all examples finds: ranges, means, spreads, gaps, and a hash of the values."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.data.source import Source, Spec
from vaegui.data.statistics.moments import Moments
from vaegui.data.statistics.row_facts import RowNotes, portions
from vaegui.progress import ProgressCallback

__all__ = ["Statistics", "examine"]

_CACHED_BYTES = 1 << 20
"""Bytes of the float64 values of which moments are computed together."""


@dataclass(frozen=True, eq=False, slots=True)
class Statistics:
    """Of each value of an example over ``count`` examples, (*shape) float64 in the data's scale.

    Values that are missing or infinite are left aside. Where no example has a finite value, the
    mean is 0 and the range goes from infinity to minus infinity.
    """

    count: int
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    mean: NDArray[np.float64]
    sd: NDArray[np.float64]
    """Standard deviation, with division by the number of values."""
    missing: NDArray[np.int64]
    """How many examples do not have the value."""
    not_finite: int = 0
    """Number of examples that have a value which is missing or infinite."""
    first_not_finite: int | None = None
    """Row of the first of them."""

    @property
    def moments(self) -> Moments:
        """The same numbers, to be joined with others."""
        counts = (self.count - self.missing).astype(np.float64)
        return Moments(counts, self.mean, np.square(self.sd) * counts)


def examine(
    sources: Sequence[Source], progress: ProgressCallback, notes: Sequence[RowNotes] = ()
) -> tuple[tuple[Statistics, ...], str]:
    """Read all examples of some sources once, one source after the other.

    Parameters
    ----------
    notes
        For each source what takes in its examples, too, if single examples matter.

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
    for source, noted in zip_longest(sources, notes):
        spec, running = source.spec, _Running(source.spec)
        digest.update(f"{spec.dtype}{(spec.length, *spec.shape)}".encode())
        for rows in portions(spec):
            progress("Examining the data (examples)", done + rows.start, total)
            portion = np.ascontiguousarray(source.read(rows).x)
            digest.update(portion.data)
            running.add(portion)
            if noted is not None:
                noted.add(rows, portion)
        done += spec.length
        found.append(running.statistics())
    return tuple(found), digest.hexdigest()


def _blocks(x: NDArray[Any]) -> Iterator[NDArray[np.float64]]:
    """Copies of a few examples at a time as float64, which stay in the processor's cache."""
    count = int(np.clip(_CACHED_BYTES // (8 * max(1, math.prod(x.shape[1:]))), 1, 1024))
    for start in range(0, len(x), count):
        yield x[start : start + count].astype(np.float64)


class _Running:
    """Statistics of the portions so far."""

    def __init__(self, spec: Spec) -> None:
        self._low, self._high = np.full(spec.shape, np.inf), np.full(spec.shape, -np.inf)
        self._moments = Moments.of_nothing(spec.shape)
        self._count = self._not_finite = 0
        self._first_not_finite: int | None = None

    def add(self, x: NDArray[Any]) -> None:
        """Take in a portion (n, *shape)."""
        low, high = x.min(axis=0), x.max(axis=0)
        if not (np.isfinite(low).all() and np.isfinite(high).all()):
            there = self._note(x)
            low = np.where(there, x, np.inf).min(axis=0)
            high = np.where(there, x, -np.inf).max(axis=0)
            x = np.where(there, x, np.nan)
        self._low, self._high = np.minimum(self._low, low), np.maximum(self._high, high)
        self._count += len(x)
        for block in _blocks(x):
            self._moments = self._moments.joined(Moments.of(block))

    def _note(self, x: NDArray[Any]) -> NDArray[np.bool_]:
        """Note which examples are incomplete, and tell which values are there."""
        there: NDArray[np.bool_] = np.isfinite(x)
        bad = np.flatnonzero(~there.reshape(len(x), -1).all(axis=1))
        if self._first_not_finite is None:
            self._first_not_finite = self._count + int(bad[0])
        self._not_finite += len(bad)
        return there

    def statistics(self) -> Statistics:
        """Of all portions together."""
        moments = self._moments
        return Statistics(
            self._count,
            self._low,
            self._high,
            moments.mean,
            moments.sd,
            (self._count - moments.counts).astype(np.int64),
            self._not_finite,
            self._first_not_finite,
        )
