"""What a panel draws: a run, with a focus, by its own options."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from vaegui.data.source import ExampleRef
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

    @property
    def example(self) -> ExampleRef | None:
        """The picked example; None if there is none, as no data are here and no Gaussian either."""
        return self.focus.example or next(iter(self.run.begun.probes.refs), None)

    @property
    def other(self) -> ExampleRef | None:
        """The example at the other end of the line; the picked one if there is no other."""
        first, second = self.example, self.focus.other
        probes = self.run.begun.probes.refs[1::-1]
        return second or next((ref for ref in probes if ref != first), first)

    @property
    def probe(self) -> int | None:
        """The number of the probe that is the picked example, or None if it is no probe."""
        return self.run.begun.probes.number(self.example)

    def neighbour(self, by: int) -> ExampleRef | None:
        """The example ``by`` places after the picked one, round the end; None if there is none.

        It is among the probes, or in the same part of the data where examples are counted by row.
        """
        begun, example, number = self.run.begun, self.example, self.probe
        if example is None:
            return None
        if number is not None and not self.focus.by_row:
            return begun.probes.refs[(number + by) % len(begun.probes.refs)]
        return replace(example, row=(example.row + by) % begun.data.examples(example.part))

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

    def with_focus(self, **changes: Any) -> Context[OptionsT]:
        """The context with another focus; ``changes`` are attributes of `Focus`."""
        return replace(self, focus=self.focus.replace(**changes))

    def _of_step(self, result: Result[R] | None) -> Result[R] | None:
        if self.focus.step is None or result is None:
            return result
        shot = self.snapshot
        return result if shot is not None and result.step == shot.step else None

    def with_options(self, **changes: Any) -> Context[OptionsT]:
        """The context with other options; ``changes`` are attributes of the panel's options."""
        return replace(self, options=replace(self.options, **changes))
