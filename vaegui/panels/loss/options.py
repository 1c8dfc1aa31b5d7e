"""How one loss plot is shown."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from vaegui.declared import Declared, setting
from vaegui.panels.context import Limits, Options

__all__ = ["LossOptions", "LossView"]


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


@dataclass(frozen=True, slots=True)
class LossOptions(Options):
    """The options of one loss plot; ``limits`` is what the user zoomed to, or None."""

    view: LossView = field(default_factory=LossView)
    limits: Limits | None = None

    def for_another_run(self) -> LossOptions:
        """See `Options.for_another_run`."""
        return replace(self, limits=None)
