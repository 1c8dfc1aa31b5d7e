"""Examples to measure on that are almost equal to one to learn from."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vaegui.data.checks.duplicates.neighbours import DIRECTIONS, Neighbours
from vaegui.data.checks.problem import Examined, at, count_of, examples_text
from vaegui.data.formats.base import Problem
from vaegui.data.source import Part, Source

__all__ = ["MOST_OTHERS", "MOST_TRAINING", "near_duplicates"]

NEAR = 0.1
"""Near is what is closer than this share of the usual distance to the fifth neighbour."""
_FEWEST_FEATURES = 8
"""In fewer dimensions, neighbours are close to each other by chance."""
MOST_TRAINING, MOST_OTHERS = 60_000, 5_000
_MOST_BYTES = 8 << 20
_FIFTH = 6
"""The nearest of all is the example itself."""


def near_duplicates(examined: Examined) -> Iterator[Problem]:
    """Find them by random projections, and make sure by the distance itself.

    Each example is projected to 24 random directions, which keeps distances roughly (Johnson and
    Lindenstrauss 1984). Of those that have neighbours near enough there, the six nearest training
    examples are then compared value by value. At most 60,000 training and 5,000 examples of each
    other part are looked at, evenly chosen. Where examples lie on a plane or a body, some are close
    by chance; but then at least three times as many are up to twice as far away, and nothing is
    told. Examples that are equal are those of another check.
    """
    train = examined.dataset.train
    features = math.prod(train.spec.shape)
    if features < _FEWEST_FEATURES or any(facts.missing.any() for facts in examined.facts.values()):
        return
    random = np.random.Generator(np.random.Philox(0))
    directions = random.standard_normal((features, DIRECTIONS), np.float32)
    rows = _evenly(train.spec.length, MOST_TRAINING)
    neighbours = Neighbours(
        np.concatenate([x @ directions for _, x in _pieces(examined, train, rows)])
    )
    usual = _usual_distance(train, rows, neighbours)
    if not usual:
        return
    found: dict[Part, NDArray[np.int64]] = {}
    total = between = 0
    for part in ("validation", "test"):
        if part not in examined.facts:
            continue
        source = examined.dataset.parts[part]
        some = _evenly(source.spec.length, MOST_OTHERS)
        nearest = np.empty(len(some))
        for piece, x in _pieces(examined, source, some):
            points = x @ directions
            close = neighbours.within(points, 2 * NEAR * usual)
            nearest[piece] = np.inf
            if len(close):
                found_near = rows[neighbours.nearest(points[close], _FIFTH)]
                nearest[piece.start + close] = _apart(x[close], train, found_near).min(axis=1)
        total += len(some)
        near = (nearest > 0) & (nearest < NEAR * usual)
        between += int(((nearest >= NEAR * usual) & (nearest < 2 * NEAR * usual)).sum())
        found[part] = some[near]
    count = count_of(found)
    if count > between / 2:
        of_all = sum(len(f) for p, f in examined.facts.items() if p != "train")
        looked = "" if total == of_all else f" that were looked at, of {of_all:,}"
        yield Problem(
            "near-duplicates across parts",
            f"{examples_text(count)} of {total:,} of the validation and test parts{looked} "
            f"{'is' if count == 1 else 'are'} almost equal to one of the training part.",
            "The model is then measured on almost what it has learned, and looks better than it "
            "is. If they show the same thing, name what belongs together as a group.",
            at(examined, found),
            count,
        )


def _evenly(length: int, most: int) -> NDArray[np.int64]:
    return np.unique(np.linspace(0, length - 1, min(length, most)).astype(np.int64))


def _pieces(
    examined: Examined, source: Source, rows: NDArray[np.int64]
) -> Iterator[tuple[slice, NDArray[np.float32]]]:
    """A few examples (n, features) at a time, and which of ``rows`` they are."""
    together = max(1, _MOST_BYTES // (4 * math.prod(source.spec.shape)))
    for start in range(0, len(rows), together):
        examined.progress("Looking for near-duplicates (examples)", start, len(rows))
        piece = slice(start, min(start + together, len(rows)))
        yield piece, _flat(source, rows[piece])


def _flat(source: Source, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    return source.read(rows).x.reshape(len(rows), -1).astype(np.float32)


def _apart(
    x: NDArray[np.float32], train: Source, candidates: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Distances of examples (n, features) to rows (n, k) of the training part, (n, k)."""
    columns = [
        np.linalg.norm(_flat(train, candidates[:, k]) - x, axis=1)
        for k in range(candidates.shape[1])
    ]
    return np.stack(columns, axis=1)


def _usual_distance(train: Source, rows: NDArray[np.int64], neighbours: Neighbours) -> float:
    """The median distance of some training examples to their fifth neighbours."""
    if len(rows) < _FIFTH:
        return 0.0
    some = _evenly(len(rows), 300)
    fifth = neighbours.nearest(neighbours.points[some], _FIFTH)[:, -1:]
    return float(np.median(_apart(_flat(train, rows[some]), train, rows[fifth])))
