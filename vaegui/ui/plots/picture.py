"""A panel as an image: set up, drawn, painted part by part, saved."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any, BinaryIO

from matplotlib.axes import Axes
from PySide6.QtGui import QImage

from vaegui.panels.context import Context
from vaegui.panels.panel import Panel
from vaegui.panels.style import Style
from vaegui.runs.run import Run
from vaegui.training.record.probes import Probes
from vaegui.ui.plots.layers import Layers, PixelSize

__all__ = ["Picture"]


class Picture:
    """What a canvas shows.

    Attributes
    ----------
    panel
        What draws it.
    style
        Its colours.
    image
        What was painted last.
    size
        The size at which that was painted, or None before the first.
    """

    def __init__(self, panel: Panel, style: Style, text: float) -> None:
        self.panel = panel
        self.style = style
        self.image = QImage()
        self.size: PixelSize | None = None
        self._text = text
        self._layers = Layers()
        # The probes of the run that the panel was set up for.
        self._set_up_for: Probes | None = None
        # What the panel read of the context that it drew last.
        self._read: tuple[object, ...] | None = None

    def set_style(self, style: Style, text: float) -> None:
        """Use other colours, and text so many times larger; what was painted goes."""
        self.style, self._text = style, text
        self._set_up_for = None
        self.image = QImage()

    def is_for(self, run: Run) -> bool:
        """Whether the panel's artists were made for a run, or for one that was expected."""
        return self._set_up_for is run.begun.probes

    def is_of(self, context: Context[Any]) -> bool:
        """Whether a context would be drawn as what was drawn last."""
        return self._read == self._read_of(context)

    def axes_at(self, x: float, y: float) -> Axes | None:
        """See `Layers.axes_at`."""
        return self._layers.axes_at(x, y)

    def draw(self, context: Context[Any], size: PixelSize) -> bool:
        """Let the panel draw a context for a size; whether what is static must be painted anew."""
        resized = self._layers.fit(size, self._text)
        fresh = self._set_up(context.run)
        self._read = self._read_of(context)
        return self.panel.draw(context) or fresh or resized or self._layers.empty

    def paint(self, whole: bool) -> Generator[None, None, bool]:
        """Paint what was drawn, ``whole`` or what moved; whether the image is another."""
        if whole:
            yield
            self._layers.draw_static(self.panel.artists())
            yield
        if not self._layers.paint(self.panel.artists()):
            return False
        self.image, self.size = self._layers.image(), self._layers.fitted
        return True

    def rehearse(self, context: Context[Any], size: PixelSize) -> Iterator[None]:
        """Draw a context where nobody sees it: the artists and glyphs that this makes are kept."""
        self._layers.fit(size, self._text)
        self._set_up(context.run)
        self.panel.draw(context)
        yield
        self._layers.draw_static(self.panel.artists())
        yield
        self._layers.paint(self.panel.artists())
        self._layers.forget()
        yield

    def save(
        self,
        context: Context[Any] | None,
        file: str | BinaryIO,
        kind: str,
        inches: tuple[float, float],
        dpi: float,
        title: str,
    ) -> None:
        """See `Canvas.save`. The panel is laid out for the file then."""
        self._layers.resize(inches)
        if context is not None:
            self._set_up(context.run)
            self.panel.draw(context)
        self._layers.save(file, kind, dpi, title, self.style.text)
        self._layers.forget()

    def _set_up(self, run: Run) -> bool:
        """Let the panel make its artists for a run, unless it has; whether it did."""
        if self.is_for(run):
            return False
        self._layers.figure.clear()
        self.panel.setup(self._layers.figure, self.style, run.begun)
        self._set_up_for = run.begun.probes
        return True

    def _read_of(self, context: Context[Any]) -> tuple[object, ...]:
        """What the panel reads of a context, and of which run."""
        return context.run, *self.panel.depends(context)
