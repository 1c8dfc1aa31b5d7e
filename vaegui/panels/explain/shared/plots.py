"""Plots of the explanations: a heading, limits that follow the data, room for the ticks."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from vaegui.panels.drawing.map.plane import Plane
from vaegui.panels.drawing.navigation import settle
from vaegui.panels.drawing.stage import SMALL, TEXT, Stage, plain
from vaegui.panels.drawing.text import fitting
from vaegui.training.record.events import Prepared

__all__ = ["HEAD", "Dots", "Map", "Plot", "spots"]

Array = NDArray[Any]
Span = tuple[float, float]

HEAD, TICKS, LEFT, RIGHT = 16.0, 13.0, 30.0, 8.0
FOOT = 10.0
THIN = 0.12
"""Half height of an ellipse where there is only one unit to show, in units of the axes."""
TURNS = np.linspace(0, 2 * np.pi, 73)


class Plot:
    """Axes with a heading above and a few words below at the right.

    Parameters
    ----------
    foot
        What the horizontal axis counts; fixed.
    left
        Room for the ticks of the vertical axis in points; with 0 there is no such axis.
    """

    def __init__(self, stage: Stage, foot: str = "", left: float = LEFT) -> None:
        self._stage = stage
        self._left = left
        self.axes = stage.axes()
        for axis in (self.axes.xaxis, self.axes.yaxis):
            axis.set_major_formatter(FuncFormatter(lambda value, _: plain(f"{value:g}")))
        if not left:
            self.axes.spines["left"].set_visible(False)
            self.axes.tick_params(left=False, labelleft=False)
        self._head = stage.text(0, 0, size=TEXT, weight="bold")
        self._foot = stage.text(0, 0, foot, size=SMALL, color=stage.style.muted, ha="right")
        self._x: Span | None = None
        self._y: Span | None = None
        self.width = 0.0

    def arrange(self, left: float, top: float, width: float, height: float) -> None:
        """Lay out in a box that holds heading, ticks and all, in points."""
        foot = FOOT if self._foot.get_text() else 0.0
        inner = width - self._left - RIGHT, height - HEAD - TICKS - foot
        self.width = width
        self._stage.place(self.axes, left + self._left, top + HEAD, *inner)
        self._head.set_position((left, top + 9))
        self._foot.set_position((left + width - RIGHT, top + height - 2))
        self.tick(*inner)
        self._x = self._y = None

    def tick(self, width: float, height: float) -> None:
        """Choose ticks for a size in points."""
        steps = [1, 2, 2.5, 5, 10]
        self.axes.xaxis.set_major_locator(MaxNLocator(max(2, int(width / 38)), steps=steps))
        self.axes.yaxis.set_major_locator(MaxNLocator(max(2, int(height / 26)), steps=steps))

    def head(self, *texts: str) -> None:
        """Say what is shown: the first of these that fits."""
        self._head.set_text(fitting(self.width, TEXT, *texts, bold=True))

    def limit(self, x: Span | None = None, y: Span | None = None, pad: float = 0.05) -> bool:
        """Make room for what lies between these ends; whether limits changed."""
        before = self.axes.get_xlim(), self.axes.get_ylim()
        if x is not None:
            self._x = settle(self._x, *x, pad=pad)
            self.axes.set_xlim(self._x)
        if y is not None:
            self._y = settle(self._y, *y, pad=pad)
            self.axes.set_ylim(self._y)
        return before != (self.axes.get_xlim(), self.axes.get_ylim())

    def show(self, shown: bool) -> None:
        """Show the plot, or leave it out."""
        self.axes.set_visible(shown)
        for text in (self._head, self._foot):
            text.set_visible(shown)

    def texts(self) -> list[Artist]:
        """Heading and foot, to be painted with what moves."""
        return [self._head, self._foot]


class Map(Plot):
    """Two latent units with the rings of the prior, in one scale."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.axes.remove()
        self.plane = Plane(stage)
        self.axes = self.plane.axes

    def tick(self, width: float, height: float) -> None:
        """See `Plot.tick`."""
        self.plane.arrange()

    def follow(self, centre: Array, half: Array) -> bool:
        """Show what lies ``half`` (n, 2) around ``centre`` (n, 2); whether limits changed."""
        before = self.axes.get_xlim(), self.axes.get_ylim()
        x0, x1, y0, y1 = self.plane.limits(centre, half)
        self.axes.set(xlim=(x0, x1), ylim=(y0, y1))
        return before != (self.axes.get_xlim(), self.axes.get_ylim())


class Dots:
    """A dot for each example, in the colour of its class."""

    def __init__(
        self, stage: Stage, axes: Axes, begun: Prepared, size: float = 3.5, alpha: float = 0.8
    ) -> None:
        style, labels = stage.style, begun.probes.labels
        kinds = [None] if labels is None else sorted({int(label) for label in labels})
        self._members = [slice(None) if kind is None else labels == kind for kind in kinds]
        colours = [
            style.units[0] if kind is None else style.classes[kind % len(style.classes)]
            for kind in kinds
        ]
        look: dict[str, Any] = {"markersize": size, "markeredgewidth": 0, "alpha": alpha}
        self.lines: list[Line2D] = [
            axes.plot([], [], "o", color=colour, **look)[0] for colour in colours
        ]

    def move(self, points: Array) -> None:
        """Put the probes at (probes, 2)."""
        for line, members in zip(self.lines, self._members, strict=True):
            line.set_data(*points[members].T)


def spots(values: Array, pair: tuple[int, ...], fill: float = 0.0) -> Array:
    """Values (n, units) of a pair of units, (n, 2); ``fill`` where there is only one unit."""
    chosen = np.asarray(values)[:, list(pair)]
    if chosen.shape[1] == 2:
        return chosen
    return np.hstack([chosen, np.full_like(chosen, fill)])
