"""Zooming, panning, and limits that follow the data without trembling."""

from __future__ import annotations

import math

from matplotlib.axes import Axes

from vaegui.panels.context import Limits
from vaegui.panels.panel import Pointer

__all__ = ["CLICK", "Grip", "is_click", "over", "settle", "to_data", "zoom"]

CLICK = 4.0
"""How far the pointer may move between press and release of a click, in pixels."""

Span = tuple[float, float]


def over(axes: Axes, x: float, y: float) -> bool:
    """Whether a point in figure pixels lies within axes that are shown."""
    return bool(axes.get_visible() and axes.bbox.contains(x, y))


def to_data(axes: Axes, x: float, y: float) -> tuple[float, float]:
    """Figure pixels -> the axes' own coordinates."""
    data = axes.transData.inverted().transform((x, y))
    return float(data[0]), float(data[1])


def is_click(pointer: Pointer) -> bool:
    """Whether a release ends a click rather than a drag."""
    if pointer.pressed is None:
        return True
    return math.hypot(pointer.x - pointer.pressed[0], pointer.y - pointer.pressed[1]) <= CLICK


def zoom(axes: Axes, pointer: Pointer) -> Limits:
    """The limits after turning the wheel: the point under the pointer stays where it is."""
    factor = math.pow(0.85, pointer.turns)
    fraction_x, fraction_y = _fractions(axes, pointer.x, pointer.y)

    def end(edge: float, fixed: float) -> float:
        return fixed + (edge - fixed) * factor

    return _applied(
        axes,
        (end(0.0, fraction_x), end(1.0, fraction_x)),
        (end(0.0, fraction_y), end(1.0, fraction_y)),
    )


class Grip:
    """Axes held by the mouse: where the pointer was when they last followed it."""

    def __init__(self) -> None:
        self._pressed: tuple[float, float] | None = None
        self._last = (0.0, 0.0)

    def release(self) -> None:
        """Let go."""
        self._pressed = None

    def pan(self, axes: Axes, pointer: Pointer) -> Limits:
        """The limits that move what was last under the pointer to where it is now."""
        pressed = pointer.pressed or (pointer.x, pointer.y)
        if self._pressed != pressed:
            self._pressed, self._last = pressed, pressed
        dx = (pointer.x - self._last[0]) / axes.bbox.width
        dy = (pointer.y - self._last[1]) / axes.bbox.height
        self._last = (pointer.x, pointer.y)
        return _applied(axes, (-dx, 1 - dx), (-dy, 1 - dy))


def settle(now: Span | None, low: float, high: float, pad: float = 0.06, use: float = 0.6) -> Span:
    """Limits around ``low`` ... ``high`` that change seldom.

    Those of ``now`` stay as long as the data lie inside and fill at least the part ``use`` of
    them; otherwise new ones leave ``pad`` of the span free on each side.
    """
    filled = (high - low) * (1 + 2 * pad)
    if now and now[0] <= low and high <= now[1] and filled >= use * (now[1] - now[0]):
        return now
    margin = pad * (high - low) if high > low else max(abs(high) * 0.05, 0.5)
    return low - margin, high + margin


def _fractions(axes: Axes, x: float, y: float) -> tuple[float, float]:
    point = axes.transAxes.inverted().transform((x, y))
    return float(point[0]), float(point[1])


def _applied(axes: Axes, across: Span, up: Span) -> Limits:
    """Show fractions of what the axes show now; going through pixels makes it right for a log axis.

    The limits take effect at once, because several turns of a wheel may come before one draw.
    """
    corners = axes.transAxes.transform([(across[0], up[0]), (across[1], up[1])])
    (x0, y0), (x1, y1) = axes.transData.inverted().transform(corners).tolist()
    axes.set(xlim=(x0, x1), ylim=(y0, y1))
    return x0, x1, y0, y1
