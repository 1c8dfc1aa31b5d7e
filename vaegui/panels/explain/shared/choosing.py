"""Which latent units and which hidden activations are drawn when there is no room for all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vaegui.panels.focus import Focus
from vaegui.queries.explained import Explained

__all__ = ["Chosen", "units_shown"]

MARGIN = 1.5
"""How much more another activation must contribute to take the place of one that is shown."""


def units_shown(units: int, room: int, focus: Focus) -> tuple[int, ...]:
    """All latent units if there is room, else the explained one and the one beside it."""
    if units <= room:
        return tuple(range(units))
    unit, beside = (min(index, units - 1) for index in (focus.unit, focus.beside))
    return tuple(sorted({unit, beside})) if room > 1 else (unit,)


class Chosen:
    """The activations that contribute most to the shown read-outs, in the order of their numbers.

    They stay while a model trains as long as no other contributes much more: rows that jump
    cannot be read.
    """

    def __init__(self) -> None:
        self._for: object = None
        self._shown: tuple[int, ...] = ()

    def activations(
        self,
        explained: Explained,
        units: Sequence[int],
        rows: int,
        held: Sequence[tuple[int, float]],
    ) -> tuple[int, ...]:
        """Indices in a; one row is left for the others where not all find room."""
        a = np.asarray(explained.passed.a, np.float64)
        if len(a) <= rows:
            return tuple(range(len(a)))
        weights = np.hstack([head.weights[:, list(units)] for head in explained.read_outs.values()])
        size = np.abs(a[:, None] * weights).max(axis=1)
        # What is held stays in sight, whatever its activation was.
        size[[index for index, _ in held if index < len(a)]] = np.inf
        count = max(1, rows - 1)
        what = (rows, tuple(units), len(a), x_of(explained))
        best = np.argsort(-size, kind="stable")[:count]
        if what == self._for and len(self._shown) == count:
            left_out = size.copy()
            left_out[list(self._shown)] = -1.0
            if left_out.max() <= MARGIN * size[list(self._shown)].min():
                return self._shown
        self._for, self._shown = what, tuple(int(j) for j in np.sort(best))
        return self._shown


def x_of(explained: Explained) -> bytes:
    """What tells one input from another."""
    return explained.x.tobytes()
