"""The draws of z as a cloud with its marginals, over the Gaussian that they are drawn from."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from numpy.typing import NDArray

from vaegui.analysis.posterior import normal_density, standard_deviation
from vaegui.panels.drawing.map.cloud import Cloud
from vaegui.panels.drawing.stage import SMALL, Stage
from vaegui.panels.drawing.text import fitting, subscript
from vaegui.panels.explain.shared.plots import TURNS, Plot, spots
from vaegui.queries.many_times import ManyTimesFound

__all__ = ["MARGIN", "DrawnCloud"]

Array = NDArray[Any]

REACH = 4.2
"""The map shows so many sigma to each side of mu, of the unit with the larger sigma."""
BINS = 60
MARGIN = 34.0
"""Height of the marginals in points."""


class DrawnCloud:
    """A map of two units in one scale, a histogram of each beside it, and a line that explains."""

    def __init__(self, stage: Stage) -> None:
        style = stage.style
        self._stage = stage
        self._map = Plot(stage)
        axes = self._map.axes
        self._cloud = Cloud(axes, style, coloured=False)
        axes.add_artist(self._cloud)
        self._rings = [
            axes.plot([], [], color=style.text, linewidth=1.1, linestyle=dashes)[0]
            for dashes in ("-", (0, (4, 3)))
        ]
        (self._mu,) = axes.plot([], [], "+", color=style.text, markersize=11, markeredgewidth=1.3)
        (self._sample,) = axes.plot(
            [], [], "o", color=style.accent, markersize=5, markeredgewidth=0
        )
        self._sides = [stage.axes(), stage.axes()]
        above, beside = self._sides
        look: dict[str, Any] = {"fill": True, "color": style.units[0], "alpha": 0.45}
        self._bars = [
            above.stairs([0.0], [0.0, 1.0], **look),
            beside.stairs([0.0], [0.0, 1.0], orientation="horizontal", **look),
        ]
        self._bells = [
            side.plot([], [], color=style.text, linewidth=1.1)[0] for side in self._sides
        ]
        for side in self._sides:
            side.set_axis_off()
        self._key = stage.text(0, 0, size=SMALL, color=style.muted)

    def arrange(self, left: float, top: float, width: float, height: float) -> None:
        """Lay out in a box, in points."""
        stage = self._stage
        side = width - MARGIN
        self._map.arrange(left, top + MARGIN, side, min(height - MARGIN, side + 20))
        box = self._map.axes.get_position()
        x0, x1 = box.x0 * stage.width, box.x1 * stage.width
        y0, y1 = (1 - box.y1) * stage.height, (1 - box.y0) * stage.height
        stage.place(self._sides[0], x0, y0 - MARGIN, x1 - x0, MARGIN - 2)
        stage.place(self._sides[1], x1 + 2, y0, MARGIN - 2, y1 - y0)
        self._key.set_position((left + 6, min(y1 + 28, stage.height - 4)))

    def show(self, finding: ManyTimesFound, pair: tuple[int, ...]) -> bool:
        """Show draws; whether limits changed."""
        sd = standard_deviation(finding.log_var)[list(pair)]
        centre = spots(finding.mean[None], pair)[0]
        half = np.array([sd[0], sd[-1]])
        draws = spots(finding.z, pair)
        limits = self._limits(centre, half)
        changed = limits != (self._map.axes.get_xlim(), self._map.axes.get_ylim())
        self._map.axes.set(xlim=limits[0], ylim=limits[1])
        self._cloud.move(draws, None)
        for ring, sigmas in zip(self._rings, (1, 2), strict=True):
            ring.set_data(
                centre[0] + sigmas * half[0] * np.cos(TURNS),
                centre[1] + sigmas * half[1] * np.sin(TURNS),
            )
        self._mu.set_data(centre[:1], centre[1:])
        self._sample.set_data(*draws.mean(axis=0, dtype=np.float64)[:, None])
        self._show_marginals(draws, centre, half, limits, len(pair))
        names = [subscript(unit + 1) for unit in pair]
        up = f", z{names[1]} up" if len(names) > 1 else ""
        self._key.set_text(
            fitting(
                self._map.width + MARGIN,
                SMALL,
                f"z{names[0]} across{up};  + μ(x);  lines: 1σ and 2σ of N(μ(x), σ²(x));  "
                "dot: mean of the draws",
                "+ μ(x);  lines: 1σ, 2σ;  dot: mean of the draws",
                "+ μ(x);  dot: mean of draws",
            )
        )
        return changed

    def artists(self) -> list[Artist]:
        """What moves, in painting order."""
        cloud = [self._cloud, *self._rings, self._mu, self._sample]
        return [*self._map.texts(), self._key, *cloud, *self._bars, *self._bells]

    def _limits(
        self, centre: Array, half: Array
    ) -> tuple[tuple[float, float], tuple[float, float]]:
        """Around the Gaussian, with one scale for both units."""
        box = self._map.axes.bbox
        size = np.array([box.width, box.height])
        reach = float((REACH * half / size).max()) * size
        low, high = (centre - reach).tolist(), (centre + reach).tolist()
        return (low[0], high[0]), (low[1], high[1])

    def _show_marginals(
        self,
        draws: Array,
        centre: Array,
        half: Array,
        limits: tuple[tuple[float, float], tuple[float, float]],
        units: int,
    ) -> None:
        """Histograms beside the map, and over them what N(mu, sigma^2) says."""
        for i, (axes, bars, line) in enumerate(
            zip(self._sides, self._bars, self._bells, strict=True)
        ):
            low, high = centre[i] - REACH * half[i], centre[i] + REACH * half[i]
            bins = max(10, min(BINS, int(2 * len(draws) ** 0.4)))
            edges = np.linspace(low, high, bins + 1)
            density = np.histogram(draws[:, i], edges)[0] / (len(draws) * (edges[1] - edges[0]))
            bars.set_data(density, edges)
            z = np.linspace(low, high, 121)
            curve = normal_density(z, centre[i], half[i])
            line.set_data(*((z, curve) if i == 0 else (curve, z)))
            top = (0.0, 1.35 * float(curve.max()))
            axes.set(xlim=limits[0] if i == 0 else top, ylim=top if i == 0 else limits[1])
            # A model with a single unit has nothing to show beside the map.
            for artist in (bars, line):
                artist.set_visible(i < units)
