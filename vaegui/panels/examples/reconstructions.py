"""Fixed probes, their reconstructions, and the differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from matplotlib.artist import Artist
from numpy.typing import NDArray

from vaegui.panels.context import Context
from vaegui.panels.drawing.classes import example_title
from vaegui.panels.drawing.features import Features
from vaegui.panels.drawing.navigation import is_click
from vaegui.panels.drawing.panel_base import PanelBase
from vaegui.panels.drawing.stage import Stage
from vaegui.panels.examples.bands import Bands
from vaegui.panels.examples.curves import Curves
from vaegui.panels.examples.draws import Draws, drawn_from
from vaegui.panels.examples.points import Points
from vaegui.panels.examples.strips import Strips
from vaegui.panels.panel import Pointer
from vaegui.training.record.events import Prepared, Snapshot

__all__ = ["Reconstructions"]

Array = NDArray[Any]

NOT_SAVED = "The reconstructions of this step were not saved with the model."
HOVERED = 6
"""Of so many features a tooltip tells."""
NO_INPUTS = "the model's data are not here."


class Reconstructions(PanelBase[Snapshot]):
    """Rows of inputs, their reconstructions, and what is missing, for the same probes always."""

    name: ClassVar[str] = "reconstructions"
    title: ClassVar[str] = "Reconstructions"
    empty: ClassVar[str] = (
        "Press Train: some inputs, what the model makes of them, and the difference will "
        "appear here and sharpen while it learns."
    )
    gestures: ClassVar[str] = "Click: pick that input"

    def create_artists(self, stage: Stage, begun: Prepared) -> None:
        """See `PanelBase.create_artists`."""
        self._count = 0
        self._view: Draws | Points | Strips | Curves | Bands
        self._view = _view(begun)(stage, begun)

    def content(self, ctx: Context[Any]) -> Snapshot | None:
        """See `PanelBase.content`."""
        shot = ctx.snapshot
        return shot if shot is not None and len(_decoded(shot)) else None

    def why_empty(self, ctx: Context[Any]) -> str:
        """See `PanelBase.why_empty`."""
        return "" if ctx.snapshot is None else NOT_SAVED

    def depends(self, ctx: Context[Any]) -> tuple[object, ...]:
        """See `Panel.depends`."""
        return *super().depends(ctx), ctx.snapshot, ctx.probe

    def update_artists(self, content: Snapshot, ctx: Context[Any]) -> bool:
        """See `PanelBase.update_artists`."""
        decoded = _decoded(content)
        stale = len(decoded) != self._count
        if stale:
            self._count = len(decoded)
            self.arrange()
        if isinstance(self._view, Draws):
            return self._view.show(decoded, reconstructed=content.samples is None) or stale
        inputs = np.asarray(ctx.run.begun.probes.x[: len(decoded)], np.float32)
        self._view.show(inputs, decoded, ctx.probe)
        return stale

    def moving_artists(self) -> Sequence[Artist]:
        """See `PanelBase.moving_artists`."""
        return self._view.artists()

    def point(self, pointer: Pointer, ctx: Context[Any]) -> Context[Any]:
        """Click: pick the probe."""
        if pointer.kind != "release" or pointer.button != 1 or not is_click(pointer):
            return ctx
        if not self._stage.shown:
            return ctx
        probe = self._at(pointer.x, pointer.y)
        if probe is None:
            return ctx
        return ctx.with_focus(example=ctx.run.begun.probes.refs[probe], by_row=False)

    def _at(self, x: float, y: float) -> int | None:
        """The probe at figure pixels, or None."""
        return None if isinstance(self._view, Draws) else self._view.at(x, y)

    def hover_text(self, x: float, y: float, ctx: Context[Any]) -> str:
        """Which input it is, and the features that are farthest off: see `HasHoverText`."""
        content, begun = self.content(ctx), ctx.run.begun
        probe = self._at(x, y) if self._stage.shown and content is not None else None
        if probe is None or content is None:
            return ""
        name = example_title(begun, begun.probes.refs[probe], begun.probes.label(probe))
        if begun.data.is_image:
            return name
        text = Features(begun).text(begun.probes.x[probe], _decoded(content)[probe], HOVERED)
        # A line for each, short enough for a tooltip.
        return "\n".join([name, *text.replace(", reconstructed as ", " → ").split("; ")])

    def describe(self, ctx: Context[Any]) -> str:
        """See `Panel.describe`."""
        run = ctx.run
        if ctx.snapshot is not None and ctx.snapshot.samples is not None:
            count = len(ctx.snapshot.samples)
            return f"{count} {drawn_from(run.begun)}, decoded; {NO_INPUTS}"
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
            "the differences"
        )
        if not run.begun.data.is_image:
            features = Features(run.begun)
            return f"{shown}{_apart(features, inputs, decoded)}"
        low, high = run.begun.data.value_range
        part = float(np.abs(inputs - decoded).mean()) / (high - low)
        return f"{shown}, which are on average {100 * part:.1f} % of the range of values."

    def arrange(self) -> None:
        """See `PanelBase.arrange`."""
        if self._count:
            self._view.arrange(self._count)


def _apart(features: Features, inputs: Array, decoded: Array) -> str:
    """How far off numbers are on average, and how often the likeliest category is the right one."""
    text = ""
    if len(features.numbers):
        off = np.abs(features.in_sds(inputs, decoded))[:, features.numbers]
        known = np.isfinite(off)
        each = off.sum(axis=0, where=known) / np.maximum(known.sum(axis=0), 1)
        every = off.sum(where=known) / max(known.sum(), 1)
        worst = int(each.argmax())
        text = (
            f", which are on average {every:.2f} standard deviations of a feature; "
            f"most, {each[worst]:.2f}, in {features.names[features.numbers[worst]]}"
        )
    categories = [variable for variable in features.variables if variable.values]
    if categories:
        same = [np.mean(v.choice(inputs) == v.choice(decoded)) for v in categories]
        text += f"; {100 * float(np.mean(same)):.0f} % of the categories are the same"
    return f"{text}."


def _view(begun: Prepared) -> type[Draws | Points | Strips | Curves | Bands]:
    """What suits the data of a run."""
    if not len(begun.probes):
        return Draws
    if begun.data.is_image:
        return Bands
    features = Features(begun)
    if len(features.numbers) == len(features) == 2:
        return Points
    return Strips if features.few else Curves


def _decoded(snapshot: Snapshot) -> NDArray[np.float32]:
    """What the decoder made: of draws where there are no inputs, else of the first probes."""
    return snapshot.reconstruction if snapshot.samples is None else snapshot.samples
