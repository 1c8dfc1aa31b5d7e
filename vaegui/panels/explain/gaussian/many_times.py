"""One input passed through the network again and again: z differs, its Gaussian does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator
from numpy.typing import NDArray

from vaegui.analysis.explain import Agreement, Estimate, agreement, estimate, running_estimates
from vaegui.analysis.posterior import standard_deviation
from vaegui.declared import Declared, setting
from vaegui.panels.drawing.cloud import Cloud
from vaegui.panels.drawing.pair import MapPair
from vaegui.panels.drawing.selection import Selection
from vaegui.panels.drawing.stage import SMALL, Stage, plain
from vaegui.panels.drawing.style import Style
from vaegui.panels.drawing.text import subscript
from vaegui.panels.explain.gaussian.decoded import DecodedDraws, decoded_draws
from vaegui.panels.explain.shared.base import Column, Control, Part, Quiet, Table, Trial
from vaegui.panels.explain.shared.plots import TURNS, Plot, bell, fitting, spots
from vaegui.queries.experiments import RunManyTimes, TimesFound
from vaegui.training.record.events import Observed, Prepared, Snapshot
from vaegui.training.record.run import Run

__all__ = ["ManyTimesPanel"]

Array = NDArray[Any]

REACH = 4.2
"""The map shows so many sigma to each side of mu."""
BINS = 60
MARGIN = 34.0
"""Height of the marginals in points."""
TICK = 13.0
"""Pixels between two ticks at least."""
LOW = 96.0
"""Where there is less room than this for each, in points, only the mean's convergence is shown."""
ENOUGH = 10
"""Fewer draws cannot tell whether they agree."""


class TimesOptions(Declared):
    """How often, and with which random numbers."""

    count: int = setting(
        1_000,
        title="Times",
        help="How often the input is passed through; can be changed while it runs.",
        ge=1,
        le=100_000,
    )
    seed: int = setting(
        1,
        title="Seed",
        help="Where the stream of ε begins: the same seed gives the same draws.",
        ge=0,
        le=2_147_483_647,
    )


def _experiment(selection: Selection, options: TimesOptions) -> RunManyTimes:
    return RunManyTimes(selection.probe, options.count, options.seed)


