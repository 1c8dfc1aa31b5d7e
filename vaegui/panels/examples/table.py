"""The posterior of one input: a row of numbers and a bell curve for each unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator
from numpy.typing import NDArray

from vaegui.analysis.posterior import kl_by_unit, normal_density, standard_deviation, units_by_kl
from vaegui.panels.drawing.navigation import settle
from vaegui.panels.drawing.stage import MONO, SMALL, Stage, plain
from vaegui.panels.drawing.text import fitting

__all__ = ["LEAST", "TALLEST", "PosteriorTable"]

Array = NDArray[Any]

ROWS = 12
ROW = 14.0
TALLEST = 72.0
"""Height of a row that has all the room it wants."""
HEAD, AXIS = 13.0, 16.0
LEAST = HEAD + ROW + AXIS
NARROWEST = 48.0
"""Width of the curves below which they are left out."""
NUMBERS = 108.0
"""Width of the four columns of figures in points."""
GRID = np.linspace(-4, 4, 81)
BELL = normal_density(GRID, 0.0, 1.0) / normal_density(0.0, 0.0, 1.0)
COLUMNS = f"{'unit':>4}{'mean':>8}{'sd':>7}{'KL':>6}"
COLUMNS_OF_POINT = f"{'unit':>4}{'code':>8}{'sd':>7}{'KL':>6}"
LEGEND = "dashed: prior; same height", "dashed: prior", ""


class PosteriorTable:
    """Unit, mean, sd and KL in figures, and each unit's Gaussian over the prior.

    A plain autoencoder's code has figures and a line at each, as there is no spread.
    All curves have the same height: their widths are compared, and a density ten times as
    high as the prior's would flatten it.
    """

    def __init__(self, stage: Stage, *, has_spread: bool) -> None:
        style = stage.style
        self._stage, self._spread = stage, has_spread
        self._axes = stage.axes()
        self._axes.spines["left"].set_visible(False)
        self._axes.yaxis.set_major_locator(NullLocator())
        self._axes.xaxis.set_major_formatter(FuncFormatter(lambda z, _: plain(f"{z:g}")))
        for sd in (-2, 0, 2):
            self._axes.axvline(sd, color=style.grid, linewidth=0.6, zorder=0)
        (self._prior,) = self._axes.plot(
            [], [], color=style.prior, linewidth=1.0, linestyle=(0, (3, 2))
        )
        self._prior.set_visible(has_spread)
        self._bells = PolyCollection([], linewidths=1.3)
        self._axes.add_collection(self._bells, autolim=False)
        figures: dict[str, Any] = {"size": SMALL, "family": MONO, "va": "center"}
        self._head = stage.text(
            0, 0, COLUMNS if has_spread else COLUMNS_OF_POINT, color=style.muted, **figures
        )
        self._legend = stage.text(0, 0, color=style.muted, size=SMALL, va="center", ha="center")
        self._lines = [stage.text(0, 0, **figures) for _ in range(ROWS)]
        self._rest = stage.text(0, 0, color=style.muted, size=SMALL, va="center")
        self._span: tuple[float, float] | None = None
        self._whole = self._has_bells = True

    def arrange(self, left: float, top: float, width: float, height: float, units: int) -> None:
        """Lay out in a box, in points; as many rows as there is room for.

        Where it is narrow there are no curves, and where it is low there is nothing at all.
        """
        self._whole = height >= LEAST
        self._has_bells = self._whole and width - NUMBERS - 8 >= NARROWEST
        self._axes.set_visible(self._has_bells)
        for text in (self._head, self._legend, self._rest):
            text.set_visible(self._whole)
        body = height - HEAD - AXIS
        self._shown = max(1, min(units, ROWS, int(body // ROW)))
        row = min(body / self._shown, TALLEST)
        bells = left + NUMBERS + 6, width - NUMBERS - 8
        self._stage.place(self._axes, bells[0], top + HEAD, bells[1], row * self._shown)
        self._axes.set_ylim(self._shown, 0)
        self._axes.xaxis.set_major_locator(MaxNLocator(max(2, int(bells[1] / 26)), integer=True))
        self._head.set_position((left, top + HEAD / 2))
        self._legend.set_position((bells[0] + bells[1] / 2, top + HEAD / 2))
        self._legend.set_text(
            fitting(bells[1], SMALL, *(LEGEND if self._spread else ("a point: no spread", "")))
        )
        for i, line in enumerate(self._lines):
            line.set_position((left, top + HEAD + (i + 0.62) * row))
            line.set_visible(self._whole and i < self._shown)
        self._rest.set_position((left + 5, top + HEAD + row * self._shown + 9))
        self._span = None

    def show(self, mean: Array, log_var: Array) -> bool:
        """Show a posterior, (units,) each; whether the limits changed."""
        kl, sd = kl_by_unit(mean, log_var), standard_deviation(log_var)
        order = units_by_kl(kl)
        # In the order of their numbers, so that rows keep their places while it trains.
        units = np.sort(order[: self._shown])
        for line, unit in zip(self._lines, units, strict=False):
            figures = _figure(mean[unit], 8, 2)
            figures += _figure(sd[unit], 7, 3) if self._spread else f"{'–':>7}"
            figures += _figure(kl[unit], 6, 2) if self._spread else f"{'–':>6}"
            line.set_text(f"{unit + 1:>4}{plain(figures)}")
        self._rest.set_text(self._said_below(kl, order[self._shown :]))
        self._draw(mean[units], sd[units])
        palette = self._stage.style.units
        colours = [palette[unit % len(palette)] for unit in units]
        self._bells.set_facecolor([to_rgba(colour, 0.28) for colour in colours])
        self._bells.set_edgecolor(colours)
        reach = 3.2 * sd[units]
        low, high = (mean[units] - reach).min(), (mean[units] + reach).max()
        span = settle(self._span, min(float(low), -3.2), max(float(high), 3.2), 0.03)
        changed, self._span = span != self._span, span
        self._axes.set_xlim(span)
        return changed

    def _said_below(self, kl: Array, left_out: Array) -> str:
        """The KL of all units, or of those that have no row of their own."""
        if not self._spread:
            more = f"and {len(left_out)} more; " if len(left_out) else ""
            return f"{more}sd, KL: not defined"
        if len(left_out):
            return f"and {len(left_out)} more, KL {kl[left_out].sum():.2f} nats"
        return f"all {len(kl)}: {kl.sum():.2f} nats" if len(kl) > 1 else ""

    def artists(self) -> Sequence[Artist]:
        """What moves, in painting order."""
        bells = [self._bells, *([self._prior] * self._spread)] if self._has_bells else []
        return [*bells, *self._lines[: self._shown], self._rest] if self._whole else []

    def _draw(self, mean: Array, sd: Array) -> None:
        ground = np.arange(len(mean))[:, None] + 0.96
        x = mean[:, None] + sd[:, None] * GRID
        self._bells.set_verts(list(np.stack([x, ground - 0.84 * BELL], axis=-1)))
        gap = np.full((len(mean), 1), np.nan)
        self._prior.set_data(
            np.tile(np.append(GRID, np.nan), len(mean)),
            np.hstack([ground - 0.84 * BELL, gap]).ravel(),
        )


def _figure(value: float, width: int, decimals: int) -> str:
    """A number in a column of so many letters, with as many of the decimals as leave a blank."""
    for count in range(decimals, -1, -1):
        if len(text := f"{value:.{count}f}") < width:
            return f"{text:>{width}}"
    return f"{value:>{width}.0e}"
