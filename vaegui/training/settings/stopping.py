"""When a run ends before its last epoch."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from vaegui.declared import Choice, setting

__all__ = ["EarlyStopping", "NoEarlyStopping", "Stopping"]


class NoEarlyStopping(Choice):
    """All epochs are trained."""

    label: ClassVar[str] = "After all epochs"

    kind: Literal["none"] = "none"

    least: ClassVar[float] = 0.0

    def is_over(self, waited: int) -> bool:
        """Say whether training ends, ``waited`` epochs after the last better validation loss."""
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

    def is_over(self, waited: int) -> bool:
        """Say whether training ends, ``waited`` epochs after the last better validation loss."""
        return waited >= self.patience


Stopping = Annotated[NoEarlyStopping | EarlyStopping, Field(discriminator="kind")]
