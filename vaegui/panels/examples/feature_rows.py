"""One example of few features: a row for each, with bars and figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from matplotlib.text import Text
from numpy.typing import NDArray

from vaegui.panels.drawing.features import Features
from vaegui.panels.drawing.stage import MONO, SMALL, Stage, plain
from vaegui.panels.drawing.text import fitting, shortened, text_width

__all__ = ["FeatureRows"]

Array = NDArray[Any]

HEAD = 13.0
NUMBER = 32.0
"""Width of a column of figures in points."""
TALLEST = 58.0
LEAST = 9.5
"""Height of a row; what finds no room is left out."""
WIDE = 330.0
"""From here on there is room for the difference in the feature's own unit, too."""
NARROW = 200.0
"""Up to here there is none for any difference."""


class FeatureRows:
    """Each feature's value as a bar from the smallest to the largest among the probes.

    The bar is the input, the line across it the reconstruction, the dots below are draws. Beside
    them stand the values in their own units and the difference in standard deviations.
    """

    def __init__(self, stage: Stage, features: Features) -> None:
        style, count = stage.style, len(features)
        self._stage, self._features = stage, features
        self._names = [stage.text(0, 0, size=SMALL + 0.5, va="center") for _ in range(count)]
        self._ends = [
            stage.text(0, 0, size=SMALL - 1, color=style.muted, va="center", ha=side)
            for side in ("left", "right")
            for _ in range(count)
        ]
        self._heads = [
            stage.text(0, 0, size=SMALL, color=colour, va="center", ha="right")
            for colour in (style.text, style.reconstruction, style.muted, style.muted)
        ]
        self._key = stage.text(0, 0, size=SMALL, color=style.muted, va="center")
        figures: dict[str, Any] = {
            "size": SMALL,
            "family": MONO,
            "va": "center",
            "ha": "right",
        }
        self._columns: list[list[Text]] = [
            [stage.text(0, 0, color=head.get_color(), **figures) for _ in range(count)]
            for head in self._heads
        ]
        self._tracks = self._lines(style.grid, 0.8)
        self._bars = self._lines(style.muted, 5.0, alpha=0.55)
        self._marks = self._lines(style.reconstruction, 2.2)
        (self._dots,) = stage.sheet.plot(
            [], [], "o", color=style.reconstruction, markersize=2.6, markeredgewidth=0, alpha=0.55
        )

    def _lines(self, colour: str, width: float, **properties: Any) -> LineCollection:
        lines = LineCollection([], colors=colour, linewidths=width, capstyle="butt", **properties)
        self._stage.sheet.add_collection(lines, autolim=False)
        return lines

    def arrange(self, left: float, top: float, width: float, height: float) -> float:
        """Lay out in a box, in points; the height that it takes."""
        features = self._features
        self._shown = count = max(1, min(len(features), int((height - HEAD) // LEAST)))
        row = min(TALLEST, (height - HEAD) / count)
        columns = 4 if width > WIDE else 3 if width > NARROW else 2
        widest = max(text_width(features.title(i), SMALL + 0.5) for i in range(count))
        names = min(0.3 * width, widest + 4)
        right = left + width
        self._left = left + names + 4
        self._right = right - columns * NUMBER - 8
        self._middle = top + HEAD + (np.arange(count) + (0.36 if row > 11 else 0.5)) * row
        self._below = min(0.3 * row, 9.0) if row > 11 else 0.0
        for i, name in enumerate(self._names):
            name.set_visible(i < count)
            if i >= count:
                continue
            name.set_text(shortened(features.title(i), names, SMALL + 0.5))
            name.set_position((left, self._middle[i]))
        self._arrange_ends(row)
        places = [right - (columns - 1 - c) * NUMBER for c in range(columns)]
        # The difference in the feature's own unit is what goes first when there is no room.
        places = places if columns == 4 else [*places[:2], -1.0, *places[2:], -1.0][:4]
        titles = ("input", "recon.", "diff.", "in sd" if columns == 4 else "diff./sd")
        for head, column, title, place in zip(
            self._heads, self._columns, titles, places, strict=True
        ):
            head.set(text=title, position=(place, top + HEAD / 2), visible=place > 0)
            for text in column[count:]:
                text.set_visible(False)
            for text, y in zip(column, self._middle, strict=False):
                text.set(position=(place, y), visible=place > 0)
        self._key.set_position((left, top + HEAD / 2))
        self._key_room = places[0] - 24 - left
        self._bars.set_linewidth(max(3.0, min(13.0, 0.3 * row)))
        self._height = max(4.0, min(16.0, 0.45 * row))
        ends = np.full((count, 2), [self._left, self._right])
        self._tracks.set_segments(_across(ends, self._middle))
        return HEAD + count * row

    def _arrange_ends(self, row: float) -> None:
        """Write where each track begins and ends, if rows are tall enough."""
        features, count = self._features, len(self._features)
        for i in range(count):
            low, high = (features.number(i, v) for v in (features.low[i], features.high[i]))
            wide = sum(text_width(end, SMALL - 1) for end in (low, high)) + 4
            fits = i < self._shown and row >= 30 and wide <= self._right - self._left
            for text, x, end in (
                (self._ends[i], self._left, low),
                (self._ends[count + i], self._right, high),
            ):
                text.set(text=end, visible=fits)
                if fits:
                    text.set_position((x, self._middle[i] + 0.42 * row))

    def show(self, x: Array, decoded: Array | None, draws: Array | None) -> None:
        """Show an input (features,), its reconstruction, and draws (n, features), if known."""
        features, count = self._features, self._shown
        start = np.full(count, self._left)
        self._bars.set_segments(_across(np.stack([start, self._at(x)[:count]], 1), self._middle))
        known = decoded is not None
        for artist in (self._marks, *(t for column in self._columns[1:] for t in column)):
            artist.set_alpha(1.0 if known else 0.0)
        if decoded is not None:
            at, half = self._at(decoded)[:count], self._height / 2 + 1
            pairs = np.stack([self._middle - half, self._middle + half], 1)
            self._marks.set_segments(list(np.stack([np.stack([at, at], 1), pairs], axis=-1)))
            self._write(np.asarray(decoded, np.float64), x)
        for i, text in enumerate(self._columns[0]):
            text.set_text(features.number(i, x[i]))
        if draws is None:
            self._dots.set_data([], [])
        else:
            at = self._at(draws)[:, :count]
            y = np.broadcast_to(self._middle + self._below, at.shape)
            self._dots.set_data(at.ravel(), y.ravel())
        self._key.set_text(fitting(self._key_room, SMALL, *self._keys(draws), ""))

    def _keys(self, draws: Array | None) -> tuple[str, ...]:
        """What the rows are, at length and in short."""
        if self._shown < len(self._features):
            few = f"{self._shown} of {len(self._features)}"
            return f"{few} features", few
        return (
            ()
            if draws is None
            else (
                f"dots: {len(draws)} draws, decoded",
                f"dots: {len(draws)} draws",
            )
        )

    def _write(self, decoded: Array, x: Array) -> None:
        off = decoded - x
        sds = self._features.in_sds(off)
        for i in range(len(off)):
            texts = (
                self._features.number(i, decoded[i]),
                self._features.number(i, off[i], signed=True),
                plain(f"{sds[i]:+.2f}"),
            )
            for column, text in zip(self._columns[1:], texts, strict=True):
                column[i].set_text(text)

    def _at(self, x: Array) -> NDArray[np.float64]:
        """Values, (..., features) -> where they lie on their tracks, in points."""
        return self._left + self._features.fraction(x) * (self._right - self._left)

    def artists(self) -> Sequence[Artist]:
        """What moves, in painting order."""
        figures = [t for column in self._columns for t in column if t.get_visible()]
        return [self._key, self._bars, self._marks, self._dots, *figures]


def _across(ends: Array, y: Array) -> list[Array]:
    """Level segments: ``ends`` (n, 2) across at ``y`` (n,)."""
    return list(np.stack([ends, np.stack([y, y], 1)], axis=-1))
