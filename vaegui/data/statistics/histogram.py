"""Histograms of any finite numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["histogram"]


def histogram(
    values: NDArray[np.float64], bins: int, low: float | None = None, high: float | None = None
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """How many values lie in each of some equal bins.

    Parameters
    ----------
    values
        Finite, of any shape.
    low, high
        The ends of the first and the last bin; by default the least and the largest value. Ends too
        close to be told apart by so many edges are moved apart.

    Returns
    -------
    bars, edges
        (bins,) and (bins + 1,).
    """
    # In quarters, which are exact: the difference of two finite numbers need not be finite.
    quarters = values / 4
    first = low / 4 if low is not None else quarters.min(initial=np.inf)
    last = high / 4 if high is not None else quarters.max(initial=-np.inf)
    if first > last:  # no value at all
        first = last = 0.0
    room = bins * float(np.spacing(max(abs(first), abs(last))))
    if last - first <= room:
        room = max(0.125, room)
        first, last = first - room, last + room
    bars, edges = np.histogram(quarters, bins, (first, last))
    return tuple(bars.tolist()), tuple((edges * 4).tolist())
