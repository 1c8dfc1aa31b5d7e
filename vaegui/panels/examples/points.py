"""Many examples of two numbers: points in the plane, joined with their reconstructions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from vaegui.panels.drawing.features import Features, typical
from vaegui.panels.drawing.navigation import over
from vaegui.panels.drawing.stage import SMALL, Stage, plain
from vaegui.panels.drawing.text import fitting
from vaegui.training.record.events import Prepared

__all__ = ["Points"]

Array = NDArray[Any]

LEFT, TOP, RIGHT, BOTTOM = 40.0, 16.0, 10.0, 26.0
PAD = 0.06
NEAR = 12.0
"""How far beside a point a click still means it, in pixels."""


class Points:
    """A dot for each input in the colour of its class, over pale dots of all probes.

    A cross is the reconstruction; the line between them is the difference.
    """

    def __init__(self, stage: Stage, begun: Prepared) -> None:
        style, features = stage.style, Features(begun)
        self._stage, self._features = stage, features
        self._axes = axes = stage.axes()
        across, up = (features.stretched(end) for end in (features.low, features.high))
        margin = PAD * (up - across)
        low, high = across - margin, up + margin
        axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(FuncFormatter(lambda value, _: plain(f"{value:g}")))
        names = [self._title(i) for i in range(2)]
        axes.set_xlabel(names[0], color=style.muted, size=SMALL, labelpad=2)
        axes.set_ylabel(names[1], color=style.muted, size=SMALL, labelpad=3)
        axes.plot(
            *features.stretched(typical(begun)).T, "o", color=style.grid, markersize=2.4, zorder=0
        )
        self._links = LineCollection([], colors=style.muted, linewidths=1.0, alpha=0.8)
        axes.add_collection(self._links, autolim=False)
        self._dots: PathCollection = axes.scatter([], [], s=18, linewidths=0, zorder=2)
        (self._crosses,) = axes.plot(
            [], [], "x", color=style.text, markersize=5, markeredgewidth=1.3, zorder=3
        )
        (self._picked,) = axes.plot(
            [], [], "o", fillstyle="none", color=style.accent, markersize=11, zorder=4
        )
        self._key = stage.text(LEFT, TOP - 5, color=style.muted, size=SMALL)
        labels = begun.probes.labels
        kinds = np.zeros(len(begun.probes), int) if labels is None else labels
        self._colours = [style.classes[int(kind) % len(style.classes)] for kind in kinds]
        self._at: Array = np.empty((0, 2))

    def _title(self, i: int) -> str:
        """What an axis is, and whether it is logarithmic."""
        title = self._features.variables[i].title
        return f"log(1 + {title})" if self._features.is_logarithmic(i) else title

    def arrange(self, count: int) -> None:
        """Lay out for a new size."""
        stage = self._stage
        width, height = stage.width - LEFT - RIGHT, stage.height - TOP - BOTTOM
        stage.place(self._axes, LEFT, TOP, width, height)
        self._axes.xaxis.set_major_locator(MaxNLocator(max(2, int(width / 38))))
        self._axes.yaxis.set_major_locator(MaxNLocator(max(2, int(height / 26))))
        words = (
            "dot: input, cross: its reconstruction, pale: other inputs",
            "dot: input, cross: reconstruction",
            "cross: reconstruction",
            "",
        )
        self._key.set_text(fitting(width, SMALL, *words))

    def show(self, inputs: Array, decoded: Array, probe: int | None) -> None:
        """Show (probes, 2) each, in the data's own scale, and mark the picked one."""
        self._at, after = (self._features.stretched(x) for x in (inputs, decoded))
        self._dots.set_offsets(self._at)
        self._dots.set_facecolor(self._colours[: len(inputs)])
        self._crosses.set_data(*after.T)
        self._links.set_segments(list(np.stack([self._at, after], axis=1)))
        shown = probe is not None and probe < len(inputs)
        self._picked.set_data(
            *(self._at[probe : probe + 1].T if shown and probe is not None else ([], []))
        )

    def artists(self) -> Sequence[Artist]:
        """What moves, in painting order."""
        return [self._links, self._dots, self._crosses, self._picked]

    def at(self, x: float, y: float) -> int | None:
        """The probe whose dot is at figure pixels, or None."""
        if not len(self._at) or not over(self._axes, x, y):
            return None
        away = np.hypot(*(self._axes.transData.transform(self._at) - (x, y)).T)
        nearest = int(np.nan_to_num(away, nan=np.inf).argmin())
        return nearest if away[nearest] <= NEAR else None
