"""What draws of z decode to: their mean, how much they vary, and some of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from vaegui.panels.drawing.features import Features, Variable
from vaegui.panels.drawing.stage import SMALL, TEXT, Stage
from vaegui.panels.drawing.text import fitting, shortened, text_width
from vaegui.panels.drawing.tiles import tiles
from vaegui.panels.drawing.tracks import Tracks
from vaegui.panels.explain.shared.plots import Plot
from vaegui.training.record.events import Prepared

__all__ = ["DecodedDraws", "decoded_draws"]

Array = NDArray[Any]

CAPTION, BETWEEN = 12.0, 8.0
FIGURES = 84.0
"""Width of a mean with its standard deviation, in points."""


class DecodedDraws(Protocol):
    """A view of decoded draws, in the data's own scale."""

    def arrange(self, left: float, top: float, width: float, height: float) -> None:
        """Lay out in a box, in points."""

    def show(self, x: Array, decoded: Array, mean: Array, sd: Array) -> bool:
        """Show the input, some decoded draws (n, *shape), and mean and sd of all of them."""

    def artists(self) -> Sequence[Artist]:
        """What moves, in painting order."""


def decoded_draws(stage: Stage, begun: Prepared) -> DecodedDraws:
    """What suits the data of a run."""
    if begun.data.is_image:
        return _Pictures(stage, begun)
    features = Features(begun)
    return _Rows(stage, features) if features.few else _Lines(stage, features)


class _Pictures:
    """Input, mean and sd as large pictures above the draws."""

    def __init__(self, stage: Stage, begun: Prepared) -> None:
        self._stage = stage
        self._range = begun.data.value_range
        self._large = tiles(stage.axes(frame=False), stage.style, begun)
        self._small = tiles(stage.axes(frame=False), stage.style, begun)
        muted = stage.style.muted
        self._captions = [stage.text(0, 0, color=muted, size=SMALL, ha="center") for _ in range(3)]
        self._head = stage.text(0, 0, size=TEXT, weight="bold")
        self._columns, self._rows = 4, 4

    def arrange(self, left: float, top: float, width: float, height: float) -> None:
        """See `DecodedDraws.arrange`."""
        stage, ratio = self._stage, self._large.ratio
        self._head.set_position((left, top + 9))
        self._head.set_text(fitting(width, TEXT, "The draws, decoded", "Decoded", bold=True))
        top += 16
        across = self._large.size(3, 1)[0]
        large = min(width / across, 0.4 * height / ratio, 110.0)
        stage.place(self._large.axes, left, top, across * large, ratio * large)
        for i, caption in enumerate(self._captions):
            x = left + (i * (1 + self._large.gap) + 0.5) * large
            caption.set_position((x, top + ratio * large + 9))
        self._size = large
        top += ratio * large + CAPTION + BETWEEN
        below = height - 16 - ratio * large - CAPTION - BETWEEN
        small = max(20.0, min(0.46 * large, 44.0))
        step = 1 + self._small.gap
        self._columns = max(1, int((width / small + self._small.gap) / step))
        self._rows = max(1, int((below / small + self._small.gap) / (ratio + self._small.gap)))
        used = self._small.size(self._columns, self._rows)
        small = min(width / used[0], below / used[1])
        stage.place(self._small.axes, left, top, used[0] * small, used[1] * small)

    def show(self, x: Array, decoded: Array, mean: Array, sd: Array) -> bool:
        """See `DecodedDraws.show`."""
        low, high = self._range
        most = max(float(sd.max()), 1e-9)
        stretched = low + (high - low) * np.asarray(sd, np.float32) / most
        pictures = np.stack([np.asarray(x, np.float32), mean, stretched])
        self._large.show(pictures, np.zeros(3, bool), 3)
        up_to = f"{most:.3g}"
        names = (
            "input",
            "mean",
            fitting(self._size, SMALL, f"sd (0 to {up_to})", f"sd ≤ {up_to}", "sd"),
        )
        for caption, name in zip(self._captions, names, strict=True):
            caption.set_text(name)
        shown = decoded[: self._columns * self._rows]
        room = np.full((self._columns * self._rows, *decoded.shape[1:]), low, np.float32)
        room[: len(shown)] = shown
        self._small.show(room, np.zeros(len(room), bool), self._columns)
        return False

    def artists(self) -> Sequence[Artist]:
        """See `DecodedDraws.artists`."""
        pictures = [*self._large.artists(), *self._small.artists()]
        return [self._head, *self._captions, *pictures]


