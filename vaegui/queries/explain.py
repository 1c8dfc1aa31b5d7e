"""One input followed through the network, number by number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from vaegui.data.source import ExampleRef
from vaegui.queries.base import Query, Steps
from vaegui.queries.explained import Explained

if TYPE_CHECKING:
    from vaegui.queries.computing.subject import Subject

__all__ = ["Explain"]


@dataclass(frozen=True, slots=True)
class Explain(Query[Explained]):
    """Follow one example through the network.

    Parameters
    ----------
    example
        Which one.
    held
        Hidden activations that are held at a value: (index in a, value); what follows follows.
    noise
        Which draw of eps; the same number always gives the same draw.
    """

    title: ClassVar[str] = "explain an input"

    example: ExampleRef
    held: tuple[tuple[int, float], ...] = ()
    noise: int = 0

    def fits(self, subject: Subject) -> bool:
        """See `Query.fits`."""
        hidden = subject.model.vae.hidden_units
        return all(0 <= i < hidden for i, _ in self.held) and subject.has(self.example)

    def run(self, subject: Subject) -> Steps[Explained]:
        """See `Query.run`."""
        yield from ()
        model = subject.model
        # A counter far from that of `Inspect`, whose stream has the same key.
        key = [model.seed, subject.probes.noise_key(self.example)]
        random = np.random.Generator(np.random.Philox(counter=[0, 0, 0, 1 + self.noise], key=key))
        eps = random.standard_normal(model.vae.units, np.float32)
        return subject.worked.explain(subject.example(self.example), eps, self.held)
