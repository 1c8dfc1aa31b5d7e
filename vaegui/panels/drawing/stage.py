"""What all panels stand on: a figure measured in points, its colours, and the empty text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec
from matplotlib.text import Text

from vaegui.panels.drawing.text import wrapped
from vaegui.panels.style import Style

__all__ = ["MONO", "SMALL", "TEXT", "Box", "Stage", "plain"]

TEXT = 8.0
"""Size of text in points: 11 pixels at 100 dpi."""
SMALL = 7.0
WIDEST = 280.0
"""Points after which the empty text goes on in the next line."""
MONO = "DejaVu Sans Mono"
"""Comes with matplotlib, so figures stand in columns on every system."""


def plain(number: str) -> str:
    """A formatted number with a real minus sign, as wide as a plus."""
    return number.replace("-", "\N{MINUS SIGN}")


Box = tuple[float, float, float, float]
"""left, top, width, height in points, from the upper left corner of the figure."""


class Stage:
    """A figure with a sheet of axes over all of it, in points from the upper left corner.

    Layout is computed by each panel from `width` and `height` and only when they change:
    matplotlib's own layout engines cost more than the whole drawing.

    Parameters
    ----------
    empty
        The text shown while there is nothing else to show.
    """

    def __init__(self, figure: Figure, style: Style, empty: str) -> None:
        figure.set_facecolor(style.background)
        self.figure = figure
        self.style = style
        self.width = self.height = 0.0
        self.shown = False
        self.sheet: Axes = figure.add_axes((0, 0, 1, 1), zorder=-1)
        self.sheet.set_axis_off()
        self.sheet.set_autoscale_on(False)
        self._empty, self._instead = " ".join(empty.split()), ""
        self._message = figure.text(
            0.5,
            0.5,
            "",
            color=style.muted,
            size=TEXT + 1,
            ha="center",
            va="center",
            linespacing=1.5,
        )
        self._axes: list[Axes] = []

    def axes(self, *, frame: bool = True, zorder: float = 0.0) -> Axes:
        """New axes in the colours of the style, placed later; without ``frame``, no axis at all."""
        axes: Axes = self.figure.add_axes((0.1, 0.1, 0.8, 0.8), zorder=zorder)
        axes.patch.set_visible(False)
        axes.set_autoscale_on(False)
        if frame:
            axes.tick_params(
                colors=self.style.muted, labelsize=SMALL, length=3, width=0.6, which="both", pad=2
            )
            for side, spine in axes.spines.items():
                spine.set(color=self.style.muted, linewidth=0.6, visible=side in ("left", "bottom"))
        else:
            axes.set_axis_off()
        axes.set_visible(self.shown)
        self._axes.append(axes)
        return axes

    def text(self, x: float, y: float, text: str = "", **properties: Any) -> Text:
        """Text on the sheet, at points from the upper left."""
        chosen = {"color": self.style.text, "size": TEXT, "va": "baseline", **properties}
        return self.sheet.text(x, y, text, **chosen)

    def update(self, shown: bool, instead: str = "") -> bool:
        """Show the panel or the empty text; whether that or the size of the figure changed.

        ``instead`` is shown in the place of the empty text.
        """
        width, height = (float(inches) * 72 for inches in self.figure.get_size_inches())
        changed = (width, height, shown) != (self.width, self.height, self.shown)
        changed |= not shown and instead != self._instead
        self._instead = instead
        if changed or not self._message.get_text():
            self.width, self.height, self.shown = width, height, shown
            self.sheet.set(xlim=(0, width), ylim=(height, 0), visible=shown)
            for axes in self._axes:
                axes.set_visible(shown)
            room = min(width - 24, WIDEST)
            self._message.set_text(wrapped(instead or self._empty, room, TEXT + 1))
            self._message.set_visible(not shown)
            return True
        return False

    def place(self, axes: Axes, left: float, top: float, width: float, height: float) -> None:
        """Put axes where they belong, in points from the upper left corner."""
        width, height = max(width, 4.0), max(height, 4.0)
        bottom = self.height - top - height
        axes.set_position(
            (
                left / self.width,
                bottom / self.height,
                width / self.width,
                height / self.height,
            )
        )

    def grid(
        self,
        box: Box,
        *,
        columns: Sequence[float] = (1.0,),
        rows: Sequence[float] = (1.0,),
        gap: float = 0.0,
    ) -> list[list[Box]]:
        """Divide a box into rows of cells, by matplotlib's GridSpec.

        ``columns`` and ``rows`` are the cells' widths and heights in relation to each other;
        ``gap`` is what lies between two of them, in points.
        """
        left, top, width, height = box
        spec = GridSpec(
            len(rows),
            len(columns),
            width_ratios=[max(each, 1e-3) for each in columns],
            height_ratios=[max(each, 1e-3) for each in rows],
            left=left / self.width,
            right=(left + max(width, 4.0)) / self.width,
            top=1 - top / self.height,
            bottom=1 - (top + max(height, 4.0)) / self.height,
            wspace=_part(gap, width, len(columns)),
            hspace=_part(gap, height, len(rows)),
        )
        bottoms, tops, lefts, rights = spec.get_grid_positions(self.figure)
        return [
            [
                (
                    start * self.width,
                    (1 - upper) * self.height,
                    (end - start) * self.width,
                    (upper - lower) * self.height,
                )
                for start, end in zip(lefts, rights, strict=True)
            ]
            for lower, upper in zip(bottoms, tops, strict=True)
        ]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Figure pixels from the lower left -> points from the upper left."""
        points = 72 / self.figure.dpi
        return x * points, self.height - y * points


def _part(gap: float, length: float, count: int) -> float:
    """A gap as GridSpec has it: as a part of the mean length of a cell."""
    return gap / max((length - gap * (count - 1)) / count, 1e-3)
