"""What the user looks at and how: the other half of what a panel draws."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from vaegui.declared import Declared, setting

__all__ = ["LatentView", "Limits", "LossView", "Selection"]

Limits = tuple[float, float, float, float]
"""x from, x to, y from, y to, in the axes' own units."""


class LossView(Declared):
    """How the loss panel shows the history."""

    scale: Literal["linear", "log"] = setting(
        "log", title="Scale", help="Whether the loss axis is linear or logarithmic."
    )
    smoothing: int = setting(
        20,
        title="Smoothing",
        help="How many steps each point of the step curves is the mean of; 1 shows every step.",
        unit="steps",
        ge=1,
        le=10_000,
    )
    last: int = setting(
        0,
        title="Last",
        help="Show only the last so many steps; 0 shows all.",
        unit="steps",
        ge=0,
        le=10_000_000,
    )


class LatentView(Declared):
    """How the latent panel shows the posteriors."""

    sigmas: Literal[1, 2] = setting(
        1, title="Ellipses", help="How many standard deviations each ellipse reaches.", unit="sigma"
    )
    all_examples: bool = setting(
        False,
        title="Training data",
        help="Show the mean of every training example as a dot behind the ellipses; "
        "computed anew from time to time while the model trains.",
    )


@dataclass(frozen=True, slots=True)
class Selection:
    """What is picked and how it is looked at. Panels return a changed copy for a click.

    Attributes
    ----------
    probe
        Index of the picked probe.
    cursor
        The point z whose decoding is shown, one number a unit, or None.
    pair
        The two units that the latent panel shows, or None for the two with the most KL.
    hidden_classes
        Labels that the latent panel leaves out.
    loss_limits, latent_limits
        What the user zoomed to, or None to follow the data.
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
    """

    probe: int = 0
    cursor: tuple[float, ...] | None = None
    pair: tuple[int, int] | None = None
    hidden_classes: frozenset[int] = frozenset()
    loss: LossView = field(default_factory=LossView)
    latent: LatentView = field(default_factory=LatentView)
    loss_limits: Limits | None = None
    latent_limits: Limits | None = None
    unit: int = 0
    beside: int = 1
    read_out: Literal["mean", "log_var"] = "mean"
    other: int = 1
    held: tuple[tuple[int, float], ...] = ()
    noise: int = 0
    topic: str = ""
    more: bool = False

    def but(self, **changes: Any) -> Selection:
        """A copy with some attributes changed.

        An example that is picked while it is the other end of the line changes places with the one
        that was picked before: a line needs two.
        """
        changed = replace(self, **changes)
        if changed.probe == changed.other and changed.probe != self.probe:
            return replace(changed, other=self.probe)
        return changed
