"""Examples to measure on that are almost equal to one to learn from."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vaegui.data.checks.problem import Examined, at, examples_text
from vaegui.data.formats.base import Problem
from vaegui.data.source import Part, Source

__all__ = ["near_duplicates"]

NEAR = 0.1
"""Near is what is closer than this share of the usual distance to the fifth neighbour."""
_DIRECTIONS = 24
_FEWEST_FEATURES = 8
"""In fewer dimensions, neighbours are close to each other by chance."""
_MOST_TRAINING, _MOST_OTHERS = 60_000, 5_000
_MOST_BYTES = 64 << 20
_CANDIDATES = 6


def near_duplicates(examined: Examined) -> Iterator[Problem]:
    """Find them by random projections, and make sure by the distance itself.

    Each example is projected to 24 random directions, which keeps distances roughly (Johnson and
    Lindenstrauss 1984); the six nearest training examples there are then compared value by value.
    At most 60,000 training and 5,000 other examples are looked at, evenly chosen. Where examples
    lie on a plane or a body, some are close by chance; but then at least three times as many are
    up to twice as far away, and nothing is told. Examples that are equal are those of another
    check.
    """
    train = examined.dataset.train
    features = math.prod(train.spec.shape)
    if features < _FEWEST_FEATURES or any(facts.missing.any() for facts in examined.facts.values()):
        return
    random = np.random.Generator(np.random.Philox(0))
    directions = random.standard_normal((features, _DIRECTIONS), np.float32)
    rows = _evenly(train.spec.length, _MOST_TRAINING)
    known = _projected(train, rows, directions)
    usual = _usual_distance(train, rows, known)
    if not usual:
        return
    found: list[tuple[Part, int]] = []
    total = between = 0
    for part in ("validation", "test"):
        if part not in examined.facts:
            continue
        source = examined.dataset.parts[part]
        some = _evenly(source.spec.length, _MOST_OTHERS)
        total += len(some)
        nearest = _nearest(examined, source, some, rows, known, directions)
        near = (nearest > 0) & (nearest < NEAR * usual)
        between += int(((nearest >= NEAR * usual) & (nearest < 2 * NEAR * usual)).sum())
        found += [(part, row) for row in some[near].tolist()]
    if len(found) > between / 2:
        yield Problem(
            "near-duplicates across parts",
            f"{examples_text(len(found))} of {total:,} of the validation and test parts "
            f"{'is' if len(found) == 1 else 'are'} almost equal to one of the training part.",
            "The model is then measured on almost what it has learned, and looks better than it "
            "is. If they show the same thing, name what belongs together as a group.",
            at(examined, found),
            len(found),
        )


def _evenly(length: int, most: int) -> NDArray[np.int64]:
    return np.unique(np.linspace(0, length - 1, min(length, most)).astype(np.int64))


def _flat(source: Source, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    return source.read(rows).x.reshape(len(rows), -1).astype(np.float32)


def _projected(
    source: Source, rows: NDArray[np.int64], directions: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(rows, directions)."""
    together = max(1, _MOST_BYTES // (4 * len(directions)))
    pieces = [
        _flat(source, rows[start : start + together]) @ directions
        for start in range(0, len(rows), together)
    ]
    return np.concatenate(pieces) if pieces else np.empty((0, _DIRECTIONS), np.float32)


def _usual_distance(train: Source, rows: NDArray[np.int64], known: NDArray[np.float32]) -> float:
    """The median distance of some training examples to their fifth neighbours."""
    if len(rows) < _CANDIDATES:
        return 0.0
    some = _evenly(len(rows), 300)
    # The nearest of all is the example itself.
    fifth = _candidates(known[some], known)[:, -1]
    apart = np.linalg.norm(_flat(train, rows[some]) - _flat(train, rows[fifth]), axis=1)
    return float(np.median(apart))


def _nearest(
    examined: Examined,
    source: Source,
    some: NDArray[np.int64],
    rows: NDArray[np.int64],
    known: NDArray[np.float32],
    directions: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Distance of each of some examples to the nearest of its candidates in the training part."""
    train, features = examined.dataset.train, len(directions)
    together = int(np.clip(_MOST_BYTES // (4 * features * (_CANDIDATES + 1)), 1, 250))
    nearest = np.empty(len(some), np.float32)
    for start in range(0, len(some), together):
        examined.progress("Looking for near-duplicates (examples)", start, len(some))
        x = _flat(source, some[start : start + together])
        candidates = _candidates(x @ directions, known)
        others = _flat(train, rows[candidates.ravel()]).reshape(*candidates.shape, features)
        apart = np.linalg.norm(others - x[:, None], axis=2)
        nearest[start : start + together] = apart.min(axis=1)
    return nearest


def _candidates(points: NDArray[np.float32], known: NDArray[np.float32]) -> NDArray[np.intp]:
    """The nearest of ``known`` for each of some points, nearest first, (points, candidates)."""
    count = min(_CANDIDATES, len(known))
    together = max(1, _MOST_BYTES // (4 * len(known)))
    squares = np.square(known).sum(axis=1)
    pieces = []
    for start in range(0, len(points), together):
        apart = squares - 2 * (points[start : start + together] @ known.T)
        first = np.argpartition(apart, count - 1, axis=1)[:, :count]
        order = np.argsort(np.take_along_axis(apart, first, axis=1), axis=1)
        pieces.append(np.take_along_axis(first, order, axis=1))
    return np.concatenate(pieces)
