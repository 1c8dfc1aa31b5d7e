"""A panel on a figure, driven as the window's canvas drives it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, TypeVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: TID251 - as the canvas
from matplotlib.figure import Figure
from matplotlib.text import Text

from tests.fakes import ANSWERS, fake_style
from vaegui.panels.context import Context, Options
from vaegui.panels.focus import Focus
from vaegui.panels.panel import Panel, Pointer
from vaegui.runs.run import Run

ArtistT = TypeVar("ArtistT", bound=Artist)


class Stand:
    """A panel, the run that it shows, and the focus and options that clicks change."""

    def __init__(
        self,
        panel: type[Panel],
        run: Run,
        focus: Focus | None = None,
        size: tuple[int, int] = (420, 300),
        theme: str = "light",
        options: Options | None = None,
        step: int | None = None,
    ) -> None:
        self.panel: Any = panel()
        self.run = run
        self.options: Any = options or panel.first_options
        self.focus = (focus or Focus()).replace(step=step)
        self.figure = Figure(figsize=(size[0] / 100, size[1] / 100), dpi=100)
        self.canvas = FigureCanvasAgg(self.figure)
        self.theme = theme
        self._set_up_for: object = None
        self.first = self.draw()

    @property
    def context(self) -> Context[Any]:
        """What the panel draws."""
        return Context(self.run, self.focus, self.options)

    def draw(self) -> bool:
        """Draw as the canvas does: all of it if something static changed, else what moves."""
        changed = self._set_up()
        changed |= self.panel.draw(self.context)
        for artist in self.panel.artists():
            artist.set_animated(True)
        if changed:
            self.canvas.draw()
        for artist in self.panel.artists():
            artist.draw(self.canvas.get_renderer())
        return changed

    def _set_up(self) -> bool:
        if self._set_up_for is self.run.begun.probes:
            return False
        self.figure.clear()
        self.panel.setup(self.figure, fake_style(self.theme), self.run.begun)
        self._set_up_for = self.run.begun.probes
        return True

    def describe(self) -> str:
        """What the panel says of its picture."""
        text: str = self.panel.describe(self.context)
        return text

    def pixels(self) -> np.ndarray:
        """What is seen, (height, width, 3)."""
        return np.asarray(self.canvas.buffer_rgba())[..., :3].copy()

    def point(
        self,
        kind: Literal["press", "drag", "release", "double", "wheel"],
        at: tuple[float, float],
        *,
        button: int = 1,
        turns: float = 0.0,
        pressed: tuple[float, float] | None = None,
    ) -> Focus:
        """Do something with the mouse at figure pixels, and keep the focus that follows."""
        pointer = Pointer(kind, *at, None, None, button, turns, pressed)
        context = self.panel.point(pointer, self.context)
        self.focus, self.options = context.focus, context.options
        return self.focus

    def click(self, at: tuple[float, float], button: int = 1) -> Focus:
        """Press and release at figure pixels, then draw."""
        self.point("press", at, button=button, pressed=at)
        self.point("release", at, button=button, pressed=at)
        self.draw()
        return self.focus

    def double_click(self, at: tuple[float, float]) -> Focus:
        """What a double click makes the toolkit say, then draw."""
        self.click(at)
        self.point("double", at)
        self.point("release", at)
        self.draw()
        return self.focus

    def drag(self, start: tuple[float, float], end: tuple[float, float], button: int = 1) -> Focus:
        """Press, move in two bounds without a draw between them, release; then draw."""
        middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
        self.point("press", start, button=button, pressed=start)
        for at in (middle, end):
            self.point("drag", at, button=button, pressed=start)
        self.point("release", end, button=button, pressed=start)
        self.draw()
        return self.focus

    @property
    def axes(self) -> list[Axes]:
        """The axes with a frame that are seen, in the order in which they were made."""
        return [axes for axes in self.figure.axes if axes.axison and axes.get_visible()]

    @property
    def sheet(self) -> Axes:
        """The axes over all of the figure, in points from the upper left corner."""
        return self.figure.axes[0]

    def moving(self, kind: type[ArtistT]) -> list[ArtistT]:
        """The artists of a class that move, in painting order, and those that they consist of."""
        found = [one for artist in self.panel.artists() for one in artist.findobj(kind)]
        return [one for one in found if one.get_visible()]

    def texts(self) -> list[str]:
        """All text that is seen."""
        return [text.get_text() for text in seen(self.figure.findobj(Text))]


def seen(texts: Iterable[Text]) -> list[Text]:
    """Those that can be seen and say something."""
    return [
        text
        for text in texts
        if text.get_visible() and text.get_text() and (text.axes is None or text.axes.get_visible())
    ]


def context(run: Run, focus: Focus | None = None, options: Options | None = None) -> Context[Any]:
    """What a panel without options of its own draws."""
    return Context(run, focus or Focus(), options or Options())


def answered(panel: type[Panel], run: Run) -> Run:
    """The run, with what a panel asks of its model at first."""
    for query in panel.queries(context(run, options=panel.first_options)):
        if type(query) in ANSWERS:
            run.add_result(ANSWERS[type(query)](run, query))
    return run


def data_at(axes: Axes, at: tuple[float, float]) -> tuple[float, float]:
    """Figure pixels -> data coordinates."""
    x, y = axes.transData.inverted().transform(at)
    return float(x), float(y)


def pixels_at(axes: Axes, data: tuple[float, float]) -> tuple[float, float]:
    """Data coordinates -> figure pixels."""
    x, y = axes.transData.transform(data)
    return float(x), float(y)
