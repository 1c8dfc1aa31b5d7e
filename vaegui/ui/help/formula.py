"""Formulas as pictures, set by matplotlib, which needs no TeX."""

from __future__ import annotations

import io
from functools import lru_cache

from PySide6.QtGui import QPixmap

__all__ = ["formula"]

POINTS = 13


@lru_cache(maxsize=256)
def formula(text: str, colour: str, ratio: float) -> QPixmap:
    """A picture of mathtext without dollar signs, on nothing.

    Parameters
    ----------
    colour
        Of the letters, ``"#rrggbb"``.
    ratio
        Pixels of the screen for each of Qt's.
    """
    # Here, since matplotlib takes most of a second to load and the window is on screen before.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(1, 1))
    figure.patch.set_alpha(0.0)
    figure.text(0, 0, f"${text}$", color=colour, fontsize=POINTS, math_fontfamily="cm")
    memory = io.BytesIO()
    # As large as what is drawn, and a little more, since letters are smoothed.
    figure.savefig(memory, format="png", dpi=96 * ratio, bbox_inches="tight", pad_inches=0.03)
    pixmap = QPixmap()
    pixmap.loadFromData(memory.getvalue())
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
