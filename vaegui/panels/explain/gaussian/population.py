"""A data set has one mean and one sd; each input has a Gaussian of its own. How they relate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from vaegui.analysis.explain import TotalVariance, mixture_density, total_variance
from vaegui.analysis.posterior import normal_density, standard_deviation
from vaegui.declared import Declared
from vaegui.panels.context import Context
from vaegui.panels.drawing.map.cloud import Cloud
from vaegui.panels.drawing.map.pair import MapPair
from vaegui.panels.drawing.stage import SMALL, Stage, plain
from vaegui.panels.drawing.text import fitting, subscript, text_width
from vaegui.panels.explain.shared.base import (
    BigQuestion,
    Control,
    ExperimentControls,
    ValueColumn,
    ValueTable,
)
from vaegui.panels.explain.shared.explanation_base import ExplanationBase
from vaegui.panels.explain.shared.plots import THIN, TURNS, Map, Plot, spots
from vaegui.panels.latent.gaussians import Gaussians
from vaegui.queries.base import Result
from vaegui.queries.population import Population, PopulationFound
from vaegui.training.record.events import Prepared

__all__ = ["PopulationPanel"]

Array = NDArray[Any]

SHOWN = 200
"""So many inputs are shown with their own Gaussians."""
MIXED, MEANWHILE = 4_000, 1_000
"""Gaussians in the mixture's curve at most, in the end and while examples are being encoded."""
POINTS = 141


class NoOptions(Declared):
    """Nothing to choose."""


