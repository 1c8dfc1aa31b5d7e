"""A sum as steps: each product lifts or lowers what has been summed so far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator
from matplotlib.transforms import blended_transform_factory
from numpy.typing import NDArray

from vaegui.analysis.explain import Contributions, largest
from vaegui.panels.drawing.navigation import over, to_data
from vaegui.panels.drawing.stage import SMALL, TEXT, Stage, plain
from vaegui.panels.drawing.text import fitting, subscript, text_width
from vaegui.panels.explain.shared.words import exact, signed

__all__ = ["SumSteps", "Waterfall"]

TITLE = TEXT + 1.5
LEFT, TOP, BOTTOM = 36.0, 22.0, 14.0
PITCH = 25.0
"""Least width of a step in points: its name must find room below it."""


@dataclass(frozen=True, eq=False, slots=True)
class SumSteps:
    """Each step's name, what it adds, and its start and end."""

    names: list[str]
    hover_texts: list[str]
    added: NDArray[np.float64]
    starts: NDArray[np.float64]
    ends: NDArray[np.float64]


class Waterfall:
    """The largest products one by one, the others together, the bias, and the result."""

    def __init__(self, stage: Stage) -> None:
        style = stage.style
        self._stage = stage
        self._axes = axes = stage.axes()
        axes.xaxis.set_major_locator(NullLocator())
        axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: plain(f"{v:g}")))
        axes.spines["bottom"].set_visible(False)
        axes.axhline(0, color=style.muted, linewidth=0.6)
        self._links = LineCollection([], colors=style.muted, linewidths=0.7)
        self._bars = PolyCollection([], linewidths=0)
        for collection in (self._links, self._bars):
            axes.add_collection(collection, autolim=False)
        self._title = stage.text(0, 0, size=TITLE, weight="bold")
        self._after = stage.text(0, 0, color=style.output, ha="right")
        self._below = blended_transform_factory(axes.transData, axes.transAxes)
        self._names = [
            axes.text(0, 0, "", color=style.text, size=SMALL, ha="center", va="top")
            for _ in range(40)
        ]
        for name in self._names:
            name.set_transform(self._below)
        self._steps: SumSteps | None = None
        self._room = 8

    def arrange(self, left: float, top: float, width: float, height: float, shown: bool) -> None:
        """Lay out in a box, in points."""
        self._axes.set_visible(shown)
        for text in (self._title, self._after):
            text.set_visible(shown)
        inner = width - LEFT - 4
        self._stage.place(self._axes, left + LEFT, top + TOP, inner, height - TOP - BOTTOM)
        self._axes.yaxis.set_major_locator(MaxNLocator(max(3, int(height / 34))))
        self._title.set_position((left + LEFT, top + 14))
        self._after.set_position((left + width - 4, top + 14))
        self._inner = inner
        self._room = min(len(self._names), max(4, int(inner / PITCH)))
        self._drop = -4 / max(height - TOP - BOTTOM, 1)

    def choose(self, a: NDArray[np.float32], part: Contributions) -> SumSteps:
        """The steps that find room: largest products in the order of their numbers."""
        count = self._room - 2
        if len(a) > count:
            count -= 1
        shown, others = largest(part.products, count)
        shown = np.sort(shown)
        added = [*part.products[shown]]
        names = [f"a{subscript(int(j) + 1)}" for j in shown]
        hover_texts = [f"{n}: {signed(v)}" for n, v in zip(names, added, strict=True)]
        if len(shown) < len(a):
            names.append("others")
            hover_texts.append(f"the {len(a) - len(shown):,} others together: {signed(others)}")
            added.append(others)
        names += ["bias", "sum"]
        hover_texts += [f"bias: {signed(part.bias)}", f"the sum: {exact(part.result)}"]
        ends = np.cumsum([*added, part.bias])
        starts = np.concatenate([[0.0], ends[:-1], [0.0]])
        every = np.array([*added, part.bias, part.result])
        return SumSteps(names, hover_texts, every, starts, np.append(ends, part.result))

    def show(
        self, steps: SumSteps, symbol: str, span: tuple[float, float], after: tuple[str, ...]
    ) -> None:
        """Show the steps of a sum called ``symbol``, and of what follows from it what fits."""
        self._steps, style, count = steps, self._stage.style, len(steps.names)
        at = np.arange(count)
        left, right = at - 0.36, at + 0.36
        corners = [
            (left, steps.starts),
            (left, steps.ends),
            (right, steps.ends),
            (right, steps.starts),
        ]
        self._bars.set_verts(list(np.stack([np.stack(c, -1) for c in corners], axis=1)))
        colours = [style.positive if v >= 0 else style.negative for v in steps.added[:-2]]
        self._bars.set_facecolor(
            [to_rgba(c, 0.85) for c in (*colours, style.parameter, style.output)]
        )
        ends = steps.ends[:-1]
        self._links.set_segments(
            list(
                np.stack([np.stack([left[:-1], ends], -1), np.stack([right[1:], ends], -1)], axis=1)
            )
        )
        self._axes.set(xlim=(-0.6, count - 0.4), ylim=span)
        title = f"{symbol} = {exact(float(steps.ends[-1]))}"
        self._title.set_text(title)
        # Whatever its sign: what is said beside it neither comes nor goes with that.
        widest = max(title, f"{symbol} = {exact(-8.8888)}", key=len)
        room = self._inner - text_width(widest, TITLE, bold=True) - 8
        self._after.set_text(fitting(room, TEXT, *after))
        names = [*steps.names[:-1], symbol]
        for artist, (i, name) in zip(self._names, enumerate(names), strict=False):
            artist.set(text=name, position=(i, self._drop), visible=True)
            artist.set_color(style.parameter if name == "bias" else style.text)
        for artist in self._names[count:]:
            artist.set_visible(False)

    def artists(self) -> list[Artist]:
        """What moves."""
        count = 0 if self._steps is None else len(self._steps.names)
        return [self._links, self._bars, self._title, self._after, *self._names[:count]]

    def hover_text(self, x: float, y: float) -> str:
        """The step at figure pixels."""
        if self._steps is None or not over(self._axes, x, y):
            return ""
        index = int(np.floor(to_data(self._axes, x, y)[0] + 0.5))
        return self._steps.hover_texts[index] if 0 <= index < len(self._steps.hover_texts) else ""
