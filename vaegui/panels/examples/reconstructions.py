"""Fixed probes, their reconstructions, and the differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from vaegui.panels.context import Context, Options
from vaegui.panels.drawing.features import Features
from vaegui.panels.drawing.navigation import is_click
from vaegui.panels.drawing.stage import Stage
from vaegui.panels.examples.bands import Bands
from vaegui.panels.examples.draws import Draws
from vaegui.panels.examples.strips import Strips
from vaegui.panels.panel import Pointer
from vaegui.panels.style import Style
from vaegui.queries.base import Query
from vaegui.training.record.events import Prepared, Snapshot

__all__ = ["Reconstructions"]

NOT_SAVED = "The reconstructions of this step were not saved with the model."
NO_INPUTS = "the model's data are not here."


class Reconstructions:
    """Rows of inputs, their reconstructions, and what is missing, for the same probes always."""

    name: ClassVar[str] = "reconstructions"
    title: ClassVar[str] = "Reconstructions"
    first_options: ClassVar[Options] = Options()
    empty: ClassVar[str] = (
        "Press Train: some inputs, what the model makes of them, and the difference will "
        "appear here and sharpen while it learns."
    )
    gestures: ClassVar[str] = "Click: pick that input"
    shows: ClassVar[frozenset[type]] = frozenset({Snapshot})
    follows: ClassVar[frozenset[str]] = frozenset({"example"})

    def setup(self, figure: Figure, style: Style) -> None:
        """See `Panel.setup`."""
        self._stage = Stage(figure, style, self.empty)
        self._begun: Prepared | None = None
        self._count = 0

    def draw(self, ctx: Context[Any]) -> bool:
        """See `Panel.draw`."""
        run = ctx.run
        if ctx.snapshot is None:
            return self._stage.update(False)
        samples = ctx.snapshot.samples
        if samples is None and not len(ctx.snapshot.reconstruction):
            return self._stage.update(False, NOT_SAVED)
        if self._begun is None or run.begun.probes is not self._begun.probes:
            self._begin(run.begun)
        stale = self._stage.update(True)
        decoded = ctx.snapshot.reconstruction if samples is None else samples
        if stale or len(decoded) != self._count:
            self._count, stale = len(decoded), True
            self._view.arrange(self._count)
        if isinstance(self._view, Draws):
            return self._view.show(decoded, reconstructed=samples is None) or stale
        inputs = np.asarray(run.begun.probes.x[: len(decoded)], np.float32)
        self._view.show(inputs, decoded, ctx.probe)
        return stale

    @staticmethod
    def queries(ctx: Context[Any]) -> Sequence[Query[Any]]:
        """See `Panel.queries`."""
        return ()

    def artists(self) -> Sequence[Artist]:
        """See `Panel.artists`."""
        if not self._stage.shown or self._begun is None:
            return []
        return self._view.artists()

    def point(self, pointer: Pointer, ctx: Context[Any]) -> Context[Any]:
        """Click: pick the probe."""
        if pointer.kind != "release" or pointer.button != 1 or not is_click(pointer):
            return ctx
        if not self._stage.shown or self._begun is None:
            return ctx
        probe = None if isinstance(self._view, Draws) else self._view.at(pointer.x, pointer.y)
        if probe is None:
            return ctx
        return ctx.look(example=ctx.run.begun.probes.refs[probe], by_row=False)

    def reset(self, ctx: Context[Any]) -> Context[Any]:
        """See `Panel.reset`."""
        return ctx

    def describe(self, ctx: Context[Any]) -> str:
        """See `Panel.describe`."""
        run = ctx.run
        if ctx.snapshot is not None and ctx.snapshot.samples is not None:
            count = len(ctx.snapshot.samples)
            return f"{count} draws from the prior, decoded; {NO_INPUTS}"
        if ctx.snapshot is None:
            return self.empty
        if not len(ctx.snapshot.reconstruction):
            return NOT_SAVED
        decoded = ctx.snapshot.reconstruction
        inputs = np.asarray(run.begun.probes.x[: len(decoded)], np.float32)
        if not len(inputs):
            return f"{len(decoded)} reconstructions after step {ctx.snapshot.step:,}; {NO_INPUTS}"
        shown = (
            f"{len(decoded)} inputs, their reconstructions after step {ctx.snapshot.step:,}, and "
            "the differences, which are on average"
        )
        if not run.begun.data.is_image:
            features = Features(run.begun)
            off = np.abs(features.in_sds(inputs - decoded))
            worst = int(off.mean(axis=0).argmax())
            return (
                f"{shown} {off.mean():.2f} standard deviations of a feature; most, "
                f"{off[:, worst].mean():.2f}, in {features.names[worst]}."
            )
        low, high = run.begun.data.value_range
        part = float(np.abs(inputs - decoded).mean()) / (high - low)
        return f"{shown} {100 * part:.1f} % of the range of values."

    def _begin(self, begun: Prepared) -> None:
        """Make the artists for the data of a run."""
        figure, style = self._stage.figure, self._stage.style
        figure.clear()
        self._stage = stage = Stage(figure, style, self.empty)
        self._begun, self._count = begun, 0
        self._view: Draws | Strips | Bands
        if not len(begun.probes):
            self._view = Draws(stage, begun)
        elif not begun.data.is_image and Features(begun).few:
            self._view = Strips(stage, begun)
        else:
            self._view = Bands(stage, begun)
