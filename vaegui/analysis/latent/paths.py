"""Ways from one point of the latent space to another."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra
from sklearn.neighbors import kneighbors_graph

__all__ = ["spherical", "straight", "through"]

Floats = NDArray[np.floating[Any]]


def straight(start: Floats, end: Floats, count: int) -> Floats:
    """Points at equal distances on the line between two points (units,), (count, units)."""
    share = np.linspace(0.0, 1.0, count)[:, None]
    return (1.0 - share) * start + share * end


def spherical(start: Floats, end: Floats, count: int) -> Floats:
    """Points on the arc round the origin between two points (units,), (count, units).

    Direction and distance from the origin both change evenly (Shoemake 1985; White 2016 uses it
    where the prior is N(0, I), most of whose mass lies at one distance). Where one of the ends is
    the origin, or they lie opposite to each other, there is no such arc: the line is given.
    """
    lengths = np.linalg.norm(start), np.linalg.norm(end)
    if min(lengths) < 1e-9:
        return straight(start, end, count)
    cosine = float(np.clip(start @ end / (lengths[0] * lengths[1]), -1.0, 1.0))
    angle = np.arccos(cosine)
    if np.sin(angle) < 1e-6:
        return straight(start, end, count)
    share = np.linspace(0.0, 1.0, count)[:, None]
    first = np.sin((1.0 - share) * angle) * (start / lengths[0])
    direction = (first + np.sin(share * angle) * (end / lengths[1])) / np.sin(angle)
    arc: Floats = ((1.0 - share) * lengths[0] + share * lengths[1]) * direction
    return arc


def through(
    points: Floats, start: int, end: int, count: int, neighbours: int = 10
) -> tuple[Floats, list[int]]:
    """Find the shortest way from one row of ``points`` (n, units) to another, from near to near.

    Every point is joined to its nearest ones; if no way leads to the end, to twice as many. Steps
    cost the square of their length, so that many short ones are rather taken than a long one.

    Returns
    -------
    tuple
        ``count`` points at equal distances on that way, (count, units), and the rows that it
        goes through.
    """
    while True:
        near = min(neighbours, len(points) - 1)
        graph = kneighbors_graph(points, near, mode="distance")
        graph.data **= 2
        _, before = dijkstra(graph, directed=False, indices=start, return_predecessors=True)
        if before[end] >= 0 or start == end or near == len(points) - 1:
            break
        neighbours *= 2
    rows = [end]
    while rows[-1] != start:
        rows.append(int(before[rows[-1]]))
    rows.reverse()
    return _even(points[rows], count), rows


def _even(corners: Floats, count: int) -> Floats:
    """Points at equal distances along a line with these corners."""
    lengths = np.linalg.norm(np.diff(corners, axis=0), axis=1)
    reached = np.concatenate([[0.0], np.cumsum(lengths)])
    at = np.linspace(0.0, reached[-1], count)
    return np.stack([np.interp(at, reached, each) for each in corners.T], axis=1)
