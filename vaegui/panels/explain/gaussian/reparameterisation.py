"""The reparameterisation trick: one z written in two ways, and the gradient one lets through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.ticker import NullLocator

from vaegui.analysis.explain import GradientPaths, gradient_paths
from vaegui.analysis.posterior import normal_density, standard_deviation
from vaegui.panels.context import Context
from vaegui.panels.drawing.classes import example_name
from vaegui.panels.drawing.stage import Stage, plain
from vaegui.panels.drawing.text import subscript
from vaegui.panels.explain.gaussian.two_ways import TwoWays
from vaegui.panels.explain.shared.base import (
    BigQuestion,
    Control,
    ValueColumn,
    ValueTable,
)
from vaegui.panels.explain.shared.explanation_base import ExplainsInput
from vaegui.panels.explain.shared.plots import Plot
from vaegui.panels.focus import Focus
from vaegui.queries.base import Result
from vaegui.queries.explain import Explain
from vaegui.queries.explained import Explained
from vaegui.runs.run import Run
from vaegui.training.record.events import Prepared

__all__ = ["Reparameterisation"]

FLAT = 225.0
"""A picture that is lower than this, in points, leaves the bells out."""
REACH = 3.6
"""Bells are shown so many sigma to each side."""


class Reparameterisation(ExplainsInput):
    """At the left z as a draw, at the right the same z as a function of mu, sigma and eps."""

    name: ClassVar[str] = "reparameterisation"
    title: ClassVar[str] = "The reparameterisation trick"
    question: ClassVar[str] = "Why is z written as μ + σ ε?"
    part: ClassVar[BigQuestion] = "gaussian"
    about_spread: ClassVar[bool] = True
    controls: ClassVar[tuple[Control, ...]] = ("example", "unit", "noise")
    empty: ClassVar[str] = (
        "Train a model: z will appear here as a draw, through which no gradient flows, and as "
        "μ + σ ε, through which it does, with the derivatives of the picked input's loss."
    )

    def depends(self, ctx: Context[Any]) -> tuple[object, ...]:
        """See `Panel.depends`."""
        return *super().depends(ctx), _unit(ctx.run, ctx.focus)

    def create_artists(self, stage: Stage, begun: Prepared) -> None:
        """See `PanelBase.create_artists`."""
        style = stage.style
        self._ways = TwoWays(stage)
        self._bells = [Plot(stage, left=0.0), Plot(stage, left=0.0)]
        self._curves, self._marks = [], []
        for plot, colour in zip(self._bells, (style.output, style.muted), strict=True):
            plot.axes.yaxis.set_major_locator(NullLocator())
            self._curves.append(plot.axes.plot([], [], color=colour, linewidth=1.8)[0])
            self._marks.append(
                plot.axes.plot([], [], color=style.accent, linewidth=1.4, marker="o", markersize=4)[
                    0
                ]
            )

    def update_artists(self, content: Result[Explained], ctx: Context[Any]) -> bool:
        """See `PanelBase.update_artists`."""
        run, focus = ctx.run, ctx.focus
        explained, unit = content.value, _unit(run, focus)
        self._ways.show(explained.passed, _paths(explained), unit)
        return self._draw_bells(explained, unit)

    def moving_artists(self) -> Sequence[Artist]:
        """See `PanelBase.moving_artists`."""
        words = [text for plot in self._bells for text in plot.texts()]
        bells = [*self._curves, *self._marks] if self._bells[0].axes.get_visible() else []
        return [*self._ways.artists(), *words, *bells]

    def table(self, ctx: Context[Any]) -> ValueTable | None:
        """The derivatives for every unit, and the two ways that they come on."""
        answer = ctx.latest(Explain)
        if answer is None:
            return None
        explained = answer.value
        passed, paths = explained.passed, _paths(explained)
        by_z, by_kl = "The part that comes through z.", "The part that comes from the KL term."
        return ValueTable(
            (
                ValueColumn("unit", np.arange(1, len(passed.eps) + 1), 0),
                ValueColumn("ε", passed.eps),
                ValueColumn("∂L/∂z", passed.d_z, tip="Of the reconstruction term: KL has no z."),
                ValueColumn(
                    "∂L/∂μ", passed.d_mean, role="output", tip="Of the loss of this input."
                ),
                ValueColumn("by z", paths.mean_by_z, tip=by_z),
                ValueColumn("by KL", paths.mean_by_kl, tip=by_kl),
                ValueColumn("∂L/∂log σ²", passed.d_log_var, role="output"),
                ValueColumn("by z ", paths.log_var_by_z, tip=by_z),
                ValueColumn("by KL ", paths.log_var_by_kl, tip=by_kl),
            )
        )

    def describe(self, ctx: Context[Any]) -> str:
        """See `Panel.describe`."""
        run, focus = ctx.run, ctx.focus
        answer = ctx.latest(Explain)
        if answer is None:
            return ctx.not_kept or self.empty
        explained = answer.value
        name = example_name(run.begun, explained.example.ref).capitalize()
        unit, passed, paths = _unit(run, focus), explained.passed, _paths(explained)
        i = subscript(unit + 1)
        return plain(
            f"{name}, with the loss L: z{i} = {passed.z[unit]:.4f} either way. As a "
            f"draw from N(μ{i}, σ{i}²) it is no function of μ{i} and σ{i}: no derivative, so no "
            "gradient of the reconstruction term reaches the encoder. "
            f"As μ{i} + σ{i} ε{i}, with ε{i} = {passed.eps[unit]:.4f} drawn beforehand, "
            f"∂z{i}/∂μ{i} = 1 and ∂z{i}/∂log σ{i}² = "
            f"σ{i} ε{i} / 2 = {paths.slope[unit]:.4f}. So ∂L/∂μ{i} = "
            f"{_sum(paths.mean_by_z[unit], paths.mean_by_kl[unit])} and ∂L/∂log σ{i}² = "
            f"{_sum(paths.log_var_by_z[unit], paths.log_var_by_kl[unit])}: the first part comes "
            "through z, the second from the KL term."
        )

    def arrange(self) -> None:
        """Two halves: the graph above, a bell below."""
        stage = self._stage
        half = (stage.width - 28) / 2
        flat = stage.height < FLAT
        upper = stage.height - 8 if flat else min(max(150.0, 0.6 * stage.height), 250.0)
        self._ways.arrange(8.0, half, upper)
        # Room for the text that ends each graph.
        below = 8, upper + 16, stage.width - 16, max(40.0, stage.height - upper - 22)
        (bells,) = stage.grid(below, columns=(1, 1), gap=12)
        for plot, box in zip(self._bells, bells, strict=True):
            plot.show(not flat)
            plot.arrange(*box)

    def _draw_bells(self, explained: Explained, unit: int) -> bool:
        """z on N(mu, sigma^2); eps on N(0, 1), at the same place."""
        passed, i = explained.passed, subscript(unit + 1)
        mean, eps, z = (float(v[unit]) for v in (passed.mean, passed.eps, passed.z))
        sigma = float(standard_deviation(passed.log_var)[unit])
        at = np.linspace(-REACH, REACH, 121)
        density = normal_density(at, 0.0, 1.0)
        stale = False
        for plot, curve, mark, centre, scale, spot, low, high in (
            (self._bells[0], self._curves[0], self._marks[0], mean, sigma, z, -REACH, REACH),
            (self._bells[1], self._curves[1], self._marks[1], 0.0, 1.0, eps, -REACH, REACH),
        ):
            curve.set_data(centre + scale * at, density)
            height = float(normal_density(np.array([eps]), 0.0, 1.0)[0])
            mark.set_data([spot, spot], [0.0, height])
            limits = (centre + scale * low, centre + scale * high)
            before = plot.axes.get_xlim()
            plot.axes.set(xlim=limits, ylim=(0.0, 0.46))
            stale |= before != limits
        self._bells[0].head(f"N(μ{i}, σ{i}²), and z{i} where it fell", f"z{i} on N(μ{i}, σ{i}²)")
        self._bells[1].head(f"ε{i} on N(0, 1); times σ{i} plus μ{i} it is z{i}", f"ε{i} on N(0, 1)")
        return stale


def _paths(explained: Explained) -> GradientPaths:
    passed = explained.passed
    return gradient_paths(passed.log_var, passed.eps, passed.d_z, passed.d_mean, passed.d_log_var)


def _unit(run: Run, focus: Focus) -> int:
    return min(focus.unit, run.begun.settings.latent_units - 1)


def _sum(first: float, second: float) -> str:
    """a + b = c, with signs that can be read."""
    sign = "+" if second >= 0 else "-"
    return f"{first:.4f} {sign} {abs(second):.4f} = {first + second:.4f}"
