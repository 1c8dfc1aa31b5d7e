"""The picked input: what the model makes of it, and the Gaussian that it gives to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from matplotlib.artist import Artist
from numpy.typing import NDArray

from vaegui.analysis.posterior import kl_by_unit, standard_deviation, units_by_kl
from vaegui.panels.context import Context
from vaegui.panels.drawing.classes import named
from vaegui.panels.drawing.features import Features
from vaegui.panels.drawing.panel_base import PanelBase
from vaegui.panels.drawing.stage import TEXT, Stage
from vaegui.panels.drawing.table import PosteriorTable
from vaegui.panels.examples.example import example
from vaegui.queries.base import Query
from vaegui.queries.inspect import Inspect, Inspected
from vaegui.training.record.events import Prepared, Snapshot

__all__ = ["Input"]

Array = NDArray[Any]

EDGE, TITLE = 8.0, 16.0
DRAWS = 16
MISSING = (
    "The inputs that this model was trained on are not here, and their Gaussians were not saved "
    "with it."
)


class Input(PanelBase[Snapshot]):
    """One input, its reconstruction, its posterior, and draws from it decoded."""

    name: ClassVar[str] = "input"
    title: ClassVar[str] = "Input"
    empty: ClassVar[str] = (
        "Press Train, then click an ellipse or a picture: this input, its reconstruction, the "
        "mean and standard deviation of its own Gaussian, and draws from it will appear here."
    )
    gestures: ClassVar[str] = "Arrow keys: the next or previous input"

    def make(self, stage: Stage, begun: Prepared) -> None:
        """See `PanelBase.make`."""
        self._units, self._draw_count = begun.settings.latent_units, DRAWS
        self._title = stage.text(EDGE, 13, size=TEXT + 0.5, weight="bold")
        self._example = example(stage, begun) if len(begun.probes) else None
        self._table = PosteriorTable(stage)

    def content(self, ctx: Context[Any]) -> Snapshot | None:
        """See `PanelBase.content`."""
        return ctx.snapshot if ctx.snapshot is not None and len(ctx.snapshot.mean) else None

    def instead(self, ctx: Context[Any]) -> str:
        """See `PanelBase.instead`."""
        return MISSING if ctx.snapshot is not None and ctx.run.begun.missing else ""

    def depends(self, ctx: Context[Any]) -> tuple[object, ...]:
        """See `Panel.depends`."""
        probe = ctx.focus.probe
        return *super().depends(ctx), probe, ctx.result(Inspect(probe))

    def move(self, content: Snapshot, ctx: Context[Any]) -> bool:
        """See `PanelBase.move`."""
        stale = False
        probe = min(ctx.focus.probe, len(content.mean) - 1)
        inspected = _inspected(ctx, probe)
        draws = DRAWS if inspected is None else len(inspected.decoded)
        if draws != self._draw_count:
            self._draw_count = draws
            self.arrange()
            stale = True
        self._title.set_text(named(ctx.run.begun, probe))
        if self._example is not None:
            x, decoded = _known(ctx, probe, inspected)
            draws_of_z = None if inspected is None else inspected.decoded
            stale |= self._example.show(x, decoded, draws_of_z)
        mean, log_var = content.mean[probe], content.log_var[probe]
        if inspected is not None:
            mean, log_var = inspected.mean, inspected.log_var
        return self._table.show(mean, log_var) or stale

    @staticmethod
    def queries(ctx: Context[Any]) -> Sequence[Query[Any]]:
        """See `Panel.queries`."""
        focus = ctx.focus
        return (Inspect(focus.probe),)

    def moving(self) -> Sequence[Artist]:
        """See `PanelBase.moving`."""
        example = [] if self._example is None else self._example.artists()
        return [self._title, *example, *self._table.artists()]

    def describe(self, ctx: Context[Any]) -> str:
        """See `Panel.describe`."""
        run, focus = ctx.run, ctx.focus
        if ctx.snapshot is None or not len(ctx.snapshot.mean):
            return MISSING if run.begun.missing else self.empty
        probe = min(focus.probe, len(ctx.snapshot.mean) - 1)
        inspected = _inspected(ctx, probe)
        source = ctx.snapshot if inspected is None else inspected
        mean, log_var = source.mean, source.log_var
        if inspected is None:
            mean, log_var = mean[probe], log_var[probe]
        kl, sd = kl_by_unit(mean, log_var), standard_deviation(log_var)
        units = units_by_kl(kl)[:3]
        told = "; ".join(
            f"unit {unit + 1} has mean {mean[unit]:.2f}, sd {sd[unit]:.3f}, KL {kl[unit]:.2f} nats"
            for unit in units
        )
        others = f" The {len(kl)} units together have KL {kl.sum():.2f} nats." * (len(kl) > 1)
        data = ""
        if not run.begun.data.is_image and len(run.begun.probes):
            data = f" {Features(run.begun).text(*_known(ctx, probe, inspected))}."
        return f"{named(run.begun, probe)}: {told}.{others}{data}"

    def arrange(self) -> None:
        """See `PanelBase.arrange`."""
        width, height = self._stage.width - 2 * EDGE, self._stage.height - TITLE - EDGE
        box = EDGE, TITLE + 2, width, height
        if self._example is not None:
            box = self._example.arrange(box, self._units, self._draw_count)
        self._table.arrange(*box, self._units)


def _known(
    ctx: Context[Any], probe: int, inspected: Inspected | None
) -> tuple[NDArray[np.float32], Array | None]:
    """The input, and its reconstruction unless that is still being computed."""
    x = np.asarray(ctx.run.begun.probes.x[probe], np.float32)
    if inspected is not None:
        return x, inspected.reconstruction
    assert ctx.snapshot is not None
    known = ctx.snapshot.reconstruction
    return x, known[probe] if probe < len(known) else None


def _inspected(ctx: Context[Any], probe: int) -> Inspected | None:
    """The answer about this probe, if it is here."""
    result = ctx.result(Inspect(probe))
    return None if result is None else result.value
