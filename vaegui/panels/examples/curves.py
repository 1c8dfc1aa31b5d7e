"""Many examples of many variables, or signals: each a tile with input and reconstruction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from vaegui.panels.drawing.features import Features
from vaegui.panels.drawing.navigation import over, to_data
from vaegui.panels.drawing.stage import SMALL, Stage
from vaegui.panels.drawing.text import text_width
from vaegui.panels.drawing.tiles import Lines
from vaegui.training.record.events import Prepared

__all__ = ["Curves"]

EDGE, HEAD = 8.0, 16.0


class Curves:
    """The line of each input, and over it that of its reconstruction."""

    def __init__(self, stage: Stage, begun: Prepared) -> None:
        style, features = stage.style, Features(begun)
        self._stage = stage
        axes = stage.axes(frame=False)
        colours = style.text, style.reconstruction
        self._lines = [Lines(axes, style, features, colour) for colour in colours]
        self._picked = Rectangle((0, 0), 0, 0, fill=False, edgecolor=style.accent, linewidth=1.6)
        axes.add_patch(self._picked)
        self._picked.set_clip_on(False)
        self._heads = [
            stage.text(0, EDGE + 5, text, color=colour, size=SMALL)
            for text, colour in zip(("input", "reconstruction"), colours, strict=True)
        ]
        self._columns = self._count = 1

    def arrange(self, count: int) -> None:
        """Choose the columns so that tiles become as large as the size allows."""
        lines, self._count = self._lines[0], count
        width = self._stage.width - 2 * EDGE
        height = self._stage.height - HEAD - 2 * EDGE
        self._columns, size = lines.fit(count, width, height)
        across, down = lines.size(self._columns, -(-count // self._columns))
        left = EDGE + (width - across * size) / 2
        self._stage.place(lines.axes, left, EDGE + HEAD, across * size, down * size)
        for head in self._heads:
            head.set_x(left)
            left += text_width(head.get_text(), SMALL) + 8

    def show(self, inputs: NDArray[Any], decoded: NDArray[Any], probe: int | None) -> None:
        """Show (probes, features) each, in the data's own scale, and frame the picked one."""
        for lines, x in zip(self._lines, (inputs, decoded), strict=True):
            lines.show(x, np.zeros(len(x), bool), self._columns)
        self._picked.set_visible(probe is not None and probe < self._count)
        row, column = divmod(probe or 0, self._columns)
        lines = self._lines[0]
        left, top = column * (1 + lines.gap), row * (lines.ratio + lines.gap)
        self._picked.set_bounds(left - 0.02, top - 0.02, 1.04, lines.ratio + 0.04)

    def artists(self) -> Sequence[Artist]:
        """What moves, in painting order."""
        return [*(artist for lines in self._lines for artist in lines.artists()), self._picked]

    def at(self, x: float, y: float) -> int | None:
        """The probe at figure pixels, or None."""
        axes = self._lines[0].axes
        return self._lines[0].at(to_data(axes, x, y)) if over(axes, x, y) else None
