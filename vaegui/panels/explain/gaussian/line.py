"""Mean and sd as functions of the input: curves along the straight line between two inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from vaegui.analysis.posterior import standard_deviation
from vaegui.panels.context import Context
from vaegui.panels.drawing.classes import example_name, short_example_name
from vaegui.panels.drawing.features import Features, bars_text
from vaegui.panels.drawing.map.pair import MapPair
from vaegui.panels.drawing.navigation import is_click, over, to_data
from vaegui.panels.drawing.stage import SMALL, TEXT, Stage, plain
from vaegui.panels.drawing.text import subscript
from vaegui.panels.drawing.tiles import tiles
from vaegui.panels.explain.shared.base import BigQuestion, Control
from vaegui.panels.explain.shared.explanation_base import ExplanationBase
from vaegui.panels.explain.shared.plots import THIN, TURNS, Dots, Map, Plot, spots
from vaegui.panels.panel import Pointer
from vaegui.queries.base import Query, Result
from vaegui.queries.line import Line, LineFound
from vaegui.runs.run import Run
from vaegui.training.record.events import Prepared, Snapshot

__all__ = ["LinePanel"]

Array = NDArray[Any]

DASHES: tuple[Any, ...] = ("-", (0, (4, 2)), (0, (1, 1.2)), (0, (5, 1.5, 1, 1.5)))
MOST = 4
"""Curves of so many units; of more, those of the latent map."""
LABELS = 54.0
NEAR = 12.0
"""How far beside a dot a click still means it, in pixels."""


class LinePanel(ExplanationBase[Result[LineFound]]):
    """Pictures along the line, mu and sigma above them as curves, and the way over the map."""

    name: ClassVar[str] = "line"
    title: ClassVar[str] = "Functions, not statistics"
    question: ClassVar[str] = "What are μ(x) and σ(x) functions of?"
    part: ClassVar[BigQuestion] = "gaussian"
    about_spread: ClassVar[bool] = True
    controls: ClassVar[tuple[Control, ...]] = ("example", "other")
    empty: ClassVar[str] = (
        "Train a model: you will see how μ(x) and σ(x) change while the input moves along the "
        "straight line from one input to another."
    )
    gestures: ClassVar[str] = "Click a dot of the map: the second input"

    def __init__(self) -> None:
        self._pair = MapPair()

    def content(self, ctx: Context[Any]) -> Result[LineFound] | None:
        """See `PanelBase.content`."""
        return ctx.latest(Line) if ctx.snapshot is not None else None

    def depends(self, ctx: Context[Any]) -> tuple[object, ...]:
        """See `Panel.depends`."""
        return *super().depends(ctx), ctx.snapshot, self._pair.of(ctx.run, ctx.focus)

    def create_artists(self, stage: Stage, begun: Prepared) -> None:
        """See `PanelBase.create_artists`."""
        style = stage.style
        self._plots = [Plot(stage), Plot(stage)]
        self._curves = [
            [
                plot.axes.plot([], [], color=colour, linewidth=1.7, linestyle=dashes)[0]
                for colour, dashes in zip(style.units, DASHES, strict=False)
            ]
            for plot in self._plots
        ]
        for plot in self._plots:
            plot.axes.set_xlim(0, 1)
            plot.axes.tick_params(labelbottom=False)
        self._plots[0].axes.axhline(0, color=style.prior, linewidth=0.7)
        self._plots[1].axes.axhline(1, color=style.prior, linewidth=0.9, linestyle="--")
        self._keys = [stage.text(0, 0, size=TEXT, color=c) for c in style.units[:MOST]]
        self._map = Map(stage)
        axes = self._map.axes
        self._way = axes.plot([], [], color=style.text, linewidth=1.6, zorder=3)[0]
        self._rings = LineCollection([], colors=style.accent, linewidths=0.9, zorder=3)
        axes.add_collection(self._rings, autolim=False)
        self._ends = [
            axes.plot([], [], "o", color=style.accent, markersize=8, fillstyle=fill, zorder=4)[0]
            for fill in ("full", "none")
        ]
        self._end_names = [
            axes.annotate(
                "",
                (0, 0),
                (7, 5),
                textcoords="offset points",
                size=TEXT,
                weight="bold",
                color=style.text,
                zorder=5,
            )
            for _ in range(2)
        ]
        self._rows = [
            stage.text(0, 0, text, size=SMALL, color=style.muted, ha="right", va="center")
            for text in ("input x", "decoded μ(x)")
        ]
        self._hint = stage.text(
            0, 0, "click a dot: the line ends there", size=SMALL, color=style.muted, ha="right"
        )
        self._strip = tiles(stage.axes(frame=False), style, begun)
        self._dots = Dots(stage, self._map.axes, begun, 3.2)

    def update_artists(self, content: Result[LineFound], ctx: Context[Any]) -> bool:
        """See `PanelBase.update_artists`."""
        run, focus = ctx.run, ctx.focus
        assert ctx.snapshot is not None
        pair, lined = self._pair.of(run, focus), content.value
        stale = self._draw_curves(lined, _units(run, pair))
        stale |= self._draw_map(run.begun, ctx.snapshot, content, pair)
        pictures = np.concatenate([lined.x, lined.reconstruction])
        self._strip.show(pictures, np.zeros(len(pictures), bool), len(lined.x))
        return stale

    @staticmethod
    def queries(ctx: Context[Any]) -> Sequence[Query[Any]]:
        """See `Panel.queries`."""
        start, end = ctx.example, ctx.other
        return () if start is None or end is None else (Line(start, end),)

    def moving_artists(self) -> Sequence[Artist]:
        """See `PanelBase.moving_artists`."""
        plots = [*self._plots, self._map]
        words = [*(t for plot in plots for t in plot.texts()), *self._keys, *self._rows, self._hint]
        curves = [line for lines in self._curves for line in lines]
        on_map = [*self._dots.lines, self._way, self._rings, *self._ends, *self._end_names]
        return [*words, *self._strip.artists(), *curves, *on_map]

    def point(self, pointer: Pointer, ctx: Context[Any]) -> Context[Any]:
        """A click on a dot makes it the end of the line."""
        clicked = pointer.kind == "release" and pointer.button == 1 and is_click(pointer)
        if not clicked or not self._stage.shown:
            return ctx
        index = self._at(pointer.x, pointer.y, ctx)
        if index is None or index == ctx.probe:
            return ctx
        return ctx.with_focus(other=ctx.run.begun.probes.refs[index])

    def hover_text(self, x: float, y: float, ctx: Context[Any]) -> str:
        """Mean and sd at the place of the line under the mouse, or the input under it."""
        run, focus = ctx.run, ctx.focus
        answer = ctx.latest(Line)
        if answer is None or not self._stage.shown:
            return ""
        index = self._at(x, y, ctx)
        if index is not None:
            return f"input {index + 1}: click to let the line end there"
        for plot in self._plots:
            if over(plot.axes, x, y):
                lined = answer.value
                at = int(np.abs(lined.at - to_data(plot.axes, x, y)[0]).argmin())
                sd = standard_deviation(lined.log_var[at])
                units = _units(run, self._pair.of(run, focus))
                lines = [f"{lined.at[at]:.0%} of the way"]
                lines += [
                    f"μ{subscript(u + 1)} = {plain(f'{lined.mean[at, u]:.4f}')}, "
                    f"σ{subscript(u + 1)} = {sd[u]:.4f}"
                    for u in units
                ]
                return "\n".join(lines)
        return self._place_text(x, y, run, answer.value)

    def _place_text(self, x: float, y: float, run: Run, lined: LineFound) -> str:
        """What the tile under the mouse is."""
        if not over(self._strip.axes, x, y):
            return ""
        tile = self._strip.at(to_data(self._strip.axes, x, y))
        if tile is None:
            return ""
        place = tile % len(lined.x)
        way = f"{place / (len(lined.x) - 1):.0%} of the way"
        if run.begun.data.is_image:
            return way
        text = Features(run.begun).text(lined.x[place], lined.reconstruction[place])
        return f"{way}: {text}"

    def describe(self, ctx: Context[Any]) -> str:
        """See `Panel.describe`."""
        run, focus = ctx.run, ctx.focus
        answer = ctx.latest(Line)
        if answer is None:
            return ctx.not_kept or self.empty
        lined, line = answer.value, answer.value.query
        sd = standard_deviation(lined.log_var)
        unit = self._pair.of(run, focus)[0]
        i = subscript(unit + 1)
        if line.start == line.end:
            return "Both ends are the same input. Choose another one, or click a dot on the map."
        text = plain(
            f"The network computes μ and σ for any x, also for one that is in no data set: here x "
            f"moves from {example_name(run.begun, line.start)} to "
            f"{example_name(run.begun, line.end)}, and "
            f"nothing is averaged. μ{i}(x) goes from {lined.mean[0, unit]:.4f} to "
            f"{lined.mean[-1, unit]:.4f}, σ{i}(x) from {sd[0, unit]:.4f} to {sd[-1, unit]:.4f}, "
            f"and takes values from {sd[:, unit].min():.4f} to {sd[:, unit].max():.4f} on the way. "
        )
        return text + self._pair.text(run, focus) + bars_text(run.begun).lstrip()

    def arrange(self) -> None:
        """Curves at the left, the strip of pictures below them tile by place; the map right."""
        stage = self._stage
        left, top = 8.0, 4.0
        width, height = stage.width - 20, stage.height - 12
        side = min(0.36 * width, height)
        wide = width - side - 18
        across, down = self._strip.size(9, 2)
        # The middle of the first tile is the beginning of the line, that of the last its end.
        track = wide - LABELS - 26
        tile = min(track / (across - 1), 0.34 * height / down)
        strip = down * tile
        each = (height - strip - 8) / 2
        inner = left + LABELS
        cells = stage.grid((left, top, wide, 2 * each), rows=(1, 1))
        for plot, (cell,) in zip(self._plots, cells, strict=True):
            plot.arrange(*cell)
            box = plot.axes.get_position()
            first, last = inner + tile / 2, inner + (across - 0.5) * tile
            stage.place(
                plot.axes,
                first,
                (1 - box.y1) * stage.height,
                last - first,
                box.height * stage.height + 6,
            )
        self._strip_top = top + 2 * each + 4
        stage.place(self._strip.axes, inner, self._strip_top, across * tile, strip)
        for i, row in enumerate(self._rows):
            y = self._strip_top + (self._strip.ratio * (i + 0.5) + self._strip.gap * i) * tile
            row.set_position((inner - 5, y))
        self._key_left = left + wide - 4
        tall = min(height - 10, 1.3 * side)
        self._map.arrange(stage.width - side - 6, top, side, tall)
        self._hint.set_position((stage.width - 14, top + tall + 9))

    def _draw_curves(self, lined: LineFound, units: Sequence[int]) -> bool:
        stale = False
        sd = standard_deviation(lined.log_var)
        for plot, lines, values in zip(self._plots, self._curves, (lined.mean, sd), strict=True):
            for row, line in enumerate(lines):
                known = row < len(units)
                line.set_data(lined.at if known else [], values[:, units[row]] if known else [])
            shown = values[:, list(units)]
            low, high = float(shown.min()), float(shown.max())
            stale |= plot.limit(None, (low, high), 0.08)
        at = self._key_left - 30 - 36 * len(units)
        for row, key in enumerate(self._keys):
            key.set_text(f"unit {units[row] + 1}" if row < len(units) else "")
            key.set_position((at + 36 * (row + 1), 13))
        self._plots[0].head("mean μ(x)")
        self._plots[1].head("standard deviation σ(x)")
        return stale

    def _draw_map(
        self,
        begun: Prepared,
        snapshot: Snapshot,
        answer: Result[LineFound],
        pair: tuple[int, ...],
    ) -> bool:
        lined, line = answer.value, answer.value.query
        way = spots(lined.mean, pair)
        half = spots(standard_deviation(lined.log_var), pair, THIN)
        points = spots(snapshot.mean, pair)
        self._dots.move(points)
        self._way.set_data(*way.T)
        places = np.linspace(0, len(way) - 1, 9).round().astype(int)
        turns = np.stack([np.cos(TURNS), np.sin(TURNS)], axis=1)
        self._rings.set_segments([way[i] + half[i] * turns for i in places])
        for mark, name, at, ref in zip(
            self._ends,
            self._end_names,
            (way[0], way[-1]),
            (line.start, line.end),
            strict=True,
        ):
            mark.set_data(at[:1], at[1:])
            name.xy = (float(at[0]), float(at[1]))
            name.set_text(short_example_name(begun, ref))
        i = [subscript(unit + 1) for unit in pair]
        up = f", z{i[1]} up" if len(i) > 1 else ""
        self._map.head(f"the way of N(μ(x), σ²(x)): z{i[0]} across{up}", "the way over the map")
        low, high = np.quantile(points, [0.005, 0.995], axis=0)
        every = np.vstack([low, high, way - half, way + half])
        return self._map.follow(every, np.zeros_like(every))

    def _at(self, x: float, y: float, ctx: Context[Any]) -> int | None:
        """The input whose dot lies at figure pixels, or None."""
        if ctx.snapshot is None or not over(self._map.axes, x, y):
            return None
        points = spots(ctx.snapshot.mean, self._pair.of(ctx.run, ctx.focus))
        away = np.hypot(*(self._map.axes.transData.transform(points) - (x, y)).T)
        nearest = int(away.argmin())
        return nearest if away[nearest] <= NEAR else None


def _units(run: Run, pair: tuple[int, ...]) -> tuple[int, ...]:
    """All units if there are few, else those of the map."""
    units = run.begun.settings.latent_units
    return tuple(range(units)) if units <= MOST else pair
