"""What all panels do alike: make artists once, lay them out for each size, move them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

from matplotlib.artist import Artist
from matplotlib.figure import Figure

from vaegui.panels.context import Context, Options
from vaegui.panels.drawing.stage import Stage
from vaegui.panels.panel import Pointer
from vaegui.panels.style import Style
from vaegui.queries.base import Query
from vaegui.training.record.events import Prepared

__all__ = ["PanelBase"]

ContentT = TypeVar("ContentT")


class PanelBase(ABC, Generic[ContentT]):
    """A panel that shows the text `empty` until there is something to draw.

    ``ContentT`` is what is drawn of a context: a snapshot, or the result of a query.
    """

    empty: ClassVar[str]
    gestures: ClassVar[str] = ""
    first_options: ClassVar[Options] = Options()

    def setup(self, figure: Figure, style: Style, begun: Prepared) -> None:
        """See `Panel.setup`."""
        self._stage = Stage(figure, style, self.empty)
        self._last_drawn: tuple[object, ...] | None = None
        self.create_artists(self._stage, begun)

    def depends(self, ctx: Context[Any]) -> tuple[object, ...]:
        """See `Panel.depends`: the content; panels that read more of a context add it."""
        return self.content(ctx), ctx.focus.step

    def draw(self, ctx: Context[Any]) -> bool:
        """See `Panel.draw`."""
        lacking = self.lacking(ctx)
        content = None if lacking else self.content(ctx)
        stale = self._stage.update(content is not None, lacking or self.why_empty(ctx))
        if content is None:
            return stale
        depends = self.depends(ctx)
        if depends == self._last_drawn and not stale:
            return False
        self._last_drawn = depends
        if stale:
            self.arrange()
        return self.update_artists(content, ctx) or stale

    def artists(self) -> Sequence[Artist]:
        """See `Panel.artists`."""
        return self.moving_artists() if self._stage.shown else []

    @abstractmethod
    def content(self, ctx: Context[Any]) -> ContentT | None:
        """What of a context is drawn, or None while there is nothing to draw."""

    def lacking(self, ctx: Context[Any]) -> str:
        """See `Panel.lacking`."""
        return ""

    def why_empty(self, ctx: Context[Any]) -> str:
        """What is said in place of `empty` while there is nothing to draw; '' for that."""
        return ""

    @abstractmethod
    def create_artists(self, stage: Stage, begun: Prepared) -> None:
        """Make all artists for a run."""

    @abstractmethod
    def arrange(self) -> None:
        """Lay out for the size of the figure."""

    @abstractmethod
    def update_artists(self, content: ContentT, ctx: Context[Any]) -> bool:
        """Move the artists; whether something static changed, as limits do."""

    @abstractmethod
    def moving_artists(self) -> Sequence[Artist]:
        """What `artists` gives while something is drawn."""

    @staticmethod
    def queries(ctx: Context[Any]) -> Sequence[Query[Any]]:
        """See `Panel.queries`."""
        return ()

    def point(self, pointer: Pointer, ctx: Context[Any]) -> Context[Any]:
        """See `Panel.point`."""
        return ctx

    def reset(self, ctx: Context[Any]) -> Context[Any]:
        """See `Panel.reset`."""
        return ctx
