"""How gradients become changes of the weights. One class for each choice."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from vaegui.core.schedules import ConstantRate, RateSchedule
from vaegui.declared import Choice, setting

__all__ = ["SGD", "Adam", "AdamW", "Optimiser", "RMSprop"]


class _Optimiser(Choice):
    learning_rate: float = setting(
        1e-3,
        title="Learning rate",
        term="learning-rate",
        help="How far each step moves the weights; too high diverges, too low crawls.",
        gt=0.0,
        le=1e7,
    )
    schedule: RateSchedule = setting(
        ConstantRate(),
        title="Schedule",
        help="How the learning rate changes as training goes on.",
        more=True,
    )
    clip_norm: float = setting(
        0.0,
        title="Clip gradients",
        help="Gradients whose joint norm is larger are shortened to it; 0 leaves them.",
        ge=0.0,
        le=1e9,
        more=True,
    )

    def options(self) -> dict[str, Any]:
        """Return what every Keras optimiser is built with."""
        clip = self.clip_norm or None
        # A name of its own, or Keras numbers optimisers and names their variables accordingly;
        # TensorFlow keeps some 30 kB for good for each name that a variable ever had.
        return {
            "name": "optimiser",
            "learning_rate": self.learning_rate,
            "global_clipnorm": clip,
        }


class Adam(_Optimiser):
    """Adam (Kingma and Ba 2015)."""

    label: ClassVar[str] = "Adam"
    moments: ClassVar[int] = 2

    kind: Literal["adam"] = "adam"

    def build(self) -> Any:
        """Return a new Keras optimiser."""
        from keras import optimizers

        return optimizers.Adam(**self.options())


class AdamW(_Optimiser):
    """Adam with decoupled weight decay (Loshchilov and Hutter 2019)."""

    label: ClassVar[str] = "AdamW"
    moments: ClassVar[int] = 2

    kind: Literal["adamw"] = "adamw"
    weight_decay: float = setting(
        0.004,
        title="Weight decay",
        help="Each step shrinks the weights by this times the learning rate.",
        ge=0.0,
        le=1.0,
    )

    def build(self) -> Any:
        """Return a new Keras optimiser."""
        from keras import optimizers

        return optimizers.AdamW(weight_decay=self.weight_decay, **self.options())


class RMSprop(_Optimiser):
    """RMSprop (Tieleman and Hinton 2012)."""

    label: ClassVar[str] = "RMSprop"

    kind: Literal["rmsprop"] = "rmsprop"
    momentum: float = setting(
        0.0, title="Momentum", help="How much of the last move is kept.", ge=0.0, lt=1.0
    )

    @property
    def moments(self) -> int:
        """Numbers that are remembered for each weight."""
        return 2 if self.momentum else 1

    def build(self) -> Any:
        """Return a new Keras optimiser."""
        from keras import optimizers

        return optimizers.RMSprop(momentum=self.momentum, **self.options())


class SGD(_Optimiser):
    """Stochastic gradient descent with momentum."""

    label: ClassVar[str] = "SGD"
    moments: ClassVar[int] = 1

    kind: Literal["sgd"] = "sgd"
    momentum: float = setting(
        0.9, title="Momentum", help="How much of the last move is kept.", ge=0.0, lt=1.0
    )
    nesterov: bool = setting(
        False, title="Nesterov", help="Look ahead along the momentum first.", more=True
    )

    def build(self) -> Any:
        """Return a new Keras optimiser."""
        from keras import optimizers

        return optimizers.SGD(momentum=self.momentum, nesterov=self.nesterov, **self.options())


Optimiser = Annotated[Adam | AdamW | RMSprop | SGD, Field(discriminator="kind")]