class _Rows:
    """A track for each number with the draws as dots, and mean +- sd in its own unit.

    A category has a cell for each value, with a line as tall as the mean of the draws' numbers.
    """

    def __init__(self, stage: Stage, features: Features) -> None:
        style, count = stage.style, len(features.variables)
        self._stage, self._features = stage, features
        self._places = Tracks(features)
        self._head = stage.text(0, 0, size=TEXT, weight="bold")
        self._key = stage.text(0, 0, size=SMALL, color=style.muted)
        self._names = [stage.text(0, 0, size=SMALL + 0.5, va="center") for _ in range(count)]
        self._figures = [
            stage.text(0, 0, size=SMALL + 0.5, va="center", ha="right", color=style.reconstruction)
            for _ in range(count)
        ]
        self._tracks = LineCollection([], colors=style.grid, linewidths=1.0)
        self._spread = LineCollection(
            [], colors=style.reconstruction, linewidths=5.0, alpha=0.35, capstyle="butt"
        )
        self._means = LineCollection([], colors=style.reconstruction, linewidths=2.0)
        self._inputs = LineCollection([], colors=style.text, linewidths=1.2)
        self._cells = LineCollection([], colors=style.text, linewidths=1.6, capstyle="butt")
        for lines in (self._tracks, self._spread, self._means, self._inputs, self._cells):
            stage.sheet.add_collection(lines, autolim=False)
        (self._dots,) = stage.sheet.plot(
            [], [], "o", color=style.reconstruction, markersize=2.4, markeredgewidth=0, alpha=0.5
        )

    def arrange(self, left: float, top: float, width: float, height: float) -> None:
        """See `DecodedDraws.arrange`."""
        names = [variable.name for variable in self._features.variables]
        count = len(names)
        row = min((height - 30) / count, 46.0)
        # Name and figures above the track where rows are tall enough, or the name gives way.
        self._head.set_position((left, top + 9))
        self._head.set_text(fitting(width, TEXT, "The draws, decoded", "Decoded", bold=True))
        self._key.set_position((left, top + 22))
        self._key.set_text(
            fitting(
                width,
                SMALL,
                "dots: draws;  bar: mean ± sd;  black: the input",
                "bar: mean ± sd; black: input",
                "bar: mean ± sd",
            ).replace("black", "white" if self._stage.style.name == "dark" else "black")
        )
        widest = max(text_width(name, SMALL + 0.5) for name in names)
        # Where names would be cut, the bar alone says the sd.
        self._with_sd = widest <= width - FIGURES
        room = width - (FIGURES if self._with_sd else 0.5 * FIGURES)
        begin = top + 30
        self._line = begin + (np.arange(count) + 0.72) * row
        for i in range(count):
            y = begin + (i + 0.3) * row
            self._names[i].set_position((left, y))
            self._names[i].set_text(shortened(names[i], room, SMALL + 0.5))
            self._figures[i].set_position((left + width, y))
        self._half = min(0.16 * row, 6.0)
        self._places.place(left, left + width, self._line)
        self._tracks.set_segments(self._places.lines())

    def show(self, x: Array, decoded: Array, mean: Array, sd: Array) -> bool:
        """See `DecodedDraws.show`."""
        features, places = self._features, self._places
        self._spread.set_segments(places.spread(mean - sd, mean + sd))
        self._means.set_segments(places.marks(mean, self._half + 1.5))
        # Of a category the input's cell is underlined; a number has a line through it.
        bars = places.bars(x)
        is_cell = [bool(variable.values) for variable in features.variables]
        down = np.array([0.0, self._half + 3])
        self._cells.set_segments(
            [bar + down for bar, cell in zip(bars, is_cell, strict=True) if cell]
        )
        self._inputs.set_segments(places.upright(x, self._half + 3))
        across, y = places.dots(decoded)
        self._dots.set_data(across.ravel(), y.ravel())
        for variable, text in zip(features.variables, self._figures, strict=True):
            text.set_text(self._figure(variable, mean, sd))
        return False

    def _figure(self, variable: Variable, mean: Array, sd: Array) -> str:
        """Mean and sd of a number, or the likeliest value of a category."""
        features, i = self._features, variable.first
        if variable.values:
            return shortened(features.written(variable, mean), FIGURES, SMALL + 0.5)
        unit = f" {features.units[i]}".rstrip()
        spread = f" ± {features.number(i, sd[i])}" if self._with_sd else ""
        return f"{features.number(i, mean[i])}{spread}{unit}"

    def artists(self) -> Sequence[Artist]:
        """See `DecodedDraws.artists`."""
        words = [self._head, self._key, *self._names, *self._figures]
        lines = [self._tracks, self._spread, self._dots, self._means, self._inputs, self._cells]
        return [*words, *lines]


