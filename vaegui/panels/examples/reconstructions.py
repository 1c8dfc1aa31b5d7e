"""Fixed probes, their reconstructions, and the differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from vaegui.declared import Declared
from vaegui.panels.drawing.base import Pointer
from vaegui.panels.drawing.features import Features
from vaegui.panels.drawing.navigation import is_click
from vaegui.panels.drawing.selection import Selection
from vaegui.panels.drawing.stage import Stage
from vaegui.panels.drawing.style import Style
from vaegui.panels.examples.bands import Bands
from vaegui.panels.examples.draws import Draws
from vaegui.panels.examples.strips import Strips
from vaegui.queries.base import Query
from vaegui.runs.run import Run
from vaegui.training.record.events import Prepared, Snapshot

__all__ = ["Reconstructions"]


class Reconstructions:
    """Rows of inputs, their reconstructions, and what is missing, for the same probes always."""

    name: ClassVar[str] = "reconstructions"
    title: ClassVar[str] = "Reconstructions"
    view: ClassVar[str | None] = None
    empty: ClassVar[str] = (
        "Press Train: some inputs, what the model makes of them, and the difference will "
        "appear here and sharpen while it learns."
    )
    gestures: ClassVar[str] = "Click: pick that input"
    shows: ClassVar[frozenset[type]] = frozenset({Snapshot})
    follows: ClassVar[frozenset[str]] = frozenset({"probe"})

    def setup(self, figure: Figure, style: Style) -> None:
        """See `Panel.setup`."""
        self._stage = Stage(figure, style, self.empty)
        self._begun: Prepared | None = None

    def draw(self, run: Run | None, selection: Selection) -> bool:
        """See `Panel.draw`."""
        if run is None or run.snapshot is None:
            return self._stage.update(False)
        samples = run.snapshot.samples
        if samples is None and not len(run.snapshot.reconstruction):
            return self._stage.update(False)
        if self._begun is None or run.begun.probes is not self._begun.probes:
            self._begin(run.begun)
        stale = self._stage.update(True)
        decoded = run.snapshot.reconstruction if samples is None else samples
        if stale:
            self._view.arrange(len(decoded))
        if isinstance(self._view, Draws):
            self._view.show(decoded)
            return stale
        inputs = np.asarray(run.begun.probes.x[: len(decoded)], np.float32)
        self._view.show(inputs, decoded, selection.probe)
        return stale

    @staticmethod
    def queries(run: Run, selection: Selection) -> Sequence[Query[Any]]:
        """See `Panel.queries`."""
        return ()

    def artists(self) -> Sequence[Artist]:
        """See `Panel.artists`."""
        if not self._stage.shown or self._begun is None:
            return []
        return self._view.artists()

    def point(self, pointer: Pointer, run: Run | None, selection: Selection) -> Selection:
        """Click: pick the probe."""
        if pointer.kind != "release" or pointer.button != 1 or not is_click(pointer):
            return selection
        if run is None or not self._stage.shown or self._begun is None:
            return selection
        probe = None if isinstance(self._view, Draws) else self._view.at(pointer.x, pointer.y)
        return selection if probe is None else selection.but(probe=probe)

    def reset(self, selection: Selection) -> Selection:
        """See `Panel.reset`."""
        return selection

    def describe(self, run: Run | None, selection: Selection) -> str:
        """See `Panel.describe`."""
        if run is not None and run.snapshot is not None and run.snapshot.samples is not None:
            count = len(run.snapshot.samples)
            return f"{count} draws from the prior, decoded; the model's data are not here."
        if run is None or run.snapshot is None or not len(run.snapshot.reconstruction):
            return self.empty
        decoded = run.snapshot.reconstruction
        inputs = np.asarray(run.begun.probes.x[: len(decoded)], np.float32)
        shown = (
            f"{len(decoded)} inputs, their reconstructions after step {run.snapshot.step:,}, and "
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

    @staticmethod
    def options(selection: Selection) -> Declared | None:
        """See `Panel.options`."""
        return None

    def _begin(self, begun: Prepared) -> None:
        """Make the artists for the data of a run."""
        figure, style = self._stage.figure, self._stage.style
        figure.clear()
        self._stage = stage = Stage(figure, style, self.empty)
        self._begun = begun
        self._view: Draws | Strips | Bands
        if begun.missing:
            self._view = Draws(stage, begun)
        elif not begun.data.is_image and Features(begun).few:
            self._view = Strips(stage, begun)
        else:
            self._view = Bands(stage, begun)
