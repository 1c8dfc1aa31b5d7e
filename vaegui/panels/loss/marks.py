"""Changes of settings on a plot by steps: a thin dashed line at each, its text at the top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation

from vaegui.panels.drawing.stage import SMALL, Stage
from vaegui.panels.drawing.text import text_width

__all__ = ["Marks"]

ROWS = 3
"""Texts that stand close together go below each other; what finds no row is left out."""
LONGEST = 32
"""Characters of a text; the rest is cut off."""
MOST = 40
"""Texts at most; more marks than this have their lines alone."""
ROW = 1.3 * SMALL
GAP = 3.0


class Marks:
    """Lines and texts that stand still: they are part of what is drawn only when it changes."""

    def __init__(self, stage: Stage, axes: Axes) -> None:
        self._stage = stage
        self._axes = axes
        (self._lines,) = axes.plot(
            [],
            [],
            color=stage.style.muted,
            linewidth=0.7,
            linestyle=(0, (3, 2)),
            transform=axes.get_xaxis_transform(),
            zorder=1.5,
        )
        self._texts = [self._text() for _ in range(MOST)]
        self._shown: tuple[object, ...] = ()

    def draw(self, marks: Sequence[tuple[int, str]], across: tuple[float, float]) -> bool:
        """Draw the marks (step, text) within the limits of the step axis; whether any changed."""
        inside = tuple(mark for mark in marks if across[0] <= mark[0] <= across[1])
        width = self._axes.bbox.width / self._stage.figure.dpi * 72
        shown = (inside, across if inside else None, width if inside else None)
        if shown == self._shown:
            return False
        self._shown = shown
        steps = np.repeat([float(step) for step, _ in inside], 3)
        self._lines.set_data(steps, np.tile([0.0, 1.0, np.nan], len(inside)))
        for each in self._texts:
            each.set_visible(False)
        spare = iter(self._texts)
        scale = width / max(across[1] - across[0], 1e-9)
        ends = [-np.inf] * ROWS
        for step, words in inside:
            at = (step - across[0]) * scale
            found = _place(at, text_width(_elided(words), SMALL), width, ends)
            if found is not None and (text := next(spare, None)) is not None:
                away, row, side = found
                text.set(text=_elided(words), visible=True, ha=side)
                text.xy = step, 1.0
                text.set_position((away, -2.0 - row * ROW))
        return True

    def _text(self) -> Annotation:
        return self._axes.annotate(
            "",
            (0.0, 1.0),
            (0.0, 0.0),
            xycoords=self._axes.get_xaxis_transform(),
            textcoords="offset points",
            color=self._stage.style.muted,
            size=SMALL,
            va="top",
            annotation_clip=True,
            visible=False,
            bbox={"facecolor": self._stage.style.background, "linewidth": 0, "pad": 0.6},
        )


def _place(
    at: float, length: float, width: float, ends: list[float]
) -> tuple[float, int, Literal["left", "right"]] | None:
    """Where a text of a length finds room beside its line, ``at`` points of a width.

    How far beside it, in which row, and which end of the text is there; None if nowhere.
    ``ends`` are the ends of the rows so far.
    """
    turned = at + GAP + length > width and at - GAP - length >= 0
    left, right = (at - GAP - length, at - GAP) if turned else (at + GAP, at + GAP + length)
    row = next((row for row, end in enumerate(ends) if end + GAP <= left), None)
    if row is None:
        return None
    ends[row] = max(ends[row], right)
    return (-GAP, row, "right") if turned else (GAP, row, "left")


def _elided(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
