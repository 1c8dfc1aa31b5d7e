"""Many Gaussians as ellipses, painted fast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import EllipseCollection
from matplotlib.colors import to_rgb
from matplotlib.path import Path
from numpy.typing import NDArray

from vaegui.panels.style import Style

__all__ = ["PICKED", "Gaussians"]

PICKED = "picked"
"""Group of the dot on what is highlighted, also in SVG."""

Array = NDArray[Any]

NEAR = 4.0
"""How far beside an ellipse a click still means it, in pixels."""
FILLED = 2e6
"""Pixels that all ellipses together may cover before their fill is left out: above that, fills
lie on each other as one grey cloud, and cost most of the painting."""
CROWD = 1_000
"""Above so many ellipses, those that are filled have no edge: it costs twice the fill."""
TURNS = np.linspace(0, 2 * np.pi, 25)
CORNERED = Path(0.5 * np.stack([np.cos(TURNS), np.sin(TURNS)], axis=1))
"""What a circle is drawn as in a crowd: half a pixel off at a radius of sixty, and
quicker."""
CIRCLE = np.stack([np.cos(np.linspace(0, 2 * np.pi, 49)), np.sin(np.linspace(0, 2 * np.pi, 49))])


class Gaussians:
    """An ellipse and a dot for each example, in the colour of its label.

    Parameters
    ----------
    coloured
        Whether the examples come with labels; otherwise they have one colour.
    dot
        Diameter of the dots in points; larger where they are all that there is.
    """

    def __init__(self, axes: Axes, style: Style, *, coloured: bool, dot: float = 1.8) -> None:
        self._axes = axes
        palette = style.classes if coloured else (style.units[0],)
        self._palette = np.array([to_rgb(colour) for colour in palette])
        self._given: Array | None = None
        self._hidden: frozenset[int] = frozenset()
        self._filled: bool | None = None
        self._kept: Array = np.arange(0)
        self._centre = self._half = np.zeros((0, 2))
        self._ellipses = EllipseCollection(
            [], [], [], units="xy", offsets=np.zeros((0, 2)), offset_transform=axes.transData
        )
        self._ellipses.set_linewidth(0.7)
        self._round = self._ellipses.get_paths()
        self._colour(self._centre, None)
        axes.add_collection(self._ellipses, autolim=False)
        self._dots = [
            axes.plot([], [], "o", color=colour, markersize=dot, markeredgewidth=0)[0]
            for colour in palette
        ]
        self._ring = axes.plot([], [], color=style.accent, linewidth=2.0)[0]
        self._middle = axes.plot([], [], "o", color=style.accent, markersize=2.2 * dot, gid=PICKED)[
            0
        ]

    def move(
        self,
        centre: Array,
        half: Array,
        labels: Array | None,
        hidden: frozenset[int] = frozenset(),
        picked: tuple[Array, Array] | None = None,
    ) -> None:
        """Put the ellipses where they belong.

        Parameters
        ----------
        centre, half
            Means and half axes in data coordinates, (examples, 2).
        labels
            Label of each, (examples,), or None.
        hidden
            Labels that are left out.
        picked
            Mean and half axes, (2,) each, of what is highlighted, be it a probe, and even if its
            label is hidden; None if nothing is.
        """
        if labels is not self._given or len(centre) != len(self._labels):
            self._colour(centre, labels)
        self._centre, self._half = centre, half
        per_unit = np.abs(self._axes.transData.transform([(1, 1)]) - self._origin())[0]
        filled = np.pi * float(np.prod(half * per_unit, axis=1).sum()) <= FILLED
        if hidden != self._hidden or filled != self._filled:
            self._hidden, self._filled = hidden, filled
            shown = ~np.isin(self._labels, list(hidden))
            self._kept = np.flatnonzero(shown)
            self._ellipses.set(
                facecolor=self._face[self._kept] if filled else "none",
                edgecolor="none" if filled and self._crowded else self._edge[self._kept],
            )
            self._ellipses.set_angles(np.zeros(len(self._kept)))
        kept = self._kept
        self._ellipses.set_offsets(centre[kept])
        self._ellipses.set_widths(2 * half[kept, 0])
        self._ellipses.set_heights(2 * half[kept, 1])
        shown = np.zeros(len(centre), bool)
        shown[kept] = True
        for kind, dots in enumerate(self._dots):
            dots.set_data(*centre[(self._kinds == kind) & shown].T)
        middle, around = (np.empty(2), np.empty(2)) if picked is None else picked
        self._ring.set_data(*(middle[:, None] + around[:, None] * CIRCLE))
        self._middle.set_data(*middle[:, None])
        for artist in (self._ring, self._middle):
            artist.set_visible(picked is not None)

    def nearest(self, x: float, y: float) -> tuple[int, float] | None:
        """The example with the nearest mean whose ellipse lies at a point in figure pixels.

        Beside its number, how far its mean is off; None if no ellipse lies there.
        """
        centre = self._axes.transData.transform(self._centre[self._kept])
        per_unit = np.abs(self._axes.transData.transform([(1, 1)]) - self._origin())[0]
        half = self._half[self._kept] * per_unit + NEAR
        away = centre - (x, y)
        inside = np.flatnonzero(np.sum((away / half) ** 2, axis=1) <= 1)
        if not len(inside):
            return None
        off = np.hypot(*away[inside].T)
        return int(self._kept[inside[off.argmin()]]), float(off.min())

    def artists(self) -> Sequence[Artist]:
        """What moves, in painting order."""
        return [self._ellipses, *self._dots, self._ring, self._middle]

    def _colour(self, centre: Array, labels: Array | None) -> None:
        """Choose the look of as many ellipses as there are centres."""
        count = len(centre)
        self._given, self._filled = labels, None
        self._labels = np.zeros(count, np.int64) if labels is None else labels
        self._kinds = self._labels % len(self._palette)
        self._crowded = count > CROWD
        rgb = self._palette[self._kinds]
        self._face = np.hstack([rgb, np.full((count, 1), 0.35 if self._crowded else 0.22)])
        self._edge = np.hstack([rgb, np.full((count, 1), 0.75)])
        self._ellipses.set_paths([CORNERED] if self._crowded else self._round)

    def _origin(self) -> Array:
        origin: Array = self._axes.transData.transform([(0, 0)])
        return origin
