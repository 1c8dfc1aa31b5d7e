"""What the user looks at, the same in all panels."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["Focus"]


@dataclass(frozen=True, slots=True)
class Focus:
    """What is looked at: the same in all panels. A panel returns a changed copy for a click.

    Attributes
    ----------
    probe
        Index of the picked probe.
    cursor
        The point z whose decoding is shown, one number a unit, or None.
    pair
        The two latent units that pictures show, or None for the two with the most KL.
    unit, beside
        Indices of the latent unit that is explained and of the one that is shown beside it.
    read_out
        Which of a unit's two read-outs is taken apart.
    other
        Index of the second probe, for the line from one input to another.
    held
        Hidden activations that are held at a value: (index in a, value).
    noise
        Which draw of eps is explained.
    topic
        Name of the explanation that is open, or ''.
    more
        Whether explanations show what only those who know statistics ask for.
    step
        The step that is shown, of which the run keeps a snapshot; None for the latest.
    """

    probe: int = 0
    cursor: tuple[float, ...] | None = None
    pair: tuple[int, int] | None = None
    unit: int = 0
    beside: int = 1
    read_out: Literal["mean", "log_var"] = "mean"
    other: int = 1
    held: tuple[tuple[int, float], ...] = ()
    noise: int = 0
    topic: str = ""
    more: bool = False
    step: int | None = None

    def replace(self, **changes: Any) -> Focus:
        """A copy with some attributes changed.

        An example that is picked while it is the other end of the line changes places with the one
        that was picked before: a line needs two.
        """
        changed = dataclasses.replace(self, **changes)
        if changed.probe == changed.other and changed.probe != self.probe:
            return dataclasses.replace(changed, other=self.probe)
        return changed