class ManyTimesPanel(Quiet):
    """The cloud of z with its marginals, how mean and sd settle, and what the draws decode to."""

    name: ClassVar[str] = "many-times"
    title: ClassVar[str] = "Run this input many times"
    question: ClassVar[str] = "How can one input have a mean and a standard deviation?"
    part: ClassVar[Part] = "gaussian"
    controls: ClassVar[tuple[Control, ...]] = (
        "probe",
        Trial(
            label="Run",
            tip="Pass this input through the network so many times, each time with another ε.",
            kind=RunManyTimes,
            options=TimesOptions(),
            make=_experiment,
            live=True,
            fresh="seed",
        ),
    )
    view: ClassVar[str | None] = None
    empty: ClassVar[str] = (
        "Press Run: this one input is passed through the network again and again. The draws of z "
        "will appear here as a cloud, and their mean and standard deviation beside μ(x) and σ(x)."
    )
    shows: ClassVar[frozenset[type]] = frozenset({Snapshot, Observed})
    follows: ClassVar[frozenset[str]] = frozenset({"pair"})

    def __init__(self) -> None:
        self._pair = MapPair()

    def setup(self, figure: Figure, style: Style) -> None:
        """See `Panel.setup`."""
        self._stage = stage = Stage(figure, style, self.empty)
        self._begun: Prepared | None = None
        self._map = Plot(stage)
        self._cloud = Cloud(self._map.axes, style, coloured=False)
        self._map.axes.add_artist(self._cloud)
        self._rings = [
            self._map.axes.plot([], [], color=style.text, linewidth=1.1, linestyle=dashes)[0]
            for dashes in ("-", (0, (4, 3)))
        ]
        (self._mu,) = self._map.axes.plot(
            [], [], "+", color=style.text, markersize=11, markeredgewidth=1.3
        )
        (self._sample,) = self._map.axes.plot(
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
            axes.plot([], [], color=style.text, linewidth=1.1)[0] for axes in self._sides
        ]
        for axes in self._sides:
            axes.set_axis_off()
        self._settling = [_settling(stage, squeeze) for squeeze in (1.0, 2.0)]
        self._curves = [
            [
                plot.axes.plot([], [], color=colour, linewidth=1.3, linestyle=dashes)[0]
                for colour, dashes in ((style.units[0], "-"), (style.units[1], (0, (3, 1))))
            ]
            for plot in self._settling
        ]
        self._keys = [
            stage.text(0, 0, size=SMALL + 1, color=style.units[i], weight="bold") for i in range(2)
        ]
        self._key = stage.text(0, 0, size=SMALL, color=style.muted)
        self._decoded: DecodedDraws | None = None
        self._shown: tuple[object, ...] = ()

    def draw(self, run: Run | None, selection: Selection) -> bool:
        """See `Panel.draw`."""
        observed = None if run is None else run.observed.get(RunManyTimes)
        stale = self._stage.update(observed is not None)
        if run is None or observed is None:
            return stale
        if self._begun is None or self._begun.probes is not run.begun.probes:
            self._begin(run.begun)
            stale = True
        if stale:
            self._arrange()
        pair = self._pair.of(run, selection)
        shown = observed.finding, pair
        if shown == self._shown and not stale:
            return False
        self._shown = shown
        finding, experiment = _found(observed)
        stale |= self._draw_cloud(finding, pair)
        stale |= self._draw_settling(finding, experiment.count, pair)
        assert self._decoded is not None
        x = run.begun.probes.x[experiment.probe]
        return self._decoded.show(x, *_pictures(finding)) or stale

    def artists(self) -> Sequence[Artist]:
        """See `Panel.artists`."""
        if not self._stage.shown or self._decoded is None:
            return []
        plots = [self._map, *self._settling]
        words = [*(t for plot in plots for t in plot.texts()), self._key, *self._keys]
        shown = zip(self._settling, self._curves, strict=True)
        curves = [c for plot, lines in shown if plot.axes.get_visible() for c in lines]
        cloud = [self._cloud, *self._rings, self._mu, self._sample, *self._bars, *self._bells]
        return [*words, *cloud, *curves, *self._decoded.artists()]

    def table(self, run: Run | None, selection: Selection) -> Table | None:
        """For each unit, what the network says and what the draws say."""
        observed = None if run is None else run.observed.get(RunManyTimes)
        if observed is None:
            return None
        finding, _ = _found(observed)
        sample, compared = _compared(finding)
        sd = standard_deviation(finding.log_var)
        units = np.arange(1, len(sd) + 1)
        return Table(
            (
                Column("unit", units, 0),
                Column("μ(x)", finding.mean, role="output", tip="What the network reads out."),
                Column("sample mean", sample.mean, tip="Mean of the draws of z."),
                Column("± s.e.", sample.mean_error, tip="Its standard error, s / √N."),
                Column("z-score", compared.mean_z, 2, tip="(mean − μ) / (σ / √N)"),
                Column("σ(x)", sd, role="output", tip="exp(log σ² / 2), as the network says."),
                Column("sample sd", sample.sd, tip="Standard deviation of the draws, with N − 1."),
                Column("± s.e. ", sample.sd_error, tip="Its standard error, s / √(2 (N − 1))."),
                Column("z-score ", compared.sd_z, 2, tip="(s − E[s]) / sd[s]"),
            )
        )

    def describe(self, run: Run | None, selection: Selection) -> str:
        """See `Panel.describe`."""
        if run is None:
            return self.empty
        observed = run.observed.get(RunManyTimes)
        if observed is None:
            return (
                "The network gives this input a mean μ(x) and a standard deviation σ(x); z is then "
                "drawn: z = μ(x) + σ(x) ε, with a new ε from N(0, 1) each time. Press Run to draw "
                "again and again, and compare the draws with what the network says."
            )
        return _told(observed, selection) + self._pair.told(run, selection)

    def _begin(self, begun: Prepared) -> None:
        """Make what depends on the data; a figure is set up anew for other kinds of data."""
        if self._decoded is not None:
            for artist in self._decoded.artists():
                artist.remove()
        self._begun = begun
        self._decoded = decoded_draws(self._stage, begun)
        for axes in self._stage.figure.axes:
            axes.set_visible(True)

    def _arrange(self) -> None:
        """Cloud, convergence and decoded draws in three columns."""
        stage = self._stage
        width, height = stage.width - 24, stage.height - 12
        first = min(0.40 * width, height)
        self._map.arrange(6, 4 + MARGIN, first - MARGIN, min(height - MARGIN, first - MARGIN + 20))
        box = self._map.axes.get_position()
        left, right = box.x0 * stage.width, box.x1 * stage.width
        top = (1 - box.y1) * stage.height
        stage.place(self._sides[0], left, top - MARGIN, right - left, MARGIN - 2)
        stage.place(self._sides[1], right + 2, top, MARGIN - 2, box.height * stage.height)
        self._map.axes.xaxis.set_major_locator(NullLocator())
        second = 0.3 * width
        x = first + 26
        each = (height - 14) / 2
        both = each > LOW
        for i, plot in enumerate(self._settling):
            plot.arrange(x, 4 + i * (each + 4), second, each if both else height - 8)
            plot.show(both or i == 0)
        foot = 4 + each if both else height - 4
        for i, key in enumerate(self._keys):
            key.set_position((x + 14 * i, foot - 2))
        below = top + box.height * stage.height + 28
        self._key.set_position((12, min(below, stage.height - 4)))
        third = x + second + 16
        self._map.tick(right - left, box.height * stage.height)
        assert self._decoded is not None
        self._decoded.arrange(third, 4, stage.width - third - 10, height - 4)

    def _draw_cloud(self, finding: TimesFound, pair: tuple[int, ...]) -> bool:
        centre = spots(finding.mean[None], pair)[0]
        half = spots(standard_deviation(finding.log_var)[None], pair, 1.0)[0]
        low, high = centre - REACH * half, centre + REACH * half
        old = self._map.axes.get_xlim(), self._map.axes.get_ylim()
        self._map.axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
        draws = spots(finding.z, pair)
        self._cloud.move(draws, None)
        for ring, sigmas in zip(self._rings, (1, 2), strict=True):
            ring.set_data(
                centre[0] + sigmas * half[0] * np.cos(TURNS),
                centre[1] + sigmas * half[1] * np.sin(TURNS),
            )
        self._mu.set_data(centre[:1], centre[1:])
        self._sample.set_data(*draws.mean(axis=0, dtype=np.float64)[:, None])
        self._draw_marginals(draws, centre, half, len(pair))
        names = [subscript(unit + 1) for unit in pair]
        up = f", z{names[1]} up" if len(names) > 1 else ""
        self._key.set_text(
            fitting(
                self._map.width + MARGIN,
                SMALL,
                f"z{names[0]} across{up};  + μ(x);  lines: 1σ and 2σ of N(μ(x), σ²(x));  "
                "dot: mean of the draws",
                "+ μ(x);  lines: 1σ, 2σ;  dot: mean of the draws",
            )
        )
        self._map.head("")
        return old != (self._map.axes.get_xlim(), self._map.axes.get_ylim())

    def _draw_marginals(self, draws: Array, centre: Array, half: Array, units: int) -> None:
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
            curve = bell(z, centre[i], half[i])
            across, up = (z, curve) if i == 0 else (curve, z)
            line.set_data(across, up)
            top = (0.0, 1.35 * float(curve.max()))
            axes.set(xlim=(low, high) if i == 0 else top, ylim=top if i == 0 else (low, high))
            # A model with a single unit has nothing to show beside the map.
            for artist in (bars, line):
                artist.set_visible(i < units)

    def _draw_settling(self, finding: TimesFound, count: int, pair: tuple[int, ...]) -> bool:
        """Deviations of the running mean and sd from mu and sigma, in sigma."""
        chosen = list(pair)
        n, mean, sd = running_estimates(finding.z[:, chosen])
        sigma = standard_deviation(finding.log_var[chosen]).astype(np.float64)
        values = ((mean - finding.mean[chosen]) / sigma, sd / sigma - 1.0)
        stale = False
        # Within a tenth of the band's last width the scale is linear, beyond it logarithmic.
        fine = 10.0 ** np.floor(np.log10(0.7 / np.sqrt(max(count, 4))))
        for plot, lines, off in zip(self._settling, self._curves, values, strict=True):
            old = plot.axes.get_xlim(), plot.axes.get_yscale(), plot.axes.get_yticks().tolist()
            plot.axes.set_xlim(1, max(count, 10))
            plot.axes.set_yscale("symlog", linthresh=fine, linscale=0.6)
            plot.axes.set_ylim(-3, 3)
            decades = np.arange(0, np.log10(fine) - 0.5, -1)
            room = plot.axes.bbox.height / (2 * len(decades) + 1)
            powers = 10.0 ** decades[:: 1 if room > TICK else len(decades)]
            ticks = [*-powers, 0.0, *powers[::-1]]
            plot.axes.yaxis.set_major_locator(FixedLocator(ticks))
            plot.axes.yaxis.set_minor_locator(NullLocator())
            plot.axes.yaxis.set_major_formatter(lambda v, _: plain(f"{v:g}"))
            plot.axes.xaxis.set_major_locator(FixedLocator([10.0**power for power in range(6)]))
            plot.axes.xaxis.set_major_formatter(
                lambda v, _: f"{v / 1000:g}k" if v >= 1000 else f"{v:g}"
            )
            for i, line in enumerate(lines):
                known = i < len(pair)
                line.set_data(n if known else [], off[:, i] if known else [])
            stale |= old != (plot.axes.get_xlim(), plot.axes.get_yscale(), ticks)
        names = [subscript(unit + 1) for unit in pair]
        for i, key in enumerate(self._keys):
            key.set_text(f"z{names[i]}" if i < len(names) else "")
        for plot, (long, short) in zip(
            self._settling,
            (
                ("(sample mean − μ) / σ, band 1/√N", "(mean − μ) / σ"),
                ("sample sd / σ − 1, band 1/√(2N)", "sd / σ − 1"),
            ),
            strict=True,
        ):
            plot.head(long, short)
        return stale


