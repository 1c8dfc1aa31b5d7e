"""One example of many features: lines over all of them, and the difference below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from vaegui.panels.drawing.features import Features
from vaegui.panels.drawing.navigation import settle
from vaegui.panels.drawing.stage import SMALL, Stage, plain
from vaegui.panels.drawing.text import shortened, text_width

__all__ = ["FeatureLines"]

Array = NDArray[Any]

HEAD, AXIS, LEFT = 13.0, 14.0, 30.0
LONGEST = 58.0
"""Width of a feature's name below the axis, in points."""
ALIKE = 8.0
"""Features whose spreads differ by less than this factor share an axis in their own unit."""


class FeatureLines:
    """Input, reconstruction and draws as lines over the features; the difference in sd below.

    Features of one unit and of like spread are shown in it; others in standard deviations from
    the mean of the probes.
    """

    def __init__(self, stage: Stage, features: Features, mean: Array) -> None:
        style = stage.style
        self._stage, self._features = stage, features
        alike = features.sds.max() <= ALIKE * features.sds.min() and len(set(features.units)) == 1
        self._mean = np.zeros(len(features)) if alike else np.asarray(mean, np.float64)
        self._sd = np.ones(len(features)) if alike else features.sds
        self._what = features.units[0] if alike else "sd from the mean"
        self._axes, self._below = stage.axes(), stage.axes()
        for axes in (self._axes, self._below):
            axes.set_xlim(0.5, len(features) + 0.5)
            axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: plain(f"{y:g}")))
        self._axes.tick_params(labelbottom=False)
        self._below.xaxis.set_major_formatter(FuncFormatter(self._named))
        self._below.axhline(0, color=style.prior, linewidth=0.7)
        self._draws = LineCollection([], colors=style.reconstruction, linewidths=0.6, alpha=0.25)
        self._axes.add_collection(self._draws, autolim=False)
        (self._input,) = self._axes.plot([], [], color=style.text, linewidth=1.2)
        (self._decoded,) = self._axes.plot([], [], color=style.reconstruction, linewidth=1.2)
        (self._off,) = self._below.plot([], [], color=style.kl, linewidth=1.0)
        heads = (("input", style.text), ("reconstruction", style.reconstruction), ("", style.muted))
        self._heads = [stage.text(0, 0, t, color=c, size=SMALL, va="center") for t, c in heads]
        self._off_head = stage.text(
            0, 0, "difference in sd", color=style.kl, size=SMALL, va="center"
        )
        self._x = np.arange(1, len(features) + 1)
        self._span: tuple[float, float] | None = None
        self._off_span: tuple[float, float] | None = None

    def arrange(self, left: float, top: float, width: float, height: float) -> float:
        """Lay out in a box, in points; the height that it takes."""
        room = max(20.0, height - 2 * HEAD - AXIS)
        upper = 0.66 * room
        across = left + LEFT, width - LEFT - 12
        self._stage.place(self._axes, across[0], top + HEAD, across[1], upper)
        self._stage.place(self._below, across[0], top + 2 * HEAD + upper, across[1], room - upper)
        longest = min(LONGEST, max(text_width(name, SMALL) for name in self._features.names))
        ticks = max(1, int(across[1] / (longest + 12)))
        for axes in (self._axes, self._below):
            axes.xaxis.set_major_locator(MaxNLocator(ticks, integer=True))
        self._axes.yaxis.set_major_locator(MaxNLocator(max(2, int(upper / 22))))
        self._below.yaxis.set_major_locator(MaxNLocator(max(2, int((room - upper) / 18))))
        x = left
        for head in self._heads[:2]:
            head.set_position((x, top + HEAD / 2))
            x += text_width(head.get_text(), SMALL) + 8
        self._heads[2].set_position((x, top + HEAD / 2))
        self._room_left = left + width - x
        self._off_head.set_position((left, top + 1.5 * HEAD + upper))
        self._span = self._off_span = None
        return height

    def show(self, x: Array, decoded: Array | None, draws: Array | None) -> bool:
        """Show an input (features,), its reconstruction and draws; whether limits changed."""
        lines = [self._scaled(x)]
        self._input.set_data(self._x, lines[0])
        known = decoded is not None
        for artist in (self._decoded, self._off):
            artist.set_visible(known)
        self._draws.set_visible(draws is not None)
        off = np.zeros(len(self._x))
        if decoded is not None:
            lines.append(self._scaled(decoded))
            self._decoded.set_data(self._x, lines[1])
            off = self._features.in_sds(np.asarray(decoded, np.float64) - x)
            self._off.set_data(self._x, off)
        if draws is not None:
            many = self._scaled(draws)
            self._draws.set_segments(
                list(np.stack([np.broadcast_to(self._x, many.shape), many], axis=-1))
            )
            lines.extend(many)
        self._tell(None if draws is None else len(draws))
        return self._limit(np.asarray(lines), off)

    def _tell(self, draws: int | None) -> None:
        what = f"in {self._what}" if self._what else ""
        texts = [f"{draws} draws" if draws else "", what]
        line = "pale: " * bool(draws) + ", ".join(filter(None, texts))
        self._heads[2].set_text(line if 4 * len(line) < self._room_left else "")

    def _limit(self, lines: Array, off: Array) -> bool:
        span = settle(self._span, float(lines.min()), float(lines.max()))
        reach = max(1.0, float(np.abs(off).max()))
        off_span = settle(self._off_span, -reach, reach)
        changed = (span, off_span) != (self._span, self._off_span)
        self._span, self._off_span = span, off_span
        self._axes.set_ylim(span)
        self._below.set_ylim(off_span)
        return changed

    def _scaled(self, x: Array) -> NDArray[np.float64]:
        return np.asarray((np.asarray(x, np.float64) - self._mean) / self._sd)

    def _named(self, x: float, _: object) -> str:
        """The name of a feature below its tick."""
        index = round(x) - 1
        if not 0 <= index < len(self._features):
            return ""
        return shortened(self._features.names[index], LONGEST, SMALL)

    def artists(self) -> Sequence[Artist]:
        """What moves, in painting order."""
        return [self._heads[2], self._draws, self._input, self._decoded, self._off]
