"""A panel's figure as pixels: the only place with a matplotlib backend."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Any, BinaryIO

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from PySide6.QtGui import QImage

__all__ = ["DPI", "Layers", "PixelSize"]

DPI = 100
"""Pixels of an inch at scale 1: 8 points of text are 11 pixels."""
BAND = 0.3
"""Height of the title above a saved picture, in inches."""

PixelSize = tuple[int, int, float]
"""Width and height in Qt's pixels, and how many pixels of the screen one of them has."""


class Layers:
    """The static part of a figure, drawn once and kept, and what moves on a copy of it.

    It draws with Agg into memory that Qt reads as it is, at the pixels of the screen.

    Attributes
    ----------
    figure
        What is drawn.
    fitted
        The size that the figure has on screen, or None before the first.
    """

    def __init__(self) -> None:
        self.figure = Figure(dpi=DPI)
        self.fitted: PixelSize | None = None
        self._text = 1.0
        self._agg: Any = FigureCanvasAgg(self.figure)
        self._background: Any = None
        # How many of the moving artists are painted on a copy of the background, and that copy.
        self._layer: tuple[int, Any] = 0, None
        # None: only the background is painted.
        self._painted: list[Artist] | None = None

    @property
    def empty(self) -> bool:
        """Whether the static part has to be drawn before what moves can be painted."""
        return self._background is None

    def fit(self, size: PixelSize, text: float) -> bool:
        """Give the figure a size, with text so many times larger; whether anything changed."""
        if (size, text) == (self.fitted, self._text):
            return False
        self.fitted, self._text = size, text
        width, height, ratio = size
        self.figure.set_dpi(DPI * ratio * text)
        # A little more than the pixels, because matplotlib rounds them down.
        inch = DPI * text
        self.figure.set_size_inches((width + 1e-3) / inch, (height + 1e-3) / inch)
        return True

    def forget(self) -> None:
        """Have all drawn anew, at the size that is then given."""
        self._background, self.fitted = None, None

    def draw_static(self, moving: Sequence[Artist]) -> None:
        """Draw all but the artists that move."""
        for artist in moving:
            artist.set_animated(True)
        self._agg.draw()
        self._background = self._copy()
        self._layer, self._painted = (0, self._background), None

    def paint(self, artists: Sequence[Artist]) -> bool:
        """Paint the moving artists from the first one on that is another than before, if any is.

        Those below it are kept as a layer: what follows the mouse lies above what is costly.
        """
        artists = list(artists)
        if artists == self._painted and not any(artist.stale for artist in artists):
            return False
        pairs = zip(artists, self._painted or [], strict=False)
        same = len(list(takewhile(lambda pair: pair[0] is pair[1] and not pair[0].stale, pairs)))
        kept, picture = self._layer
        if kept > same:
            kept, picture = 0, self._background
        self._agg.restore_region(picture)
        self._draw_moving(artists[kept:same])
        self._layer = same, picture if same == kept else self._copy()
        self._draw_moving(artists[same:])
        self._painted = artists
        return True

    def image(self) -> QImage:
        """A copy of what is painted, in the format of the screen."""
        buffer = self._agg.buffer_rgba()
        height, width = buffer.shape[:2]
        picture = QImage(buffer, width, height, QImage.Format.Format_RGBA8888)
        return picture.convertToFormat(QImage.Format.Format_RGB32)

    def axes_at(self, x: float, y: float) -> Axes | None:
        """The topmost axes at figure pixels: those made last lie above."""
        return next((a for a in reversed(self.figure.axes) if a.bbox.contains(x, y)), None)

    def resize(self, inches: tuple[float, float]) -> None:
        """Give the figure a size on paper; `forget` what was drawn for the screen afterwards."""
        self.figure.set_dpi(DPI)
        self.figure.set_size_inches(*inches)

    def save(self, file: str | BinaryIO, kind: str, dpi: float, title: str, colour: str) -> None:
        """Write the figure as it is now as "png", "svg" or "pdf", with a title above it."""
        width, height = self.figure.get_size_inches()
        text = self.figure.text(
            0.08 / width, 1 + 0.09 / height, title, color=colour, size=8, weight="bold"
        )
        try:
            whole = Bbox([[0, 0], [width, height + BAND]])
            self.figure.savefig(file, format=kind, dpi=dpi, bbox_inches=whole)
        finally:
            text.remove()

    def _draw_moving(self, artists: Sequence[Artist]) -> None:
        renderer = self._agg.get_renderer()
        for artist in artists:
            artist.draw(renderer)
            # One that is invisible or empty does not say so itself.
            artist.stale = False

    def _copy(self) -> Any:
        return self._agg.copy_from_bbox(self.figure.bbox)
