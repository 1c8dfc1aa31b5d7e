"""Decoding one point of the latent space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from vaegui.queries.base import Query, Steps

if TYPE_CHECKING:
    from vaegui.queries.computing.subject import Subject

__all__ = ["Decode", "Decoded"]


@dataclass(frozen=True, eq=False, slots=True)
class Decoded:
    """The reconstruction of one z, (*shape), in the data's own scale."""

    query: Decode
    reconstruction: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Decode(Query[Decoded]):
    """Decode one point; ``z`` has one number for each latent unit."""

    title: ClassVar[str] = "decode a point"

    z: tuple[float, ...]

    def fits(self, subject: Subject) -> bool:
        """See `Query.fits`."""
        return len(self.z) == subject.trainer.settings.latent_units

    def run(self, subject: Subject) -> Steps[Decoded]:
        """See `Query.run`."""
        yield from ()
        return Decoded(self, subject.model.decode(np.array([self.z], np.float32))[0])
