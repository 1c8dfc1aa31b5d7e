"""Two rows of weights made equal on a copy: what parts them again, if anything does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.ticker import FuncFormatter, MaxNLocator

from vaegui.declared import Declared, setting
from vaegui.panels.context import Context
from vaegui.panels.drawing.navigation import settle
from vaegui.panels.drawing.stage import SMALL, TEXT, Stage, plain
from vaegui.panels.drawing.text import subscript
from vaegui.panels.explain.shared.base import BigQuestion, Control, ExperimentControls
from vaegui.panels.explain.shared.explanation_base import ExplanationBase
from vaegui.panels.explain.shared.plots import Dots
from vaegui.queries.base import Result
from vaegui.queries.equal_rows import EqualRows, EqualRowsFound
from vaegui.training.record.events import Prepared

__all__ = ["EqualRowsPanel"]

LEFT, TOP, BOTTOM, GAP = 42.0, 24.0, 32.0, 58.0
SINGLE = "This model has a single latent unit: there is no second row to make equal."
SAME = 1e-5
"""Up to this part of their size, gradients count as the same: float32 knows no better."""


class RowsOptions(Declared):
    """How long the copy is trained."""

    steps: int = setting(
        200,
        title="Steps",
        help="How many steps the copy is trained after its rows were made equal.",
        unit="steps",
        ge=1,
        le=100_000,
    )


def _experiment(ctx: Context[Any], options: RowsOptions) -> EqualRows:
    return EqualRows(options.steps, ctx.focus.unit, ctx.focus.beside)


class EqualRowsPanel(ExplanationBase[Result[EqualRowsFound]]):
    """The copy's map, from the diagonal on; how far apart the rows and their gradients are."""

    name: ClassVar[str] = "equal-rows"
    title: ClassVar[str] = "Make the two rows equal"
    trains: ClassVar[bool] = True
    question: ClassVar[str] = "What if μ₁ and μ₂ had the same weights?"
    part: ClassVar[BigQuestion] = "mu"
    controls: ClassVar[tuple[Control, ...]] = (
        "unit",
        "beside",
        ExperimentControls(
            label="Make equal and train",
            tip="On a copy of the model, give both units one row of weights and one bias, then "
            "train the copy. The model itself stays as it is.",
            kind=EqualRows,
            options=RowsOptions(),
            make=_experiment,
            units=2,
            begins="The model is copied, and the two rows of the copy are made equal ...",
        ),
    )
    empty: ClassVar[str] = (
        "Press Make equal and train: on a copy of the model, μ₂ gets the weights of μ₁. All inputs "
        "will lie on a diagonal here, μ₁ = μ₂; then you see whether training parts the two."
    )

    def content(self, ctx: Context[Any]) -> Result[EqualRowsFound] | None:
        """See `PanelBase.content`."""
        return ctx.latest(EqualRows)

    def why_empty(self, ctx: Context[Any]) -> str:
        """See `PanelBase.why_empty`."""
        single = ctx.run.begun.settings.latent_units < 2
        return super().why_empty(ctx) or (SINGLE if single else "")

    def create_artists(self, stage: Stage, begun: Prepared) -> None:
        """See `PanelBase.create_artists`."""
        style = stage.style
        self._map, self._apart, self._pull = (stage.axes() for _ in range(3))
        for axes in (self._map, self._apart, self._pull):
            for axis in (axes.xaxis, axes.yaxis):
                axis.set_major_formatter(FuncFormatter(lambda v, _: plain(f"{v:g}")))
        self._diagonal = self._map.axline(
            (0, 0), slope=1, color=style.prior, linewidth=0.9, linestyle=(0, (4, 3))
        )
        dot: dict[str, Any] = {"linestyle": "", "marker": "o", "markeredgewidth": 0}
        (self._original,) = self._map.plot(
            [], [], markersize=3.2, color=style.prior, alpha=0.45, **dot
        )
        (self._before,) = self._map.plot([], [], markersize=2.6, color=style.text, **dot)
        self._after = Dots(stage, self._map, begun, 4.0, 0.85)
        (self._distance,) = self._apart.plot([], [], color=style.parameter, linewidth=1.6)
        self._pulls = [
            self._pull.plot([], [], color=colour, linewidth=1.4, linestyle=dashes)[0]
            for colour, dashes in (
                (style.units[0], "-"),
                (style.units[1], (0, (4, 2))),
                (style.text, "-"),
            )
        ]
        self._titles = [
            stage.text(0, 0, size=TEXT, weight="bold", ha=across)
            for across in ("left", "left", "left")
        ]
        self._words = [stage.text(0, 0, size=SMALL, color=style.muted) for _ in range(3)]
        self._keys = [
            stage.text(0, 0, size=SMALL, color=line.get_color(), ha="right") for line in self._pulls
        ]
        self._spans: dict[str, tuple[float, float] | None] = {}

    def update_artists(self, content: Result[EqualRowsFound], ctx: Context[Any]) -> bool:
        """See `PanelBase.update_artists`."""
        finding, experiment = content.value, content.value.query
        pair = [experiment.first, experiment.second]
        stale = self._draw_map(finding, pair)
        stale |= self._draw_curves(finding, experiment)
        self._write(finding, experiment, pair)
        return stale

    def moving_artists(self) -> Sequence[Artist]:
        """See `PanelBase.moving_artists`."""
        dots = [self._original, self._before, *self._after.lines]
        return [*dots, self._distance, *self._pulls, *self._titles, *self._words, *self._keys]

    def describe(self, ctx: Context[Any]) -> str:
        """See `Panel.describe`."""
        run, focus = ctx.run, ctx.focus
        if run.begun.settings.latent_units < 2:
            return SINGLE
        observed = ctx.latest(EqualRows)
        if observed is None:
            i, k = subscript(focus.unit + 1), subscript(focus.beside + 1)
            return (
                f"μ{i} and μ{k} are different numbers because their rows of weights are different. "
                f"Give them one row on a copy of the model: then μ{i} = μ{k} for every input. Then "
                "train the copy, and see whether they stay the same."
            )
        return _description(observed)

    def arrange(self) -> None:
        """The map as a square at the left, the two curves below each other at the right."""
        stage = self._stage
        height = stage.height - TOP - BOTTOM
        side = min(height - 14, 0.5 * stage.width - LEFT)
        stage.place(self._map, LEFT, TOP, side, side)
        left = LEFT + side + GAP
        width = stage.width - left - 12
        (above,), (below,) = stage.grid((left, TOP, width, height), rows=(1, 1), gap=38)
        stage.place(self._apart, *above)
        stage.place(self._pull, *below)
        for at, title in zip(((LEFT, TOP), above, below), self._titles, strict=True):
            title.set_position((at[0], at[1] - 8))
        self._words[1].set_position((left + width, stage.height - 8))
        self._words[0].set_position((LEFT, TOP + side + 24))
        self._words[2].set_position((LEFT, TOP + side + 35))
        self._words[1].set_horizontalalignment("right")
        for row, key in enumerate(self._keys):
            key.set_position((left + width, below[1] + 9 + 10 * row))
        for axes, size in ((self._map, side), (self._apart, width), (self._pull, width)):
            axes.xaxis.set_major_locator(
                MaxNLocator(max(3, int(size / 50)), integer=axes is not self._map)
            )
            axes.yaxis.set_major_locator(MaxNLocator(max(3, int(axes.bbox.height / 40))))
        self._spans = {}

    def _settled(
        self, name: str, low: float, high: float, pad: float = 0.05
    ) -> tuple[float, float]:
        span = self._spans[name] = settle(self._spans.get(name), low, high, pad)
        return span

    def _draw_map(self, finding: EqualRowsFound, pair: list[int]) -> bool:
        original, before, after = (
            np.asarray(mean)[:, pair] for mean in (finding.original, finding.before, finding.after)
        )
        every = np.vstack([before, after, original])
        old = self._map.get_xlim(), self._map.get_ylim()
        span = self._settled("map", float(every.min()), float(every.max()))
        self._map.set(xlim=span, ylim=span)
        self._original.set_data(*original.T)
        self._before.set_data(*before.T)
        self._after.move(after)
        return old != (self._map.get_xlim(), self._map.get_ylim())

    def _draw_curves(self, finding: EqualRowsFound, experiment: EqualRows) -> bool:
        old = self._apart.get_xlim(), self._apart.get_ylim(), self._pull.get_ylim()
        across = (0, experiment.steps)
        high = max(float(finding.distance.max()), 1e-6)
        self._apart.set(xlim=across, ylim=self._settled("apart", 0.0, high))
        pulls = np.column_stack([finding.gradient, finding.gradient_distance])
        top = max(float(pulls.max()), 1e-9)
        self._pull.set(xlim=across, ylim=self._settled("pull", 0.0, top))
        self._distance.set_data(finding.step, finding.distance)
        for line, values in zip(self._pulls, pulls.T, strict=True):
            line.set_data(finding.step, values)
        return old != (self._apart.get_xlim(), self._apart.get_ylim(), self._pull.get_ylim())

    def _write(self, finding: EqualRowsFound, experiment: EqualRows, pair: list[int]) -> None:
        i, k = (subscript(unit + 1) for unit in pair)
        done = int(finding.step[-1])
        self._titles[0].set_text(f"μ{i} across, μ{k} up; after {done:,} steps")
        self._titles[1].set_text(f"distance of the rows  ‖w{i} − w{k}‖")
        self._titles[2].set_text("length of their gradients")
        self._words[1].set_text("steps of the copy")
        self._words[0].set_text("colour: the copy now;  black: when the rows were made equal;")
        self._words[2].set_text("pale: the model itself;  dashed: where the two are the same")
        for key, text in zip(
            self._keys, (f"of w{i}", f"of w{k}", "of their difference"), strict=True
        ):
            key.set_text(text)