class PopulationPanel(ExplanationBase[Result[PopulationFound]]):
    """Above, one mean and sd against two hundred Gaussians; below, their mixture and variances."""

    name: ClassVar[str] = "population"
    title: ClassVar[str] = "One data set, one mean? One input, one Gaussian"
    trains: ClassVar[bool] = True
    question: ClassVar[str] = "Is it the mean and sd of the data set?"
    part: ClassVar[BigQuestion] = "gaussian"
    about_spread: ClassVar[bool] = True
    controls: ClassVar[tuple[Control, ...]] = (
        ExperimentControls(
            label="Encode the training data",
            tip="Encode every training example with the weights that the model has now.",
            kind=Population,
            options=NoOptions(),
            make=lambda ctx, options: Population(),
        ),
    )
    empty: ClassVar[str] = (
        "Press Encode the training data: at the left the one mean and standard deviation of all "
        "encoded points will appear, at the right the Gaussians of 200 inputs, each with its own "
        "mean and standard deviation, and below what these Gaussians are together."
    )

    def __init__(self) -> None:
        self._pair = MapPair()

    def content(self, ctx: Context[Any]) -> Result[PopulationFound] | None:
        """See `PanelBase.content`."""
        return ctx.latest(Population)

    def depends(self, ctx: Context[Any]) -> tuple[object, ...]:
        """See `Panel.depends`."""
        return *super().depends(ctx), self._pair.of(ctx.run, ctx.focus)

    def create_artists(self, stage: Stage, begun: Prepared) -> None:
        """See `PanelBase.create_artists`."""
        style, coloured = stage.style, begun.probes.labels is not None
        self._units = begun.settings.latent_units
        self._maps = [Map(stage), Map(stage)]
        axes = self._maps[0].axes
        self._cloud = Cloud(axes, style, coloured=coloured)
        axes.add_artist(self._cloud)
        (self._one,) = axes.plot([], [], color=style.text, linewidth=1.6, zorder=3)
        (self._centre,) = axes.plot(
            [], [], "+", color=style.text, markersize=12, markeredgewidth=1.8, zorder=3
        )
        self._each = Gaussians(self._maps[1].axes, style, coloured=coloured)
        self._mixtures = [Plot(stage, "z", left=0.0), Plot(stage, "z", left=0.0)]
        self._curves = []
        for plot in self._mixtures:
            (prior,) = plot.axes.plot([], [], color=style.prior, linewidth=1.2, linestyle="--")
            (mixed,) = plot.axes.plot([], [], color=style.output, linewidth=1.8)
            self._curves.append((prior, mixed))
        self._variances = Plot(stage, left=0.0)
        self._bars: list[list[Rectangle]] = []
        for colour in (style.output, style.units[1]):
            bars = [Rectangle((0, 0), 0, 0.5, facecolor=colour, linewidth=0) for _ in range(2)]
            for bar in bars:
                self._variances.axes.add_patch(bar)
            self._bars.append(bars)
        self._variances.axes.axvline(1.0, color=style.prior, linewidth=1.2, linestyle="--")
        self._words = [stage.text(0, 0, size=SMALL) for _ in range(2)]
        colours = (style.output, style.units[1], style.muted)
        texts = ("E[σ²(x)]", "Var[μ(x)]", "dashed: prior")
        self._keys = [
            stage.text(0, 0, text, size=SMALL, color=colour)
            for text, colour in zip(texts, colours, strict=True)
        ]

    def update_artists(self, content: Result[PopulationFound], ctx: Context[Any]) -> bool:
        """See `PanelBase.update_artists`."""
        run, focus = ctx.run, ctx.focus
        finding, pair = content.value, self._pair.of(run, focus)
        stale = self._draw_maps(finding, pair)
        stale |= self._draw_mixtures(finding, pair, content.complete)
        return self._draw_variances(total_variance(finding.mean, finding.log_var), pair) or stale

    def moving_artists(self) -> Sequence[Artist]:
        """See `PanelBase.moving_artists`."""
        plots = [*self._maps, *self._mixtures, self._variances]
        words = [*(t for plot in plots for t in plot.texts()), *self._keys]
        curves = [line for lines in self._curves for line in lines]
        bars = [bar for bars in self._bars for bar in bars]
        maps = [self._cloud, self._one, self._centre, *self._each.artists()]
        return [*words, *maps, *curves, *bars, *self._words]

    def table(self, ctx: Context[Any]) -> ValueTable | None:
        """The law of total variance for each unit."""
        observed = ctx.latest(Population)
        if observed is None:
            return None
        finding = observed.value
        law = total_variance(finding.mean, finding.log_var)
        return ValueTable(
            (
                ValueColumn("unit", np.arange(1, len(law.mean) + 1), 0),
                ValueColumn("E[z] = E[μ(x)]", law.mean, tip="The prior has 0."),
                ValueColumn("sd[μ(x)]", np.sqrt(law.between), tip="How far the means are spread."),
                ValueColumn("E[σ²(x)]", law.within, tip="The mean of the inputs' own variances."),
                ValueColumn("Var[μ(x)]", law.between, tip="The variance of the inputs' means."),
                ValueColumn("Var[z]", law.total, tip="Their sum; the prior has 1."),
            )
        )

    def describe(self, ctx: Context[Any]) -> str:
        """See `Panel.describe`."""
        run, focus = ctx.run, ctx.focus
        observed = ctx.latest(Population)
        if observed is None:
            return (
                "No. A data set of encoded points has one mean and one standard deviation; in a "
                "VAE each input x has its own, μ(x) and σ(x), because they are outputs of the "
                "network. Encode the training data to see both."
            )
        return _description(observed, self._pair.of(run, focus)) + self._pair.text(run, focus)

    def arrange(self) -> None:
        """Two maps above, mixtures and variances below."""
        stage = self._stage
        width, height = stage.width - 20, stage.height - 10
        upper = 0.56 * height
        (maps,) = stage.grid((8, 4, width - 2, upper - 6), columns=(1, 1), gap=10)
        for map_, box in zip(self._maps, maps, strict=True):
            map_.arrange(*box)
        (below,) = stage.grid((8, 4 + upper, width, height - upper), columns=(1, 1, 1), gap=8)
        for i, plot in enumerate(self._mixtures):
            plot.arrange(*below[i])
            plot.axes.set_visible(i < self._units)
        left, top, third, tall = below[2]
        self._variances.arrange(left, top, third, tall - 12)
        x, y = left, stage.height - 8
        for key in self._keys:
            key.set_position((x, y))
            x += text_width(key.get_text(), SMALL) + 10
            key.set_visible(x <= stage.width)

    def _draw_maps(self, finding: PopulationFound, pair: tuple[int, ...]) -> bool:
        points = spots(finding.mean, pair)
        few, stale = min(SHOWN, len(points)), False
        labels = None if finding.labels is None else finding.labels[: len(points)]
        self._cloud.move(points, labels)
        centre, sd = points.mean(axis=0, dtype=np.float64), points.std(axis=0, dtype=np.float64)
        self._one.set_data(
            *(centre[:, None] + sd[:, None] * np.stack([np.cos(TURNS), np.sin(TURNS)]))
        )
        self._centre.set_data(*centre[:, None])
        half = spots(standard_deviation(finding.log_var[:few]), pair, THIN)
        # A few far points would make all others small.
        low, high = np.quantile(points, [0.002, 0.998], axis=0)
        for plot in self._maps:
            stale |= plot.follow(np.stack([low, high]), np.zeros((2, 2)))
        self._each.move(points[:few], half, None if labels is None else labels[:few])
        self._maps[0].head(
            f"All {len(points):,} encoded points: one mean, one sd",
            "One mean, one sd of all points",
        )
        self._maps[1].head(
            f"{few} inputs: a mean and an sd for each", f"{few} inputs, a Gaussian each"
        )
        return stale

    def _draw_mixtures(self, finding: PopulationFound, pair: tuple[int, ...], whole: bool) -> bool:
        """The mean of all bell curves, and the prior's."""
        stale = False
        count = len(finding.mean)
        most = min(count, MIXED if whole else MEANWHILE)
        kept = np.linspace(0, count - 1, most).round().astype(np.intp)
        for plot, (prior, mixed), unit in zip(self._mixtures, self._curves, pair, strict=False):
            mean, log_var = finding.mean[kept, unit], finding.log_var[kept, unit]
            low, high = np.quantile(mean, [0.001, 0.999])
            z = np.linspace(min(-3.5, low - 0.5), max(3.5, high + 0.5), POINTS)
            density = mixture_density(z, mean, log_var)
            prior.set_data(z, normal_density(z, 0.0, 1.0))
            mixed.set_data(z, density)
            i = subscript(unit + 1)
            plot.head(f"z{i}: their mixture (line), N(0, 1) (dashed)", f"z{i}: mixture, N(0, 1)")
            top = max(0.4, float(density.max()))
            stale |= plot.limit((float(z[0]), float(z[-1])), (0.0, top))
        for plot, lines in list(zip(self._mixtures, self._curves, strict=True))[len(pair) :]:
            plot.head("")
            for line in lines:
                line.set_data([], [])
        return stale

    def _draw_variances(self, law: TotalVariance, pair: tuple[int, ...]) -> bool:
        """One bar for each unit, of two parts."""
        total = law.total[list(pair)]
        for row, unit in enumerate((*pair, None)[:2]):
            within, between = (
                (0.0, 0.0) if unit is None else (float(law.within[unit]), float(law.between[unit]))
            )
            y = 0.85 - row
            self._bars[0][row].set_bounds(0.0, y - 0.62, within, 0.34)
            self._bars[1][row].set_bounds(within, y - 0.62, between, 0.34)
            law_ = "" if unit is None else _law(unit, within, between)
            short = law_.partition(" = ")[2]
            self._words[row].set_text(fitting(self._variances.width, SMALL, law_, short))
        self._variances.axes.set_ylim(-1.05, 1.0)
        self._variances.head("Var[z] = E[σ²(x)] + Var[μ(x)]", "Law of total variance")
        stale = self._variances.limit((0.0, max(1.05, float(total.max()))), pad=0.0)
        box = self._variances.axes.get_position()
        for row, words in enumerate(self._words):
            down = (1.0 - (0.85 - row - 0.2)) / 2.05
            y = (1 - box.y1 + down * box.height) * self._stage.height
            words.set_position((box.x0 * self._stage.width, y))
        return stale


