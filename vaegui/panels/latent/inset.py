"""The decoded cursor, small, in a corner of the latent space."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from vaegui.panels.drawing.features import Features
from vaegui.panels.drawing.stage import SMALL, Stage, plain
from vaegui.panels.drawing.text import shortened, text_width
from vaegui.panels.drawing.tiles import tiles
from vaegui.queries.base import Result
from vaegui.queries.decode import Decoded
from vaegui.training.record.events import Prepared

__all__ = ["Inset"]

Array = NDArray[Any]

PAD = 4.0
LINE = 9.0
NAMES = 64.0
"""Width of the longest name of a feature in points."""


WORDS = 84.0
"""Width of the longest value."""


class Inset:
    """What the decoder makes of a z, with the z written below, on a ground that hides the rest."""

    def __init__(self, stage: Stage, begun: Prepared) -> None:
        style = stage.style
        self._stage = stage
        self._box = stage.axes(frame=False, zorder=5)
        self._ground = self._box.add_patch(
            Rectangle(
                (0, 0), 1, 1, facecolor=style.background, edgecolor=style.accent, linewidth=1.2
            )
        )
        self._ground.set(transform=self._box.transAxes, alpha=0.94)
        self._tile = _Tile(stage, begun)
        listed = not begun.data.is_image and Features(begun).few
        self._list = _Listed(stage, Features(begun)) if listed else None
        self._content: _Content = self._tile
        self._text = self._box.text(0.5, 0, "", color=style.text, size=SMALL, ha="center")

    def arrange(self, left: float, right: float, bottom: float, room: float) -> None:
        """Lay out between ``left`` and ``right`` above ``bottom``, in points.

        ``room`` is the smaller side of the axes; the content takes about a quarter of it.
        """
        wide = self._list is not None and right - left > 1.25 * self._list.width
        self._content = self._list if self._list is not None and wide else self._tile
        self._tile.axes.set_visible(not wide)
        if self._list is not None:
            self._list.axes.set_visible(wide)
        self._inner = width, height = self._content.size(room)
        self._size = max(width, 52.0) + 2 * PAD, height + LINE + 2.5 * PAD
        self._corners = left, right - self._size[0]
        self._top = bottom - self._size[1]
        self._text.set_position((0.5, 1.3 * PAD / self._size[1]))

    def show(self, answer: Result[Decoded] | None, cursor: tuple[float, float]) -> None:
        """Show what a z was decoded to, or nothing.

        It is put into the lower right corner, or into the left one when the cursor, at points
        from the upper left, would lie behind it.
        """
        for artist in self.artists():
            artist.set_visible(answer is not None)
        if answer is None:
            return
        behind = cursor[0] > self._corners[1] - 8 and cursor[1] > self._top - 8
        left, (width, height) = self._corners[0 if behind else 1], self._size
        self._stage.place(self._box, left, self._top, width, height)
        inner = left + (width - self._inner[0]) / 2
        self._stage.place(self._content.axes, inner, self._top + PAD, *self._inner)
        self._content.show(answer.value.reconstruction)
        self._text.set_text(_written(answer.value.query.z))

    def artists(self) -> Sequence[Artist]:
        """What moves, in painting order."""
        return [self._ground, *self._content.artists(), self._text]


class _Content(Protocol):
    """One decoded example on axes of its own."""

    axes: Axes

    def size(self, room: float) -> tuple[float, float]:
        """Width and height in points that it wants where ``room`` is the smaller side."""

    def show(self, x: Array) -> None:
        """Show an example, (*shape), in the data's own scale."""

    def artists(self) -> Sequence[Artist]:
        """What moves, in painting order."""


class _Tile:
    """A picture, or a line over many features."""

    def __init__(self, stage: Stage, begun: Prepared) -> None:
        self.axes = stage.axes(frame=False, zorder=6)
        self._tiles = tiles(self.axes, stage.style, begun)

    def size(self, room: float) -> tuple[float, float]:
        """See `_Content.size`."""
        height = min(max(0.26 * room, 30.0), 84.0)
        width = min(height / self._tiles.ratio, 130.0)
        return width, width * self._tiles.ratio

    def show(self, x: Array) -> None:
        """See `_Content.show`."""
        self._tiles.show(x[None], np.array([False]), 1)

    def artists(self) -> Sequence[Artist]:
        """See `_Content.artists`."""
        return self._tiles.artists()


class _Listed:
    """A few features by name, with bars and their values in their own units."""

    def __init__(self, stage: Stage, features: Features) -> None:
        style, count = stage.style, len(features.variables)
        self.axes = axes = stage.axes(frame=False, zorder=6)
        self._features = features
        ends = features.low, features.high
        most = [features.value(i, end[i]) for end in ends for i in features.numbers]
        most += [f"{value} 0.00" for v in features.variables for value in v.values]
        values = min(max(text_width(text, SMALL) for text in most), WORDS)
        called = [variable.name for variable in features.variables]
        names = min(max(text_width(name, SMALL) for name in called), NAMES)
        self._room = values
        self.width = names + values + 34
        bars = names / self.width, 1 - values / self.width
        self._from, self._to = bars[0] + 4 / self.width, bars[1] - 4 / self.width
        axes.set(xlim=(0, 1), ylim=(count, 0))
        self._y = np.arange(count) + 0.5
        place: dict[str, Any] = {"size": SMALL, "va": "center", "color": style.text}
        self._names = [
            axes.text(0, y, shortened(name, NAMES, SMALL), **place)
            for y, name in zip(self._y, called, strict=True)
        ]
        self._values = [axes.text(1, y, "", ha="right", **place) for y in self._y]
        self._tracks = LineCollection(
            self._segments(np.full(count, self._to)), colors=style.grid, linewidths=0.8
        )
        self._bars = LineCollection([], colors=style.reconstruction, linewidths=4.0)
        for lines in (self._tracks, self._bars):
            lines.set_capstyle("butt")
            axes.add_collection(lines, autolim=False)

    def size(self, room: float) -> tuple[float, float]:
        """See `_Content.size`."""
        return self.width, len(self._y) * (10.0 if room > 200 else LINE)

    def show(self, x: Array) -> None:
        """See `_Content.show`."""
        features = self._features
        part = features.by_variable(features.fraction(x))
        for i, (variable, text) in enumerate(zip(features.variables, self._values, strict=True)):
            if variable.values:
                # As long as its likeliest value is likely.
                part[i] = np.clip(variable.of(x), 0.0, 1.0).max()
            text.set_text(shortened(features.written(variable, x), self._room, SMALL))
        self._bars.set_segments(self._segments(self._from + part * (self._to - self._from)))

    def _segments(self, to: Array) -> list[Array]:
        start = np.full(len(to), self._from)
        return list(np.stack([np.stack([start, to], 1), np.stack([self._y] * 2, 1)], axis=-1))

    def artists(self) -> Sequence[Artist]:
        """See `_Content.artists`."""
        return [self._tracks, self._bars, *self._names, *self._values]


def _written(z: tuple[float, ...]) -> str:
    """The numbers, if they fit below a small picture."""
    if len(z) > 2:
        return f"z of {len(z)} units"
    return ("z = " if len(z) == 1 else "") + plain(", ".join(f"{value:.2f}" for value in z))
