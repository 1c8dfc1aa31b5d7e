"""Many examples of few variables: a strip for each variable, a column for each probe."""

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
from vaegui.panels.drawing.stage import SMALL, Stage, plain
from vaegui.panels.drawing.text import fitting, shortened, text_width
from vaegui.training.record.events import Prepared

__all__ = ["Strips"]

Array = NDArray[Any]

EDGE, FOOT, GAP = 8.0, 13.0, 7.0
PAD = 0.12
"""Part of a number's range that stays free above and below it."""
TICKS = 26.0
"""Least width of the figures beside the strips, in points."""
WORD = 46.0
"""Width of the longest value of a category."""
WIDEST = 26.0
"""A column that has all the room it wants."""


class Strips:
    """Input and reconstruction of each probe on an axis in the number's own unit.

    A dot is the input, in the colour of its class; a dash is the reconstruction; the line between
    them is the difference. A category has a level for each of its values, and the dash lies on the
    likeliest.

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
        self._names = [stage.text(0, 0, **size) for _ in features.variables]
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
        titles = [variable.title for variable in features.variables]
        self._height = (stage.height - EDGE - FOOT) / len(titles) - GAP
        self._tops = EDGE + np.arange(len(titles)) * (self._height + GAP)
        marks = self._marks()
        ticks = max((text_width(text, SMALL) for _, text in marks), default=0.0)
        widest = max(text_width(title, SMALL) for title in titles)
        names = min(0.3 * stage.width, widest + 4)
        self._left = EDGE + names + max(TICKS, ticks + 6)
        self._step = min(WIDEST, (stage.width - self._left - EDGE) / count)
        self._right = self._left + self._step * count
        self._centres = self._left + (np.arange(count) + 0.5) * self._step
        for i, name in enumerate(self._names):
            name.set_text(shortened(titles[i], names, SMALL))
            name.set_position((EDGE, self._tops[i] + self._height / 2))
        self._arrange_ticks(marks)
        room = stage.width - 2 * EDGE
        words = "dot: input, dash: reconstruction", "dot: input, dash: recon.", "dot: input"
        self._key.set_text(fitting(room, SMALL, *words))
        self._key.set_position((EDGE, stage.height - 7))
        self._dots.set_sizes([min(16.0, (0.62 * self._step) ** 2)])

    def _marks(self) -> list[tuple[float, str]]:
        """Height and text of round values, or those of a category, on each strip's axis."""
        marks = []
        for i, variable in enumerate(self._features.variables):
            marks += self._values_of(i) if variable.values else self._round_values(i)
        return marks

    def _arrange_ticks(self, marks: list[tuple[float, str]]) -> None:
        """Write them, with lines across."""
        for text, mark in zip(self._ticks, [*marks, *[None] * len(self._ticks)], strict=False):
            text.set_visible(mark is not None)
            if mark is not None:
                text.set(position=(self._left - 4, mark[0]), text=mark[1])
        between = [(EDGE, top - GAP / 2) for top in self._tops[1:]]
        rows = [(self._left, y) for y, _ in marks]
        self._grid.set_segments([[(x, y), (self._right, y)] for x, y in rows])
        self._rules.set_segments([[(x, y), (self._right, y)] for x, y in between])

    def _values_of(self, i: int) -> list[tuple[float, str]]:
        """Height and name of each value of a category that there is room for, at most five."""
        values = self._features.variables[i].values
        every = max(1, -(-len(values) // max(1, min(5, int(self._height / 8)))))
        levels = self._y(i, (np.arange(len(values)) + 0.5) / len(values))
        words = [shortened(value, WORD, SMALL) for value in values]
        return list(zip(levels.tolist(), words, strict=True))[::every]

    def _round_values(self, i: int) -> list[tuple[float, str]]:
        """Height and figures of some round values of a number."""
        features, at = self._features, self._features.variables[i].first
        most = max(1, min(4, int(self._height / 10)))
        low, high = features.low[at], features.high[at]
        locator = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10])
        values = np.asarray(locator.tick_values(low, high))
        if features.is_logarithmic(at):
            values = np.append(0.0, 10.0 ** np.arange(-3, 13))
        margin = PAD * (high - low)
        shown = features.on_track(at, values)
        inside = [
            (float(y), plain(f"{v:,.6g}"))
            for v, y, part in zip(values, self._y(i, shown), shown, strict=True)
            if low - margin <= v <= high + margin and -PAD <= part <= 1 + PAD
        ]
        # The locator gives at least two, which may be one too many for a low strip.
        return inside[:: max(1, -(-len(inside) // most))] or inside

    def show(self, inputs: Array, decoded: Array, probe: int | None) -> None:
        """Show (probes, features) each, in the data's own scale, and mark the picked one."""
        count = len(self._features.variables)
        x = np.tile(self._centres, count)
        before, after = (
            np.concatenate([self._y(i, levels[:, i]) for i in range(count)])
            for levels in (self._features.levels(values, PAD) for values in (inputs, decoded))
        )
        self._dots.set_offsets(np.stack([x, before], 1))
        self._dots.set_facecolor(self._colours[: len(inputs)] * count)
        self._links.set_segments(
            list(np.stack([np.stack([x, before], 1), np.stack([x, after], 1)], 1))
        )
        half = 0.36 * self._step
        ends = np.stack([np.stack([x - half, after], 1), np.stack([x + half, after], 1)], 1)
        self._dashes.set_segments(list(ends))
        self._picked.set_visible(probe is not None and probe < self.count)
        left = self._left + (probe or 0) * self._step
        self._picked.set_bounds(left, EDGE - 3, self._step, self._stage.height - EDGE - FOOT)

    def _y(self, i: int, level: Array) -> Array:
        """Where levels from 0 to 1 lie on a strip, in points from the top; first values above."""
        if self._features.variables[i].values:
            return np.asarray(self._tops[i] + level * self._height)
        return np.asarray(self._tops[i] + (1 - (level + PAD) / (1 + 2 * PAD)) * self._height)

    def artists(self) -> Sequence[Artist]:
        """What moves, in painting order."""
        return [self._picked, self._links, self._dots, self._dashes]

    def at(self, x: float, y: float) -> int | None:
        """The probe at figure pixels, or None."""
        across, down = self._stage.at(x, y)
        column = int((across - self._left) // self._step)
        inside = 0 <= column < self.count and EDGE <= down <= self._stage.height - FOOT
        return column if inside else None