def _law(unit: int, within: float, between: float) -> str:
    i = subscript(unit + 1)
    return plain(f"Var[z{i}] = {within:.4f} + {between:.4f} = {within + between:.4f}")


def _description(observed: Result[PopulationFound], pair: tuple[int, ...]) -> str:
    """The one mean and sd, and what the many come to together."""
    finding = observed.value
    law = total_variance(finding.mean, finding.log_var)
    unit, n = pair[0], len(finding.mean)
    i = subscript(unit + 1)
    sds = standard_deviation(finding.log_var[:, unit])
    least, most = float(sds.min()), float(sds.max())
    some = f"(Its curve is drawn from {MIXED:,} of them.) " if n > MIXED else ""
    return plain(
        f"No. Over the {n:,} training examples (weights of step {observed.step:,}) the encoded "
        f"points μ{i}(x) have one mean, {law.mean[unit]:.4f}, and one standard deviation, "
        f"{np.sqrt(law.between[unit]):.4f}. But each x also has its own σ{i}(x), from {least:.4f} "
        f"to {most:.4f}: outputs of the network, not statistics of the data. The mixture of all "
        f"these Gaussians has Var[z{i}] = E[σ{i}²(x)] + Var[μ{i}(x)] = {law.within[unit]:.4f} + "
        f"{law.between[unit]:.4f} = {law.total[unit]:.4f}. Training draws the mixture towards "
        f"N(0, 1), whose variance is 1. {some}"
    )
