"""What the user looks at, the same in all panels."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal

from vaegui.data.source import ExampleRef
from vaegui.data.subset import Subset

__all__ = ["Focus"]


@dataclass(frozen=True, slots=True)
class Focus:
    """What is looked at: the same in all panels. A panel returns a changed copy for a click.

    Attributes
    ----------
    example
        The picked example, or None for the first probe.
    other
        The example at the other end of the line from one input to another, or None for a probe
        that is not the picked one.
    by_row
        Whether the picked example is counted by its row in its part of the data; otherwise by its
        number among the probes, if it is one.
    cursor
        The point z whose decoding is shown, one number a unit, or None.
    pair
        The two latent units that pictures show, or None for the two with the most KL.
    unit, beside
        Indices of the latent unit that is explained and of the one that is shown beside it.
    read_out
        Which of a unit's two read-outs is taken apart.
    held
        Hidden activations that are held at a value: (index in a, value).
    noise
        Which draw of eps is explained.
    topic
        Name of the explanation that is open, or ''.
    more
        Whether explanations show what only those who know statistics ask for.
    subsets
        Named sets of examples.
    step
        The step that is shown, of which the run keeps a snapshot; None for the latest.
    """

    example: ExampleRef | None = None
    other: ExampleRef | None = None
    by_row: bool = False
    cursor: tuple[float, ...] | None = None
    pair: tuple[int, int] | None = None
    unit: int = 0
    beside: int = 1
    read_out: Literal["mean", "log_var"] = "mean"
    held: tuple[tuple[int, float], ...] = ()
    noise: int = 0
    topic: str = ""
    more: bool = False
    subsets: tuple[Subset, ...] = ()
    step: int | None = None

    def replace(self, **changes: Any) -> Focus:
        """A copy with some attributes changed.

        An example that is picked while it is the other end of the line changes places with the one
        that was picked before: a line needs two.
        """
        changed = dataclasses.replace(self, **changes)
        if changed.example == changed.other and changed.example != self.example:
            return dataclasses.replace(changed, other=self.example)
        return changed
