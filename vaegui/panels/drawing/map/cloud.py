"""Very many points behind everything else: some ten thousand in a few milliseconds."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from vaegui.panels.style import Style

__all__ = ["Cloud"]

Array = NDArray[Any]

STRENGTH = 0.6
"""Opacity of a point: what lies upon the cloud stays clearer than it."""
SPARSE = 20_000
"""Fewer points than this are two pixels wide, more of them one, so that shapes stay visible."""
NEAR = 4.0
"""How far beside a point a click still means it, in pixels."""


class Cloud(Artist):
    """A dot for each point in the colour of its class.

    Markers of matplotlib's own are drawn one after another, which takes some ten times as long;
    this writes all points into one picture and draws that.

    Parameters
    ----------
    axes
        Where the points belong; it is clipped to them.
    coloured
        Whether the points come with classes; otherwise they have one colour.

    Attributes
    ----------
    points
        Where they are in data coordinates, (points, 2).
    """

    def __init__(self, axes: Axes, style: Style, *, coloured: bool) -> None:
        super().__init__()
        self._axes = axes
        palette = style.classes if coloured else (style.units[0],)
        opaque = [(*to_rgb(colour), STRENGTH) for colour in palette]
        self._palette = np.round(255 * np.array(opaque)).astype(np.uint8)
        self.points = np.empty((0, 2))
        self._kinds = np.empty(0, np.intp)
        self.set_figure(axes.figure)
        self.set_clip_on(False)

    def move(self, points: Array, labels: Array | None) -> None:
        """Put the points where they belong.

        Parameters
        ----------
        points
            Data coordinates, (points, 2).
        labels
            Class of each, (points,), or None.
        """
        none = np.zeros(len(points), np.intp)
        self.points = points
        self._kinds = none if labels is None else labels % len(self._palette)
        self.stale = True

    def __len__(self) -> int:
        """Number of points."""
        return len(self.points)

    def nearest(self, x: float, y: float) -> tuple[int, float] | None:
        """The point nearest to a place in figure pixels, and how far off it is; None if all are."""
        if not len(self.points):
            return None
        away = self._axes.transData.transform(self.points) - (x, y)
        squared = np.einsum("ij,ij->i", away, away)
        index = int(squared.argmin())
        off = math.sqrt(squared[index])
        return (index, off) if off <= NEAR else None

    def draw(self, renderer: RendererBase) -> None:
        """Draw all points that lie within the axes."""
        if not self.get_visible() or not len(self.points):
            return
        box = self._axes.bbox
        width, height = int(np.ceil(box.width)), int(np.ceil(box.height))
        at = self._axes.transData.transform(self.points) - (box.x0, box.y0)
        inside = np.all((at >= 0) & (at < (width, height)), axis=1)
        across, up = at[inside].astype(np.intp).T
        picture = np.zeros((height, width, 4), np.uint8)
        colours = self._palette[self._kinds[inside]]
        wide = self._axes.figure.dpi / 100 * (1 if len(self.points) > SPARSE else 2)
        for dx in range(max(1, round(wide))):
            for dy in range(max(1, round(wide))):
                picture[np.minimum(up + dy, height - 1), np.minimum(across + dx, width - 1)] = (
                    colours
                )
        context = renderer.new_gc()
        context.set_clip_rectangle(box)
        renderer.draw_image(context, round(box.x0), round(box.y0), picture)
        context.restore()
