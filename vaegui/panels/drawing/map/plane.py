"""What the latent space is shown on: axes with the prior, and limits for the data."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.patches import Circle
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator
from numpy.typing import NDArray

from vaegui.panels.context import Limits
from vaegui.panels.drawing.map.projection import Projection
from vaegui.panels.drawing.navigation import settle
from vaegui.panels.drawing.stage import SMALL, Stage, plain
from vaegui.training.record.events import Prepared

__all__ = ["Plane", "RowsPlane"]

Array = NDArray[Any]

GOLDEN = (np.sqrt(5) - 1) / 2


class Plane:
    """Two units, with rings of the prior, if there is one, at 1, 2 and 3 standard deviations.

    `limits` and `fitted` give both units one scale. matplotlib's own equal aspect would do it
    again at each draw, also for axes that are hidden or have no limits yet, and warn of it.
    """

    def __init__(self, stage: Stage, *, prior: bool = True) -> None:
        self._stage, self._prior = stage, prior
        self.axes = stage.axes()
        colour = stage.style.prior
        for radius in (1, 2, 3) if prior else ():
            ring = Circle((0, 0), radius, fill=False, edgecolor=colour, linewidth=0.9, alpha=0.9)
            ring.set_linestyle((0, (4, 3)))
            self.axes.add_patch(ring)
            self.axes.annotate(
                f"{radius}σ",
                (0, radius),
                (0, 1.5),
                textcoords="offset points",
                color=colour,
                size=SMALL,
                ha="center",
                annotation_clip=True,
            )
        self.axes.plot([0], [0], "+", color=colour, markersize=7, markeredgewidth=0.9)
        self._box: Limits | None = None

    def arrange(self) -> None:
        """Choose ticks for the size."""
        for axis, length in (
            (self.axes.xaxis, self.axes.bbox.width),
            (self.axes.yaxis, self.axes.bbox.height),
        ):
            points = length * 72 / self._stage.figure.dpi
            axis.set_major_locator(MaxNLocator(max(3, int(points / 34)), steps=[1, 2, 5, 10]))
            axis.set_major_formatter(FuncFormatter(lambda value, _: plain(f"{value:g}")))

    def points(self, mean: Array, sd: Array, projection: Projection) -> tuple[Array, Array]:
        """Centres and half axes, (probes, 2) each, of one standard deviation."""
        return projection.centres(mean), self.halves(sd, projection)

    def halves(self, sd: Array, projection: Projection) -> Array:
        """Half axes (examples, 2) of one standard deviation, of ``sd`` (examples, units)."""
        return projection.halves(sd)

    def spots(
        self, mean: Array, labels: Array | None, rows: Array, projection: Projection
    ) -> Array:
        """Where to put other examples than the probes: (examples, 2) of ``mean`` (examples, units).

        ``labels`` (examples,) are their classes, or None; ``rows`` (examples,) where they are in
        their part of the data.
        """
        return projection.centres(mean)

    def scaled(self, half: Array, sigmas: int) -> Array:
        """Half axes of so many standard deviations."""
        return half * sigmas

    def limits(self, centre: Array, half: Array) -> Limits:
        """Limits that follow the data and show the prior, with one scale for both units."""
        low, high = (centre - half).min(axis=0, initial=0.0), (centre + half).max(0, initial=0.0)
        now, least = self._box, 2.2 if self._prior else 0.1
        x = settle(now and now[:2], min(float(low[0]), -least), max(float(high[0]), least), 0.04)
        y = settle(now and now[2:], min(float(low[1]), -least), max(float(high[1]), least), 0.04)
        self._box = (*x, *y)
        return self.fitted(self._box)

    def fitted(self, limits: Limits) -> Limits:
        """Limits around these with one scale for both units."""
        x0, x1, y0, y1 = limits
        width, height = self.axes.bbox.width, self.axes.bbox.height
        unit = max((x1 - x0) / width, (y1 - y0) / height)
        x, y, dx, dy = (x0 + x1) / 2, (y0 + y1) / 2, unit * width / 2, unit * height / 2
        return x - dx, x + dx, y - dy, y + dy


class RowsPlane(Plane):
    """One unit: a row for each probe, grouped by class, over the prior's intervals."""

    def __init__(self, stage: Stage, begun: Prepared) -> None:
        self._stage, self._prior = stage, begun.settings.has_spread
        self.axes = stage.axes()
        colour = stage.style.prior
        for sigma in (1, 2, 3) if self._prior else ():
            self.axes.axvspan(-sigma, sigma, color=colour, alpha=0.08, linewidth=0)
            self.axes.annotate(
                f"{sigma}σ",
                (sigma, 1),
                (0, 1.5),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                color=colour,
                size=SMALL,
                ha="center",
                annotation_clip=True,
            )
        self.axes.axvline(0, color=colour, linewidth=0.8)
        self._box = None
        self._labels = labels = begun.probes.labels
        self._row: Array = np.arange(0)
        if labels is not None:
            # The inverse of the order by class: the row of each probe.
            self._row = np.argsort(np.argsort(labels, kind="stable"))
        self._names = _bands(begun, self._row)
        self.axes.set_autoscale_on(False)

    def arrange(self) -> None:
        """Choose ticks for the size: classes up, numbers across."""
        super().arrange()
        self.axes.yaxis.set_major_locator(NullLocator())
        if self._names:
            self.axes.yaxis.set_major_locator(FixedLocator([row for row, _ in self._names]))
            names = [name for _, name in self._names]
            self.axes.yaxis.set_major_formatter(
                FuncFormatter(lambda _, at: names[at] if at is not None else "")
            )

    def points(self, mean: Array, sd: Array, projection: Projection) -> tuple[Array, Array]:
        """See `Plane.points`; the second axis is the row."""
        if self._labels is None:
            self._row = np.arange(len(mean))
        return np.stack([projection.centres(mean)[:, 0], self._row], axis=1), self.halves(
            sd, projection
        )

    def halves(self, sd: Array, projection: Projection) -> Array:
        """See `Plane.halves`; all are equally thick."""
        thick = np.full(len(sd), max(0.5, len(self._row) / 220))
        return np.stack([projection.halves(sd)[:, 0], thick], axis=1)

    def spots(
        self, mean: Array, labels: Array | None, rows: Array, projection: Projection
    ) -> Array:
        """See `Plane.spots`; each lies somewhere among the rows of its class."""
        # The fractional parts of multiples of the golden ratio are spread evenly: each example
        # has a place of its own, whichever others are shown.
        part = np.asarray(rows) * GOLDEN % 1.0
        up = part * len(self._row)
        if labels is not None and self._labels is not None:
            for label in np.unique(self._labels):
                mine, band = labels == label, self._row[self._labels == label]
                up[mine] = band.min() + part[mine] * (band.max() - band.min())
        return np.stack([projection.centres(mean)[:, 0], up], axis=1)

    def scaled(self, half: Array, sigmas: int) -> Array:
        """See `Plane.scaled`; rows keep their height."""
        return half * (sigmas, 1)

    def limits(self, centre: Array, half: Array) -> Limits:
        """Limits that follow the data and show the prior and all rows."""
        low, high = (centre - half)[:, 0].min(initial=0.0), (centre + half)[:, 0].max(initial=0.0)
        now = self._box and self._box[:2]
        least = 3.2 if self._prior else 0.1
        x = settle(now, min(float(low), -least), max(float(high), least), 0.04)
        count = max(1, len(centre))
        self._box = (*x, count * 1.02, -0.03 * count - 0.5)
        return self._box

    def fitted(self, limits: Limits) -> Limits:
        """The limits themselves: a unit and rows have no common scale."""
        return limits


def _bands(begun: Prepared, row: Array) -> list[tuple[float, str]]:
    """Middle row and name of each class."""
    labels = begun.probes.labels
    if labels is None:
        return []
    return [
        (float(row[labels == label].mean()), begun.data.class_name(int(label)))
        for label in np.unique(labels)
    ]
