"""One input passed through the network again and again: z differs, its Gaussian does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from matplotlib.artist import Artist

from vaegui.analysis.draws import Agreement, SampleEstimate, agreement, estimate
from vaegui.analysis.posterior import standard_deviation
from vaegui.declared import Declared, setting
from vaegui.panels.context import Context
from vaegui.panels.drawing.classes import example_name
from vaegui.panels.drawing.map.pair import MapPair
from vaegui.panels.drawing.stage import Stage
from vaegui.panels.explain.gaussian.many_times.cloud import DrawnCloud
from vaegui.panels.explain.gaussian.many_times.decoded import decoded_draws
from vaegui.panels.explain.gaussian.many_times.settling import Settling
from vaegui.panels.explain.shared.base import (
    BigQuestion,
    Control,
    ExperimentControls,
    ValueColumn,
    ValueTable,
)
from vaegui.panels.explain.shared.explanation_base import ExplanationBase
from vaegui.queries.base import Result
from vaegui.queries.many_times import ManyTimesFound, RunManyTimes
from vaegui.training.record.events import Prepared

__all__ = ["ManyTimesPanel"]

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


def _experiment(ctx: Context[Any], options: TimesOptions) -> RunManyTimes | None:
    if ctx.example is None:
        return None
    return RunManyTimes(ctx.example, options.count, options.seed)


class ManyTimesPanel(ExplanationBase[Result[ManyTimesFound]]):
    """The cloud of z with its marginals, how mean and sd settle, and what the draws decode to."""

    name: ClassVar[str] = "many-times"
    title: ClassVar[str] = "Run this input many times"
    question: ClassVar[str] = "How can one input have a mean and a standard deviation?"
    part: ClassVar[BigQuestion] = "gaussian"
    about_spread: ClassVar[bool] = True
    controls: ClassVar[tuple[Control, ...]] = (
        "example",
        ExperimentControls(
            label="Run",
            tip="Pass this input through the network so many times, each time with another ε.",
            kind=RunManyTimes,
            options=TimesOptions(),
            make=_experiment,
            live=True,
            fresh="seed",
        ),
        "more",
    )
    empty: ClassVar[str] = (
        "Press Run: this one input is passed through the network again and again. The draws of z "
        "will appear here as a cloud, and their mean and standard deviation beside μ(x) and σ(x)."
    )

    def __init__(self) -> None:
        self._pair = MapPair()

    def content(self, ctx: Context[Any]) -> Result[ManyTimesFound] | None:
        """See `PanelBase.content`."""
        return ctx.latest(RunManyTimes)

    def depends(self, ctx: Context[Any]) -> tuple[object, ...]:
        """See `Panel.depends`."""
        focus = ctx.focus
        return *super().depends(ctx), self._pair.of(ctx.run, focus), focus.more

    def create_artists(self, stage: Stage, begun: Prepared) -> None:
        """See `PanelBase.create_artists`."""
        self._cloud = DrawnCloud(stage)
        self._settling = Settling(stage)
        self._decoded = decoded_draws(stage, begun)

    def arrange(self) -> None:
        """Cloud, convergence and decoded draws in three columns."""
        width, height = self._stage.width - 24, self._stage.height - 12
        first = min(0.40 * width, height)
        second = 0.3 * width
        third = self._stage.width - first - second - 52
        box = 6, 4, self._stage.width - 16, height
        (cells,) = self._stage.grid(box, columns=(first + 4, second, third), gap=16)
        self._cloud.arrange(*cells[0][:2], first, height)
        self._settling.arrange(*cells[1][:3], height - 8)
        self._decoded.arrange(*cells[2][:3], height - 4)

    def update_artists(self, content: Result[ManyTimesFound], ctx: Context[Any]) -> bool:
        """See `PanelBase.update_artists`."""
        run, focus = ctx.run, ctx.focus
        finding, experiment = content.value, content.value.query
        pair = self._pair.of(run, focus)
        stale = self._cloud.show(finding, pair)
        stale |= self._settling.show(finding, experiment.count, pair, fine=focus.more)
        pictures = finding.decoded, finding.decoded_mean, finding.decoded_sd
        return self._decoded.show(finding.example.x, *pictures) or stale

    def moving_artists(self) -> Sequence[Artist]:
        """See `PanelBase.moving_artists`."""
        parts = (self._settling, self._cloud, self._decoded)
        return [artist for part in parts for artist in part.artists()]

    def table(self, ctx: Context[Any]) -> ValueTable | None:
        """For each unit, what the network says and what the draws say."""
        focus = ctx.focus
        observed = ctx.latest(RunManyTimes)
        if observed is None:
            return None
        finding = observed.value
        sample, compared = _compared(finding)
        sd = standard_deviation(finding.log_var)
        columns = [
            ValueColumn("unit", np.arange(1, len(sd) + 1), 0),
            ValueColumn("μ(x)", finding.mean, role="output", tip="What the network reads out."),
            ValueColumn("sample mean", sample.mean, tip="Mean of the draws of z."),
            ValueColumn("± s.e.", sample.mean_error, tip="Its standard error, s / √N."),
            ValueColumn("z-score", compared.mean_z, 2, tip="(mean − μ) / (σ / √N)"),
            ValueColumn("σ(x)", sd, role="output", tip="exp(log σ² / 2), as the network says."),
            ValueColumn("sample sd", sample.sd, tip="Standard deviation of the draws, with N − 1."),
            ValueColumn("± s.e. (sd)", sample.sd_error, tip="Its standard error, s / √(2(N − 1))."),
            ValueColumn("z-score (sd)", compared.sd_z, 2, tip="(s − E[s]) / sd[s]"),
        ]
        shown = [c for c in columns if focus.more or not c.title.startswith("z-score")]
        return ValueTable(tuple(shown))

    def describe(self, ctx: Context[Any]) -> str:
        """See `Panel.describe`."""
        run, focus = ctx.run, ctx.focus
        observed = ctx.latest(RunManyTimes)
        if observed is None:
            return (
                "The network gives this input a mean μ(x) and a standard deviation σ(x); z is then "
                "drawn: z = μ(x) + σ(x) ε, with a new ε from N(0, 1) each time. Press Run to draw "
                "again and again, and compare the draws with what the network says."
            )
        return _description(observed, ctx) + self._pair.text(run, focus)


def _compared(finding: ManyTimesFound) -> tuple[SampleEstimate, Agreement]:
    sample = estimate(finding.z)
    return sample, agreement(sample, finding.mean, standard_deviation(finding.log_var))


def _description(observed: Result[ManyTimesFound], ctx: Context[Any]) -> str:
    """What was done, and whether the draws agree with what the network says."""
    finding, experiment = observed.value, observed.value.query
    sample, compared = _compared(finding)
    n = sample.n
    whose = example_name(ctx.run.begun, experiment.example).capitalize()
    if ctx.example is not None and experiment.example != ctx.example:
        whose += f" (press Run for {example_name(ctx.run.begun, ctx.example)})"
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
