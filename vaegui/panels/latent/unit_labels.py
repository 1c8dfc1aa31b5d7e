"""The names of the latent units at the axes of a map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.artist import Artist

from vaegui.panels.drawing.map.projection import Projection
from vaegui.panels.drawing.stage import SMALL, Stage

__all__ = ["UnitLabels"]


class UnitLabels:
    """A unit and its KL below the map, another left of it; a click changes them if there are more.

    Parameters
    ----------
    units
        How many the model has.
    """

    def __init__(self, stage: Stage, units: int) -> None:
        self._stage, self._units = stage, units
        look: dict[str, Any] = {"color": stage.style.muted, "size": SMALL, "ha": "center"}
        self._texts = [stage.text(0, 0, **look)]
        if units > 1:
            self._texts.append(stage.text(0, 0, va="center", rotation=90, **look))
        self._box = 0.0, 0.0, 0.0, 0.0

    def arrange(self, left: float, top: float, width: float, height: float) -> None:
        """Lay out around a map, in points."""
        self._box = left, top, width, height
        places = (left + width / 2, self._stage.height - 5), (8.0, top + height / 2)
        for text, place in zip(self._texts, places, strict=False):
            text.set_position(place)

    def show(self, projection: Projection) -> None:
        """Name the axes; the mark says that a click changes the unit."""
        changes = self._units > 2 and projection.pair is not None
        for text, name in zip(self._texts, projection.names, strict=False):
            text.set_text(name + " ▾" * changes)

    def at(self, x: float, y: float) -> int | None:
        """Which axis' label lies at points from the upper left, if a click can change its unit."""
        if self._units <= 2:
            return None
        left, top, width, height = self._box
        if y > top + height and left <= x <= left + width:
            return 0
        return 1 if x < left and top <= y <= top + height else None

    def artists(self) -> Sequence[Artist]:
        """What moves, in painting order."""
        return self._texts
