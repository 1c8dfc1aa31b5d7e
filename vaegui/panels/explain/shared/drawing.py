"""Nodes, edges and words of a network on a sheet; each is drawn anew only if it changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
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


class _Words(Artist):
    """Texts of any number on a sheet, painted as one."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage = stage
        self._texts: list[Text] = []
        self._shown: list[Word] = []
        self.set_zorder(3)
        stage.sheet.add_artist(self)

    def show(self, words: Sequence[Word]) -> None:
        """Show these."""
        if words == self._shown:
            return
        while len(self._texts) < len(words):
            text = Text(transform=self._stage.sheet.transData, figure=self._stage.figure)
            text.axes = self._stage.sheet
            self._texts.append(text)
        for text, word, before in zip_longest(self._texts, words, self._shown):
            if word is not None and word != before:
                self._write(text, word)
        self._shown = list(words)
        self.stale = True

    def get_children(self) -> list[Artist]:
        """The texts that are shown."""
        return [*self._texts[: len(self._shown)]]

    def draw(self, renderer: RendererBase) -> None:
        """Paint the texts that are shown."""
        if self.get_visible():
            for text in self.get_children():
                text.draw(renderer)

    def _write(self, text: Text, word: Word) -> None:
        text.set(
            position=(word.x, word.y),
            text=word.text,
            color=word.colour,
            size=word.size,
            ha=word.across,
            va=word.up,
            weight="bold" if word.bold else "normal",
        )
        ground = self._stage.style.background
        text.set_bbox(
            {"facecolor": ground, "edgecolor": "none", "pad": 0.6, "alpha": 0.86}
            if word.ground
            else None
        )


class Drawing:
    """One layer: lines below boxes below words. What is shown again unchanged costs nothing."""

    def __init__(self, stage: Stage) -> None:
        sheet = stage.sheet
        self._lines = [LineCollection([], capstyle="butt") for _ in range(2)]
        self._lines[1].set_linestyle([DASHES])
        self._pills = PathCollection([], transform=sheet.transData)
        for collection in (*self._lines, self._pills):
            sheet.add_collection(collection, autolim=False)
        self._words = _Words(stage)
        self._shown: tuple[list[Stroke], list[Pill]] = [], []

    def show(self, strokes: Sequence[Stroke], pills: Sequence[Pill], words: Sequence[Word]) -> None:
        """Show these."""
        before_strokes, before_pills = self._shown
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
        self._words.show(words)
        self._shown = list(strokes), list(pills)

    def artists(self) -> list[Artist]:
        """What moves, in painting order."""
        return [*self._lines, self._pills, self._words]


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
