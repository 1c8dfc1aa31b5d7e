"""One example of many variables, or a signal: lines over all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from matplotlib.ticker import FixedLocator, FuncFormatter, Locator, MaxNLocator
from numpy.typing import NDArray

from vaegui.panels.drawing.features import Features
from vaegui.panels.drawing.navigation import over, settle, to_data
from vaegui.panels.drawing.stage import SMALL, Stage, plain
from vaegui.panels.drawing.text import fitting, shortened, text_width

__all__ = ["FeatureLines"]

Array = NDArray[Any]

HEAD, AXIS, LEFT = 13.0, 14.0, 30.0
LONGEST = 58.0
"""Width of a variable's name below the axis, in points."""
ALIKE = 8.0
"""Features whose spreads differ by less than this factor share an axis in their own unit."""


class FeatureLines:
    """Input, reconstruction and draws as lines over the variables; the difference below.

    Numbers of one unit and of like spread are shown in it, as are signals; others in standard
    deviations from the mean of the probes. Categories interrupt the lines: each has a cell for each
    of its values, of which the input's is filled, with a dash as wide as the reconstruction's
    number for it.
    """

    def __init__(self, stage: Stage, features: Features) -> None:
        style = stage.style
        self._stage, self._features = stage, features
        sds, units = features.sds[features.numbers], {features.units[i] for i in features.numbers}
        alike = len(sds) > 0 and sds.max() <= ALIKE * sds.min() and len(units) == 1
        self._alike = alike or bool(features.channels)
        self._what = next(iter(units), "") if self._alike else "sd from the mean"
        self._axes, self._below = stage.axes(), stage.axes()
        self._count = len(features.variables)
        self._x = features.curve(np.arange(1, self._count + 1))
        for axes in (self._axes, self._below):
            axes.set_xlim(0.5, self._count + 0.5)
            axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: plain(f"{y:g}")))
        self._axes.tick_params(labelbottom=False)
        self._below.xaxis.set_major_formatter(FuncFormatter(self._named))
        self._below.axhline(0, color=style.prior, linewidth=0.7)
        self._each = self._count // max(1, features.channels)
        for end in range(self._each, self._count, self._each):
            for axes in (self._axes, self._below):
                axes.axvline(end + 0.5, color=style.grid, linewidth=0.7)
        self._draws = LineCollection([], colors=style.reconstruction, linewidths=0.6, alpha=0.25)
        self._axes.add_collection(self._draws, autolim=False)
        self._cells = self._categories(style.muted, 5.0, alpha=0.55)
        self._dashes = self._categories(style.reconstruction, 1.6)
        (self._input,) = self._axes.plot([], [], color=style.text, linewidth=1.2)
        (self._decoded,) = self._axes.plot([], [], color=style.reconstruction, linewidth=1.2)
        (self._off,) = self._below.plot([], [], color=style.kl, linewidth=1.0)
        heads = (("input", style.text), ("reconstruction", style.reconstruction), ("", style.muted))
        self._heads = [stage.text(0, 0, t, color=c, size=SMALL, va="center") for t, c in heads]
        self._off_head = stage.text(
            0,
            0,
            "difference" if features.channels else "difference in sd",
            color=style.kl,
            size=SMALL,
            va="center",
        )
        self._span: tuple[float, float] | None = None
        self._off_span: tuple[float, float] | None = None

    def _categories(self, colour: str, width: float, **look: Any) -> LineCollection:
        """Segments of which y is a part of the height of the axes."""
        lines = LineCollection(
            [],
            colors=colour,
            linewidths=width,
            capstyle="butt",
            transform=self._axes.get_xaxis_transform(),
            **look,
        )
        self._axes.add_collection(lines, autolim=False)
        return lines

    def arrange(self, left: float, top: float, width: float, height: float) -> float:
        """Lay out in a box, in points; the height that it takes."""
        room = max(20.0, height - 2 * HEAD - AXIS)
        box = left + LEFT, top + HEAD, width - LEFT - 12, room + HEAD
        (above,), (below,) = self._stage.grid(box, rows=(0.66, 0.34), gap=HEAD)
        self._stage.place(self._axes, *above)
        self._stage.place(self._below, *below)
        across, upper = above[2:]
        names = [variable.name for variable in self._features.variables]
        longest = min(LONGEST, max(text_width(name, SMALL) for name in names))
        ticks = max(1, int(across / (longest + 12)))
        for axes in (self._axes, self._below):
            axes.xaxis.set_major_locator(self._locator(ticks))
        self._axes.yaxis.set_major_locator(MaxNLocator(max(2, int(upper / 22))))
        self._below.yaxis.set_major_locator(MaxNLocator(max(2, int((room - upper) / 18))))
        x = left
        for head in self._heads[:2]:
            head.set_position((x, top + HEAD / 2))
            x += text_width(head.get_text(), SMALL) + 8
        self._heads[2].set_position((x, top + HEAD / 2))
        self._room_left = left + width - x
        self._off_head.set_position((left, top + 1.5 * HEAD + upper))
        self._cells.set_linewidth(min(9.0, max(1.5, 0.7 * across / self._count)))
        self._span = self._off_span = None
        return height

    def show(self, x: Array, decoded: Array | None, draws: Array | None) -> bool:
        """Show an input (features,), its reconstruction and draws; whether limits changed."""
        self._known = x, decoded
        lines = [self._scaled(x)]
        self._input.set_data(self._x, lines[0])
        self._show_categories(x, decoded)
        known = decoded is not None
        for artist in (self._decoded, self._off, self._dashes):
            artist.set_visible(known)
        self._draws.set_visible(draws is not None)
        off = np.zeros(self._count)
        if decoded is not None:
            lines.append(self._scaled(decoded))
            self._decoded.set_data(self._x, lines[1])
            off = self._features.by_variable(
                np.asarray(decoded, np.float64) - x
                if self._features.channels
                else self._features.in_sds(x, decoded)
            )
            self._off.set_data(self._x, self._features.curve(off))
        if draws is not None:
            many = self._scaled(draws)
            self._draws.set_segments(
                list(np.stack([np.broadcast_to(self._x, many.shape), many], axis=-1))
            )
            lines.extend(many)
        self._tell(None if draws is None else len(draws))
        return self._limit(np.asarray(lines), off)

    def _show_categories(self, x: Array, decoded: Array | None) -> None:
        cells: list[Any] = []
        dashes: list[Any] = []
        for at, variable in enumerate(self._features.variables, 1):
            count = len(variable.values)
            if not count:
                continue
            choice = variable.choice(x)
            cells.append([(at, 1 - choice / count), (at, 1 - (choice + 0.9) / count)])
            if decoded is not None:
                half = 0.45 * np.clip(np.nan_to_num(variable.of(decoded)), 0.0, 1.0)
                middle = 1 - (np.arange(count) + 0.45) / count
                dashes += [[(at - w, y), (at + w, y)] for w, y in zip(half, middle, strict=True)]
        self._cells.set_segments(cells)
        self._dashes.set_segments(dashes)

    def _tell(self, draws: int | None) -> None:
        what = f"in {self._what}" if self._what else ""
        texts = [f"{draws} draws" if draws else "", what]
        line = "pale: " * bool(draws) + ", ".join(filter(None, texts))
        self._heads[2].set_text(fitting(self._room_left, SMALL, line, ""))

    def _limit(self, lines: Array, off: Array) -> bool:
        known = lines[np.isfinite(lines)]
        ends = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
        span = settle(self._span, *ends)
        least = 0.05 * (ends[1] - ends[0]) or 1.0
        reach = np.abs(off[np.isfinite(off)]).max(initial=least if self._features.channels else 1.0)
        off_span = settle(self._off_span, -float(reach), float(reach))
        changed = (span, off_span) != (self._span, self._off_span)
        self._span, self._off_span = span, off_span
        self._axes.set_ylim(span)
        self._below.set_ylim(off_span)
        return changed

    def _scaled(self, x: Array) -> NDArray[np.float64]:
        """Examples (..., features) on the axis, to be drawn as lines."""
        features = self._features
        scaled = np.asarray(x) if self._alike else features.standardised(x)
        return features.curve(features.by_variable(scaled))

    def _locator(self, most: int) -> Locator:
        """Where names are written: below some variables, or each channel of several."""
        if self._features.channels > 1:
            middles = (np.arange(self._features.channels) + 0.5) * self._each + 0.5
            return FixedLocator(middles.tolist(), nbins=most)
        return MaxNLocator(most, integer=True)

    def _named(self, x: float, _: object) -> str:
        """The name of a variable or a channel below its tick; the number of a sample."""
        index = round(x) - 1
        if not 0 <= index < self._count:
            return ""
        if self._features.channels:
            several = self._features.channels > 1
            return f"channel {index // self._each + 1}" if several else str(index + 1)
        return shortened(self._features.variables[index].name, LONGEST, SMALL)

    def hover_text(self, x: float, y: float) -> str:
        """The variable at figure pixels, at length; '' beside the lines."""
        axes = next((axes for axes in (self._axes, self._below) if over(axes, x, y)), None)
        if axes is None:
            return ""
        index = min(max(round(to_data(axes, x, y)[0]), 1), self._count) - 1
        return self._features.hover_text(self._features.variables[index], *self._known)

    def artists(self) -> Sequence[Artist]:
        """What moves, in painting order."""
        categories = [self._cells, self._dashes]
        return [self._heads[2], self._draws, *categories, self._input, self._decoded, self._off]
