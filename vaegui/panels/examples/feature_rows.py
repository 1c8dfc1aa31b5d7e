"""One example of few variables: a row for each, with bars and figures."""

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
from vaegui.panels.drawing.tracks import Tracks

__all__ = ["FeatureRows"]

Array = NDArray[Any]

HEAD = 13.0
NUMBER = 32.0
"""Width of a column of figures in points."""
SHORTEST = 14.0
"""Where there is less room than this for a category's value, its number is left out."""
TALLEST = 58.0
LEAST = 9.5
"""Height of a row; what finds no room is left out."""
WIDE = 330.0
"""From here on there is room for the difference in the feature's own unit, too."""
NARROW = 200.0
"""Up to here there is none for any difference."""


class FeatureRows:
    """Each number as a bar from the smallest to the largest among the probes.

    The bar is the input, the line across it the reconstruction, the dots below are draws. Beside
    them stand the values in their own units and the difference in standard deviations.

    A category has a cell for each of its values: the input's is filled, and in each stands a line
    as tall as the reconstruction's number for it.
    """

    def __init__(self, stage: Stage, features: Features) -> None:
        style, variables = stage.style, features.variables
        self._stage, self._features = stage, features
        self._places = Tracks(features)
        small: dict[str, Any] = {"size": SMALL - 1, "color": style.muted, "va": "center"}
        self._names = [stage.text(0, 0, size=SMALL + 0.5, va="center") for _ in variables]
        self._ends = [
            [stage.text(0, 0, **small) for _ in variable.values or range(2)]
            for variable in variables
        ]
        self._heads = [
            stage.text(0, 0, size=SMALL, color=colour, va="center", ha="right")
            for colour in (style.text, style.reconstruction, style.muted, style.muted)
        ]
        self._key = stage.text(0, 0, size=SMALL, color=style.muted, va="center")
        figures: dict[str, Any] = {"size": SMALL, "va": "center", "ha": "right"}
        self._columns: list[list[Text]] = [
            [
                stage.text(0, 0, color=head.get_color(), **figures)
                if variable.values
                else stage.text(0, 0, color=head.get_color(), family=MONO, **figures)
                for variable in variables
            ]
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
        titles = [variable.title for variable in self._features.variables]
        self._shown = count = max(1, min(len(titles), int((height - HEAD) // LEAST)))
        row = min(TALLEST, (height - HEAD) / count)
        columns = 4 if width > WIDE else 3 if width > NARROW else 2
        widest = max(text_width(title, SMALL + 0.5) for title in titles[:count])
        names = min(0.3 * width, widest + 4)
        right = left + width
        self._middle = top + HEAD + (np.arange(count) + (0.36 if row > 11 else 0.5)) * row
        self._below = min(0.3 * row, 9.0) if row > 11 else 0.0
        self._box, self._row = (left, top + HEAD, right), row
        self._left, self._right = left + names + 4, right - columns * NUMBER - 8
        self._places.place(self._left, self._right, self._middle)
        for i, name in enumerate(self._names):
            name.set_visible(i < count)
            if i < count:
                name.set_text(shortened(titles[i], names, SMALL + 0.5))
                name.set_position((left, self._middle[i]))
        self._arrange_ends(row)
        self._arrange_columns(right, top, columns)
        self._key.set_position((left, top + HEAD / 2))
        self._bars.set_linewidth(max(3.0, min(13.0, 0.3 * row)))
        self._height = max(4.0, min(16.0, 0.45 * row))
        self._tracks.set_segments(self._places.lines())
        return HEAD + count * row

    def _arrange_columns(self, right: float, top: float, columns: int) -> None:
        """The figures beside the tracks."""
        places = [right - (columns - 1 - c) * NUMBER for c in range(columns)]
        # What a category is reconstructed as takes the room of the differences, too.
        self._word_room = NUMBER * min(columns - 1, 2) - 4
        word = places[min(columns - 1, 2)]
        # The difference in the feature's own unit is what goes first when there is no room.
        places = places if columns == 4 else [*places[:2], -1.0, *places[2:], -1.0][:4]
        titles = ("input", "recon.", "diff.", "in sd" if columns == 4 else "diff./sd")
        for number, (head, column) in enumerate(zip(self._heads, self._columns, strict=True)):
            place = places[number]
            head.set(text=titles[number], position=(place, top + HEAD / 2), visible=place > 0)
            for i, (text, variable) in enumerate(
                zip(column, self._features.variables, strict=True)
            ):
                x = word if variable.values and number == 1 else place
                shown = i < self._shown and place > 0 and not (variable.values and number > 1)
                text.set_visible(shown)
                if shown:
                    text.set_position((x, self._middle[i]))
        self._key_room = places[0] - 24 - self._box[0]

    def _arrange_ends(self, row: float) -> None:
        """Write where each track begins and ends, or what its cells are, if there is room."""
        features = self._features
        for i, (variable, texts) in enumerate(zip(features.variables, self._ends, strict=True)):
            words = variable.values or tuple(
                features.number(variable.first, end[variable.first])
                for end in (features.low, features.high)
            )
            edges = self._places.edges(len(words))
            if variable.values:
                places, sides = (edges[1:] + edges[:-1]) / 2, ["center"] * len(words)
                fits = max(text_width(word, SMALL - 1) for word in words) <= edges[1] - edges[0]
            else:
                places, sides = edges[::2], ["left", "right"]
                fits = sum(text_width(w, SMALL - 1) for w in words) + 4 <= edges[-1] - edges[0]
            fits &= i < self._shown and row >= 30
            for text, word, x, side in zip(texts, words, places, sides, strict=True):
                text.set(text=word, visible=fits, ha=side)
                if fits:
                    text.set_position((x, self._middle[i] + 0.42 * row))

    def show(self, x: Array, decoded: Array | None, draws: Array | None) -> None:
        """Show an input (features,), its reconstruction, and draws (n, features), if known."""
        self._known = x, decoded
        self._bars.set_segments(self._places.bars(x))
        known = decoded is not None
        for artist in (self._marks, *(t for column in self._columns[1:] for t in column)):
            artist.set_alpha(1.0 if known else 0.0)
        if decoded is not None:
            self._marks.set_segments(self._places.marks(decoded, self._height / 2 + 1))
            self._write(np.asarray(decoded, np.float64), x)
        for variable, text in zip(self._features.variables, self._columns[0], strict=True):
            if variable.values:
                word, _ = self._features.likeliest(variable, x)
                text.set_text(shortened(word, NUMBER - 3, SMALL))
            else:
                text.set_text(self._features.number(variable.first, x[variable.first]))
        if draws is None:
            self._dots.set_data([], [])
        else:
            across, down = self._places.dots(draws)
            self._dots.set_data(across.ravel(), (down + self._below).ravel())
        self._key.set_text(fitting(self._key_room, SMALL, *self._keys(draws), ""))

    def _keys(self, draws: Array | None) -> tuple[str, ...]:
        """What the rows are, at length and in short."""
        count = len(self._features.variables)
        if self._shown < count:
            few = f"{self._shown} of {count}"
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
        features = self._features
        sds = features.in_sds(x, decoded)
        for i, variable in enumerate(features.variables):
            at = variable.first
            if variable.values:
                word, number = features.likeliest(variable, decoded)
                room = self._word_room - text_width(f" {number}", SMALL)
                if room < SHORTEST:
                    room, number = self._word_room, ""
                texts = [f"{shortened(word, room, SMALL)} {number}".rstrip(), "", ""]
            else:
                off = features.number(at, decoded[at] - x[at], signed=True)
                apart = plain(f"{sds[at]:+.2f}") if np.isfinite(sds[at]) else "–"
                texts = [features.number(at, decoded[at]), off, apart]
            for column, text in zip(self._columns[1:], texts, strict=True):
                column[i].set_text(text)

    def hover_text(self, x: float, y: float) -> str:
        """The variable whose row is at figure pixels, at length; '' beside them."""
        x, y = self._stage.at(x, y)
        left, top, right = self._box
        row = int((y - top) // self._row)
        if not (left <= x <= right and 0 <= row < self._shown):
            return ""
        return self._features.hover_text(self._features.variables[row], *self._known)

    def artists(self) -> Sequence[Artist]:
        """What moves, in painting order."""
        figures = [t for column in self._columns for t in column if t.get_visible()]
        return [self._key, self._bars, self._marks, self._dots, *figures]
