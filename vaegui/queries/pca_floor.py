"""What principal components leave of the data, as the reconstruction term counts it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from vaegui.queries.base import Partial, Query, Repeat, Steps

if TYPE_CHECKING:
    from vaegui.core.likelihoods import Likelihood
    from vaegui.queries.computing.subject import Subject

__all__ = ["PcaFloor", "PcaFloorFound"]


@dataclass(frozen=True, eq=False, slots=True)
class PcaFloorFound:
    """What the best linear reconstruction leaves.

    ``nats`` is the reconstruction term of it, in nats per example; None where that cannot be said,
    as too few examples have no gaps. ``examples`` is how many it was measured on.
    """

    query: PcaFloor
    nats: float | None = None
    examples: int = 0


@dataclass(frozen=True, slots=True)
class PcaFloor(Query[PcaFloorFound]):
    """Reconstruct the data by as many principal components as there are latent units.

    It asks nothing of the model. It fits a likelihood that counts squared errors.
    """

    title: ClassVar[str] = "find what principal components leave"
    repeat: ClassVar[Repeat] = Repeat.NEVER

    components: int
    likelihood: Likelihood

    def fits(self, subject: Subject) -> bool:
        """See `Query.fits`: the data must be here."""
        return not subject.trainer.examples.missing

    def run(self, subject: Subject) -> Steps[PcaFloorFound]:
        """See `Query.run`."""
        from vaegui.data.advice.latent_units import LinearFit

        yield Partial(lambda: PcaFloorFound(self), 0, 2)
        fit = LinearFit.of(subject.trainer.examples.dataset, self.components)
        if fit is None:
            return PcaFloorFound(self)
        yield Partial(lambda: PcaFloorFound(self), 1, 2)
        nats = self.likelihood.squared_error_nats(fit.left_by_feature())
        return PcaFloorFound(self, nats, len(fit.held_out))