class _Lines:
    """Mean as a line over the features with a band of one sd, and the input."""

    def __init__(self, stage: Stage, features: Features) -> None:
        style = stage.style
        self._features = features
        self._plot = Plot(stage, "sample" if features.channels else "feature")
        self._count = len(features.variables)
        self._at = features.curve(np.arange(1, self._count + 1))
        self._draws = LineCollection([], colors=style.reconstruction, linewidths=0.5, alpha=0.15)
        self._plot.axes.add_collection(self._draws, autolim=False)
        self._edges = [
            self._plot.axes.plot([], [], color=style.reconstruction, linewidth=0.8, linestyle="--")
            for _ in range(2)
        ]
        (self._mean,) = self._plot.axes.plot([], [], color=style.reconstruction, linewidth=1.4)
        (self._input,) = self._plot.axes.plot([], [], color=style.text, linewidth=1.0)

    def arrange(self, left: float, top: float, width: float, height: float) -> None:
        """See `DecodedDraws.arrange`."""
        self._plot.arrange(left, top, width, height)
        scale = "" if self._features.channels else ", in sd of the feature"
        self._plot.head(
            f"The draws, decoded: mean ± sd, and the input{scale}",
            "Decoded: mean ± sd, and input",
            "Decoded draws",
        )

    def show(self, x: Array, decoded: Array, mean: Array, sd: Array) -> bool:
        """See `DecodedDraws.show`."""
        lines = [self._scaled(values) for values in (x, mean, mean - sd, mean + sd)]
        for artist, values in zip(
            (self._input, self._mean, self._edges[0][0], self._edges[1][0]), lines, strict=True
        ):
            artist.set_data(self._at, values)
        many = self._scaled(decoded)
        self._draws.set_segments(
            list(np.stack([np.broadcast_to(self._at, many.shape), many], axis=-1))
        )
        every = np.concatenate([np.asarray(lines), many])
        every = every[np.isfinite(every)]
        ends = (float(every.min()), float(every.max())) if len(every) else (0.0, 1.0)
        return self._plot.limit((1.0, float(self._count)), ends, 0.04)

    def _scaled(self, x: Array) -> Array:
        """Examples (..., features) on the axis, to be drawn as lines."""
        features = self._features
        scaled = np.asarray(x) if features.channels else features.standardised(x)
        return features.curve(features.by_variable(scaled))

    def artists(self) -> Sequence[Artist]:
        """See `DecodedDraws.artists`."""
        edges = [edge for (edge,) in self._edges]
        return [*self._plot.texts(), self._draws, *edges, self._mean, self._input]
