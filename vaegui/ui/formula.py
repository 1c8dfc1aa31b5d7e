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
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser
    from matplotlib.text import Text

    dpi = 96 * ratio
    font = FontProperties(size=POINTS)
    parsed = MathTextParser("path").parse(f"${text}$", dpi=72, prop=font)
    width, height, depth = (float(size) for size in parsed[:3])
    figure = Figure(figsize=((width + 4) / 72, (height + depth + 6) / 72), dpi=dpi)
    figure.patch.set_alpha(0.0)
    at = (2 / (width + 4), (3 + depth) / (height + depth + 6))
    figure.add_artist(
        Text(*at, f"${text}$", color=colour, fontproperties=font, math_fontfamily="cm")
    )
    memory = io.BytesIO()
    figure.savefig(memory, format="png", dpi=dpi)
    pixmap = QPixmap()
    pixmap.loadFromData(memory.getvalue())
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
