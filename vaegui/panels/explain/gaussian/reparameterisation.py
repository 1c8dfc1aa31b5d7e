"""The reparameterisation trick: one z written in two ways, and the gradient one lets through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.patches import FancyArrowPatch
from matplotlib.ticker import NullLocator

from vaegui.analysis.explain import GradientPaths, gradient_paths
from vaegui.analysis.posterior import standard_deviation
from vaegui.panels.context import Context
from vaegui.panels.drawing.classes import called
from vaegui.panels.drawing.stage import SMALL, TEXT, Stage, plain
from vaegui.panels.drawing.text import subscript, wrapped
from vaegui.panels.explain.shared.base import (
    BigQuestion,
    Control,
    ExplainsInput,
    Table,
    TableColumn,
)
from vaegui.panels.explain.shared.drawing import Drawing, Pill, Word, tinted
from vaegui.panels.explain.shared.explanation_base import ExplanationBase
from vaegui.panels.explain.shared.plots import Plot, bell
from vaegui.panels.focus import Focus
from vaegui.queries.base import Result
from vaegui.queries.explain import Explain
from vaegui.queries.explained import Explained
from vaegui.runs.run import Run
from vaegui.training.record.events import Prepared, Snapshot

__all__ = ["Reparameterisation"]

PILL = 19.0
WIDE, NARROW = 78.0, 64.0
"""Width of a node where there is room, and where there is less."""
ROOM = 230.0
"""A half that is narrower than this, in points, has narrow nodes."""
FLAT = 225.0
"""A picture that is lower than this, in points, leaves the bells out."""
APART = 4.5
"""Between an arrow and its gradient, in points."""
REACH = 3.6
"""Bells are shown so many sigma to each side."""


@dataclass(frozen=True, slots=True)
class _Places:
    """Middles of nodes in one half of the picture, in points."""

    left: float
    width: float
    node: float
    mean: tuple[float, float]
    log_var: tuple[float, float]
    chance: tuple[float, float]
    z: tuple[float, float]
    loss: tuple[float, float]


class Reparameterisation(ExplainsInput, ExplanationBase[Result[Explained]]):
    """At the left z as a draw, at the right the same z as a function of mu, sigma and eps."""

    name: ClassVar[str] = "reparameterisation"
    title: ClassVar[str] = "The reparameterisation trick"
    question: ClassVar[str] = "Why is z written as μ + σ ε?"
    part: ClassVar[BigQuestion] = "gaussian"
    controls: ClassVar[tuple[Control, ...]] = ("example", "unit", "noise")
    empty: ClassVar[str] = (
        "Train a model: z will appear here as a draw, through which no gradient flows, and as "
        "μ + σ ε, through which it does, with the derivatives of the picked input's loss."
    )
    shows: ClassVar[frozenset[type]] = frozenset({Snapshot, Result})
    follows: ClassVar[frozenset[str]] = frozenset({"example", "unit"})

    def content(self, ctx: Context[Any]) -> Result[Explained] | None:
        """See `ExplanationBase.content`."""
        return ctx.latest(Explain)

    def depends(self, ctx: Context[Any]) -> tuple[object, ...]:
        """See `ExplanationBase.depends`."""
        run, focus = ctx.run, ctx.focus
        return (_unit(run, focus),)

    def make(self, stage: Stage, begun: Prepared) -> None:
        """See `ExplanationBase.make`."""
        style = stage.style
        self._arrows: list[FancyArrowPatch] = []
        self._drawing = Drawing(stage)
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

    def move(self, content: Result[Explained], ctx: Context[Any]) -> bool:
        """See `ExplanationBase.move`."""
        run, focus = ctx.run, ctx.focus
        explained, unit = content.value, _unit(run, focus)
        stale = self._draw_nodes(explained, unit)
        return self._draw_bells(explained, unit) or stale

    def artists(self) -> Sequence[Artist]:
        """See `Panel.artists`."""
        if not self.ready:
            return []
        words = [text for plot in self._bells for text in plot.texts()]
        bells = [*self._curves, *self._marks] if self._bells[0].axes.get_visible() else []
        return [*self._drawing.artists(), *words, *bells]

    def table(self, ctx: Context[Any]) -> Table | None:
        """The derivatives for every unit, and the two ways that they come on."""
        answer = ctx.latest(Explain)
        if answer is None:
            return None
        explained = answer.value
        passed, paths = explained.passed, _paths(explained)
        by_z, by_kl = "The part that comes through z.", "The part that comes from the KL term."
        return Table(
            (
                TableColumn("unit", np.arange(1, len(passed.eps) + 1), 0),
                TableColumn("ε", passed.eps),
                TableColumn("∂L/∂z", passed.d_z, tip="Of the reconstruction term: KL has no z."),
                TableColumn(
                    "∂L/∂μ", passed.d_mean, role="output", tip="Of the loss of this input."
                ),
                TableColumn("by z", paths.mean_by_z, tip=by_z),
                TableColumn("by KL", paths.mean_by_kl, tip=by_kl),
                TableColumn("∂L/∂log σ²", passed.d_log_var, role="output"),
                TableColumn("by z ", paths.log_var_by_z, tip=by_z),
                TableColumn("by KL ", paths.log_var_by_kl, tip=by_kl),
            )
        )

    def describe(self, ctx: Context[Any]) -> str:
        """See `Panel.describe`."""
        run, focus = ctx.run, ctx.focus
        answer = ctx.latest(Explain)
        if answer is None:
            return ctx.not_kept or self.empty
        explained = answer.value
        name = called(run.begun, explained.example.ref).capitalize()
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
        self._halves = [_places(8 + i * (half + 12), half, upper) for i in range(2)]
        for i, plot in enumerate(self._bells):
            plot.show(not flat)
            # Room for the text that ends each graph.
            plot.arrange(
                self._halves[i].left, upper + 16, half, max(40.0, stage.height - upper - 22)
            )
        for arrow in self._arrows:
            arrow.remove()
        self._arrows = []
        draw, trick = self._halves
        forward: dict[str, Any] = {"color": stage.style.muted, "linewidth": 1.1}
        for start in (draw.mean, draw.log_var):
            self._arrow(start, draw.z, linestyle=(0, (2, 2)), **forward)
        for start in (trick.mean, trick.log_var, trick.chance):
            self._arrow(start, trick.z, **forward)
        back: dict[str, Any] = {"color": stage.style.accent, "linewidth": 1.6, "shift": APART}
        for places in self._halves:
            self._arrow(places.z, places.loss, upright=True, **forward)
            self._arrow(places.loss, places.z, upright=True, **back)
        for end in (trick.mean, trick.log_var):
            self._arrow(trick.z, end, **back)

    def _arrow(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        *,
        shift: float = 0.0,
        upright: bool = False,
        **look: Any,
    ) -> None:
        """An arrow between the edges of two pills; ``shift`` moves it sideways, to its right."""
        (x0, y0), (x1, y1) = start, end
        if upright:
            up = 1 if y1 > y0 else -1
            y0, y1 = y0 + up * PILL / 2, y1 - up * (PILL / 2 + 1)
            x0, x1 = (
                x0 - up * shift - (0 if shift else APART),
                x1 - up * shift - (0 if shift else APART),
            )
        else:
            along = 1 if x1 > x0 else -1
            half = self._halves[0].node / 2
            x0, x1 = x0 + along * half, x1 - along * (half + 1)
            y0, y1 = y0 - along * shift, y1 - along * shift
        arrow = FancyArrowPatch(
            (x0, y0), (x1, y1), arrowstyle="-|>", mutation_scale=8, shrinkA=0, shrinkB=0, **look
        )
        self._stage.sheet.add_patch(arrow)
        self._arrows.append(arrow)

    def _draw_nodes(self, explained: Explained, unit: int) -> bool:
        passed, paths, style = explained.passed, _paths(explained), self._stage.style
        i = subscript(unit + 1)
        draw, trick = self._halves
        output, chance = style.output, style.muted
        shown = [
            (draw.mean, f"μ{i} = {passed.mean[unit]:.4f}", output),
            (draw.log_var, f"log σ{i}² = {passed.log_var[unit]:.3f}", output),
            (draw.z, f"z{i} = {passed.z[unit]:.4f}", output),
            (draw.loss, f"L = {passed.total:.2f}", output),
            (trick.mean, f"μ{i} = {passed.mean[unit]:.4f}", output),
            (trick.log_var, f"log σ{i}² = {passed.log_var[unit]:.3f}", output),
            (trick.chance, f"ε{i} = {passed.eps[unit]:.4f}", chance),
            (trick.z, f"z{i} = {passed.z[unit]:.4f}", output),
            (trick.loss, f"L = {passed.total:.2f}", output),
        ]
        pills = [
            Pill(
                (x - draw.node / 2, y - PILL / 2, draw.node, PILL),
                tinted(colour, style.background, 0.12),
                tinted(colour, style.background, 0.9),
                1.1,
            )
            for (x, y), _, colour in shown
        ]
        size = TEXT if draw.node == WIDE else SMALL
        words = [Word(x, y + 0.5, plain(text), style.text, size) for (x, y), text, _ in shown]
        words += self._said(passed.d_z[unit], paths, unit)
        return self._drawing.show([], pills, words)

    def _said(self, d_z: float, paths: GradientPaths, unit: int) -> list[Word]:
        """Titles of the halves and what stands at the gradients' arrows."""
        style, i = self._stage.style, subscript(unit + 1)
        draw, trick = self._halves
        accent = style.accent

        def word(x: float, y: float, text: str, colour: str, **more: Any) -> Word:
            return Word(x, y, plain(text), colour, more.pop("size", SMALL), **more)

        words = [
            word(draw.left, 11, f"as a draw:  z{i} ~ N(μ{i}, σ{i}²)", style.text, **_TITLE),
            word(
                trick.left, 11, f"reparameterised:  z{i} = μ{i} + σ{i} ε{i}", style.text, **_TITLE
            ),
        ]
        for places in self._halves:
            y = (places.z[1] + places.loss[1]) / 2
            lines = [f"∂L/∂z{i} = {d_z:+.4f}"]
            if places.node < WIDE:
                lines = [f"∂L/∂z{i} =", f"{d_z:+.4f}"]
            first = y - 5 * (len(lines) - 1)
            words += [
                word(places.z[0] - 9, first + 10 * row, line, accent, across="right")
                for row, line in enumerate(lines)
            ]
        x, y = (draw.log_var[0] + draw.z[0]) / 2, (draw.mean[1] + draw.z[1]) / 2
        words.append(word(x, y + 1, "drawn at random", style.muted, ground=True))
        end = draw.z[0] - draw.node / 2 - 6
        words.append(word(end, draw.z[1] + 1, "✕", style.accent, size=TEXT + 3, bold=True))
        room = draw.loss[0] - draw.node / 2 - draw.left - 4
        cut = "✕ A draw has no derivative: the gradient ends at z."
        lines = wrapped(cut, room, SMALL).splitlines()
        for row, text in enumerate(lines):
            y = draw.loss[1] + 7 - 10 * (len(lines) - 1 - row)
            words.append(word(draw.left, y, text, accent, across="left"))
        for at, text in (
            (trick.mean, f"∂L/∂z · 1 = {paths.mean_by_z[unit]:+.4f}"),
            (trick.log_var, f"∂L/∂z · σε/2 = {paths.log_var_by_z[unit]:+.4f}"),
        ):
            words.append(word(at[0], at[1] + PILL / 2 + 6, text, accent))
        words.append(
            word(trick.chance[0], trick.chance[1] + PILL / 2 + 6, "drawn from N(0, 1)", style.muted)
        )
        return words

    def _draw_bells(self, explained: Explained, unit: int) -> bool:
        """z on N(mu, sigma^2); eps on N(0, 1), at the same place."""
        passed, i = explained.passed, subscript(unit + 1)
        mean, eps, z = (float(v[unit]) for v in (passed.mean, passed.eps, passed.z))
        sigma = float(standard_deviation(passed.log_var)[unit])
        at = np.linspace(-REACH, REACH, 121)
        density = bell(at, 0.0, 1.0)
        stale = False
        for plot, curve, mark, centre, scale, spot, low, high in (
            (self._bells[0], self._curves[0], self._marks[0], mean, sigma, z, -REACH, REACH),
            (self._bells[1], self._curves[1], self._marks[1], 0.0, 1.0, eps, -REACH, REACH),
        ):
            curve.set_data(centre + scale * at, density)
            height = float(bell(np.array([eps]), 0.0, 1.0)[0])
            mark.set_data([spot, spot], [0.0, height])
            limits = (centre + scale * low, centre + scale * high)
            before = plot.axes.get_xlim()
            plot.axes.set(xlim=limits, ylim=(0.0, 0.46))
            stale |= before != limits
        self._bells[0].head(f"N(μ{i}, σ{i}²), and z{i} where it fell", f"z{i} on N(μ{i}, σ{i}²)")
        self._bells[1].head(f"ε{i} on N(0, 1); times σ{i} plus μ{i} it is z{i}", f"ε{i} on N(0, 1)")
        return stale


_TITLE: dict[str, Any] = {"size": TEXT + 0.5, "bold": True, "across": "left"}


def _places(left: float, width: float, height: float) -> _Places:
    """Nodes of one half."""
    node = WIDE if width >= ROOM else NARROW
    first, last = left + node / 2 + 2, left + width - node / 2 - 4
    top = 36.0
    step = (height - top - 14) / 2
    rows = [top + i * step for i in range(3)]
    return _Places(
        left=left,
        width=width,
        node=node,
        mean=(first, rows[0]),
        log_var=(first, rows[1]),
        chance=(first, rows[2]),
        z=(last, rows[1]),
        loss=(last, rows[2]),
    )


def _paths(explained: Explained) -> GradientPaths:
    passed = explained.passed
    return gradient_paths(passed.log_var, passed.eps, passed.d_z, passed.d_mean, passed.d_log_var)


def _unit(run: Run, focus: Focus) -> int:
    return min(focus.unit, run.begun.settings.latent_units - 1)


def _sum(first: float, second: float) -> str:
    """a + b = c, with signs that can be read."""
    sign = "+" if second >= 0 else "-"
    return f"{first:.4f} {sign} {abs(second):.4f} = {first + second:.4f}"
