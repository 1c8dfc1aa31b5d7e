"""What a model makes where there are no inputs: draws decoded, or kept reconstructions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from numpy.typing import NDArray

from vaegui.panels.drawing.stage import SMALL, Stage
from vaegui.panels.drawing.tiles import tiles
from vaegui.training.record.events import Prepared

__all__ = ["Draws", "drawn_from"]

EDGE, HEAD = 8.0, 16.0


def drawn_from(begun: Prepared) -> str:
    """Where samples of a model come from: a plain autoencoder has no prior."""
    if begun.settings.has_spread:
        return "draws from the prior"
    return "draws from the Gaussian that fits all codes"


class Draws:
    """A grid of pictures under a line that says what they are."""

    def __init__(self, stage: Stage, begun: Prepared) -> None:
        self._stage, self._drawn = stage, f"{drawn_from(begun)}, decoded"
        self._tiles = tiles(stage.axes(frame=False), stage.style, begun)
        self._head = stage.text(EDGE, EDGE + 5, "", color=stage.style.muted, size=SMALL)
        self._columns = 1

    def arrange(self, count: int) -> None:
        """Choose the columns so that tiles become as large as the size allows."""
        width = self._stage.width - 2 * EDGE
        height = self._stage.height - HEAD - 2 * EDGE
        self._columns, size = self._tiles.fit(count, width, height)
        across, down = self._tiles.size(self._columns, -(-count // self._columns))
        left = EDGE + (width - across * size) / 2
        self._stage.place(self._tiles.axes, left, EDGE + HEAD, across * size, down * size)

    def show(self, decoded: NDArray[Any], *, reconstructed: bool) -> bool:
        """Show (n, *shape) in the data's own scale; whether something static changed."""
        heading = "inputs, reconstructed" if reconstructed else self._drawn
        stale = heading != self._head.get_text()
        self._head.set_text(heading)
        self._tiles.show(decoded, np.zeros(len(decoded), bool), self._columns)
        return stale

    def artists(self) -> Sequence[Artist]:
        """What moves, in painting order."""
        return self._tiles.artists()
