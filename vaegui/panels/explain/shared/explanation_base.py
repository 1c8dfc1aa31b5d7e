"""Base classes of the explanations: of all of them, and of those that take one input apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from vaegui.panels.context import Context
from vaegui.panels.drawing.panel_base import PanelBase
from vaegui.panels.explain.shared.base import ValueTable
from vaegui.queries.base import Query, Result
from vaegui.queries.explain import Explain
from vaegui.queries.explained import Explained

__all__ = ["ExplainsInput", "ExplanationBase"]

ContentT = TypeVar("ContentT")

NO_SPREAD = (
    "This model is a plain autoencoder: it gives each input a point and no Gaussian. There is no "
    "spread, no KL term and no prior, so there is nothing to see here. Open or train a VAE beside "
    "it to compare the two."
)


NO_TRAINING = "This goes through the training data, and the model's are not here. {missing}"
NO_INPUT = "This is about one input, and there is none. {missing}"


class ExplanationBase(PanelBase[ContentT]):
    """An explanation without a table, unless it says otherwise.

    Attributes
    ----------
    about_spread
        Whether it takes Gaussians apart, which a plain autoencoder has not.
    trains
        Whether it goes through the training data, without which it shows nothing.
    """

    about_spread: ClassVar[bool] = False
    trains: ClassVar[bool] = False

    def lacking(self, ctx: Context[Any]) -> str:
        """See `Panel.lacking`."""
        begun = ctx.run.begun
        if self.about_spread and not begun.settings.has_spread:
            return NO_SPREAD
        if begun.missing and (self.trains or ctx.example is None):
            return (NO_TRAINING if self.trains else NO_INPUT).format(missing=begun.missing)
        return ""

    def why_empty(self, ctx: Context[Any]) -> str:
        """See `PanelBase.why_empty`."""
        return ctx.not_kept

    def hover_text(self, x: float, y: float, ctx: Context[Any]) -> str:
        """See `Explanation.hover_text`."""
        return ""

    def table(self, ctx: Context[Any]) -> ValueTable | None:
        """See `Explanation.table`."""
        return None


class ExplainsInput(ExplanationBase[Result[Explained]]):
    """An explanation that asks for all numbers of the picked input."""

    def content(self, ctx: Context[Any]) -> Result[Explained] | None:
        """See `PanelBase.content`."""
        return ctx.latest(Explain)

    @staticmethod
    def queries(ctx: Context[Any]) -> Sequence[Query[Any]]:
        """See `Panel.queries`."""
        focus = ctx.focus
        return () if ctx.example is None else (Explain(ctx.example, focus.held, focus.noise),)
