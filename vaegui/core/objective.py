"""What training minimises beside the reconstruction: the KL term, weighted and bounded."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from vaegui.core.schedules import NoWarmUp, WarmUp
from vaegui.declared import Choice, Declared, setting

__all__ = ["Capacity", "Constraint", "FreeBits", "Objective", "Unconstrained"]


class Unconstrained(Choice):
    """beta * KL (Higgins et al. 2017; the ELBO for beta = 1)."""

    label: ClassVar[str] = "None"

    kind: Literal["none"] = "none"

    def penalty(self, kl: Any, capacity: Any) -> Any:
        """Return the penalty that beta multiplies, (...).

        Parameters
        ----------
        kl
            KL of each unit, averaged over the batch, (..., units), nats; several batches may be
            given at once.
        capacity
            The present capacity target in nats, (); used by `Capacity` alone.
        """
        from keras import ops

        return ops.sum(kl, axis=-1)


class FreeBits(Choice):
    """Each unit has some KL for free (Kingma et al. 2016, appendix C.8)."""

    label: ClassVar[str] = "Free bits"

    kind: Literal["free-bits"] = "free-bits"
    nats: float = setting(
        0.25,
        title="Free nats",
        term="free-bits",
        help="KL up to this costs nothing; it keeps units from being given up early.",
        unit="nats per unit",
        ge=0.0,
        le=1000.0,
    )

    def penalty(self, kl: Any, capacity: Any) -> Any:
        """Return ``sum_j max(nats, KL_j)``; arguments as `Unconstrained.penalty`."""
        from keras import ops

        return ops.sum(ops.maximum(kl, self.nats), axis=-1)


class Capacity(Choice):
    """KL is held at a target that grows as training goes on (Burgess et al. 2018)."""

    label: ClassVar[str] = "Capacity target"

    kind: Literal["capacity"] = "capacity"
    nats: float = setting(
        25.0,
        title="Target",
        help="KL that is aimed at in the end. beta says how firmly: with beta 1 the loss above the "
        "target is the plain ELBO. Published work holds it with up to 1,000.",
        unit="nats",
        term="capacity",
        ge=0.0,
        le=1e5,
    )
    length: float = setting(
        10.0,
        title="Length",
        help="After so many epochs the target is reached; before, it grows from 0.",
        unit="epochs",
        gt=0.0,
        le=100_000,
    )

    def penalty(self, kl: Any, capacity: Any) -> Any:
        """Return ``|KL - C|`` (equation 8); arguments as `Unconstrained.penalty`."""
        from keras import ops

        return ops.abs(ops.sum(kl, axis=-1) - capacity)


Constraint = Annotated[Unconstrained | FreeBits | Capacity, Field(discriminator="kind")]


class Objective(Declared):
    """What training minimises: reconstruction + beta * KL, the negative ELBO for beta = 1."""

    beta: float = setting(
        1.0,
        title="KL weight beta",
        term="beta",
        help="Weight of the KL term; above 1 favours a tidy latent space over sharp pictures.",
        ge=0.0,
        le=1000.0,
    )
    warm_up: WarmUp = setting(
        NoWarmUp(),
        title="Warm-up",
        help="Whether beta grows from 0 at first.",
        more=True,
        term="warm-up",
    )
    constraint: Constraint = setting(
        Unconstrained(),
        title="Constraint",
        help="What else is done to the KL term.",
        more=True,
        term="kl",
    )

    def weight(self, epoch: float, epochs: int) -> float:
        """Return beta at a position in the run, counted in epochs from 0.0."""
        return self.beta * self.warm_up.factor(epoch, epochs)

    def capacity(self, epoch: float) -> float:
        """Return the capacity target in nats at a position in the run."""
        if not isinstance(self.constraint, Capacity):
            return 0.0
        return self.constraint.nats * min(1.0, epoch / self.constraint.length)

    def settled_after(self, epochs: int) -> float:
        """Return the epoch from which on the loss of a run of ``epochs`` is weighed as at its end.

        Before it, beta or the capacity target still changes, and losses cannot be compared.
        """
        grown = self.constraint.length if isinstance(self.constraint, Capacity) else 0.0
        return max(self.warm_up.full_after(epochs), grown)

    def check(self, epochs: int) -> str:
        """Say what hardly does what is meant by it, or ''.

        That is a final beta or target which is not reached within ``epochs``, or a capacity target
        that nothing holds the KL to.
        """
        doubts = []
        reached = self.warm_up.full_after(epochs)
        of = "1 epoch" if epochs == 1 else f"{epochs:,} epochs"
        if reached > epochs:
            doubts.append(f"beta reaches {self.beta:g} only after {reached:g} of {of}.")
        elif (reached := self.settled_after(epochs)) > epochs:
            doubts.append(f"The capacity target is reached only after {reached:g} of {of}.")
        if isinstance(self.constraint, Capacity) and self.beta <= 1.0:
            doubts.append(
                f"beta {self.beta:g} hardly holds KL at the capacity target: with 1 the loss above "
                "it is the plain ELBO. Choose a larger beta, such as 100."
            )
        return " ".join(doubts)
