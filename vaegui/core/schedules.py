"""How the KL term's weight and the learning rate change as training goes on.

Pure functions of the position in a run, counted in epochs, so that a run that goes on needs no
state of theirs. One class for each choice.
"""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from vaegui.declared import Choice, setting

__all__ = [
    "ConstantRate",
    "CosineRate",
    "CyclicalWarmUp",
    "LinearWarmUp",
    "NoWarmUp",
    "PlateauRate",
    "RateSchedule",
    "StepRate",
    "WarmUp",
]


class NoWarmUp(Choice):
    """The KL term has its full weight from the first step."""

    label: ClassVar[str] = "None"

    kind: Literal["none"] = "none"

    def factor(self, epoch: float, epochs: int) -> float:
        """Return the factor of beta, 0 to 1, at ``epoch`` (from 0.0) of ``epochs``."""
        return 1.0

    def full_after(self, epochs: int) -> float:
        """Return the epoch from which on the factor stays 1."""
        return 0.0


class LinearWarmUp(Choice):
    """The KL term's weight grows linearly from 0 (Bowman et al. 2016, Sonderby et al. 2016)."""

    label: ClassVar[str] = "Linear"

    kind: Literal["linear"] = "linear"
    length: float = setting(
        5.0,
        title="Length",
        help="After so many epochs the KL term has its full weight.",
        unit="epochs",
        gt=0.0,
        le=100_000,
    )

    def factor(self, epoch: float, epochs: int) -> float:
        """Return the factor of beta at ``epoch``."""
        return min(1.0, epoch / self.length)

    def full_after(self, epochs: int) -> float:
        """Return the epoch from which on the factor stays 1."""
        return self.length


class CyclicalWarmUp(Choice):
    """The KL term's weight grows from 0 again and again (Fu et al. 2019)."""

    label: ClassVar[str] = "Cyclical"

    kind: Literal["cyclical"] = "cyclical"
    cycles: int = setting(
        4, title="Cycles", help="How many cycles the run is divided into.", ge=1, le=1000
    )
    ramp: float = setting(
        0.5,
        title="Growing part",
        help="Part of each cycle in which the weight grows; in the rest it is full.",
        gt=0.0,
        le=1.0,
    )

    def factor(self, epoch: float, epochs: int) -> float:
        """Return the factor of beta at ``epoch``; beyond the last cycle it stays full."""
        if epoch >= epochs:
            return 1.0
        position = (epoch * self.cycles / epochs) % 1.0
        return min(1.0, position / self.ramp)

    def full_after(self, epochs: int) -> float:
        """Return the epoch from which on the factor stays 1 until the run's last."""
        return epochs * (self.cycles - 1 + self.ramp) / self.cycles


WarmUp = Annotated[NoWarmUp | LinearWarmUp | CyclicalWarmUp, Field(discriminator="kind")]


class ConstantRate(Choice):
    """The learning rate stays as it is."""

    label: ClassVar[str] = "Constant"

    kind: Literal["constant"] = "constant"

    def factor(self, epoch: float, epochs: int, plateaus: int = 0) -> float:
        """Return the factor of the learning rate.

        Parameters
        ----------
        epoch
            Position in the run, from 0.0.
        epochs
            Length of the run.
        plateaus
            How often the validation loss has not fallen for the schedule's patience so far.
        """
        return 1.0


class CosineRate(Choice):
    """The rate rises linearly, then falls along half a cosine (Loshchilov and Hutter 2017)."""

    label: ClassVar[str] = "Cosine with warm-up"

    kind: Literal["cosine"] = "cosine"
    warm_up: float = setting(
        1.0,
        title="Warm-up",
        help="The rate rises from 0 for so many epochs.",
        unit="epochs",
        ge=0.0,
        le=100_000,
    )
    final: float = setting(
        0.01, title="Final part", help="The last rate as a part of the full one.", ge=0.0, le=1.0
    )

    def factor(self, epoch: float, epochs: int, plateaus: int = 0) -> float:
        """Return the factor of the learning rate; arguments as `ConstantRate.factor`."""
        if epoch < self.warm_up:
            return epoch / self.warm_up
        rest = max(epochs - self.warm_up, 1e-9)
        done = min(1.0, (epoch - self.warm_up) / rest)
        return self.final + (1.0 - self.final) * 0.5 * (1.0 + math.cos(math.pi * done))


class StepRate(Choice):
    """The learning rate is multiplied by a factor every so many epochs."""

    label: ClassVar[str] = "Steps"

    kind: Literal["step"] = "step"
    every: int = setting(
        10, title="Every", help="Epochs between two reductions.", unit="epochs", ge=1, le=100_000
    )
    by: float = setting(
        0.5, title="Factor", help="Each reduction multiplies the rate by this.", gt=0.0, le=1.0
    )

    def factor(self, epoch: float, epochs: int, plateaus: int = 0) -> float:
        """Return the factor of the learning rate; arguments as `ConstantRate.factor`."""
        return self.by ** int(epoch // self.every)


class PlateauRate(Choice):
    """The learning rate is multiplied by a factor when the validation loss no longer falls."""

    label: ClassVar[str] = "Reduce on plateau"

    kind: Literal["plateau"] = "plateau"
    patience: int = setting(
        5,
        title="Patience",
        help="Epochs without a lower validation loss before the rate is reduced.",
        unit="epochs",
        ge=1,
        le=100_000,
    )
    by: float = setting(
        0.5, title="Factor", help="Each reduction multiplies the rate by this.", gt=0.0, lt=1.0
    )

    def factor(self, epoch: float, epochs: int, plateaus: int = 0) -> float:
        """Return the factor of the learning rate; arguments as `ConstantRate.factor`."""
        return float(self.by**plateaus)


RateSchedule = Annotated[
    ConstantRate | CosineRate | StepRate | PlateauRate, Field(discriminator="kind")
]
