"""What a panel draws: a run, at a step, with a focus, by its own options."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from vaegui.declared import Declared
from vaegui.panels.focus import Focus
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
        return self.run.snapshot

    def look(self, **changes: Any) -> Context[OptionsT]:
        """The context with another focus; ``changes`` are attributes of `Focus`."""
        return replace(self, focus=self.focus.replace(**changes))

    def having(self, **changes: Any) -> Context[OptionsT]:
        """The context with other options; ``changes`` are attributes of the panel's options."""
        return replace(self, options=replace(self.options, **changes))