def _settling(stage: Stage, squeeze: float) -> Plot:
    """A plot by the number of draws, with the bands of one and two standard errors."""
    plot = Plot(stage, "number of draws N")
    axes, colour = plot.axes, stage.style.prior
    axes.set_xscale("log")
    n = np.geomspace(1, 100_000, 200)
    for errors, alpha in ((2, 0.16), (1, 0.26)):
        width = errors / np.sqrt(squeeze * n)
        axes.fill_between(n, -width, width, color=colour, alpha=alpha, linewidth=0)
    axes.axhline(0, color=stage.style.muted, linewidth=0.6)
    axes.xaxis.set_minor_locator(NullLocator())
    return plot


def _found(observed: Observed) -> tuple[TimesFound, RunManyTimes]:
    assert isinstance(observed.finding, TimesFound)
    assert isinstance(observed.experiment, RunManyTimes)
    return observed.finding, observed.experiment


def _pictures(finding: TimesFound) -> tuple[Array, Array, Array]:
    return finding.decoded, finding.decoded_mean, finding.decoded_sd


def _compared(finding: TimesFound) -> tuple[Estimate, Agreement]:
    sample = estimate(finding.z)
    return sample, agreement(sample, finding.mean, standard_deviation(finding.log_var))


def _told(observed: Observed, selection: Selection) -> str:
    """What was done, and whether the draws agree with what the network says."""
    finding, experiment = _found(observed)
    sample, compared = _compared(finding)
    n = sample.n
    whose = f"Input {experiment.probe + 1}"
    if experiment.probe != selection.probe:
        whose = f"Input {experiment.probe + 1} (press Run for input {selection.probe + 1})"
    begun = (
        f"{whose} was passed through the network {n:,} {'time' if n == 1 else 'times'} (seed "
        f"{experiment.seed}, weights of step {observed.step:,}): encoded once, since the same "
        "weights give the same μ(x) and σ(x) at every pass; z = μ(x) + σ(x) ε is drawn anew each "
        "time. "
    )
    if n < ENOUGH:
        return begun + f"Fewer than {ENOUGH} draws say too little of their mean and sd. "
    agree = compared.worst <= compared.bound
    many = 2 * len(finding.mean)
    verdict = (
        f"Of the {many} sample means and standard deviations the one farthest off is "
        f"{compared.worst:.2f} standard errors from what the network says: they "
        f"{'agree' if agree else 'disagree'} (if they are the same, more than "
        f"{compared.bound:.1f} comes once in 1,000 experiments). "
    )
    return begun + verdict
