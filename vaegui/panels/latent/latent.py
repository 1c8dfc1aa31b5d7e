"""The latent space: every probe's own Gaussian, and the prior."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from matplotlib.artist import Artist
from numpy.typing import NDArray

from vaegui.analysis.posterior import kl_by_unit, standard_deviation
from vaegui.panels.context import Context, Limits, Options
from vaegui.panels.drawing.classes import Legend, example_title
from vaegui.panels.drawing.map.pair import MapPair, weight_of_units
from vaegui.panels.drawing.map.plane import Plane, RowsPlane
from vaegui.panels.drawing.map.projection import Projection, TwoUnits
from vaegui.panels.drawing.navigation import Grip, is_click, over, to_data, zoom
from vaegui.panels.drawing.panel_base import PanelBase
from vaegui.panels.drawing.picked import Encoded, Picked, picked
from vaegui.panels.drawing.stage import Stage, plain
from vaegui.panels.focus import Focus
from vaegui.panels.latent.cursor import Cursor
from vaegui.panels.latent.gaussians import Gaussians
from vaegui.panels.latent.options import LatentOptions
from vaegui.panels.latent.population_cloud import PopulationCloud, population_in
from vaegui.panels.latent.unit_labels import UnitLabels
from vaegui.panels.latent.words import map_text
from vaegui.panels.panel import Pointer
from vaegui.queries.base import Query
from vaegui.queries.decode import Decode
from vaegui.queries.inspect import Inspect
from vaegui.queries.population import Population
from vaegui.runs.run import Run
from vaegui.training.record.events import Prepared, Snapshot

__all__ = ["Latent"]

LEFT, BOTTOM, TOP = 36.0, 27.0, 12.0
POINT = 4.2
"""Diameter in points of the codes of a plain autoencoder, which have no ellipses."""
Array = NDArray[Any]
EMPTY_OF_POINTS = (
    "Press Train: the point that this plain autoencoder gives to each of some hundred inputs will "
    "appear here and move while it learns. Click one to look at it; drag to decode any point."
)


class Latent(PanelBase[Snapshot]):
    """Every probe's Gaussian as an ellipse over the rings of the prior."""

    name: ClassVar[str] = "latent"
    title: ClassVar[str] = "Latent space"
    first_options: ClassVar[Options] = LatentOptions()
    empty: ClassVar[str] = (
        "Press Train: the Gaussian that the model gives to each of some hundred inputs will "
        "appear here as an ellipse and move while the model learns. Click one to take it apart; "
        "drag to decode any point."
    )
    gestures: ClassVar[str] = (
        "Click: pick  ·  drag: decode  ·  wheel: zoom  ·  right drag: move  ·  double click: all"
    )

    def __init__(self) -> None:
        self._units_of_map = MapPair()

    def create_artists(self, stage: Stage, begun: Prepared) -> None:
        """See `PanelBase.create_artists`."""
        style, coloured = stage.style, begun.probes.labels is not None
        self._begun = begun
        self._snapshot: Snapshot | None = None
        self._limits: Limits | None = None
        self._moved: tuple[object, ...] = ()
        self._known: Picked | None = None
        self._units = begun.settings.latent_units
        self._spread = spread = begun.settings.has_spread
        self._plane = Plane(stage, prior=spread) if self._units > 1 else RowsPlane(stage, begun)
        axes = self._plane.axes
        self._legend = Legend(stage, begun)
        self._population = PopulationCloud(axes, style, coloured=coloured)
        dot = 1.8 if spread else POINT
        self._gaussians = Gaussians(axes, style, coloured=coloured, dot=dot)
        self._labels = UnitLabels(stage, self._units)
        self._cursor = Cursor(stage, axes, begun)
        self._projection: Projection
        self._grip = Grip()
        self._doubled = False

    def content(self, ctx: Context[LatentOptions]) -> Snapshot | None:
        """See `PanelBase.content`."""
        return ctx.snapshot

    def why_empty(self, ctx: Context[LatentOptions]) -> str:
        """See `PanelBase.why_empty`."""
        return "" if ctx.run.begun.settings.has_spread else EMPTY_OF_POINTS

    def depends(self, ctx: Context[LatentOptions]) -> tuple[object, ...]:
        """See `Panel.depends`."""
        focus = ctx.focus
        decoded = None if focus.cursor is None else ctx.latest(Decode)
        dots = population_in(ctx)
        known = picked(ctx)
        source = None if known is None else known.source
        seen = self._pair_of(ctx.run, focus), ctx.probe, source, focus.cursor, decoded, dots
        return *super().depends(ctx), ctx.options, *seen

    def update_artists(self, content: Snapshot, ctx: Context[LatentOptions]) -> bool:
        """See `PanelBase.update_artists`."""
        run, focus = ctx.run, ctx.focus
        if content is not self._snapshot:
            self._snapshot = content
            self._mean, self._sd = content.mean, standard_deviation(content.log_var)
            self._kl = weight_of_units(run, content)
        hidden = ctx.options.hidden_classes
        stale = self._legend.show(hidden)
        pair = self._pair = self._pair_of(run, focus)
        kl = None
        if self._spread and self._kl is not None:
            kl = float(self._kl[pair[0]]), float(self._kl[pair[1]])
        projection = self._projection = TwoUnits(pair, kl)
        centre, half = self._plane.points(self._mean, self._sd, projection)
        half = self._plane.scaled(half, ctx.options.view.sigmas)
        zoomed = ctx.options.limits if ctx.options.zoomed == projection.pair else None
        limits = self._plane.limits(centre, half) if zoomed is None else self._plane.fitted(zoomed)
        stale |= self._limit(limits)
        self._population.show(ctx, self._plane, projection, limits)
        known = self._known = picked(ctx)
        source = None if known is None else known.source
        sigmas = ctx.options.view.sigmas
        what = content, projection, sigmas, hidden, ctx.probe, source, limits
        if stale or what != self._moved:
            self._moved = what
            number = None if known is None else run.begun.probes.number(known.ref)
            ring: tuple[Array, Array] | None = None
            if number is not None:
                ring = centre[number], half[number]
            elif known is not None:
                ring = self._ring(known, sigmas)
            self._gaussians.move(centre, half, self._begun.probes.labels, hidden, ring)
        self._labels.show(projection)
        self._cursor.show(focus.cursor, projection, ctx.latest(Decode))
        return stale

    @staticmethod
    def queries(ctx: Context[LatentOptions]) -> Sequence[Query[Any]]:
        """See `Panel.queries`."""
        focus, example = ctx.focus, ctx.example
        decoded = () if focus.cursor is None else (Decode(focus.cursor),)
        population = (Population(),) if ctx.options.view.all_examples else ()
        other = () if example is None or ctx.probe is not None else (Inspect(example),)
        return (*decoded, *population, *other)

    def moving_artists(self) -> Sequence[Artist]:
        """See `PanelBase.moving_artists`."""
        # The cursor and what follows it come last: they move alone while it is dragged.
        still = [self._population.cloud, *self._gaussians.artists(), *self._labels.artists()]
        return [*still, *self._cursor.artists()]

    def point(self, pointer: Pointer, ctx: Context[LatentOptions]) -> Context[LatentOptions]:
        """Click: pick an example, toggle a class, change a unit. Drag: decode. Wheel: zoom."""
        if not self._stage.shown:
            return ctx
        start = pointer.pressed or (pointer.x, pointer.y)
        inside = over(self._plane.axes, *start)
        match pointer.kind:
            case "press":
                self._doubled = False
                self._grip.release()
            case "wheel" if inside:
                self._limits = None
                return ctx.with_options(
                    limits=zoom(self._plane.axes, pointer), zoomed=self._projection.pair
                )
            case "drag" if inside and not is_click(pointer):
                return self._dragged(pointer, ctx)
            case "double":
                self._doubled = True
                return self._double_clicked(pointer, inside, ctx)
            case "release":
                self._grip.release()
                if is_click(pointer) and not self._doubled:
                    return self._clicked(pointer, inside, ctx)
                self._doubled = False
        return ctx

    def hover_text(self, x: float, y: float, ctx: Context[LatentOptions]) -> str:
        """The input whose ellipse or dot is under the mouse: see `HasHoverText.hover_text`."""
        if not self._stage.shown or self._snapshot is None:
            return ""
        found = self._at(x, y) if over(self._plane.axes, x, y) else None
        if found is None:
            return ""
        if not self._spread:
            codes = (f"unit {u + 1}: {found.mean[u]:.2f}" for u in dict.fromkeys(self._pair))
            return "\n".join(
                [example_title(self._begun, found.ref, found.label), *map(plain, codes)]
            )
        mean, sd = found.mean, standard_deviation(found.log_var)
        kl = kl_by_unit(mean, found.log_var)
        lines = [
            f"unit {unit + 1}: mean {mean[unit]:.2f}, sd {sd[unit]:.3f}, KL {kl[unit]:.2f} nats"
            for unit in dict.fromkeys(self._pair)
        ]
        if self._units > len(lines):
            lines.append(f"all {self._units} units: KL {kl.sum():.2f} nats")
        return "\n".join([example_title(self._begun, found.ref, found.label), *map(plain, lines)])

    def reset(self, ctx: Context[LatentOptions]) -> Context[LatentOptions]:
        """See `Panel.reset`."""
        return ctx.with_options(limits=None) if ctx.options.limits else ctx

    def describe(self, ctx: Context[LatentOptions]) -> str:
        """See `Panel.describe`."""
        if ctx.snapshot is None:
            return self.why_empty(ctx) or self.empty
        return map_text(ctx, ctx.snapshot, self._units_of_map.of(ctx.run, ctx.focus))

    def arrange(self) -> None:
        """See `PanelBase.arrange`."""
        stage = self._stage
        legend = self._legend.arrange(TOP)
        width = stage.width - LEFT - max(legend + 6, 10)
        height = stage.height - TOP - BOTTOM
        stage.place(self._plane.axes, LEFT, TOP, width, height)
        self._plane.arrange()
        self._labels.arrange(LEFT, TOP, width, height)
        self._cursor.arrange(LEFT + 4, LEFT + width - 4, TOP + height - 4, min(width, height))
        self._limits = None

    def _pair_of(self, run: Run, focus: Focus) -> tuple[int, int]:
        """The units across and up; of a single unit itself twice."""
        shown = self._units_of_map.of(run, focus)
        return shown[0], shown[-1]

    def _limit(self, limits: Limits) -> bool:
        if limits == self._limits:
            return False
        self._limits = limits
        self._plane.axes.set(xlim=limits[:2], ylim=limits[2:])
        return True

    def _dragged(self, pointer: Pointer, ctx: Context[LatentOptions]) -> Context[LatentOptions]:
        if pointer.button == 1:
            return ctx.with_focus(cursor=self._cursor_at(pointer, ctx.focus))
        self._limits = None
        return ctx.with_options(
            limits=self._grip.pan(self._plane.axes, pointer), zoomed=self._projection.pair
        )

    def _clicked(
        self, pointer: Pointer, inside: bool, ctx: Context[LatentOptions]
    ) -> Context[LatentOptions]:
        where = self._stage.at(pointer.x, pointer.y)
        label = self._legend.at(*where)
        if label is not None:
            return ctx.with_options(hidden_classes=ctx.options.hidden_classes ^ {label})
        axis = self._labels.at(*where)
        if axis is not None and self._projection.pair is not None:
            return self._turned(axis, -1 if pointer.button == 3 else 1, ctx)
        if not inside or pointer.button != 1:
            return ctx
        found = self._at(pointer.x, pointer.y)
        if found is None:
            return ctx.with_focus(cursor=self._cursor_at(pointer, ctx.focus))
        return ctx if found.ref == ctx.example else ctx.with_focus(example=found.ref, by_row=False)

    def _at(self, x: float, y: float) -> Encoded | None:
        """The example whose ellipse or dot is at figure pixels, that with the nearest mean."""
        assert self._begun is not None
        probe, dot = self._gaussians.nearest(x, y), self._population.nearest(x, y)
        if dot is not None and (probe is None or dot[1] < probe[1]):
            return self._population.example(dot[0], self._begun.data.sha256)
        probes, shot = self._begun.probes, self._snapshot
        if probe is None or shot is None:
            return None
        number = probe[0]
        posterior = shot.mean[number], shot.log_var[number]
        return Encoded(probes.refs[number], probes.label(number), *posterior)

    def _ring(self, known: Picked, sigmas: int) -> tuple[Array, Array]:
        """Mean and half axes of an example that is no probe."""
        labels = None if known.label is None else np.array([known.label])
        centre = self._plane.spots(
            known.mean[None], labels, np.array([known.ref.row]), self._projection
        )
        half = self._plane.halves(standard_deviation(known.log_var)[None], self._projection)
        return centre[0], self._plane.scaled(half, sigmas)[0]

    def _double_clicked(
        self, pointer: Pointer, inside: bool, ctx: Context[LatentOptions]
    ) -> Context[LatentOptions]:
        """In the axes: follow the data. On a class: only it, or all. On a label: automatic."""
        where = self._stage.at(pointer.x, pointer.y)
        label = self._legend.at(*where)
        if label is not None:
            others = self._legend.labels - {label}
            alone = ctx.options.hidden_classes - {label} == others
            return ctx.with_options(hidden_classes=frozenset() if alone else others)
        if self._labels.at(*where) is not None and ctx.focus.pair is not None:
            return ctx.with_focus(pair=None)
        if inside and ctx.options.limits is not None:
            return ctx.with_options(limits=None)
        return ctx

    def _turned(self, axis: int, by: int, ctx: Context[LatentOptions]) -> Context[LatentOptions]:
        """The next or previous unit on an axis; both never show the same."""
        pair = list(self._pair)
        other = pair[1 - axis]
        pair[axis] = (pair[axis] + by) % self._units
        if pair[axis] == other:
            pair[axis] = (pair[axis] + by) % self._units
        return ctx.with_focus(pair=(pair[0], pair[1]))

    def _cursor_at(self, pointer: Pointer, focus: Focus) -> tuple[float, ...]:
        """The whole z: moved in the plane that is shown, the rest as it was."""
        across, up = to_data(self._plane.axes, pointer.x, pointer.y)
        if self._units == 1:
            return (across,)
        z = focus.cursor
        if z is None or len(z) != self._units:
            known = self._known
            z = (0.0,) * self._units if known is None else tuple(map(float, known.mean))
        lifted: list[float] = self._projection.lifted((across, up), np.array(z)).tolist()
        return tuple(lifted)
