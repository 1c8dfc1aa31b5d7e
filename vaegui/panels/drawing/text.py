"""How wide text is, and text that is made to fit; digits as they are written in formulas."""

from __future__ import annotations

from functools import lru_cache

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

__all__ = ["fitting", "shortened", "subscript", "text_width", "wrapped"]

_SUBSCRIPTS = str.maketrans("0123456789-", "₀₁₂₃₄₅₆₇₈₉₋")


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of one line in matplotlib's font at a size; both in points."""
    font = FontProperties(size=size, weight="bold" if bold else "normal")
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width)


def fitting(width: float, size: float, *texts: str, bold: bool = False) -> str:
    """The first text that fits into a width in points, or else the last one."""
    return next((text for text in texts if text_width(text, size, bold=bold) <= width), texts[-1])


def shortened(text: str, width: float, size: float) -> str:
    """The text, or as much of it as fits into a width in points, and at least two letters."""
    if text_width(text, size) <= width:
        return text
    cut = text
    while len(cut) > 2 and text_width(f"{cut}…", size) > width:
        cut = cut[:-1].rstrip()
    return f"{cut}…"


def wrapped(text: str, width: float, size: float) -> str:
    """The text on as many lines as a width in points asks for."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def subscript(number: int) -> str:
    """A number as subscript digits: 12 -> ₁₂."""
    return str(number).translate(_SUBSCRIPTS)
