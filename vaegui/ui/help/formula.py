"""Formulas as pictures, set by matplotlib, which needs no TeX."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtGui import QColor, QImage, QPixmap

__all__ = ["formula"]

LARGER = 1.4
"""How many times as large as the text beside them letters are: indices shall be read, too."""
MARGIN = 3
"""Empty pixels around the letters, since they are smoothed."""


@lru_cache(maxsize=256)
def formula(text: str, colour: str, points: float, ratio: float) -> QPixmap:
    """A picture of mathtext without dollar signs, on a transparent ground.

    Parameters
    ----------
    colour
        Of the letters, ``"#rrggbb"``.
    points
        Size of the text beside it.
    ratio
        Pixels of the screen for each of Qt's.
    """
    # Here, since matplotlib takes most of a second to load and the window is on screen before.
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser

    font = FontProperties(size=LARGER * points, math_fontfamily="cm")
    # Set without a figure around it, which would take ten times as long.
    letters = MathTextParser("agg").parse(f"${text}$", 96 * ratio, font).image
    inked = np.pad(np.asarray(letters, np.uint8), MARGIN)
    ink = QColor(colour)
    pixels = np.empty((*inked.shape, 4), np.uint8)
    pixels[...] = ink.red(), ink.green(), ink.blue(), 0
    pixels[..., 3] = inked
    height, width = inked.shape
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
    pixmap = QPixmap.fromImage(image)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
