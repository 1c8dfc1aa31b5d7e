"""What a panel draws: a run, with a focus, by its own options."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from vaegui.declared import Declared
from vaegui.panels.focus import Focus
from vaegui.queries.base import Query, Result
from vaegui.runs.run import Run
from vaegui.training.record.events import Snapshot

__all__ = ["Context", "Limits", "Options"]

Limits = tuple[float, float, float, float]
"""x from, x to, y from, y to, in the axes' own units."""


@dataclass(frozen=True, slots=True)
class Options:
    """How one panel on screen is shown: each instance of a panel has its own.

    Panels with options of their own derive from this. ``view`` are those that the user chooses in a
    form above the picture, or None.
    """

    view: Declared | None = None

    def for_another_run(self) -> Options:
        """What of them holds for another run, too."""
        return self


R = TypeVar("R")
OptionsT = TypeVar("OptionsT", bound=Options)


@dataclass(frozen=True, slots=True)
class Context(Generic[OptionsT]):
    """All that a picture depends on.

    Attributes
    ----------
    run
        What is known of a run.
    focus
        What is looked at, shared by all panels.
    options
        The options of this instance of the panel.
    """

    run: Run
    focus: Focus
    options: OptionsT

    @property
    def snapshot(self) -> Snapshot | None:
        """The probes at the step that is shown, or None before the first snapshot."""
        return self.run.snapshot_at(self.focus.step)

    def result(self, query: Query[R]) -> Result[R] | None:
        """What has come of a query about the model at the step that is shown, or None."""
        return self._of_step(self.run.result(query))

    def latest(self, kind: type[Query[R]]) -> Result[R] | None:
        """The last result of a class of queries about the model at that step, or None."""
        return self._of_step(self.run.latest(kind))

    @property
    def not_kept(self) -> str:
        """Why nothing can be asked of the model at the step that is shown; '' at the latest."""
        step = self.focus.step
        if step is None:
            return ""
        return (
            f"Of step {step:,} the Gaussians and reconstructions are kept, not the model that "
            "this is computed with. Go to the latest step to see it."
        )

    def look(self, **changes: Any) -> Context[OptionsT]:
        """The context with another focus; ``changes`` are attributes of `Focus`."""
        return replace(self, focus=self.focus.replace(**changes))

    def _of_step(self, result: Result[R] | None) -> Result[R] | None:
        if self.focus.step is None or result is None:
            return result
        shot = self.snapshot
        return result if shot is not None and result.step == shot.step else None

    def having(self, **changes: Any) -> Context[OptionsT]:
        """The context with other options; ``changes`` are attributes of the panel's options."""
        return replace(self, options=replace(self.options, **changes))
