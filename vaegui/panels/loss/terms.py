"""The loss and its parts as numbers in the colours of their curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.artist import Artist
from numpy.typing import NDArray

from vaegui.panels.drawing.stage import SMALL, TEXT, Stage, plain

__all__ = ["CURVES", "Header", "number"]

CURVES = ("total", "reconstruction", "kl")
"""Attributes of `History`, `Terms` and `Style`."""

WIDE = 84.0
"""Width of a column in points that has room for two numbers with two decimals."""
NARROW = 74.0
"""Below this there is room for one number only: that of the training."""
TITLES = ("total", "reconstruction", "KL")
SHORT = ("total", "recon.", "KL")


def number(value: float, decimals: int = 2) -> str:
    """Nats with as many decimals as anyone compares."""
    if abs(value) >= 10_000_000:
        return plain(f"{value:.2e}")
    return plain(f"{value:,.{decimals}f}" if abs(value) < 10_000 else f"{value:,.0f}")


class Header:
    """A legend above the curves: term, latest training value, latest validation value."""

    def __init__(self, stage: Stage, *, has_spread: bool) -> None:
        self._stage, self._has_spread = stage, has_spread
        style = stage.style
        self._swatches = [
            stage.sheet.plot([], [], color=getattr(style, term), linewidth=2)[0] for term in CURVES
        ]
        self._titles = [stage.text(0, 0, title, color=style.muted, size=SMALL) for title in TITLES]
        self._numbers = [stage.text(0, 0, weight="bold", size=TEXT) for _ in CURVES]
        self._tested = [stage.text(0, 0, color=style.muted, size=SMALL) for _ in CURVES]
        self._decimals = 2

    def arrange(self) -> float:
        """Lay out for the figure's width; returns the height in points."""
        width = self._stage.width
        left = 40.0 if width > 260 else 8.0
        column = min((width - left - 4) / 3, 118.0)
        for i, swatch in enumerate(self._swatches):
            x = left + i * column
            swatch.set_data([x, x + 9], [9.5, 9.5])
            self._titles[i].set_position((x + 12, 12))
            self._titles[i].set_text((TITLES if column > NARROW else SHORT)[i])
            if i == 2 and not self._has_spread and column > WIDE:
                self._titles[i].set_text("KL: not defined")
            self._numbers[i].set_position((x, 24))
            self._tested[i].set_position((x + (44 if column > WIDE else 36), 24))
            self._tested[i].set_visible(column > NARROW)
        self._decimals = 2 if column > WIDE else 1
        return 30.0

    def show(self, training: Sequence[float], tested: NDArray[Any] | None) -> None:
        """Write the numbers, in nats per example; ``tested`` has total, reconstruction, KL.

        The KL of a plain autoencoder is not defined, and so has no number.
        """
        for i, value in enumerate(training):
            self._numbers[i].set_text(number(value, self._decimals))
            validation = "" if tested is None else number(float(tested[i]), self._decimals)
            self._tested[i].set_text(validation and f"○ {validation}")
        if not self._has_spread:
            self._numbers[-1].set_text("–")
            self._tested[-1].set_text("")

    def artists(self) -> Sequence[Artist]:
        """What moves."""
        return [*self._numbers, *self._tested]
