"""How one latent map is shown."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from vaegui.declared import Declared, setting
from vaegui.panels.context import Limits, Options

__all__ = ["LatentOptions", "LatentView"]


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
class LatentOptions(Options):
    """The options of one latent map.

    ``hidden_classes`` are labels that it leaves out; ``limits`` what the user zoomed to in a
    picture of the two units ``zoomed``, or None to follow the data.
    """

    view: LatentView = field(default_factory=LatentView)
    hidden_classes: frozenset[int] = frozenset()
    limits: Limits | None = None
    zoomed: tuple[int, int] | None = None

    def for_another_run(self) -> LatentOptions:
        """See `Options.for_another_run`: other data have other classes and other places."""
        return replace(self, hidden_classes=frozenset(), limits=None, zoomed=None)
