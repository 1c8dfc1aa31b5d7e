"""When a run ends before its last epoch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from vaegui.declared import Choice, setting

__all__ = ["EarlyStopping", "NoEarlyStopping", "Stopping", "best_epoch"]


class NoEarlyStopping(Choice):
    """All epochs are trained."""

    label: ClassVar[str] = "After all epochs"

    kind: Literal["none"] = "none"

    def is_over(self, validation: Sequence[float], settled: float) -> bool:
        """Say whether training ends now, given each epoch's total validation loss so far."""
        return False


class EarlyStopping(Choice):
    """Training ends when the validation loss has not fallen for some epochs.

    Epochs of the KL warm-up do not count: there the loss rises because beta does. Nor do those in
    which the capacity target grows.
    """

    label: ClassVar[str] = "Early, when validation no longer improves"

    kind: Literal["early"] = "early"
    patience: int = setting(
        5,
        title="Patience",
        help="Epochs without a lower validation loss before training ends.",
        unit="epochs",
        ge=1,
        le=100_000,
    )
    least: float = setting(
        0.0,
        title="Least improvement",
        help="A smaller fall of the validation loss does not count.",
        unit="nats",
        ge=0.0,
        le=1e6,
    )

    def is_over(self, validation: Sequence[float], settled: float) -> bool:
        """Say whether training ends now.

        Parameters
        ----------
        validation
            Total validation loss of each epoch so far.
        settled
            Epochs until the loss is weighed as at the end, see `Objective.settled_after`.
        """
        best, waited = math.inf, 0
        for loss in validation[math.ceil(settled) :]:
            best, waited = (loss, 0) if loss < best - self.least else (best, waited + 1)
        return waited >= self.patience


Stopping = Annotated[NoEarlyStopping | EarlyStopping, Field(discriminator="kind")]


def best_epoch(validation: Sequence[float], settled: float) -> int | None:
    """Return the epoch (from 1) with the lowest validation loss once it has settled, or None."""
    first = math.ceil(settled)
    counted = validation[first:]
    return first + 1 + min(range(len(counted)), key=counted.__getitem__) if counted else None
