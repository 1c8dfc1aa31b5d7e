"""The picked input: what the model makes of it, and the Gaussian that it gives to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from matplotlib.artist import Artist

from vaegui.analysis.posterior import kl_by_unit, standard_deviation, units_by_kl
from vaegui.panels.context import Context
from vaegui.panels.drawing.classes import example_name, example_title
from vaegui.panels.drawing.features import Features
from vaegui.panels.drawing.panel_base import PanelBase
from vaegui.panels.drawing.picked import picked, unknown
from vaegui.panels.drawing.stage import TEXT, Stage
from vaegui.panels.drawing.text import fitting
from vaegui.panels.examples.example import example
from vaegui.panels.examples.table import PosteriorTable
from vaegui.queries.base import Query
from vaegui.queries.inspect import Inspect, Inspected
from vaegui.training.record.events import Prepared, Snapshot

__all__ = ["Input"]

EDGE, TITLE = 8.0, 16.0
DRAWS = 16
MISSING = (
    "The inputs that this model was trained on are not here, and their Gaussians were not saved "
    "with it."
)
ALONE = "This is a decoder alone: no input gets a Gaussian from it."


class Input(PanelBase[Snapshot | Inspected]):
    """One input, its reconstruction, its posterior, and draws from it decoded."""

    name: ClassVar[str] = "input"
    title: ClassVar[str] = "Input"
    empty: ClassVar[str] = (
        "Press Train, then click an ellipse or a picture: this input, its reconstruction, the "
        "mean and standard deviation of its own Gaussian, and draws from it will appear here."
    )
    gestures: ClassVar[str] = "Arrow keys: the next or previous input"

    def create_artists(self, stage: Stage, begun: Prepared) -> None:
        """See `PanelBase.create_artists`."""
        self._units, self._draw_count = begun.settings.latent_units, DRAWS
        self._title = stage.text(EDGE, 13, size=TEXT + 0.5, weight="bold")
        self._example = example(stage, begun) if len(begun.probes) else None
        self._table = PosteriorTable(stage, has_spread=begun.settings.has_spread)

    def content(self, ctx: Context[Any]) -> Snapshot | Inspected | None:
        """See `PanelBase.content`: what is known of the picked example."""
        known = picked(ctx)
        return None if known is None else known.source

    def why_empty(self, ctx: Context[Any]) -> str:
        """See `PanelBase.why_empty`."""
        if ctx.snapshot is None:
            return ""
        if len(ctx.snapshot.mean):
            return unknown(ctx)
        return MISSING if ctx.run.begun.settings.has_encoder else ALONE

    def depends(self, ctx: Context[Any]) -> tuple[object, ...]:
        """See `Panel.depends`."""
        return *super().depends(ctx), ctx.probe

    def update_artists(self, content: Snapshot | Inspected, ctx: Context[Any]) -> bool:
        """See `PanelBase.update_artists`."""
        stale, known = False, picked(ctx)
        assert known is not None
        inspected = content if isinstance(content, Inspected) else None
        draws = DRAWS if inspected is None else len(inspected.decoded)
        if draws != self._draw_count:
            self._draw_count = draws
            self.arrange()
            stale = True
        begun, room = ctx.run.begun, self._stage.width - 2 * EDGE
        titles = [example_title(begun, known.ref, label) for label in (known.label, None)]
        titles.append(example_name(begun, known.ref).capitalize())
        self._title.set_text(fitting(room, TEXT + 0.5, *titles, bold=True))
        if self._example is not None and known.x is not None:
            draws_of_z = None if inspected is None else inspected.decoded
            stale |= self._example.show(known.x, known.reconstruction, draws_of_z)
        return self._table.show(known.mean, known.log_var) or stale

    @staticmethod
    def queries(ctx: Context[Any]) -> Sequence[Query[Any]]:
        """See `Panel.queries`."""
        return () if ctx.example is None else (Inspect(ctx.example),)

    def hover_text(self, x: float, y: float, ctx: Context[Any]) -> str:
        """The variable under the mouse: see `HasHoverText.hover_text`."""
        if self._example is None or not self._stage.shown or picked(ctx) is None:
            return ""
        return self._example.hover_text(x, y)

    def moving_artists(self) -> Sequence[Artist]:
        """See `PanelBase.moving_artists`."""
        example = [] if self._example is None else self._example.artists()
        return [self._title, *example, *self._table.artists()]

    def describe(self, ctx: Context[Any]) -> str:
        """See `Panel.describe`."""
        run, known = ctx.run, picked(ctx)
        if known is None:
            return self.why_empty(ctx) or self.empty
        mean, log_var = known.mean, known.log_var
        kl, sd = kl_by_unit(mean, log_var), standard_deviation(log_var)
        units = units_by_kl(kl)[:3]
        numbers = "; ".join(
            f"unit {unit + 1} has mean {mean[unit]:.2f}, sd {sd[unit]:.3f}, KL {kl[unit]:.2f} nats"
            for unit in units
        )
        others = f" The {len(kl)} units together have KL {kl.sum():.2f} nats." * (len(kl) > 1)
        if not run.begun.settings.has_spread:
            numbers = "; ".join(f"unit {unit + 1} has the code {mean[unit]:.2f}" for unit in units)
            others = " A plain autoencoder gives a point: sd and KL are not defined."
        data = ""
        if not run.begun.data.is_image and known.x is not None:
            data = f" {Features(run.begun).text(known.x, known.reconstruction)}."
        return f"{example_title(run.begun, known.ref, known.label)}: {numbers}.{others}{data}"

    def arrange(self) -> None:
        """See `PanelBase.arrange`."""
        width, height = self._stage.width - 2 * EDGE, self._stage.height - TITLE - EDGE
        box = EDGE, TITLE + 2, width, height
        if self._example is not None:
            box = self._example.arrange(box, self._units, self._draw_count)
        self._table.arrange(*box, self._units)
