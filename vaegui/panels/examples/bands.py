"""Inputs, reconstructions and differences below each other, in bands of columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from vaegui.panels.drawing.navigation import over, to_data
from vaegui.panels.drawing.stage import SMALL, Stage
from vaegui.panels.drawing.tiles import Tiles, tiles
from vaegui.training.record.events import Prepared

__all__ = ["Bands"]

Array = NDArray[Any]

HEADS = ("input", "recon-\nstruction", "differ-\nence")
LEFT, EDGE, BETWEEN = 42.0, 7.0, 8.0
SMALLEST = 26.0
"""Width in points below which a tile tells nothing: rather fewer probes are shown."""
BANDS = 6


class Bands:
    """A tile for each input, its reconstruction and the difference; as many as there is room for.

    Attributes
    ----------
    count
        How many probes are shown.
    """

    def __init__(self, stage: Stage, begun: Prepared) -> None:
        style = stage.style
        self._stage = stage
        self.count = 0
        self._bands: list[Tiles] = [
            tiles(stage.axes(frame=False), style, begun) for _ in range(BANDS)
        ]
        self._heads = [
            [
                stage.text(0, 0, head, color=style.muted, size=SMALL, ha="right", va="center")
                for head in HEADS
            ]
            for _ in range(BANDS)
        ]
        overlay = stage.axes(frame=False, zorder=3)
        overlay.set(xlim=(0, 1), ylim=(1, 0))
        self._overlay = overlay
        self._picked = Rectangle((0, 0), 0, 0, fill=False, edgecolor=style.accent, linewidth=1.8)
        overlay.add_patch(self._picked)

    def show(self, inputs: Array, decoded: Array, probe: int | None) -> None:
        """Show (probes, *shape) each, in the data's own scale, and frame the picked one."""
        for band, grid in enumerate(self._bands[: self._used]):
            mine = slice(band * self._columns, min((band + 1) * self._columns, self.count))
            x, mean = inputs[mine], decoded[mine]
            signed = np.repeat([False, False, True], len(x))
            grid.show(np.concatenate([x, mean, x - mean]), signed, len(x))
        self._frame(probe)

    def artists(self) -> Sequence[Artist]:
        """What moves, in painting order."""
        pictures = [artist for grid in self._bands[: self._used] for artist in grid.artists()]
        return [*pictures, self._picked]

    def at(self, x: float, y: float) -> int | None:
        """The probe at figure pixels, or None."""
        for band, grid in enumerate(self._bands[: self._used]):
            if over(grid.axes, x, y):
                tile = grid.at(to_data(grid.axes, x, y))
                if tile is not None:
                    each = min(self._columns, self.count - band * self._columns)
                    return band * self._columns + tile % each
        return None

    def arrange(self, count: int) -> None:
        """Choose bands and columns so that tiles become as large as the size allows."""
        stage, ratio = self._stage, self._bands[0].ratio
        width, height = stage.width - LEFT - EDGE, stage.height - 2 * EDGE
        stage.place(self._overlay, 0, 0, stage.width, stage.height)
        self._overlay.set(xlim=(0, stage.width), ylim=(stage.height, 0))

        def tile(columns: int, bands: int) -> float:
            across, down = self._bands[0].size(columns, 3)
            free = (height - (bands - 1) * BETWEEN) / bands
            return min(width / across, free / down)

        choices = [(tile(-(-count // bands), bands), bands) for bands in range(1, BANDS + 1)]
        size, self._used = max(choices)
        self._columns, self.count = -(-count // self._used), count
        if size < SMALLEST:
            fit = int(width // (SMALLEST * (1 + self._bands[0].gap)))
            self._columns = max(1, min(fit, count))
            most = int((height + BETWEEN) // (SMALLEST * 3.3 * ratio + BETWEEN))
            self._used = max(1, min(most, BANDS, -(-count // self._columns)))
            self.count = min(count, self._columns * self._used)
            size = tile(self._columns, self._used)
        self._used = -(-self.count // self._columns)
        self._place(size, height)

    def _place(self, size: float, height: float) -> None:
        """Put the bands, the rest of the height shared between them."""
        down = self._bands[0].size(1, 3)[1] * size
        rest = height - self._used * down - (self._used - 1) * BETWEEN
        step = down + BETWEEN + min(rest / (self._used + 1), 14.0)
        top = EDGE + max(0.0, (height - (self._used - 1) * step - down) / 2)
        pitch = (self._bands[0].ratio + self._bands[0].gap) * size
        for band, (grid, heads) in enumerate(zip(self._bands, self._heads, strict=True)):
            used = band < self._used
            grid.axes.set_visible(used)
            each = max(1, min(self._columns, self.count - band * self._columns))
            across = grid.size(each, 3)[0] * size
            self._stage.place(grid.axes, LEFT, top + band * step, across, down)
            for row, head in enumerate(heads):
                middle = top + band * step + row * pitch + grid.ratio * size / 2
                head.set(position=(LEFT - 5, middle), visible=used)
        self._geometry = size, top, step, down

    def _frame(self, probe: int | None) -> None:
        """Frame the picked probe's column, if it is among those shown."""
        self._picked.set_visible(probe is not None and probe < self.count)
        if probe is None:
            return
        size, top, step, down = self._geometry
        band, column = divmod(probe, self._columns)
        left = LEFT + column * (1 + self._bands[0].gap) * size
        self._picked.set_bounds(left - 1.5, top + band * step - 1.5, size + 3, down + 3)
