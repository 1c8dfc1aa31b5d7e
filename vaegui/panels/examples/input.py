"""The picked input: what the model makes of it, and the Gaussian that it gives to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from matplotlib.artist import Artist
from matplotlib.figure import Figure

from vaegui.analysis.posterior import kl_by_unit, standard_deviation, units_by_kl
from vaegui.panels.context import Context, Options
from vaegui.panels.drawing.classes import named
from vaegui.panels.drawing.features import Features
from vaegui.panels.drawing.picked import picked, unknown
from vaegui.panels.drawing.stage import TEXT, Stage
from vaegui.panels.drawing.table import PosteriorTable
from vaegui.panels.examples.example import example
from vaegui.panels.panel import Pointer
from vaegui.panels.style import Style
from vaegui.queries.base import Query, Result
from vaegui.queries.inspect import Inspect, Inspected
from vaegui.training.record.events import Prepared, Snapshot

__all__ = ["Input"]

EDGE, TITLE = 8.0, 16.0
DRAWS = 16
MISSING = (
    "The inputs that this model was trained on are not here, and their Gaussians were not saved "
    "with it."
)


class Input:
    """One input, its reconstruction, its posterior, and draws from it decoded."""

    name: ClassVar[str] = "input"
    title: ClassVar[str] = "Input"
    first_options: ClassVar[Options] = Options()
    empty: ClassVar[str] = (
        "Press Train, then click an ellipse or a picture: this input, its reconstruction, the "
        "mean and standard deviation of its own Gaussian, and draws from it will appear here."
    )
    gestures: ClassVar[str] = "Arrow keys: the next or previous input"
    shows: ClassVar[frozenset[type]] = frozenset({Snapshot, Result})
    follows: ClassVar[frozenset[str]] = frozenset({"example"})

    def setup(self, figure: Figure, style: Style) -> None:
        """See `Panel.setup`."""
        self._stage = Stage(figure, style, self.empty)
        self._begun: Prepared | None = None
        self._shown: tuple[object, ...] = ()
        self._draw_count = DRAWS

    def draw(self, ctx: Context[Any]) -> bool:
        """See `Panel.draw`."""
        run, known = ctx.run, picked(ctx)
        if known is None:
            return self._stage.update(False, _instead(ctx))
        if self._begun is None or run.begun.probes is not self._begun.probes:
            self._begin(run.begun)
        stale = self._stage.update(True)
        inspected = known.source if isinstance(known.source, Inspected) else None
        draws = DRAWS if inspected is None else len(inspected.decoded)
        if stale or draws != self._draw_count:
            self._draw_count = draws
            self._arrange()
            stale = True
        shown = ctx.snapshot, known.source, known.ref
        if shown == self._shown and not stale:
            return False  # an answer to another question came
        self._shown = shown
        self._title.set_text(named(run.begun, known.ref, known.label))
        if self._example is not None and known.x is not None:
            draws_of_z = None if inspected is None else inspected.decoded
            stale |= self._example.show(known.x, known.reconstruction, draws_of_z)
        return self._table.show(known.mean, known.log_var) or stale

    @staticmethod
    def queries(ctx: Context[Any]) -> Sequence[Query[Any]]:
        """See `Panel.queries`."""
        return () if ctx.example is None else (Inspect(ctx.example),)

    def artists(self) -> Sequence[Artist]:
        """See `Panel.artists`."""
        if not self._stage.shown or self._begun is None:
            return []
        example = [] if self._example is None else self._example.artists()
        return [self._title, *example, *self._table.artists()]

    def point(self, pointer: Pointer, ctx: Context[Any]) -> Context[Any]:
        """Nothing here can be clicked."""
        return ctx

    def reset(self, ctx: Context[Any]) -> Context[Any]:
        """See `Panel.reset`."""
        return ctx

    def describe(self, ctx: Context[Any]) -> str:
        """See `Panel.describe`."""
        run, known = ctx.run, picked(ctx)
        if known is None:
            return _instead(ctx) or self.empty
        mean, log_var = known.mean, known.log_var
        kl, sd = kl_by_unit(mean, log_var), standard_deviation(log_var)
        units = units_by_kl(kl)[:3]
        told = "; ".join(
            f"unit {unit + 1} has mean {mean[unit]:.2f}, sd {sd[unit]:.3f}, KL {kl[unit]:.2f} nats"
            for unit in units
        )
        others = f" The {len(kl)} units together have KL {kl.sum():.2f} nats." * (len(kl) > 1)
        data = ""
        if not run.begun.data.is_image and known.x is not None:
            data = f" {Features(run.begun).text(known.x, known.reconstruction)}."
        return f"{named(run.begun, known.ref, known.label)}: {told}.{others}{data}"

    def _begin(self, begun: Prepared) -> None:
        """Make the artists for the data of a run."""
        figure, style = self._stage.figure, self._stage.style
        figure.clear()
        self._stage = stage = Stage(figure, style, self.empty)
        self._begun, self._shown = begun, ()
        self._title = stage.text(EDGE, 13, size=TEXT + 0.5, weight="bold")
        self._example = example(stage, begun) if len(begun.probes) else None
        self._table = PosteriorTable(stage)

    def _arrange(self) -> None:
        """Lay out for a new size."""
        assert self._begun is not None
        units = self._begun.settings.latent_units
        width, height = self._stage.width - 2 * EDGE, self._stage.height - TITLE - EDGE
        box = EDGE, TITLE + 2, width, height
        if self._example is not None:
            box = self._example.arrange(box, units, self._draw_count)
        self._table.arrange(*box, units)


def _instead(ctx: Context[Any]) -> str:
    """Why there is nothing to show of a model; '' before there is one."""
    if ctx.snapshot is None:
        return ""
    return unknown(ctx) if len(ctx.snapshot.mean) else MISSING
