"""What all explanations do alike: make artists once, lay them out, move them when needed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Generic, TypeVar

from matplotlib.figure import Figure

from vaegui.panels.context import Context
from vaegui.panels.drawing.stage import Stage
from vaegui.panels.explain.shared.base import ExplanationDefaults
from vaegui.panels.style import Style
from vaegui.runs.run import Run
from vaegui.training.record.events import Prepared

__all__ = ["ExplanationBase"]

ContentT = TypeVar("ContentT")


class ExplanationBase(ExplanationDefaults, ABC, Generic[ContentT]):
    """An explanation whose artists are made for each model, laid out for each size, and moved.

    ``ContentT`` is what is shown: the answer to a question, or what was observed.
    """

    empty: ClassVar[str]

    def setup(self, figure: Figure, style: Style) -> None:
        """See `Panel.setup`: the artists are made once there is a model to make them for."""
        self._stage = Stage(figure, style, self.empty)
        self._begun: Prepared | None = None
        self._moved: tuple[object, ...] | None = None

    def draw(self, ctx: Context[Any]) -> bool:
        """See `Panel.draw`."""
        run, content = ctx.run, self.content(ctx)
        stale = self._stage.update(content is not None, ctx.not_kept or self.instead(run))
        if content is None:
            return stale
        if self._begun is None or run.begun.probes is not self._begun.probes:
            self._begin(run.begun)
            stale = True
        if stale:
            self.arrange()
        moved = content, *self.depends(ctx)
        if moved == self._moved and not stale:
            return False
        self._moved = moved
        return self.move(content, ctx) or stale

    @property
    def ready(self) -> bool:
        """Whether there is a picture with artists."""
        return self._stage.shown and self._begun is not None

    @abstractmethod
    def content(self, ctx: Context[Any]) -> ContentT | None:
        """What of a run is shown, or None while there is nothing to show."""

    def instead(self, run: Run) -> str:
        """What is said in place of `empty` while there is nothing to show; '' for that."""
        return ""

    def depends(self, ctx: Context[Any]) -> tuple[object, ...]:
        """What the picture depends on beside its content."""
        return ()

    @abstractmethod
    def make(self, stage: Stage, begun: Prepared) -> None:
        """Make all artists for the data of a model, on an empty figure."""

    @abstractmethod
    def arrange(self) -> None:
        """Lay out for the size of the figure."""

    @abstractmethod
    def move(self, content: ContentT, ctx: Context[Any]) -> bool:
        """Move the artists; whether something static changed, as limits do."""

    def _begin(self, begun: Prepared) -> None:
        figure, style = self._stage.figure, self._stage.style
        figure.clear()
        self._stage = Stage(figure, style, self.empty)
        self._stage.update(True)
        self._begun = begun
        self.make(self._stage, begun)
