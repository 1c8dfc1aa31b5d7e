"""Many examples of few features: a strip for each feature, a column for each probe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from vaegui.panels.drawing.features import FEW, Features
from vaegui.panels.drawing.stage import SMALL, Stage
from vaegui.panels.drawing.text import fitting, shortened, text_width
from vaegui.training.record.events import Prepared

__all__ = ["Strips"]

Array = NDArray[Any]

EDGE, FOOT, GAP = 8.0, 13.0, 7.0
PAD = 0.12
"""Part of a feature's range that stays free above and below it."""
TICKS = 26.0
"""Width of the figures beside the strips, in points."""
WIDEST = 26.0
"""A column that has all the room it wants."""


class Strips:
    """Input and reconstruction of each probe on an axis in the feature's own unit.

    A dot is the input, in the colour of its class; a dash is the reconstruction; the line between
    them is the difference.

    Attributes
    ----------
    count
        How many probes are shown.
    """

    def __init__(self, stage: Stage, begun: Prepared) -> None:
        style, features = stage.style, Features(begun)
        self._stage, self._features = stage, features
        self.count = 0
        size: dict[str, Any] = {"size": SMALL, "va": "center"}
        self._names = [stage.text(0, 0, **size) for _ in range(len(features))]
        self._ticks = [
            stage.text(0, 0, color=style.muted, ha="right", **size) for _ in range(5 * FEW)
        ]
        self._key = stage.text(0, 0, color=style.muted, **size)
        self._grid = self._lines(style.grid, 0.7)
        self._rules = self._lines(style.muted, 0.5, alpha=0.5)
        self._picked = Rectangle((0, 0), 0, 0, facecolor=style.accent, alpha=0.18, linewidth=0)
        stage.sheet.add_patch(self._picked)
        self._links = self._lines(style.muted, 1.0, alpha=0.8)
        self._dashes = self._lines(style.text, 1.6)
        self._dots: PathCollection = stage.sheet.scatter([], [], s=16, linewidths=0)
        labels = begun.probes.labels
        colours = style.classes
        kinds = np.zeros(len(begun.probes), int) if labels is None else labels
        self._colours = [
            colours[int(kind) % len(colours)] for kind in kinds[: begun.probes.gallery]
        ]

    def _lines(self, colour: str, width: float, **properties: Any) -> LineCollection:
        lines = LineCollection([], colors=colour, linewidths=width, capstyle="butt", **properties)
        self._stage.sheet.add_collection(lines, autolim=False)
        return lines

    def arrange(self, count: int) -> None:
        """Lay out for a new size."""
        stage, features = self._stage, self._features
        self.count = count
        widest = max(text_width(features.title(i), SMALL) for i in range(len(features)))
        names = min(0.3 * stage.width, widest + 4)
        self._left = EDGE + names + TICKS
        self._step = min(WIDEST, (stage.width - self._left - EDGE) / count)
        self._right = self._left + self._step * count
        self._height = (stage.height - EDGE - FOOT) / len(features) - GAP
        self._tops = EDGE + np.arange(len(features)) * (self._height + GAP)
        self._centres = self._left + (np.arange(count) + 0.5) * self._step
        margin = PAD * (features.high - features.low)
        self._from, self._to = features.low - margin, features.high + margin
        for i, name in enumerate(self._names):
            name.set_text(shortened(features.title(i), names, SMALL))
            name.set_position((EDGE, self._tops[i] + self._height / 2))
        self._arrange_ticks()
        room = stage.width - 2 * EDGE
        words = "dot: input, dash: reconstruction", "dot: input, dash: recon.", "dot: input"
        self._key.set_text(fitting(room, SMALL, *words))
        self._key.set_position((EDGE, stage.height - 7))
        self._dots.set_sizes([min(16.0, (0.62 * self._step) ** 2)])

    def _arrange_ticks(self) -> None:
        """Round values on each strip's axis, with lines across."""
        most = max(1, min(4, int(self._height / 10)))
        locator = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10])
        marks: list[tuple[float, str]] = []
        for i in range(len(self._features)):
            values = locator.tick_values(self._from[i], self._to[i])
            inside = [v for v in values if self._from[i] <= v <= self._to[i]]
            # The locator gives at least two, which may be one too many for a low strip.
            inside = inside[:: max(1, -(-len(inside) // most))] or inside
            marks += [(self._y(i, v), f"{v:g}") for v in inside]
        for text, mark in zip(self._ticks, [*marks, *[None] * len(self._ticks)], strict=False):
            text.set_visible(mark is not None)
            if mark is not None:
                text.set(position=(self._left - 4, mark[0]), text=mark[1])
        between = [(EDGE, top - GAP / 2) for top in self._tops[1:]]
        rows = [(self._left, y) for y, _ in marks]
        self._grid.set_segments([[(x, y), (self._right, y)] for x, y in rows])
        self._rules.set_segments([[(x, y), (self._right, y)] for x, y in between])

    def show(self, inputs: Array, decoded: Array, probe: int | None) -> None:
        """Show (probes, features) each, in the data's own scale, and mark the picked one."""
        features = range(len(self._features))
        x = np.tile(self._centres, len(self._features))
        before = np.concatenate([self._y(i, inputs[:, i]) for i in features])
        after = np.concatenate([self._y(i, decoded[:, i]) for i in features])
        self._dots.set_offsets(np.stack([x, before], 1))
        self._dots.set_facecolor(self._colours[: len(inputs)] * len(self._features))
        self._links.set_segments(
            list(np.stack([np.stack([x, before], 1), np.stack([x, after], 1)], 1))
        )
        half = 0.36 * self._step
        ends = np.stack([np.stack([x - half, after], 1), np.stack([x + half, after], 1)], 1)
        self._dashes.set_segments(list(ends))
        self._picked.set_visible(probe is not None and probe < self.count)
        left = self._left + (probe or 0) * self._step
        self._picked.set_bounds(left, EDGE - 3, self._step, self._stage.height - EDGE - FOOT)

    def _y(self, feature: int, value: Any) -> Any:
        """Where a value lies on its strip, in points from the top; what is off it, at its edge."""
        span = self._to[feature] - self._from[feature]
        part = np.clip((np.asarray(value, np.float64) - self._from[feature]) / span, 0, 1)
        return self._tops[feature] + (1 - part) * self._height

    def artists(self) -> Sequence[Artist]:
        """What moves, in painting order."""
        return [self._picked, self._links, self._dots, self._dashes]

    def at(self, x: float, y: float) -> int | None:
        """The probe at figure pixels, or None."""
        across, down = self._stage.at(x, y)
        column = int((across - self._left) // self._step)
        inside = 0 <= column < self.count and EDGE <= down <= self._stage.height - FOOT
        return column if inside else None