def _description(observed: Result[EqualRowsFound]) -> str:
    """What happened, as measured."""
    finding, experiment = observed.value, observed.value.query
    pair = [experiment.first, experiment.second]
    i, k = (subscript(unit + 1) for unit in pair)
    gap = float(np.abs(np.diff(finding.before[:, pair], axis=1)).max())
    equal = "exactly" if gap == 0.0 else f"to within {gap:.1g}"
    begun = (
        f"On a copy of the model after step {observed.step:,}, w{k} was made w{i}, and b{k} b{i}: "
        f"μ{i} = μ{k} {equal} for all {len(finding.before):,} inputs, whatever a is. "
    )
    first, second, apart = (*map(float, finding.gradient[0]), float(finding.gradient_distance[0]))
    same = apart <= SAME * max(first, second, 1e-12)
    lengths = f"{plain(f'{first:.3g}')} and {plain(f'{second:.3g}')}"
    if same:
        pulled = (
            f"The gradients of the two rows are the same (both {plain(f'{first:.3g}')} long): the "
            "rest of the network treats the two units alike, so nothing parts them. "
        )
    else:
        pulled = (
            f"The gradients of the two rows are not the same (lengths {lengths}, difference "
            f"{plain(f'{apart:.3g}')}): each unit has σ, ε and weights in the decoder of its own. "
        )
    return begun + pulled + (f"{observed.doing} ..." if observed.doing else _ended(finding, pair))


def _ended(finding: EqualRowsFound, pair: list[int]) -> str:
    """How far apart the rows are by now."""
    done = int(finding.step[-1])
    if done == 0:
        return "Training of the copy begins."
    i, k = (subscript(unit + 1) for unit in pair)
    distance = float(finding.distance[-1])
    after = np.asarray(finding.after, np.float64)[:, pair]
    between = float(np.sqrt(np.mean(np.diff(after, axis=1) ** 2)))
    spread = after.std(axis=0)
    if distance == 0.0 or between <= 1e-6:
        return f"After {done:,} steps the rows are still the same."
    together = ""
    if spread.min() > 0:
        first, second = (after - after.mean(axis=0)).T / spread[:, None]
        correlation = float(np.mean(first * second))
        together = f", their correlation {plain(f'{correlation:.2f}')}"
    return (
        f"After {done:,} steps the rows are {plain(f'{distance:.3g}')} apart; over the inputs, "
        f"μ{i} and μ{k} differ by {plain(f'{between:.3g}')} (root mean square){together}."
    )
