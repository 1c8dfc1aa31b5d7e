"""Changes of settings on a plot by steps: a thin dashed line at each, its text at the top."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text

from vaegui.panels.drawing.stage import SMALL, Stage
from vaegui.panels.drawing.text import text_width

__all__ = ["Marks"]

ROWS = 3
"""Texts that stand close together go below each other; what finds no row is left out."""
LONGEST = 32
"""Characters of a text; the rest is cut off."""
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
        self._texts: list[Text] = []
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
        for text in self._texts:
            text.remove()
        self._texts = []
        scale = width / max(across[1] - across[0], 1e-9)
        ends = [-np.inf] * ROWS
        for step, words in inside:
            self._place((step - across[0]) * scale, step, _elided(words), width, ends)
        return True

    def _place(self, at: float, step: int, words: str, width: float, ends: list[float]) -> None:
        """Put a text beside its line in the first row that is free there; ``at`` in points."""
        length = text_width(words, SMALL)
        turned = at + GAP + length > width and at - GAP - length >= 0
        left, right = (at - GAP - length, at - GAP) if turned else (at + GAP, at + GAP + length)
        row = next((row for row, end in enumerate(ends) if end + GAP <= left), None)
        if row is None:
            return
        ends[row] = max(ends[row], right)
        self._texts.append(
            self._axes.annotate(
                words,
                (step, 1.0),
                (-GAP if turned else GAP, -2.0 - row * ROW),
                xycoords=self._axes.get_xaxis_transform(),
                textcoords="offset points",
                color=self._stage.style.muted,
                size=SMALL,
                ha="right" if turned else "left",
                va="top",
                annotation_clip=True,
                bbox={"facecolor": self._stage.style.background, "linewidth": 0, "pad": 0.6},
            )
        )


def _elided(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
