"""How the mean and the standard deviation of the draws settle on what the network says."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator
from numpy.typing import NDArray

from vaegui.analysis.draws import running_estimates
from vaegui.analysis.posterior import standard_deviation
from vaegui.panels.drawing.stage import SMALL, Stage, plain
from vaegui.panels.drawing.text import subscript
from vaegui.panels.explain.shared.plots import Plot
from vaegui.queries.many_times import ManyTimesFound

__all__ = ["Settling"]

Array = NDArray[Any]

TICK = 13.0
"""Pixels between two ticks at least."""
LOW = 96.0
"""Where there is less room than this for each, in points, only the mean's plot is shown."""
BAND = np.geomspace(1, 100_000, 200)
DASHES: tuple[Any, ...] = ("-", (0, (3, 1)))
HEADS = (
    ("mean of the draws, and μ (dotted)", "mean, and μ (dotted)", "mean"),
    ("sd of the draws, and σ (dotted)", "sd, and σ (dotted)", "sd"),
)
FINE_HEADS = (
    ("(sample mean − μ) / σ, band 1/√N", "(mean − μ) / σ"),
    ("sample sd / σ − 1, band 1/√(2N)", "sd / σ − 1"),
)


class Settling:
    """The running mean above, the running standard deviation below it, by the number of draws.

    At first simply the numbers, beside the lines that they settle on. ``fine`` shows how far off
    they are, in sigma and on logarithmic axes, over the bands of one and two standard errors.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage, style = stage, stage.style
        self._plots = [Plot(stage, "number of draws N") for _ in range(2)]
        look = [(style.units[i], DASHES[i]) for i in range(2)]
        self._curves = [
            [
                plot.axes.plot([], [], color=colour, linewidth=1.3, linestyle=dashes)[0]
                for colour, dashes in look
            ]
            for plot in self._plots
        ]
        self._goals = [
            [
                plot.axes.plot([], [], color=colour, linewidth=1.2, linestyle=":")[0]
                for colour, _ in look
            ]
            for plot in self._plots
        ]
        self._bands: list[Artist] = []
        for plot, squeeze in zip(self._plots, (1.0, 2.0), strict=True):
            for errors, alpha in ((2, 0.16), (1, 0.26)):
                wide = errors / np.sqrt(squeeze * BAND)
                band = plot.axes.fill_between(
                    BAND, -wide, wide, color=style.prior, alpha=alpha, linewidth=0
                )
                self._bands.append(band)
            self._bands.append(plot.axes.axhline(0, color=style.muted, linewidth=0.6))
        self._keys = [
            stage.text(0, 0, size=SMALL + 1, color=style.units[i], weight="bold") for i in range(2)
        ]
        self._fine: bool | None = None

    def arrange(self, left: float, top: float, width: float, height: float) -> None:
        """Lay out in a box, in points."""
        each = (height - 6) / 2
        both = each > LOW
        box = left, top, width, height - 2
        cells = self._stage.grid(box, rows=(1, 1), gap=4) if both else [[(*box[:3], height)]] * 2
        for i, (plot, (cell,)) in enumerate(zip(self._plots, cells, strict=True)):
            plot.arrange(*cell)
            plot.show(both or i == 0)
        foot = top + each if both else top + height
        for i, key in enumerate(self._keys):
            key.set_position((left + 14 * i, foot - 2))
        self._fine = None

    def show(
        self, finding: ManyTimesFound, count: int, pair: tuple[int, ...], *, fine: bool
    ) -> bool:
        """Show the estimates after each number of draws, of ``count``; whether axes changed."""
        chosen = list(pair)
        n, mean, sd = running_estimates(finding.z[:, chosen])
        goals = (
            finding.mean[chosen].astype(np.float64),
            standard_deviation(finding.log_var[chosen]).astype(np.float64),
        )
        values: tuple[Array, Array] = mean, sd
        if fine:
            values = (mean - goals[0]) / goals[1], sd / goals[1] - 1.0
        changed = fine != self._fine
        if changed:
            self._fine = fine
            self._dress(fine)
        for plot, lines, marks, off, goal in zip(
            self._plots, self._curves, self._goals, values, goals, strict=True
        ):
            for i, (line, mark) in enumerate(zip(lines, marks, strict=True)):
                known = i < len(pair)
                line.set_data(n if known else [], off[:, i] if known else [])
                straight = known and not fine
                mark.set_data([0, count] if straight else [], [goal[i]] * 2 if straight else [])
            changed |= self._limit_fine(plot, count) if fine else _limit(plot, count, off, goal)
        for i, key in enumerate(self._keys):
            key.set_text(f"z{subscript(pair[i] + 1)}" if i < len(pair) else "")
        for plot, heads in zip(self._plots, FINE_HEADS if fine else HEADS, strict=True):
            plot.head(*heads)
        return changed

    def artists(self) -> list[Artist]:
        """What moves, in painting order."""
        words = [text for plot in self._plots for text in plot.texts()]
        shown = [i for i, plot in enumerate(self._plots) if plot.axes.get_visible()]
        lines = [line for i in shown for line in (*self._goals[i], *self._curves[i])]
        return [*words, *self._keys, *lines]

    def _dress(self, fine: bool) -> None:
        """Axes for deviations, or for the numbers themselves."""
        for band in self._bands:
            band.set_visible(fine)
        for plot in self._plots:
            plot.axes.set_xscale("log" if fine else "linear")
            if not fine:
                plot.axes.set_yscale("linear")
                plot.axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
                plot.axes.yaxis.set_major_locator(MaxNLocator(5))
                plot.axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: plain(f"{v:g}")))
            plot.axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: _thousands(v)))
            plot.axes.xaxis.set_minor_locator(NullLocator())

    def _limit_fine(self, plot: Plot, count: int) -> bool:
        """Within a tenth of the band's last width the scale is linear, beyond it logarithmic."""
        axes = plot.axes
        fine = 10.0 ** np.floor(np.log10(0.7 / np.sqrt(max(count, 4))))
        old = axes.get_xlim(), axes.get_yscale(), axes.get_yticks().tolist()
        axes.set_xlim(1, max(count, 10))
        axes.set_yscale("symlog", linthresh=fine, linscale=0.6)
        axes.set_ylim(-3, 3)
        decades = np.arange(0, np.log10(fine) - 0.5, -1)
        room = axes.bbox.height / (2 * len(decades) + 1)
        powers = 10.0 ** decades[:: 1 if room > TICK else len(decades)]
        ticks = [*-powers, 0.0, *powers[::-1]]
        axes.yaxis.set_major_locator(FixedLocator(ticks))
        axes.yaxis.set_minor_locator(NullLocator())
        axes.yaxis.set_major_formatter(lambda v, _: plain(f"{v:g}"))
        axes.xaxis.set_major_locator(FixedLocator([10.0**power for power in range(6)]))
        return old != (axes.get_xlim(), axes.get_yscale(), ticks)


def _limit(plot: Plot, count: int, values: Array, goals: Array) -> bool:
    """Room for all values and what they settle on."""
    before = plot.axes.get_xlim()
    plot.axes.set_xlim(0, max(count, 10))
    low, high = np.nanmin([*values.ravel(), *goals]), np.nanmax([*values.ravel(), *goals])
    return plot.limit(None, (float(low), float(high)), 0.08) or before != plot.axes.get_xlim()


def _thousands(number: float) -> str:
    return f"{number / 1000:g}k" if number >= 1000 else f"{number:g}"
