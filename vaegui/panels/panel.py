"""What a panel is: a context drawn on a matplotlib Figure.

Artists are made once in `setup` and moved in `draw`. Whoever owns the figure (the window's canvas,
the report) decides how it reaches the eye: the canvas keeps a picture of everything static, and on
each repaint puts only `artists` on it, unless `draw` says that the static part changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol, runtime_checkable

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vaegui.panels.context import Context, Options
from vaegui.panels.style import Style
from vaegui.queries.base import Query
from vaegui.training.record.events import Prepared

__all__ = ["HasHoverText", "Panel", "Pointer"]


@dataclass(frozen=True, slots=True)
class Pointer:
    """What the mouse does over a panel.

    ``kind`` is press, drag (with a button held), release, double, or wheel. ``x``, ``y`` are in
    figure pixels from the lower left; ``data`` are the coordinates in ``axes``, or None
    outside all axes. ``button`` is 1 left, 2 middle, 3 right, 0 none. ``turns`` counts
    wheel clicks, positive away from the user. ``pressed`` is where the button went down
    (figure pixels), so that a drag can be told from a click.
    """

    kind: Literal["press", "drag", "release", "double", "wheel"]
    x: float
    y: float
    axes: Axes | None
    data: tuple[float, float] | None
    button: int = 0
    turns: float = 0.0
    pressed: tuple[float, float] | None = None


class Panel(Protocol):
    """A picture of a run. It keeps its artists, and no truth of its own."""

    name: ClassVar[str]
    """Stable name: the dock's object name, the report's file name."""
    title: ClassVar[str]
    first_options: ClassVar[Options]
    """The options of an instance that nobody has changed yet."""
    empty: ClassVar[str]
    """What the panel says before there is a run: what will appear, and how to make it."""
    gestures: ClassVar[str]
    """What the mouse can do on it, a phrase for each: "click: pick an input"; '' if nothing."""

    def setup(self, figure: Figure, style: Style, begun: Prepared) -> None:
        """Make all artists on an empty figure: once for each run, and for each theme."""

    def depends(self, ctx: Context[Any]) -> tuple[object, ...]:
        """All that `draw` reads of a context, as values that are others when the picture is.

        They are compared with those of the last picture; it is drawn anew only if they differ.
        Arrays are compared as what holds them: a snapshot, the result of a query.
        """

    def draw(self, ctx: Context[Any]) -> bool:
        """Move the artists; say whether anything outside `artists` changed (limits, titles).

        While there is nothing to show yet, it shows the text `empty`.
        """

    def lacking(self, ctx: Context[Any]) -> str:
        """Why the panel has no meaning for this kind of model, in its place; '' if it has."""

    @staticmethod
    def queries(ctx: Context[Any]) -> Sequence[Query[Any]]:
        """What must be known of the model to draw it; asked for while the panel can be seen."""

    def artists(self) -> Sequence[Artist]:
        """The artists that move with each draw, in the order in which they are painted."""

    def point(self, pointer: Pointer, ctx: Context[Any]) -> Context[Any]:
        """The context after the mouse did something; the same object if nothing came of it."""

    def reset(self, ctx: Context[Any]) -> Context[Any]:
        """The context with nothing zoomed or moved; the same object if nothing is."""

    def describe(self, ctx: Context[Any]) -> str:
        """What the panel shows now, in a sentence or two, for screen readers and reports."""


@runtime_checkable
class HasHoverText(Protocol):
    """A panel that tells what lies under the mouse, without a click."""

    def hover_text(self, x: float, y: float, ctx: Context[Any]) -> str:
        """What lies at figure pixels from the lower left, or ''.

        Plain text for a tooltip: a heading, and more lines if there is more to say.
        """
