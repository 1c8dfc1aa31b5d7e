"""The point z that the user points at in the latent space, and what it decodes to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from vaegui.panels.drawing.map.projection import Projection
from vaegui.panels.drawing.stage import Stage
from vaegui.panels.latent.inset import Inset
from vaegui.queries.base import Result
from vaegui.queries.decode import Decoded
from vaegui.training.record.events import Prepared

__all__ = ["Cursor"]


class Cursor:
    """A cross on the map of two units, or a line across the rows of a single one."""

    def __init__(self, stage: Stage, axes: Axes, begun: Prepared) -> None:
        self._stage, self._axes = stage, axes
        self._units = begun.settings.latent_units
        (self._mark,) = axes.plot([], [], color=stage.style.accent, markeredgewidth=1.8)
        if self._units > 1:
            self._mark.set(marker="+", markersize=14)
        self._inset = Inset(stage, begun)

    def arrange(self, left: float, right: float, bottom: float, room: float) -> None:
        """See `Inset.arrange`."""
        self._inset.arrange(left, right, bottom, room)

    def show(
        self,
        z: tuple[float, ...] | None,
        projection: Projection,
        decoded: Result[Decoded] | None,
    ) -> None:
        """Show a z on a map; nothing if it is none, or of another model."""
        if z is None or len(z) != self._units:
            self._mark.set_data([], [])
            self._inset.show(None, (0.0, 0.0))
            return
        if self._units == 1:
            across, up = [z[0], z[0]], list(self._axes.get_ylim())
        else:
            ((x, y),) = projection.centres(np.array([z]))
            across, up = [float(x)], [float(y)]
        self._mark.set_data(across, up)
        x, y = self._axes.transData.transform((across[0], up[0]))
        self._inset.show(decoded, self._stage.at(x, y))

    def artists(self) -> Sequence[Artist]:
        """What moves, in painting order."""
        return [self._mark, *self._inset.artists()]
