"""Examples side by side: pictures, or bars or lines of features when the data are no pictures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray

from vaegui.panels.drawing.features import Features
from vaegui.panels.style import Style
from vaegui.training.record.events import Prepared

__all__ = ["Lines", "Tiles", "tiles"]

Array = NDArray[Any]

GAP = 0.08
"""Space between tiles as a part of a tile's width."""
MOST_BARS = 16
"""More features than this are drawn as one line: bars of a pixel or two cannot be read."""


class Tiles(ABC):
    """A grid of examples in one axes, all moved at once.

    A tile is 1 wide and `ratio` high in the axes' coordinates, with `gap` between tiles.
    """

    def __init__(self, axes: Axes, ratio: float, gap: float) -> None:
        self.axes = axes
        self.ratio = ratio
        self.gap = gap
        self._columns = self._count = 0

    def show(self, x: Array, signed: NDArray[np.bool_], columns: int) -> None:
        """Fill the grid row by row.

        Parameters
        ----------
        x
            Examples or differences of two, (tiles, *shape), in the data's own scale.
        signed
            Which of them are differences, (tiles,).
        columns
            Tiles in each row.
        """
        self._columns, self._count = columns, len(x)
        width, height = self.size(columns, -(-len(x) // columns))
        self.axes.set(xlim=(0, width), ylim=(height, 0))
        self._fill(x, signed, columns)

    def size(self, columns: int, rows: int) -> tuple[float, float]:
        """Width and height of a grid in widths of one tile."""
        step = self.ratio + self.gap
        return columns * (1 + self.gap) - self.gap, rows * step - self.gap

    def at(self, data: tuple[float, float]) -> int | None:
        """Which tile lies at a point of the axes, or None beside all tiles."""
        column, row = int(data[0] // (1 + self.gap)), int(data[1] // (self.ratio + self.gap))
        index = row * self._columns + column
        return index if 0 <= column < self._columns and 0 <= index < self._count else None

    def fit(self, count: int, width: float, height: float) -> tuple[int, float]:
        """Columns of so many tiles that make them largest in a box, and their width in it."""

        def scale(columns: int) -> float:
            across, down = self.size(columns, -(-count // columns))
            return min(width / across, height / down)

        columns = max(range(1, count + 1), key=scale)
        return columns, scale(columns)

    def _corners(self, count: int, columns: int) -> tuple[Array, Array]:
        """Left and lower edge of each tile, (count, 1) each."""
        at = np.arange(count)
        left = (at % columns * (1 + self.gap))[:, None]
        return left, (at // columns * (self.ratio + self.gap) + self.ratio)[:, None]

    @abstractmethod
    def artists(self) -> list[Artist]:
        """What moves, in painting order."""

    @abstractmethod
    def _fill(self, x: Array, signed: NDArray[np.bool_], columns: int) -> None:
        """Draw the tiles; arguments as those of `show`."""


def tiles(axes: Axes, style: Style, begun: Prepared) -> Tiles:
    """A grid for the kind of data that a run has."""
    if begun.data.is_image:
        return _Pictures(axes, style, begun)
    features = Features(begun)
    if features.channels or len(features.variables) > MOST_BARS:
        return Lines(axes, style, features, style.text)
    return _Bars(axes, style, features)


class _Pictures(Tiles):
    """One picture made of all, in RGB: a single image paints far faster than many."""

    def __init__(self, axes: Axes, style: Style, begun: Prepared) -> None:
        height, width = begun.data.shape[:2]
        self._gap = max(1, round(GAP * width))
        super().__init__(axes, height / width, self._gap / width)
        self._low, self._high = begun.data.value_range
        self._plain = _table(style.sequential)
        self._signed = _table(style.diverging)
        self._ground = np.array([round(255 * c) for c in to_rgb(style.background)], np.uint8)
        self._image = axes.imshow(self._ground[None, None], interpolation="nearest", aspect="auto")

    def artists(self) -> list[Artist]:
        """See `Tiles.artists`."""
        return [self._image]

    def _fill(self, x: Array, signed: NDArray[np.bool_], columns: int) -> None:
        pictures = self._coloured(np.asarray(x, np.float32), signed)
        count, height, width = pictures.shape[:3]
        down, across = height + self._gap, width + self._gap
        rows = -(-count // columns)
        mosaic = np.empty((rows * down, columns * across, 3), np.uint8)
        mosaic[:] = self._ground
        for i, picture in enumerate(pictures):
            top, left = i // columns * down, i % columns * across
            mosaic[top : top + height, left : left + width] = picture
        mosaic = mosaic[: -self._gap, : -self._gap]
        shrunk = self.axes.bbox.width < mosaic.shape[1]
        self._image.set_interpolation("hanning" if shrunk else "nearest")
        self._image.set_extent((*self.axes.get_xlim(), *self.axes.get_ylim()))
        self._image.set_data(mosaic)

    def _coloured(self, x: Array, signed: NDArray[np.bool_]) -> NDArray[np.uint8]:
        """(tiles, height, width[, channels]) -> RGB. A difference is the mean over channels."""
        span = self._high - self._low
        grey = x if x.ndim == 3 else x.mean(axis=-1)
        plain = _indexed((grey - self._low) / span)
        coloured = self._plain[plain]
        if x.ndim == 4 and x.shape[-1] in (3, 4):
            coloured = _indexed((x[..., :3] - self._low) / span)
        coloured[signed] = self._signed[_indexed(0.5 + 0.5 * grey[signed] / span)]
        return coloured


class _Bars(Tiles):
    """A bar for each number, from the smallest value among the probes to the largest.

    A category has a narrow bar for each of its values, in another colour.
    """

    def __init__(self, axes: Axes, style: Style, features: Features) -> None:
        super().__init__(axes, 0.8, 0.12)
        self._features = features
        self._start, self._end = _slots(features)
        self._is_number = np.isin(np.arange(len(features)), features.numbers)
        self._span = np.where(self._is_number, features.high - features.low, 1.0)
        diverging = colormaps[style.diverging]
        below, above = diverging(0.12), diverging(0.88)
        self._grounds = LineCollection([], colors=style.grid, linewidths=0.6)
        axes.add_collection(self._grounds, autolim=False)
        self._patches = [
            PathPatch(Path(np.empty((0, 2))), facecolor=colour, linewidth=0)
            for colour in (style.muted, style.prior, above, below)
        ]
        for patch in self._patches:
            axes.add_patch(patch)

    def artists(self) -> list[Artist]:
        """See `Tiles.artists`."""
        return [self._grounds, *self._patches]

    def _fill(self, x: Array, signed: NDArray[np.bool_], columns: int) -> None:
        left, bottom = self._corners(len(x), columns)
        ground = np.where(signed[:, None], bottom - self.ratio / 2, bottom)
        levels = np.asarray(x, np.float64)
        plain = np.maximum(self._features.fraction(levels), 0.02) * self.ratio
        difference = np.clip(levels / self._span, -1, 1) * self.ratio / 2
        number, category = self._is_number, ~self._is_number
        every = np.ones_like(number)
        parts = (
            (~signed, number, plain),
            (~signed, category, plain),
            (signed, every, np.maximum(difference, 0)),
            (signed, every, np.minimum(difference, 0)),
        )
        for patch, (kind, which, up) in zip(self._patches, parts, strict=True):
            there = np.nan_to_num(up[kind][:, which])
            start, end = (left[kind] + side[which] for side in (self._start, self._end))
            patch.set_path(_bars(start, end, ground[kind], there))
        self._grounds.set_segments(_level(left, ground))


class Lines(Tiles):
    """A line over all numbers, each from its smallest value among the probes to its largest.

    A category is a dash at the height of its likeliest value. ``colour`` is that of the lines.
    """

    def __init__(self, axes: Axes, style: Style, features: Features, colour: str) -> None:
        super().__init__(axes, 0.5 if features.channels else 0.8, 0.12)
        self._features = features
        self._span = features.by_variable(features.high - features.low)
        count = len(features.variables)
        self._at = (np.arange(count) + 0.5) / count
        self._categories = [i for i, v in enumerate(features.variables) if v.values]
        self._grounds = LineCollection([], colors=style.grid, linewidths=0.6)
        self._plain = LineCollection([], colors=colour, linewidths=0.7)
        self._dashes = LineCollection([], colors=colour, linewidths=1.6)
        self._signed = LineCollection([], colors=style.kl, linewidths=0.7)
        for lines in (self._grounds, self._plain, self._dashes, self._signed):
            axes.add_collection(lines, autolim=False)

    def artists(self) -> list[Artist]:
        """See `Tiles.artists`."""
        return [self._grounds, self._dashes, self._plain, self._signed]

    def _fill(self, x: Array, signed: NDArray[np.bool_], columns: int) -> None:
        left, bottom = self._corners(len(x), columns)
        ground = np.where(signed[:, None], bottom - self.ratio / 2, bottom)
        difference = self._features.by_variable(np.asarray(x, np.float64))
        off = 0.5 + 0.5 * np.clip(difference / self._span, -1, 1)
        part = self._features.levels(x)
        up = bottom - self.ratio * np.where(signed[:, None], off, part)
        across = left + self._at
        dashes = [
            [
                (across[i, k] - 0.4 / len(self._at), up[i, k]),
                (across[i, k] + 0.4 / len(self._at), up[i, k]),
            ]
            for k in self._categories
            for i in np.flatnonzero(~signed)
        ]
        up[:, self._categories] = np.nan
        curves = np.stack([self._features.curve(across), self._features.curve(up)], axis=-1)
        self._plain.set_segments(list(curves[~signed]))
        self._dashes.set_segments(dashes)
        self._signed.set_segments(list(curves[signed]))
        self._grounds.set_segments(_level(left, ground))


def _slots(features: Features) -> tuple[Array, Array]:
    """Where the bar of each feature begins and ends in a tile of width 1, (features,) each."""
    start, end = np.empty(len(features)), np.empty(len(features))
    wide = 1 / len(features.variables)
    for i, variable in enumerate(features.variables):
        edges = (i + 0.1 + 0.8 * np.linspace(0, 1, 1 + max(1, len(variable.values)))) * wide
        which = slice(variable.first, variable.first + len(edges) - 1)
        start[which], end[which] = edges[:-1], edges[1:]
    return start, end


def _bars(start: Array, end: Array, base: Array, up: Array) -> Path:
    """One path of bars from ``start`` to ``end``, ``up`` from ``base``, (tiles, bars) each."""
    ground, top = np.broadcast_to(base, up.shape), base - up
    corners = np.stack(
        [
            np.stack([start, ground], -1),
            np.stack([start, top], -1),
            np.stack([end, top], -1),
            np.stack([end, ground], -1),
        ],
        axis=2,
    ).reshape(-1, 4, 2)
    return Path.make_compound_path_from_polys(corners) if len(corners) else Path(np.empty((0, 2)))


def _level(left: Array, y: Array) -> list[Array]:
    """A line along the ground of each tile: ``left``, ``y`` (tiles, 1)."""
    return list(np.stack([np.hstack([left, y]), np.hstack([left + 1, y])], axis=1))


def _table(name: str) -> NDArray[np.uint8]:
    """A colormap as 256 RGB rows."""
    table: NDArray[np.uint8] = colormaps[name](np.arange(256) / 255, bytes=True)[:, :3]
    return table


def _indexed(fraction: Array) -> NDArray[np.uint8]:
    """0 ... 1 -> 0 ... 255, with what lies outside at the ends."""
    return np.clip(np.nan_to_num(fraction) * 255 + 0.5, 0, 255).astype(np.uint8)
