"""How many rows to take at once, so that nothing waits long."""

from __future__ import annotations

import time

__all__ = ["PIECE_SECONDS", "Portion"]

PIECE_SECONDS = 0.015
"""How long one piece of a query aims to take: training and the user wait for it."""

MOST_ROWS = 4096


class Portion:
    """How many rows to take at once, so that it takes about as long as wanted.

    Parameters
    ----------
    seconds
        How long one portion shall take.
    rows
        How many to begin with.
    most
        How many at most.
    """

    def __init__(self, seconds: float, rows: int = 64, most: int = MOST_ROWS) -> None:
        self.rows = rows
        self._seconds, self._most, self._started = seconds, most, 0.0

    def begin(self) -> None:
        """Note that a portion begins."""
        self._started = time.perf_counter()

    def end(self) -> None:
        """Note that it is over, and choose the next; it doubles at most."""
        taken = max(time.perf_counter() - self._started, 1e-6)
        wanted = int(self.rows * min(2.0, self._seconds / taken))
        self.rows = max(1, min(wanted, self._most))
