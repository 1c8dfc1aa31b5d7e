"""The posterior of one input, and what draws from it decode to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from vaegui.analysis.codes import draws_like
from vaegui.analysis.posterior import reparameterise
from vaegui.data.source import Example, ExampleRef
from vaegui.queries.base import Query, Steps

if TYPE_CHECKING:
    from vaegui.queries.computing.subject import Subject

__all__ = ["Inspect", "Inspected"]

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False, slots=True)
class Inspected:
    """The posterior of one input, and draws from it with noise that stays the same.

    ``example`` is the input; ``mean``, ``log_var`` (units,); ``reconstruction`` (*shape) of the
    mean; ``z`` (draws, units) and ``decoded`` (draws, *shape). Pictures are in the data's own
    scale. In a plain autoencoder the draws are from the Gaussian that fits the probes' codes.
    """

    query: Inspect
    example: Example
    mean: Floats
    log_var: Floats
    reconstruction: Floats
    z: Floats
    decoded: Floats


@dataclass(frozen=True, slots=True)
class Inspect(Query[Inspected]):
    """Everything about one example: its posterior and what draws from it decode to."""

    title: ClassVar[str] = "inspect an input"

    example: ExampleRef
    draws: int = 16

    def fits(self, subject: Subject) -> bool:
        """See `Query.fits`."""
        return subject.has(self.example)

    def run(self, subject: Subject) -> Steps[Inspected]:
        """See `Query.run`."""
        yield from ()
        model, example = subject.model, subject.example(self.example)
        mean, log_var = model.encode(example.x[None])
        key = [model.seed, subject.probes.noise_key(self.example)]
        random = np.random.Generator(np.random.Philox(key=key))
        eps = random.standard_normal((self.draws, mean.shape[1]), np.float32)
        z = reparameterise(mean, log_var, eps)
        if not model.vae.spread and len(subject.probes):
            z = draws_like(model.encode(subject.probes.x)[0], self.draws, model.seed)
        decoded = model.decode(np.concatenate([mean, z]))
        return Inspected(self, example, mean[0], log_var[0], decoded[0], z, decoded[1:])
