"""Bars of summands that lie below each other, with names and figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import PolyCollection
from matplotlib.ticker import FixedLocator, NullLocator
from numpy.typing import NDArray

from vaegui.panels.drawing.navigation import to_data
from vaegui.panels.drawing.stage import SMALL, Stage, plain
from vaegui.panels.drawing.text import shortened, text_width
from vaegui.panels.explain.shared.plots import HEAD, Plot

__all__ = ["NamedBars"]

Array = NDArray[Any]

FIGURES = 46.0
"""Room for the numbers at the ends of bars, in points."""
NAMED = 16
"""Bars up to this number have a name and a figure each."""
ROW = 8.5
"""Least height of such a bar, in points."""
THICK = 13.0
"""Half of the thickest bar, in points."""


class NamedBars:
    """A bar for each summand, with name and figure where there are few; told under the mouse."""

    def __init__(self, stage: Stage, colour: str) -> None:
        self._stage = stage
        self.plot = Plot(stage)
        axes = self.plot.axes
        axes.axvline(0, color=stage.style.muted, linewidth=0.6)
        axes.yaxis.set_major_locator(NullLocator())
        axes.spines["left"].set_visible(False)
        self._bars = PolyCollection([], facecolors=colour, linewidths=0)
        axes.add_collection(self._bars, autolim=False)
        self._names = [stage.text(0, 0, size=SMALL, va="center", ha="right") for _ in range(NAMED)]
        self._figures = [
            stage.text(0, 0, size=SMALL, va="center", color=colour) for _ in range(NAMED)
        ]
        self._values: Array = np.empty(0)
        self._called: Sequence[str] = ()
        self._box = (0.0, 0.0, 0.0, 0.0)

    def arrange(self, left: float, top: float, width: float, height: float) -> None:
        """Lay out in a box, in points."""
        self.plot.arrange(left, top, width, height)
        self._box = left, top, width, height
        self._placed = 0.0

    def show(self, values: Array, names: Sequence[str]) -> bool:
        """Show the summands; whether limits or places changed."""
        left, top, width, height = self._box
        count = len(values)
        named = self._named = count <= NAMED and height - HEAD - 14 >= ROW * count
        longest = max(text_width(name, SMALL) for name in names)
        room = min(0.36 * width, longest + 6) if named else 18.0
        inner = width - room - (FIGURES if named else 8.0)
        stale = self._placed != room
        if stale:
            self._placed = room
            tall = height - HEAD - 14
            self._stage.place(self.plot.axes, left + room, top + HEAD, inner, tall)
            self.plot.tick(inner, tall)
            self.plot.axes.yaxis.set_major_locator(NullLocator() if named else FixedLocator([]))
            self.plot.axes.set_ylim(count - 0.5, -0.5)
        self._values, self._called = np.asarray(values, np.float64), names
        low, high = min(0.0, float(values.min())), max(0.0, float(values.max()), 1e-6)
        stale |= self.plot.limit((low, high), pad=0.03)
        half = min(0.34, THICK * count / (height - HEAD - 14)) if named else 0.5
        at = np.arange(count)[:, None]
        up = at + half * np.array([-1, 1, 1, -1])
        across = np.stack([0 * self._values, 0 * self._values, self._values, self._values], axis=1)
        self._bars.set_verts(list(np.stack([across, up], axis=-1)))
        self._write(left + room, top, inner, height - HEAD - 14)
        return stale

    def _write(self, left: float, top: float, inner: float, tall: float) -> None:
        x0, x1 = self.plot.axes.get_xlim()
        count = len(self._values)
        for i, (name, figure) in enumerate(zip(self._names, self._figures, strict=True)):
            if not self._named or i >= count:
                name.set_text("")
                figure.set_text("")
                continue
            y = top + HEAD + (i + 0.5) * tall / count
            name.set_position((left - 4, y))
            name.set_text(shortened(self._called[i], left - self._box[0], SMALL))
            end = left + inner * (max(self._values[i], 0.0) - x0) / (x1 - x0)
            figure.set_position((end + 4, y))
            figure.set_text(plain(f"{self._values[i]:.4f}"))

    def hover_text(self, x: float, y: float) -> str:
        """The summand at figure pixels."""
        index = int(to_data(self.plot.axes, x, y)[1] + 0.5)
        if not 0 <= index < len(self._values):
            return ""
        return plain(f"{self._called[index]}: {self._values[index]:.4f} nats")

    def artists(self) -> list[Artist]:
        """What moves, in painting order."""
        return [*self.plot.texts(), *self._names, *self._figures, self._bars]
