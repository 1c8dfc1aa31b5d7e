"""Nodes, edges and words of a network on a sheet; each is drawn anew only if it changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgb
from matplotlib.path import Path
from matplotlib.text import Text

from vaegui.panels.drawing.stage import Stage
from vaegui.panels.explain.graph.layout import Box

__all__ = ["Drawing", "Pill", "Stroke", "Word", "tinted"]

Colour = tuple[float, float, float, float]
DASHES = (0, (3.5, 2.0))
CURVE = 0.45
"""Control points of a quarter circle, as a part of the radius from the corner."""


@dataclass(frozen=True, slots=True)
class Pill:
    """A rounded box with a frame."""

    box: Box
    face: Colour
    frame: Colour
    width: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line from one point to another; dashed where it lowers a sum."""

    line: tuple[float, float, float, float]
    colour: Colour
    width: float
    dashed: bool


@dataclass(frozen=True, slots=True)
class Word:
    """A text at a point."""

    x: float
    y: float
    text: str
    colour: str
    size: float
    across: str = "center"
    up: str = "center_baseline"
    bold: bool = False
    ground: bool = False
    """Whether it hides what lies behind it."""


class Drawing:
    """One layer: lines below boxes below words. What is shown again unchanged costs nothing."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        sheet = stage.sheet
        self._lines = [LineCollection([], capstyle="butt") for _ in range(2)]
        self._lines[1].set_linestyle([DASHES])
        self._pills = PathCollection([], transform=sheet.transData)
        for collection in (*self._lines, self._pills):
            sheet.add_collection(collection, autolim=False)
        self._words: list[Text] = []
        self._shown: tuple[Any, Any, list[Word | None]] = (None, None, [])

    def show(self, strokes: Sequence[Stroke], pills: Sequence[Pill], words: Sequence[Word]) -> bool:
        """Show these; whether there are artists that there were not."""
        before_strokes, before_pills, before_words = self._shown
        if strokes != before_strokes:
            for dashed, collection in enumerate(self._lines):
                part = [s for s in strokes if s.dashed == bool(dashed)]
                ends = np.array([s.line for s in part]).reshape(-1, 2, 2)
                collection.set_segments(list(ends))
                collection.set_color([s.colour for s in part] or "none")
                collection.set_linewidth([s.width for s in part] or 1.0)
        if pills != before_pills:
            self._pills.set_paths([rounded(pill.box) for pill in pills])
            self._pills.set_facecolor([pill.face for pill in pills] or "none")
            self._pills.set_edgecolor([pill.frame for pill in pills] or "none")
            self._pills.set_linewidth([pill.width for pill in pills] or 1.0)
        grown = len(words) > len(self._words)
        while len(self._words) < len(words):
            self._words.append(self._stage.text(0, 0))
            before_words.append(None)
        padded = [*words, *([None] * (len(self._words) - len(words)))]
        for artist, word, before in zip(self._words, padded, before_words, strict=True):
            if word != before:
                self._write(artist, word)
        self._shown = (list(strokes), list(pills), padded)
        return grown

    def artists(self) -> list[Artist]:
        """What moves, in painting order."""
        words = [text for text, word in zip(self._words, self._shown[2], strict=True) if word]
        return [*self._lines, self._pills, *words]

    def _write(self, artist: Text, word: Word | None) -> None:
        artist.set_visible(word is not None)
        if word is None:
            return
        artist.set(
            position=(word.x, word.y),
            text=word.text,
            color=word.colour,
            size=word.size,
            ha=word.across,
            va=word.up,
            weight="bold" if word.bold else "normal",
        )
        ground = self._stage.style.background
        artist.set_bbox(
            {"facecolor": ground, "edgecolor": "none", "pad": 0.6, "alpha": 0.86}
            if word.ground
            else None
        )


def tinted(colour: str, ground: str, part: float) -> Colour:
    """A colour mixed into the ground, opaque."""
    mixed = np.array(to_rgb(ground)) * (1 - part) + np.array(to_rgb(colour)) * part
    red, green, blue = (float(c) for c in mixed)
    return red, green, blue, 1.0


def rounded(box: Box) -> Path:
    """The outline of a box with round ends."""
    x, y, width, height = box
    r = min(0.5 * height, 0.5 * width, 7.0)
    c = r * CURVE
    x1, y1 = x + width, y + height
    points = [(x + r, y), (x1 - r, y), (x1 - c, y), (x1, y + c), (x1, y + r), (x1, y1 - r)]
    points += [(x1, y1 - c), (x1 - c, y1), (x1 - r, y1), (x + r, y1), (x + c, y1), (x, y1 - c)]
    points += [(x, y1 - r), (x, y + r), (x, y + c), (x + c, y), (x + r, y), (x + r, y)]
    corner = [Path.CURVE4] * 3
    codes = [Path.MOVETO, Path.LINETO, *corner, Path.LINETO, *corner, Path.LINETO, *corner]
    return Path(np.array(points), [*codes, Path.LINETO, *corner, Path.CLOSEPOLY])
