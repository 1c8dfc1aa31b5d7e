"""The floor: the reconstruction term of as many principal components as there are latent units."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from vaegui.panels.context import Context
from vaegui.panels.drawing.stage import SMALL, Stage, plain
from vaegui.panels.drawing.text import fitting
from vaegui.panels.loss.options import LossOptions
from vaegui.panels.loss.terms import number
from vaegui.queries.pca_floor import PcaFloor, PcaFloorFound
from vaegui.runs.run import Run

__all__ = ["FloorLine", "floor_of", "floor_text", "wanted_floor"]

NEAR = 6.0
"""Pixels from the line within which the mouse points at it."""
_ANY = np.ones(1)


def wanted_floor(run: Run) -> PcaFloor | None:
    """The query for the floor of a run; None if its likelihood is not about squared errors."""
    settings = run.begun.settings
    if run.begun.missing or settings.likelihood.squared_error_nats(_ANY) is None:
        return None
    return PcaFloor(settings.latent_units, settings.likelihood)


def floor_of(ctx: Context[LossOptions]) -> PcaFloorFound | None:
    """The floor, if it is known. It is the same at every step."""
    query = wanted_floor(ctx.run)
    result = None if query is None else ctx.run.result(query)
    if result is None or not result.complete or result.value.nats is None:
        return None
    return result.value


def floor_text(found: PcaFloorFound) -> str:
    """What the line is, in a sentence or two."""
    assert found.nats is not None
    count = found.query.components
    what = "1 principal component leaves" if count == 1 else f"{count} principal components leave"
    return (
        f"PCA floor: {what} a reconstruction term of {number(found.nats)} nats per example (of "
        f"{found.examples:,} that they were not found with). That is the best that a linear model "
        "does with as many units; a VAE should come below it, although its z has noise."
    )


class FloorLine:
    """A dotted line in the colour of the reconstruction term, with its name."""

    def __init__(self, stage: Stage, axes: Axes) -> None:
        self._axes = axes
        self._found: PcaFloorFound | None = None
        self._end: tuple[int, str] | None = None
        colour = stage.style.reconstruction
        self._line = axes.axhline(
            0.0, color=colour, linewidth=1.0, linestyle=(0, (1, 1.5)), visible=False, zorder=1.6
        )
        self._name = axes.annotate(
            "",
            (1.0, 0.0),
            (-3.0, 2.0),
            xycoords=axes.get_yaxis_transform(),
            textcoords="offset points",
            color=colour,
            size=SMALL,
            ha="right",
            annotation_clip=False,
            visible=False,
        )

    @property
    def value(self) -> float | None:
        """Where the line is, in nats; None if there is none."""
        return None if self._found is None else self._found.nats

    def show(self, found: PcaFloorFound | None) -> bool:
        """Show the floor, or none; whether that changed."""
        if found is self._found:
            return False
        self._found = found
        for artist in (self._line, self._name):
            artist.set_visible(found is not None)
        if found is not None and found.nats is not None:
            self._line.set_ydata([found.nats, found.nats])
        self._end = None
        return True

    def place(self, low: float, high: float) -> bool:
        """Name the line, or say where it is beyond the ends of the axis; whether that changed."""
        if self._found is None or self._found.nats is None:
            return False
        nats, count = self._found.nats, self._found.query.components
        end = -1 if nats < low else int(nats > high)
        name = f"PCA, {count} component{'s' * (count != 1)}"
        arrow = f": {number(nats)} nats {'↓' if end < 0 else '↑'}" if end else ""
        width = self._axes.bbox.width * 72 / self._axes.figure.dpi
        short = f"PCA {'↓' if end < 0 else '↑'}" if end else "PCA"
        told = fitting(width, SMALL, plain(f"{name}{arrow}"), plain(f"PCA{arrow}"), short)
        self._line.set_visible(not end)
        if (end, told) == self._end:
            return False
        self._end = end, told
        axes = self._axes
        self._name.xycoords = axes.transAxes if end else axes.get_yaxis_transform()
        self._name.xy = 1.0, max(end, 0) if end else nats
        self._name.set(text=told, va="top" if end > 0 else "bottom")
        self._name.set_position((-3.0, -2.0 if end > 0 else 2.0))
        return True

    def hover_text(self, y: float) -> str:
        """What the line is, if figure pixels ``y`` are on it."""
        if self._found is None or self._found.nats is None:
            return ""
        low, high = self._axes.get_ylim()
        shown = min(max(self._found.nats, low), high)
        at = self._axes.transData.transform((0.0, shown))[1]
        return plain(floor_text(self._found)) if abs(at - y) <= NEAR else ""
