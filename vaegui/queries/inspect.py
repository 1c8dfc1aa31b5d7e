"""The posterior of one input, and what draws from it decode to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from vaegui.analysis.posterior import standard_deviation
from vaegui.queries.base import Query, Steps

if TYPE_CHECKING:
    from vaegui.queries.computing.subject import Subject

__all__ = ["Inspect", "Inspected"]

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False, slots=True)
class Inspected:
    """The posterior of one input, and draws from it with noise that stays the same.

    ``mean``, ``log_var`` (units,); ``reconstruction`` (*shape) of the mean;
    ``z`` (draws, units) and ``decoded`` (draws, *shape). Pictures are in the data's own scale.
    """

    query: Inspect
    mean: Floats
    log_var: Floats
    reconstruction: Floats
    z: Floats
    decoded: Floats


@dataclass(frozen=True, slots=True)
class Inspect(Query[Inspected]):
    """Everything about one probe: its posterior and what draws from it decode to."""

    title: ClassVar[str] = "inspect an input"

    probe: int
    draws: int = 16

    def fits(self, subject: Subject) -> bool:
        """See `Query.fits`."""
        return subject.has_probe(self.probe)

    def run(self, subject: Subject) -> Steps[Inspected]:
        """See `Query.run`."""
        yield from ()
        model = subject.model
        mean, log_var = model.encode(subject.probe(self.probe))
        random = np.random.Generator(np.random.Philox(key=[model.seed, self.probe]))
        eps = random.standard_normal((self.draws, mean.shape[1]), np.float32)
        z = mean + standard_deviation(log_var) * eps
        decoded = model.decode(np.concatenate([mean, z]))
        return Inspected(self, mean[0], log_var[0], decoded[0], z, decoded[1:])
