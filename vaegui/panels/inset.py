"""The decoded cursor, small, in a corner of the latent space."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.patches import Rectangle

from vaegui.panels.stage import SMALL, Stage, plain
from vaegui.panels.tiles import tiles
from vaegui.training.events import Answer, Prepared
from vaegui.training.questions import Decode, Decoded

__all__ = ["Inset"]

PAD = 4.0
LINE = 9.0


class Inset:
    """A picture with its z written below, on a ground that hides what lies behind."""

    def __init__(self, stage: Stage, begun: Prepared) -> None:
        style = stage.style
        self._stage = stage
        self._box = stage.axes(frame=False, zorder=5)
        self._ground = self._box.add_patch(
            Rectangle(
                (0, 0), 1, 1, facecolor=style.background, edgecolor=style.accent, linewidth=1.2
            )
        )
        self._ground.set(transform=self._box.transAxes, alpha=0.94)
        self._tiles = tiles(stage.axes(frame=False, zorder=6), style, begun)
        self._text = self._box.text(0.5, 0, "", color=style.text, size=SMALL, ha="center")

    def arrange(self, left: float, right: float, bottom: float, room: float) -> None:
        """Lay out between ``left`` and ``right`` above ``bottom``, in points.

        ``room`` is the smaller side of the axes; the picture takes about a quarter of it.
        """
        height = min(max(0.26 * room, 30.0), 84.0)
        picture = min(height / self._tiles.ratio, 130.0)
        self._size = max(picture, 52.0) + 2 * PAD, height + LINE + 2.5 * PAD
        self._picture = picture, picture * self._tiles.ratio
        self._corners = left, right - self._size[0]
        self._top = bottom - self._size[1]
        self._text.set_position((0.5, 1.3 * PAD / self._size[1]))

    def show(self, answer: Answer | None, cursor: tuple[float, float]) -> None:
        """Show what a z was decoded to, or nothing.

        It is put into the lower right corner, or into the left one when the cursor, at points
        from the upper left, would lie behind it.
        """
        for artist in self.artists():
            artist.set_visible(answer is not None)
        if answer is None:
            return
        assert isinstance(answer.question, Decode)
        assert isinstance(answer.content, Decoded)
        behind = cursor[0] > self._corners[1] - 8 and cursor[1] > self._top - 8
        left, (width, height) = self._corners[0 if behind else 1], self._size
        self._stage.place(self._box, left, self._top, width, height)
        inner = left + (width - self._picture[0]) / 2
        self._stage.place(self._tiles.axes, inner, self._top + PAD, *self._picture)
        self._tiles.show(answer.content.reconstruction[None], np.array([False]), 1)
        self._text.set_text(_written(answer.question.z))

    def artists(self) -> Sequence[Artist]:
        """What moves, in painting order."""
        return [self._ground, *self._tiles.artists(), self._text]


def _written(z: tuple[float, ...]) -> str:
    """The numbers, if they fit below a small picture."""
    if len(z) > 2:
        return f"z of {len(z)} units"
    return ("z = " if len(z) == 1 else "") + plain(", ".join(f"{value:.2f}" for value in z))
